"""Reads the counts of posts whose next age is reached: one reading per Account serves them all.

A Platform that cannot be read leaves the rows due, for the next heartbeat; a post that is gone is
marked and counted no more. A Snapshot is a fact: unknown stays unknown. Reading is the first thing
to cost less when the month's money runs low: it slows down, then it stops until the next month.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from decimal import Decimal

import structlog

from bot.clock import Clock
from bot.engagement.cadence import next_count
from bot.model.delivery import Delivery, Part
from bot.platforms.contract import CountsRead, Platform, Unreadable
from bot.store import charges, deliveries, engagement
from bot.store.engine import Session, Store

UNREADABLE_AGAIN_AFTER = timedelta(minutes=15)
SLOWLY = timedelta(days=1)
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Collector:
    """Counts with one store, clock, set of Platforms (by Account id) and list of ages."""

    store: Store
    clock: Clock
    platforms: Mapping[int, Platform]
    ages: Sequence[timedelta]
    budgets: Mapping[int, Decimal]

    def collect_due(self) -> int:
        """Count every post whose time has come; how many Snapshots were taken."""
        with self.store.read() as session:
            rows = deliveries.due_counts(session, self.clock())
            parts = deliveries.parts_of(session, [row.id for row in rows])
        by_account: dict[int, list[Delivery]] = {}
        for row in rows:
            by_account.setdefault(row.account_id, []).append(row)
        return sum(
            self._collect(account_id, owned, parts) for account_id, owned in by_account.items()
        )

    def _collect(
        self, account_id: int, rows: Sequence[Delivery], parts: Mapping[int, Sequence[Part]]
    ) -> int:
        rows = self._affordable(account_id, rows)
        platform = self.platforms.get(account_id)
        asked = {
            part.remote_id: part.sent_at or row.created_at
            for row in rows
            for part in parts[row.id]
            if part.remote_id and part.gone_at is None
        }
        read = self._read(platform, asked)
        now = self.clock()
        with self.store.write() as session:
            if isinstance(read, Unreadable):
                self._later(session, rows, read, now)
                return 0
            charges.record_readings(session, account_id, "counts", read.billed, now)
            return sum(self._store(session, row.id, read, now) for row in rows)

    def _affordable(self, account_id: int, rows: Sequence[Delivery]) -> Sequence[Delivery]:
        """The rows the month's money still allows to read; the others are put off."""
        limit, now = self.budgets.get(account_id), self.clock()
        if not limit:
            return rows
        with self.store.read() as session:
            spent = charges.spent_between(session, account_id, charges.month_start(now))
            counted = engagement.last_taken(session, [row.id for row in rows])
        if spent < limit * charges.READ_SLOWLY_FROM:
            return rows
        is_spent = spent >= limit
        until = {row.id: _put_off(is_spent, counted.get(row.id), now) for row in rows}
        if is_spent:
            log.warning("counts wait", action="counts wait", spent=f"{spent:.2f}")
        with self.store.write() as session:
            for delivery_id, moment in until.items():
                if moment is not None:
                    deliveries.get(session, delivery_id, lock=True).next_count_at = moment
        return [row for row in rows if until[row.id] is None]

    def _read(
        self, platform: Platform | None, asked: Mapping[str, datetime]
    ) -> CountsRead | Unreadable:
        if platform is None:
            return Unreadable("The account is off.")
        if not asked:
            return CountsRead({})
        try:
            return platform.counts(asked)
        except Exception as error:
            log.exception("count raised", action="count raised")
            return Unreadable(f"The counts could not be read ({type(error).__name__}).")

    def _later(
        self, session: Session, rows: Sequence[Delivery], read: Unreadable, now: datetime
    ) -> None:
        log.warning("counts unreadable", action="counts unreadable", reason=read.reason)
        for row in rows:
            deliveries.get(session, row.id, lock=True).next_count_at = max(
                read.until or now, now + UNREADABLE_AGAIN_AFTER
            )

    def _store(self, session: Session, delivery_id: int, read: CountsRead, now: datetime) -> int:
        delivery = deliveries.get(session, delivery_id, lock=True)
        parts = deliveries.parts(session, delivery_id)
        # Of a thread that is half out, what is public is counted.
        public = [part for part in parts if part.remote_id is not None]
        taken = 0
        for part in public:
            if part.remote_id in read.gone:
                part.gone_at = part.gone_at or now
            if part.remote_id is not None and part.remote_id in read.counts:
                engagement.record(session, part.id, now, asdict(read.counts[part.remote_id]))
                taken += 1
        if all(part.gone_at for part in public):
            delivery.gone_at = delivery.gone_at or now
        delivery.counts_taken += 1 if taken else 0
        if any(part.remote_id in read.unread for part in public):
            delivery.next_count_at = now + UNREADABLE_AGAIN_AFTER
            return taken
        delivery.next_count_at = None if delivery.gone_at else self._next(session, delivery, public)
        return taken

    def _next(self, session: Session, delivery: Delivery, parts: Sequence[Part]) -> datetime | None:
        """When it is counted next; the Snapshots just taken tell whether it still moves."""
        session.flush()
        standing = [part.id for part in parts if part.gone_at is None]
        now = self.clock()
        return next_count(
            delivery.sent_at or now,
            now,
            self.ages,
            is_flat=engagement.is_flat(session, standing),
        )


def _put_off(is_spent: bool, counted_at: datetime | None, now: datetime) -> datetime | None:
    """Until when a reading waits for money; None where it may be made now."""
    if is_spent:
        return charges.next_month(now)
    if counted_at is None or now - counted_at >= SLOWLY:
        return None
    return counted_at + SLOWLY
