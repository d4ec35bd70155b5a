"""Mark posts of the engagement log as reviewed, with a note; or take the mark back.

It changes nothing about a post. Each mark is on the record, with what was noted before.
"""

from collections.abc import Collection

from bot.decisions.record import Decider
from bot.errors import NotFound, UsageError
from bot.model.delivery import Delivery
from bot.model.review import MAX_NOTE, Review
from bot.store import decisions, reviews
from bot.store.engine import Session


def mark(decider: Decider, delivery_ids: Collection[int], note: str) -> int:
    """Note that each of these was looked at; how many. A second note replaces the first."""
    if len(note) > MAX_NOTE:
        raise UsageError(f"A note may have {MAX_NOTE:,} characters at most.")
    with decider.store.write() as session:
        rows, known = _found(session, delivery_ids)
        for row in rows:
            _record(session, decider, row, decisions.REVIEW, known.get(row.id), note)
            reviews.keep(session, row.id, note, decider.actor, decider.clock())
        return len(rows)


def unmark(decider: Decider, delivery_ids: Collection[int]) -> int:
    """Take back that these were looked at; how many had been."""
    with decider.store.write() as session:
        rows, known = _found(session, delivery_ids)
        for row in rows:
            if row.id in known:
                _record(session, decider, row, decisions.REVIEW_TAKEN_BACK, known[row.id], None)
                reviews.drop(session, row.id)
        return len(known)


def _found(
    session: Session, delivery_ids: Collection[int]
) -> tuple[list[Delivery], dict[int, Review]]:
    rows = reviews.out(session, delivery_ids)
    if not rows:
        raise NotFound("No such post is in the engagement log.")
    return rows, reviews.of(session, delivery_ids)


def _record(
    session: Session,
    decider: Decider,
    row: Delivery,
    verb: str,
    before: Review | None,
    note: str | None,
) -> None:
    decisions.record(
        session,
        made_at=decider.clock(),
        actor=decider.actor,
        verb=verb,
        post_id=row.post_id,
        delivery_id=row.id,
        account_id=row.account_id,
        before=None if before is None else {"note": before.note},
        after=None if note is None else {"note": note},
    )
