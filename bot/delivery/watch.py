"""Reads an Account's own timeline for posts this database did not publish, before more leave.

Cheap: once when the heartbeat starts or has slept, then at most every few minutes while something
is due soon; a send never waits for it while the last reading is fresh. One reading that fails stops
nothing, unless the database is behind: then it is tried a few times, and after that a person is
asked about what fell due meanwhile.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Lock

import structlog

from bot.delivery import behind, listing, twins
from bot.delivery.deliver import Deliverer
from bot.model.account import Account
from bot.model.delivery import Hold
from bot.platforms.contract import Platform, Seen, Unreadable
from bot.store import accounts, charges, deliveries, strangers, workers
from bot.store.engine import Session

log = structlog.get_logger()

READ_EVERY = timedelta(minutes=12)
AHEAD = timedelta(minutes=2)
ASLEEP_AFTER = timedelta(hours=1)
# Platforms list a post up to ten minutes late; what is older than a month is nobody's twin.
OVERLAP = timedelta(minutes=15)
FARTHEST = timedelta(days=30)
LONGEST_REST = timedelta(hours=1)
# Readings that one beat asks for; so many are read before the next one on a good line.
AT_ONCE = 50
FEW = 8
NEVER = datetime.min.replace(tzinfo=UTC)
# How young a post may be that reading in the past leaves to this one, so that none is missed.
PAST_LEFT_OUT = timedelta(hours=1)


@dataclass(slots=True)
class Watch:
    """Reads timelines; shares the Deliverer's store, clock and Platforms."""

    deliverer: Deliverer
    _rests: dict[int, datetime] = field(default_factory=dict)
    _locks: defaultdict[int, Lock] = field(default_factory=lambda: defaultdict(Lock))
    _handed_over: set[int] = field(default_factory=set)
    _readings: Counter[int] = field(default_factory=Counter)
    _awake_at: datetime | None = None
    _began_at: datetime | None = None

    def wake(self, worker_id: int) -> None:
        """At the start of a Worker: behind, where nobody has been alive here for long."""
        store = self.deliverer.store
        self._awake_at = self._began_at = self.deliverer.clock()
        with store.read() as session:
            now = store.lease_now(session)  # signs of life are given by that clock
            alive_at = workers.last_alive(session, but=worker_id)
        if alive_at is not None and now - alive_at > ASLEEP_AFTER:
            self._fall_behind(alive_at)

    def due(self, ahead: timedelta = AHEAD) -> list[int]:
        """Ids of the Accounts to read now: something is due by then, and no reading is fresh.

        A beat's share of them, whoever was not read for longest first. One that was given out is
        not given again before it was read.
        """
        now = self.deliverer.clock()
        self._notice_sleep(now)
        with self.deliverer.store.read() as session:
            rows = strangers.to_read(session, now, now + ahead)
        stale = [
            row
            for row in rows
            if row.id not in self._handed_over
            and self._is_on(row.id)
            and not self._is_fresh(row, now, ahead)
        ]
        stale.sort(key=lambda row: row.last_read_at or NEVER)
        found = [row.id for row in stale[:AT_ONCE]]
        self._handed_over.update(found)
        return found

    def before(self, delivery_id: int) -> None:
        """Read the Account of a Delivery that is about to leave, unless that was done lately."""
        now = self.deliverer.clock()
        self._notice_sleep(now)
        if self._all_rest(now):
            return
        with self.deliverer.store.read() as session:
            account_id = accounts.id_of_delivery(session, delivery_id)
            if self._rests_at(account_id, now):
                return
            account = accounts.by_id(session, account_id)
        if not self._is_on(account.id) or not account.may_be_read(now):
            return
        if not self._is_fresh(account, now, timedelta(0)):
            self.read(account.id)

    def read_due(self) -> int:
        """Read all of which something is due now, one after the other; how many."""
        ids = self.due(timedelta(0))
        for account_id in ids:
            self.read(account_id)
        return len(ids)

    def read(self, account_id: int) -> None:
        """One reading of one Account; whoever comes while it is under way waits for its end."""
        asked_at, before = self.deliverer.clock(), self._readings[account_id]
        try:
            with self._locks[account_id]:
                if self._readings[account_id] == before:  # nobody did while we waited
                    self._read(account_id, asked_at)
        finally:
            self._handed_over.discard(account_id)

    def _read(self, account_id: int, asked_at: datetime) -> None:
        platform = self.deliverer.platforms[account_id]
        since = self._since(account_id, asked_at)
        if since is None:
            return
        found = listing.read(platform, since)
        with self.deliverer.store.write() as session:
            account = accounts.locked(session, account_id)
            rest = (
                self._not_read(session, account, platform, found, asked_at)
                if isinstance(found, Unreadable)
                else self._take_in(session, account, platform, found, asked_at)
            )
        self._rests[account_id] = min(rest, asked_at + LONGEST_REST)
        self._readings[account_id] += 1

    def _is_on(self, account_id: int) -> bool:
        platform = self.deliverer.platforms.get(account_id)
        return platform is not None and not platform.missing_settings

    def _all_rest(self, now: datetime) -> bool:
        """Whether, of a few Accounts, none needs a reading; of many that is asked one by one."""
        platforms = self.deliverer.platforms
        return len(platforms) <= FEW and all(
            one.missing_settings or self._rests_at(key, now) for key, one in platforms.items()
        )

    def _notice_sleep(self, now: datetime) -> None:
        before, self._awake_at = self._awake_at, now
        if before is not None and now - before > ASLEEP_AFTER:
            self._fall_behind(before)

    def _fall_behind(self, since: datetime) -> None:
        with self.deliverer.store.write() as session:
            strangers.fall_behind(session, since)
        self._rests.clear()
        log.info("behind", action="behind", since=since.isoformat())

    def _rests_at(self, account_id: int, at: datetime) -> bool:
        """Whether it was read, or tried, lately; a clock that was set back proves nothing."""
        until = self._rests.get(account_id)
        return until is not None and at < until <= at + LONGEST_REST

    def _is_fresh(self, account: Account, now: datetime, ahead: timedelta) -> bool:
        if account.behind_since is not None:
            return self._rests_at(account.id, now)
        read_at, began_at = account.last_read_at, self._began_at
        # A reading from before this start proves nothing: the database may be a copy.
        if read_at is not None and began_at is not None and began_at <= read_at <= now:
            until = read_at + READ_EVERY
            self._rests[account.id] = max(self._rests.get(account.id, until), until)
        return self._rests_at(account.id, now + ahead)

    def _since(self, account_id: int, now: datetime) -> datetime | None:
        """From when on to read; None where it was told meanwhile to let the account alone."""
        with self.deliverer.store.read() as session:
            account = accounts.by_id(session, account_id)
            if not account.may_be_read(self.deliverer.clock()):
                return None
            known = [at for at in (account.behind_since, account.last_read_at) if at is not None]
            if not known and deliveries.held_for(session, Hold.FIRST_RUN, account_id):
                return now - FARTHEST
            oldest = strangers.oldest_open(session, account_id) or now
            past_read_at = strangers.past_read_at(session, account_id) if not known else None
            if past_read_at is not None:
                oldest = min(oldest, past_read_at - PAST_LEFT_OUT)
        return max(min(known, default=oldest) - OVERLAP, now - FARTHEST)

    def _take_in(
        self,
        session: Session,
        account: Account,
        platform: Platform,
        listed: Sequence[Seen],
        now: datetime,
    ) -> datetime:
        strangers.add(session, [_row(account, one, now) for one in listed])
        prices = dict.fromkeys((one.remote_id for one in listed), platform.rules.own_read_price)
        charges.record_readings(session, account.id, "timeline", prices, now)
        if behind.is_restored(account):
            behind.reconcile(session, account, platform, now, self.deliverer.ending)
        twins.match(session, account, platform.rules.title, now)
        strangers.forget(session, account.id, now - FARTHEST)
        strangers.catch_up(session, account)
        account.last_read_at = now
        return now + READ_EVERY

    def _not_read(
        self,
        session: Session,
        account: Account,
        platform: Platform,
        why: Unreadable,
        now: datetime,
    ) -> datetime:
        title = platform.rules.title
        log.info("not read", action="not read", account=title, reason=why.reason)
        account.unreadable_until = why.until or account.unreadable_until
        stated = why.until if why.until is not None and why.until > now else now
        if account.behind_since is None:
            return max(stated, now + READ_EVERY)
        account.behind_tries += 1
        account.behind_reason = why.reason[:500]
        waits = list(self.deliverer.limits.confirm_after)[account.behind_tries - 1 :]
        if not waits:
            behind.give_up(session, account, title, now)
            return max(stated, now + READ_EVERY)
        return max(stated, now + max(waits[0], timedelta(seconds=1)))


def _row(account: Account, seen: Seen, now: datetime) -> dict[str, object]:
    since = account.behind_since
    return {
        "account_id": account.id,
        "remote_id": seen.remote_id,
        "url": seen.url[:500],
        "text": seen.text,
        "link": seen.link,
        "reply_to": seen.reply_to,
        "published_at": seen.created_at,
        "unattended": since is not None and since <= seen.created_at,
        "seen_at": now,
    }
