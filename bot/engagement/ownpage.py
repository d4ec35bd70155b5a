"""Counts the accounts themselves once a UTC day: followers, posts, and how often a page was opened.

One small reading for each Account, which an account check of the same day has paid for already.
The first is on the day after an Account was met, so that trying the bot out costs nothing more.
What cannot be read is tried again later the same day; a day without an answer has no row.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

import structlog

from bot.clock import Clock
from bot.platforms.contract import AccountCounts, Platform, Unreadable
from bot.store import charges, engagement
from bot.store.engine import Store

AGAIN_AFTER = timedelta(hours=1)
# How many Accounts one beat looks at.
AT_ONCE = 50
NOTHING = Decimal(0)
log = structlog.get_logger()


@dataclass(slots=True)
class OwnPages:
    """Counts with one store, clock, set of Platforms and list of budgets (by Account id)."""

    store: Store
    clock: Clock
    platforms: Mapping[int, Platform]
    budgets: Mapping[int, Decimal]
    _rests: dict[int, datetime] = field(default_factory=dict)
    _after: int = 0

    def count_due(self) -> int:
        """Count every Account that has no counts of today yet; how many were counted."""
        return sum(self._count(account_id) for account_id in self._due())

    def _due(self) -> list[int]:
        """The next few, so that every Account has its turn however many there are."""
        now = self.clock()
        with self.store.read() as session:
            wanted = engagement.accounts_to_count(session, now, self._after, AT_ONCE)
            spent = charges.spent_of(session, wanted, charges.month_start(now))
        self._after = wanted[-1] if len(wanted) == AT_ONCE else 0
        return [key for key in wanted if self._may_count(key, spent.get(key, NOTHING), now)]

    def _may_count(self, account_id: int, spent: Decimal, now: datetime) -> bool:
        platform, limit = self.platforms.get(account_id), self.budgets.get(account_id)
        if platform is None or platform.missing_settings:
            return False
        is_spent = bool(limit) and limit is not None and spent >= limit
        return not is_spent and self._rests.get(account_id, now) <= now

    def _count(self, account_id: int) -> bool:
        read = _read(self.platforms[account_id])
        now = self.clock()
        if isinstance(read, Unreadable):
            log.info("counts unreadable", action="counts unreadable", reason=read.reason)
            self._rests[account_id] = max(read.until or now, now + AGAIN_AFTER)
            return False
        counts = asdict(read)
        price = {charges.PROFILE: counts.pop("cost")}
        with self.store.write() as session:
            charges.record_readings(session, account_id, "account", price, now)
            engagement.record_account(session, account_id, now, counts)
        return True


def _read(platform: Platform) -> AccountCounts | Unreadable:
    try:
        return platform.account_counts()
    except Exception as error:
        log.exception("count raised", action="count raised")
        return Unreadable(f"The account could not be counted ({type(error).__name__}).")
