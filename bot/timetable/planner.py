"""Gives every Delivery without a time its time, and moves those whose Slot went by.

A typed time is given at queueing and never moved here. `next` takes the next free Slot, `now` the
first minute the spacing allows. A Slot that went by unused is given up and the next free one taken:
one per Slot, never a flush. What falls into a quiet time is seen to first (`timetable.quiet`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.clock.local import is_within
from bot.model.account import Account
from bot.model.delivery import Delivery, Hold, State, Timing
from bot.store import accounts, deliveries, planning
from bot.store.engine import Session, Store
from bot.timetable import quiet
from bot.timetable.room import Room, Rooms
from bot.timetable.slots import (
    DEFAULT_TIMETABLE,
    HORIZON_DAYS,
    first_spaced,
    next_free,
    occurrences,
)

# Mostly there is a free Slot soon, so that not all that waits on an Account need be looked through.
REACHES = (timedelta(days=2), timedelta(days=30), timedelta(days=HORIZON_DAYS))


@dataclass(frozen=True, slots=True)
class Planner:
    """Plans with one store, clock, default zone and spacing."""

    store: Store
    clock: Clock
    zone: ZoneInfo
    spacing: timedelta
    too_late: timedelta

    def zone_of(self, account: Account) -> ZoneInfo:
        return ZoneInfo(account.timezone) if account.timezone else self.zone

    def timetable_of(self, session: Session, account: Account) -> list[tuple[int, str]]:
        """The Account's own Slots, else the default Timetable."""
        own = [(slot.weekday, slot.local_time) for slot in accounts.slots(session, account.id)]
        return own or list(DEFAULT_TIMETABLE)

    def plan_due(self) -> int:
        """Give times where they are missing or gone by; how many changed."""
        now = self.clock()
        with self.store.read() as session:
            if not self._anything_due(session, now):
                return 0
        with self.store.write() as session:
            return self.plan_within(session, now)

    def _anything_due(self, session: Session, now: datetime) -> bool:
        return bool(
            planning.unplanned(session, 1)
            or quiet.unsettled(session, now)
            or self._gone_by(session, now)
        )

    def _gone_by(self, session: Session, now: datetime) -> list[int]:
        rows = planning.slots_gone_by(session, now)
        return [row.id for row in rows if self._has_gone_by(session, row, now)]

    def plan_within(self, session: Session, now: datetime) -> int:
        """The same within the caller's transaction, which may be one that is taken back."""
        settled = 0
        for row_id in quiet.unsettled(session, now):
            settled += quiet.settle(session, deliveries.get(session, row_id, lock=True), now)
        for row_id in self._gone_by(session, now):
            self._give_up_slot(session, row_id, now)
        ids = planning.unplanned(session)
        rows = [deliveries.get(session, row_id, lock=True) for row_id in ids]
        rows.sort(key=lambda row: (not row.urgent, row.id))
        planned = sum(self.plan(session, row, now) is not None for row in rows)
        # The first free minute may lie in a quiet time; a free Slot never does.
        for row in rows:
            quiet.settle(session, row, now)
        return settled + planned

    def plan(self, session: Session, delivery: Delivery, now: datetime) -> datetime | None:
        """Give one Delivery its time within the caller's transaction."""
        if delivery.due_at is not None or delivery.state not in (State.WAITING, State.HELD):
            return delivery.due_at
        account = accounts.locked(session, delivery.account_id)
        take = self._take_now if delivery.timing == Timing.NOW else self._take_slot
        take(session, delivery, account, now)
        session.flush()
        return delivery.due_at

    def _take_slot(
        self, session: Session, delivery: Delivery, account: Account, now: datetime
    ) -> None:
        opens_at = max(now, delivery.opens_at or now)
        moment = self.free_slot(session, account, opens_at, delivery.quiet_hours)
        if moment is None:
            # Left without a time, and said so; the other Accounts' posts get theirs.
            delivery.reason = "There is no free slot in the next year."
            return
        delivery.timing = Timing.NEXT.value
        delivery.due_at = delivery.slot_start = moment

    def free_slot(
        self, session: Session, account: Account, after: datetime, quiet_hours: str | None = None
    ) -> datetime | None:
        """The Account's next Slot that nobody has; None where there is none within a year."""
        return self.free_slots(session, [account], after, quiet_hours)[account.id]

    def free_slots(
        self,
        session: Session,
        rows: Sequence[Account],
        after: datetime,
        quiet_hours: str | None = None,
    ) -> dict[int, datetime | None]:
        """The same for several Accounts, by Account."""
        found: dict[int, datetime | None] = {}
        left = list(rows)
        read = Rooms(session, rows, after, self.spacing)
        for reach in REACHES:
            until = after + reach
            ahead = read.until(left, until)
            found |= {
                row.id: self._next(row, ahead[row.id], after, until, quiet_hours) for row in left
            }
            left = [row for row in left if found[row.id] is None]
            if not left:
                break
        return found

    def _next(
        self,
        account: Account,
        room: Room,
        after: datetime,
        until: datetime,
        quiet_hours: str | None,
    ) -> datetime | None:
        zone = self.zone_of(account)
        return next_free(
            room.timetable,
            zone,
            after=after,
            until=until,
            taken_slots=room.taken_slots,
            taken_times=room.taken_times,
            spacing=self.spacing,
            closed=room.closed,
            is_open=lambda at: quiet_hours is None or not is_within(at, quiet_hours, zone),
        )

    def _take_now(
        self, session: Session, delivery: Delivery, account: Account, now: datetime
    ) -> None:
        if delivery.urgent:
            delivery.due_at = now
            return
        taken = planning.taken_times(session, account.id, now - self.spacing)
        delivery.due_at = first_spaced(now, taken, self.spacing)

    def _give_up_slot(self, session: Session, delivery_id: int, now: datetime) -> bool:
        delivery = deliveries.get(session, delivery_id, lock=True)
        if not self._has_gone_by(session, delivery, now):
            return False
        delivery.due_at = delivery.slot_start = delivery.not_before = None
        session.flush()
        return True

    def _has_gone_by(self, session: Session, delivery: Delivery, now: datetime) -> bool:
        """Whether its Slot is over: too late, or the Account's next Slot has begun."""
        if delivery.slot_start is None or delivery.state not in (State.WAITING, State.HELD):
            return False
        if Hold.IN_DOUBT in delivery.holds:
            return False
        account = session.get_one(Account, delivery.account_id)
        if deliveries.is_half_out(session, delivery.id):
            return False
        following = next(
            occurrences(
                self.timetable_of(session, account), self.zone_of(account), delivery.slot_start
            ),
            None,
        )
        is_late = now - delivery.slot_start > self.too_late
        return is_late or (following is not None and now >= following)
