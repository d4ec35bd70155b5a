"""Counts the accounts themselves once a UTC day: followers, posts, and how often a page was opened.

One small reading for each Account, which an account check of the same day has paid for already.
The first is on the day after an Account was met, so that trying the bot out costs nothing more.
What cannot be read is tried again later the same day; a day without an answer has no row.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import structlog

from bot.clock import Clock
from bot.platforms.contract import AccountCounts, Platform, Unreadable
from bot.store import accounts, charges, engagement
from bot.store.engine import Store

AGAIN_AFTER = timedelta(hours=1)
log = structlog.get_logger()


@dataclass(slots=True)
class OwnPages:
    """Counts with one store, clock, set of Platforms and list of budgets (by Account id)."""

    store: Store
    clock: Clock
    platforms: Mapping[int, Platform]
    budgets: Mapping[int, Decimal]
    _rests: dict[int, datetime] = field(default_factory=dict)

    def count_due(self) -> int:
        """Count every Account that has no counts of today yet; how many were counted."""
        return sum(self._count(account_id) for account_id in self._due())

    def _due(self) -> list[int]:
        now = self.clock()
        today = now.astimezone(UTC).date()
        with self.store.read() as session:
            counted = engagement.accounts_counted(session, today)
            readable = {
                row.id
                for row in accounts.all_of(session)
                if row.may_be_read(now) and row.created_at.astimezone(UTC).date() < today
            }
            spent = {
                key: charges.spent_between(session, key, charges.month_start(now))
                for key in self.budgets
            }
        return [
            key
            for key, platform in self.platforms.items()
            if key in readable - counted
            and not platform.missing_settings
            and self._rests.get(key, now) <= now
            and not (self.budgets.get(key) and spent[key] >= self.budgets[key])
        ]

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
