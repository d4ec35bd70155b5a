"""The frame around every decision: find the Deliveries, change them, write who did it and why."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bot.clock import Clock, iso
from bot.errors import NotFound
from bot.model.delivery import Delivery
from bot.store import decisions, deliveries, posts
from bot.store.engine import Session, Store

# What a verb does to one Delivery; True when it decided something about it.
Change = Callable[[Session, Delivery], bool]


@dataclass(frozen=True, slots=True)
class Decider:
    """One person at one door: decisions made through it carry that actor and reason."""

    store: Store
    clock: Clock
    actor: str
    reason: str | None = None

    def on(self, target: str, verb: str, change: Change) -> list[Delivery]:
        """Apply a change to every Delivery `P12` or `12` names, and record each that it decided."""
        with self.store.write() as session:
            rows = named(session, target)
            for row in rows:
                before = snapshot(row)
                if change(session, row):
                    session.flush()
                    self.note(session, verb, delivery=row, before=before)
            return list(rows)

    def note(
        self,
        session: Session,
        verb: str,
        *,
        delivery: Delivery | None = None,
        account_id: int | None = None,
        before: dict[str, Any] | None = None,
        after: dict[str, Any] | None = None,
    ) -> None:
        """Add the record itself."""
        decisions.record(
            session,
            made_at=self.clock(),
            actor=self.actor,
            verb=verb,
            reason=self.reason,
            post_id=delivery.post_id if delivery else None,
            delivery_id=delivery.id if delivery else None,
            account_id=delivery.account_id if delivery else account_id,
            before=before,
            after=snapshot(delivery) if delivery else after,
        )


def named(session: Session, target: str) -> Sequence[Delivery]:
    """The Deliveries that `P12` (all of a post) or `12` (one) names, locked; else NotFound."""
    match = re.fullmatch(r"([Pp]?)(\d{1,9})", target.strip())
    if match is None:
        raise NotFound(f"“{target}” is no post (P12) and no number (12). See: bot queue")
    if not match[1]:
        return [deliveries.get(session, int(match[2]), lock=True)]
    post = posts.get(session, int(match[2]))
    return deliveries.of_post(session, post.id, lock=True)


def snapshot(delivery: Delivery) -> dict[str, Any]:
    """What a Decision may change, as plain data."""
    return {
        "state": delivery.state,
        "holds": sorted(delivery.holds),
        "due_at": iso(delivery.due_at),
        "timing": delivery.timing,
        "variant": delivery.variant_digest[:12],
    }
