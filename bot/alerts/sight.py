"""Where troubles are looked for: what is known beside the store, and what the store says, once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.alerts import checks, silence
from bot.alerts.silence import Silence
from bot.clock.local import in_words
from bot.model.account import Account, AccountCheck
from bot.model.delivery import Worker
from bot.store import accounts, alarms, backuplog, charges, glance, strangers, unread, workers
from bot.store.engine import Session

APPROVAL_AHEAD = timedelta(hours=1)
STUCK_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Sight:
    """What is known beside the store: settings, accounts that are off or locked, folders.

    `quiet_until` is when the quiet hours end next, or None where there are none.
    """

    now: datetime
    zone: ZoneInfo
    titles: Mapping[str, str]
    off: Mapping[str, Sequence[str]]
    locked: Mapping[str, str]
    limits: Mapping[int, Decimal]
    too_late: timedelta
    looks_until: timedelta
    quiet_until: datetime | None = None
    disk: Path | None = None
    is_copied_here: bool = False
    saved_at: datetime | None = None

    def title(self, name: str) -> str:
        """What people call an account's platform."""
        return self.titles.get(name, name)

    def date(self, at: datetime) -> str:
        return in_words(at, self.zone)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the store says, read once."""

    accounts: Sequence[Account]
    silences: Sequence[Silence]
    checks: Mapping[int, AccountCheck]
    doubts: Mapping[int, int]
    blocked: frozenset[int]
    spent: Mapping[int, Decimal]
    worker: Worker | None
    troubled: Worker | None
    first_due: Mapping[str, datetime]
    behind: Sequence[Account]
    unapproved: Sequence[tuple[int, str, str, datetime]]
    stuck: Sequence[unread.Unread]
    failed_backup: tuple[datetime, str] | None
    backed_up_at: datetime | None


def read(session: Session, sight: Sight) -> Facts:
    """Everything that the looks for troubles ask the store."""
    now = sight.now
    around = silence.surroundings(session, now, sight.zone, too_late=sight.too_late, off=sight.off)
    rows = accounts.all_of(session)
    since = charges.month_start(now)
    _, troubled = workers.noted(
        session, now - silence.HEARTBEAT_DEAD_AFTER, now - checks.TROUBLE_IS_REMEMBERED_FOR
    )
    newest = backuplog.newest(session)
    return Facts(
        accounts=rows,
        silences=silence.facts(session, around),
        checks=accounts.last_checks(session),
        doubts=around.doubts,
        blocked=frozenset(row.id for row in rows if _is_blocked(session, row, now)),
        spent={
            row.id: charges.spent_between(session, row.id, since)
            for row in rows
            if sight.limits.get(row.id)
        },
        worker=around.worker,
        troubled=troubled,
        first_due=glance.first_due(session),
        behind=strangers.behind(session),
        unapproved=[
            (row.id, f"P{row.post_id}", account.name, row.due_at)
            for row, account in alarms.unapproved(session, now + APPROVAL_AHEAD)
            if row.due_at is not None
        ],
        stuck=unread.all_of(session, STUCK_SHOWN, now),
        failed_backup=(newest.made_at, newest.error) if newest and newest.error else None,
        backed_up_at=backuplog.last_good(session),
    )


def _is_blocked(session: Session, row: Account, now: datetime) -> bool:
    """Whether a block stands: that its time is over proves nothing, that a post went out does."""
    if not row.is_blocked or row.parked_until is None:
        return False
    last = None if row.parked_until > now else glance.last_out(session, row.id)
    return last is None or last < row.parked_until
