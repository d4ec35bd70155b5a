"""What an Account's free Slots depend on, read for several Accounts at once. It plans nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.model.account import Account
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


class Rooms:
    """What stands in the way of several Accounts' Slots later than `after`.

    How far ahead is asked bit by bit; what is the same however far is read once.
    """

    def __init__(
        self, session: Session, rows: Sequence[Account], after: datetime, spacing: timedelta
    ) -> None:
        self._session, self._after, self._spacing = session, after, spacing
        self._slots = accounts.slots_of(session, [row.id for row in rows])
        self._quiet = blackouts.standing(session, after)

    def until(self, rows: Sequence[Account], moment: datetime) -> dict[int, Room]:
        """By Account, of those asked for: what stands in the way of Slots up to that moment."""
        ids = [row.id for row in rows]
        taken = planning.taken(self._session, ids, self._after, self._spacing, moment)
        return {key: Room(self._timetable(key), *taken[key], self._closed(key)) for key in ids}

    def _timetable(self, account_id: int) -> tuple[tuple[int, str], ...]:
        own = tuple((slot.weekday, slot.local_time) for slot in self._slots[account_id])
        return own or DEFAULT_TIMETABLE

    def _closed(self, account_id: int) -> tuple[Span, ...]:
        over = (None, account_id)
        return tuple((row.starts_at, row.ends_at) for row in self._quiet if row.account_id in over)
