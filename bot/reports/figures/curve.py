"""A post's curve: every reading by age, and what each gained since the one before.

A count the Platform did not say breaks the curve there: its gain is unknown, never a fall to zero.
"""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from bot.clock import iso
from bot.model.account import Account
from bot.model.delivery import Delivery, Part
from bot.model.engagement import Snapshot
from bot.reports.queue import COUNTS, counts_of
from bot.store import deliveries, engagement
from bot.store.engine import Session


def rows(session: Session, post_id: int) -> list[dict[str, Any]]:
    """Every reading of a Post on each Account, oldest first; age in hours, two decimals."""
    found = []
    for delivery, account in deliveries.of_posts(session, [post_id]):
        if delivery.sent_at is not None:
            found += _curve(delivery, account, engagement.history(session, [delivery.id]))
    return found


def _curve(
    delivery: Delivery, account: Account, history: Sequence[tuple[Part, Snapshot]]
) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    before: dict[str, int | None] = dict.fromkeys(COUNTS)
    for taken_at, pairs in groupby(history, lambda pair: pair[1].taken_at):
        counts = counts_of([snapshot for _, snapshot in pairs])
        found.append(
            {
                "post": f"P{delivery.post_id}",
                "delivery": str(delivery.id),
                "account": account.name,
                "platform": account.platform,
                "taken_at": iso(taken_at),
                "age_hours": _age(delivery.sent_at, taken_at),
                **counts,
                **{f"{name}_gained": _gained(counts[name], before[name]) for name in COUNTS},
            }
        )
        before = counts
    return found


def _age(sent_at: datetime | None, taken_at: datetime) -> float | None:
    return None if sent_at is None else round((taken_at - sent_at).total_seconds() / 3600, 2)


def _gained(now: int | None, before: int | None) -> int | None:
    return None if now is None or before is None else now - before
