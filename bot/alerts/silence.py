"""What was due and did not go: since when and why, one answer a Delivery, from the store alone.

Doors, doctor and alarms read the same answers. Nothing is judged twice here: what is on hold is as
much trouble as its hold; what waits is trouble unless it waits by decision or for a short while.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.clock import iso
from bot.clock.local import in_words
from bot.model.account import Account, Pause
from bot.model.delivery import SILENT_AFTER, Delivery, Hold, State, Worker
from bot.platforms.contract import Platform
from bot.store import accounts, deliveries, workers
from bot.store.engine import Session

HEARTBEAT_DEAD_AFTER = SILENT_AFTER
DUE_LATE_AFTER = timedelta(minutes=2)


class Cause(StrEnum):
    """Why something that waits did not go; what is on hold has its Hold for a cause."""

    OFF = "account off"
    PAUSED = "paused"
    STOPPED = "not running"
    SILENT = "no sign of life"
    BLOCKED = "account blocked"
    LIMITED = "rate limited"
    DOUBTS = "two in doubt"
    RETRY = "not reached"
    SPACING = "spacing"
    UNTAKEN = "not taken"
    LEFT = "left behind"
    UNPLANNED = "no time"
    UNCONFIRMED = "in doubt"
    FAILED = "failed"


# The rest passes by itself or was decided by somebody; a rate limit only while the post has time.
TROUBLE = frozenset(Cause) - {Cause.PAUSED, Cause.LIMITED, Cause.SPACING}
# These are said once, of the account; see `checks.parked`.
SAID_OF_THE_ACCOUNT = frozenset({Cause.BLOCKED, Cause.DOUBTS})
# Where a Delivery is on hold for several reasons, the one that a person must see to first.
HOLD_ORDER = (
    Hold.IN_DOUBT,
    Hold.ALREADY_THERE,
    Hold.FILE_GONE,
    Hold.IMPRINT,
    Hold.BUDGET,
    Hold.MISSED,
    Hold.APPROVAL,
    Hold.ALT_TEXT,
    Hold.FIRST_RUN,
    Hold.PAUSED,
    Hold.BLACKOUT,
)


@dataclass(frozen=True, slots=True)
class Silence:
    """One Delivery that is overdue, in trouble, or without a time. `until` where it is known."""

    delivery_id: int
    post: str
    account: str
    cause: str
    since: datetime
    until: datetime | None
    why: str
    trouble: bool
    is_due: bool = True

    @property
    def as_json(self) -> dict[str, object]:
        return {
            "cause": self.cause,
            "since": iso(self.since),
            "until": iso(self.until),
            "why": self.why,
            "trouble": self.trouble,
        }


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known of the bot and its Accounts at one moment."""

    now: datetime
    zone: ZoneInfo
    too_late: timedelta
    off: Mapping[str, Sequence[str]]
    worker: Worker | None
    pauses: Mapping[int | None, Pause]
    doubts: Mapping[int, int]

    def date(self, moment: datetime) -> str:
        return in_words(moment, self.zone)


@dataclass(frozen=True, slots=True)
class Lacks(Mapping[str, Sequence[str]]):
    """What each Account's Platform lacks, told when it is asked for: there may be many."""

    platforms: Mapping[str, Platform]

    def __getitem__(self, name: str) -> Sequence[str]:
        return self.platforms[name].missing_settings

    def __iter__(self) -> Iterator[str]:
        return iter(self.platforms)

    def __len__(self) -> int:
        return len(self.platforms)


Answer = tuple[Cause, str, datetime | None]


def surroundings(
    session: Session,
    now: datetime,
    zone: ZoneInfo,
    *,
    too_late: timedelta,
    off: Mapping[str, Sequence[str]],
) -> Surroundings:
    """Read once what every answer needs. `off` names Accounts without credentials and what is
    missing."""
    pauses = accounts.oldest_pauses(accounts.open_pauses(session))
    return Surroundings(
        now,
        zone,
        too_late,
        off,
        workers.current(session, now - HEARTBEAT_DEAD_AFTER),
        pauses,
        deliveries.in_doubt_counts(session),
    )


def facts(session: Session, around: Surroundings) -> list[Silence]:
    """Every Delivery that should be out, or has no time, longest silent first."""
    return among(deliveries.troubled(session, around.now - DUE_LATE_AFTER), around)


def among(rows: Iterable[tuple[Delivery, Account]], around: Surroundings) -> list[Silence]:
    """The same among these rows alone."""
    found = [
        _of(delivery, account, around)
        for delivery, account in rows
        if _is_silent(delivery, around.now)
    ]
    return sorted(found, key=lambda fact: (fact.since, fact.delivery_id))


def _is_silent(row: Delivery, now: datetime) -> bool:
    if row.state in (State.UNCONFIRMED, State.FAILED, State.CANCELLED) or row.is_trouble:
        return True
    at = row.due_at or row.created_at
    if row.state == State.SENDING:
        return row.lease_until is not None and row.lease_until < now - DUE_LATE_AFTER
    return at < now - DUE_LATE_AFTER


def _of(row: Delivery, account: Account, around: Surroundings) -> Silence:
    since = row.due_at or row.created_at
    if row.state == State.HELD:
        cause: str = next(hold for hold in HOLD_ORDER if hold in row.holds)
        why, until, trouble = row.reason or "", None, row.is_trouble
    else:
        cause, why, until = _answer(row, account, around)
        is_long = around.now - since > around.too_late
        trouble = cause in TROUBLE or (cause == Cause.LIMITED and is_long)
    if row.is_in_doubt or row.state == State.CANCELLED:
        since = row.doubt_since or row.asked_at or since
    return Silence(
        row.id,
        f"P{row.post_id}",
        account.name,
        cause,
        since,
        until,
        why,
        trouble,
        row.state in (State.WAITING, State.SENDING),
    )


def _answer(row: Delivery, account: Account, around: Surroundings) -> Answer:
    if row.state == State.FAILED:
        return Cause.FAILED, row.reason or "", None
    if row.state in (State.UNCONFIRMED, State.CANCELLED):
        return Cause.UNCONFIRMED, row.reason or "", row.next_look_at
    answers = (_account_off, _paused, _without_heartbeat, _left, _unplanned, _parked, _doubted)
    found = (answer(row, account, around) for answer in answers)
    return next(filter(None, found), None) or _not_yet(row, around)


def _account_off(_row: Delivery, account: Account, around: Surroundings) -> Answer | None:
    missing = around.off.get(account.name)
    if not missing:
        return None
    names = ", ".join(missing)
    return Cause.OFF, f"The account is off. Missing in .env: {names}. Or connect it.", None


def _paused(_row: Delivery, account: Account, around: Surroundings) -> Answer | None:
    pause = accounts.oldest_over(around.pauses, account.id)
    if pause is None:
        return None
    return Cause.PAUSED, f"Paused since {around.date(pause.started_at)}: {pause.reason}", None


def _without_heartbeat(_row: Delivery, _account: Account, around: Surroundings) -> Answer | None:
    worker = around.worker
    if worker is None or worker.stopped_at is not None:
        return Cause.STOPPED, "The bot is not running; start it with bot run.", None
    if around.now - worker.seen_at <= HEARTBEAT_DEAD_AFTER:
        return None
    seen = around.date(worker.seen_at)
    return Cause.SILENT, f"The bot gave its last sign of life {seen}; start it with bot run.", None


def _left(row: Delivery, _account: Account, _around: Surroundings) -> Answer | None:
    if row.state != State.SENDING:
        return None
    return Cause.LEFT, "What was sending it has stopped; start the bot with bot run.", None


def _unplanned(row: Delivery, _account: Account, _around: Surroundings) -> Answer | None:
    if row.due_at is not None:
        return None
    return Cause.UNPLANNED, row.reason or "It has not been given a time yet.", None


def _parked(_row: Delivery, account: Account, around: Surroundings) -> Answer | None:
    until = account.parked_until
    if until is None or until <= around.now:
        return None
    cause = Cause.BLOCKED if account.is_blocked else Cause.LIMITED
    return cause, f"The account rests until {around.date(until)}.", until


def _doubted(_row: Delivery, account: Account, around: Surroundings) -> Answer | None:
    if around.doubts.get(account.id, 0) < deliveries.IN_DOUBT_PARKS_AT:
        return None
    return Cause.DOUBTS, "Two posts there may or may not be out. Answer for one: bot queue", None


def _not_yet(row: Delivery, around: Surroundings) -> Answer:
    if row.not_before is None or row.not_before <= around.now:
        return Cause.UNTAKEN, row.reason or "The bot runs, but it has not taken it up.", None
    if row.tries == 0:
        return Cause.SPACING, row.reason or "", row.not_before
    again = f"It is tried again {around.date(row.not_before)}."
    why = f"{row.reason.rstrip('.')}. " if row.reason else ""
    return Cause.RETRY, f"{why}{again}", row.not_before


def groups(found: Sequence[Silence]) -> list[list[Silence]]:
    """Facts of one Account with one cause and reason, together, longest silent first."""
    together: dict[tuple[str, str, str], list[Silence]] = {}
    for fact in found:
        together.setdefault((fact.account, fact.cause, fact.why), []).append(fact)
    return list(together.values())


def spoken(group: Sequence[Silence], titles: Mapping[str, str], zone: ZoneInfo) -> str:
    """`P1 and P2 on X were due and have not gone, the first since ...: why`."""
    first, many = group[0], len(group) > 1
    names = list(dict.fromkeys(fact.post for fact in group))
    listed = " and ".join(names) if len(names) < 3 else f"{names[0]} and {len(names) - 1} more"
    where = titles.get(first.account, first.account)
    since = ("the first " if many else "") + f"since {in_words(first.since, zone)}"
    if first.cause == Cause.UNPLANNED:
        return f"{listed} on {where} {'have' if many else 'has'} no time yet, {since}. {first.why}"
    were, have = ("were", "have") if many else ("was", "has")
    return f"{listed} on {where} {were} due and {have} not gone, {since}. {first.why}"
