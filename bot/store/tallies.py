"""Keeps the Tallies of a Part as its Snapshots are written: the newest, and one near each age.

The one writer is `store.engagement.record`. A Part without a known time of sending has no age, so
that only its newest reading is kept.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.model.delivery import Part
from bot.model.engagement import AGES, NEWEST, Tally


def keep(session: Session, part_id: int, taken_at: datetime, counts: dict[str, Any]) -> None:
    """Take a new reading into every Tally it belongs to."""
    sent_at = session.scalar(select(Part.sent_at).where(Part.id == part_id))
    rows = session.scalars(select(Tally).where(Tally.part_id == part_id))
    kept = {row.age_hours: row for row in rows}
    for age_hours in _wanted(kept, sent_at, taken_at):
        row = kept.get(age_hours)
        if row is None:
            row = Tally(part_id=part_id, age_hours=age_hours)
            session.add(row)
        row.taken_at = taken_at
        for name, number in counts.items():
            setattr(row, name, number)


def _wanted(kept: dict[int, Tally], sent_at: datetime | None, taken_at: datetime) -> Iterator[int]:
    """The ages for which this reading is better than what is kept."""
    newest = kept.get(NEWEST)
    if newest is None or taken_at > newest.taken_at:
        yield NEWEST
    if sent_at is None:
        return
    for age_hours, tolerance in AGES.items():
        at = sent_at + timedelta(hours=age_hours)
        off, row = abs(taken_at - at), kept.get(age_hours)
        if off <= tolerance and (row is None or off < abs(row.taken_at - at)):
            yield age_hours
