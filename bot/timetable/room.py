"""What an Account's free Slots depend on, read for several Accounts at once. It plans nothing."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.model.account import Account, Blackout
from bot.store import accounts, blackouts, planning
from bot.store.engine import Session
from bot.timetable.slots import DEFAULT_TIMETABLE, is_near

Span = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Room:
    """One Account's Timetable, its Slots that are taken, the times near which none is free, in
    their order, and when it is closed."""

    timetable: tuple[tuple[int, str], ...]
    taken_slots: frozenset[datetime]
    taken_times: tuple[datetime, ...]
    closed: tuple[Span, ...]

    def has(self, moment: datetime, spacing: timedelta) -> bool:
        """Whether that Slot is free."""
        is_closed = any(start <= moment < end for start, end in self.closed)
        is_taken = moment in self.taken_slots or is_near(moment, self.taken_times, spacing)
        return not is_taken and not is_closed


def rooms(
    session: Session,
    rows: Sequence[Account],
    after: datetime,
    spacing: timedelta,
    until: datetime | None = None,
) -> dict[int, Room]:
    """By Account: what stands in the way of Slots later than `after`, and not after `until`."""
    ids = [row.id for row in rows]
    slots = accounts.slots_of(session, ids)
    taken = planning.taken(session, ids, after, spacing, until)
    quiet = blackouts.standing(session, after)
    return {
        key: Room(
            tuple((slot.weekday, slot.local_time) for slot in slots[key]) or DEFAULT_TIMETABLE,
            *taken[key],
            tuple(_closed(quiet, key)),
        )
        for key in ids
    }


def _closed(quiet: Sequence[Blackout], account_id: int) -> Iterator[Span]:
    return ((row.starts_at, row.ends_at) for row in quiet if row.account_id in (None, account_id))
