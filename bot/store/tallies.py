"""Keeps the Tallies of a Part as its Snapshots are written: the newest, and one near each age.

The one writer is `store.engagement.record`. A Part without a known time of sending has no age, so
that only its newest reading is kept.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.model.delivery import Part
from bot.model.engagement import AGES, COUNTS, NEWEST, Snapshot, Tally


def keep(session: Session, part_id: int, taken_at: datetime, counts: Mapping[str, Any]) -> None:
    """Take a reading, whose Snapshot is there, into every Tally it belongs to."""
    rows = session.scalars(select(Tally).where(Tally.part_id == part_id))
    kept = {row.age_hours: row for row in rows}
    if NEWEST in kept and taken_at < kept[NEWEST].taken_at:
        anew(session, (part_id,))
        return
    sent_at = session.scalar(select(Part.sent_at).where(Part.id == part_id))
    for age_hours in _ages(kept, sent_at, taken_at):
        row = kept.get(age_hours) or Tally(part_id=part_id, age_hours=age_hours)
        row.taken_at = taken_at
        for name, number in counts.items():
            # What a Platform stopped telling is not unknown for that.
            if number is not None or age_hours != NEWEST:
                setattr(row, name, number)
        session.add(row)


def anew(session: Session, part_ids: Collection[int]) -> None:
    """Make the Tallies of these Parts again from all their Snapshots, in the order of time."""
    session.flush()
    session.execute(delete(Tally).where(Tally.part_id.in_(part_ids)))
    query = select(Snapshot).where(Snapshot.part_id.in_(part_ids)).order_by(Snapshot.taken_at)
    for one in session.scalars(query).all():
        keep(session, one.part_id, one.taken_at, {name: getattr(one, name) for name in COUNTS})


def _ages(kept: dict[int, Tally], sent_at: datetime | None, taken_at: datetime) -> Iterator[int]:
    """NEWEST, and the ages for which this reading is better than what is kept."""
    yield NEWEST
    if sent_at is None:
        return
    for age_hours, tolerance in AGES.items():
        at = sent_at + timedelta(hours=age_hours)
        off, row = abs(taken_at - at), kept.get(age_hours)
        if off <= tolerance and (row is None or off < abs(row.taken_at - at)):
            yield age_hours
