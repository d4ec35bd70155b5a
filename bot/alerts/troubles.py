"""What is wrong just now, as troubles that somebody is told of once: read from the store and disk.

Judges nothing anew: what is late, blocked or in doubt is what `silence` and `checks` say it is.
"""

import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from bot.alerts import checks, silence
from bot.alerts.checks import CLOCK_SKEW_WARN_SECONDS
from bot.alerts.sight import Facts, Sight, read
from bot.alerts.silence import Cause, Silence
from bot.model.account import Account, AccountCheck
from bot.model.delivery import Hold
from bot.store import charges, deliveries
from bot.store.alarms import LONGEST_KEY, LONGEST_SAID, Sighting
from bot.store.engine import Store

# Between the rounds of cron, or during an upgrade, nothing runs and nothing is wrong.
STOPPED_FOR = timedelta(minutes=20)
LOOKS_TAKE_ANOTHER = timedelta(minutes=2)
ENDS_SOON = timedelta(days=14)
CHECK_COUNTS_FOR = timedelta(hours=25)
BACKUP_OLD_AFTER = timedelta(days=2)
BACKUP_WANTED_AFTER = timedelta(days=7)
DISK_LOW_BYTES = 200_000_000
BUDGET_LOW = Decimal("0.80")

# Said of the whole account, or of the bot, and so not of each post again.
SAID_ELSEWHERE = silence.SAID_OF_THE_ACCOUNT | {Cause.SILENT}
# What keeps an account from sending: one trouble for as long as it lasts, whatever comes and goes.
LATE = frozenset({Cause.RETRY, Cause.UNTAKEN, Cause.LIMITED, Cause.LEFT, Cause.STOPPED})
# Nothing is lost or later by waiting for the morning.
CAN_WAIT = frozenset({Hold.MISSED, Hold.IN_DOUBT, Hold.ALREADY_THERE, Cause.UNCONFIRMED})


@dataclass(frozen=True, slots=True)
class Trouble:
    """One thing that is wrong. `stops` names accounts that cannot send meanwhile."""

    name: str
    about: str
    says: str
    since: datetime | None = None
    stops: frozenset[str] = field(default=frozenset())
    is_urgent: bool = False


def seen(store: Store, sight: Sight) -> list[Sighting]:
    """All that is wrong now, what keeps posts from going out first."""
    with store.read() as session:
        facts = read(session, sight)
    found = [one for look in LOOKS for one in look(facts, sight)]
    return [_sighting(one, facts, sight) for one in {_key(one): one for one in found}.values()]


def _key(one: Trouble) -> str:
    return f"{one.name}:{one.about}"[:LONGEST_KEY]


def _sighting(one: Trouble, facts: Facts, sight: Sight) -> Sighting:
    return Sighting(
        one.name,
        _key(one),
        one.says[:LONGEST_SAID],
        one.since or sight.now,
        one.is_urgent or _is_pressing(one, facts, sight),
    )


def _is_pressing(one: Trouble, facts: Facts, sight: Sight) -> bool:
    """Whether a post would be late or lost before the quiet hours end."""
    if sight.quiet_until is None:
        return True
    due = (facts.first_due[name] for name in one.stops if name in facts.first_due)
    return any(at < sight.quiet_until for at in due)


def heartbeat(facts: Facts, sight: Sight) -> Iterator[Trouble]:
    """No sign of life of the bot."""
    found = checks.heartbeat_of(facts.worker, sight.now, sight.zone)
    if not found.ok and facts.worker is not None:
        waiting = frozenset(facts.first_due)
        yield Trouble("heartbeat", "", found.says, facts.worker.seen_at, waiting)


def late(facts: Facts, sight: Sight) -> Iterator[Trouble]:
    """What was due and did not go, one trouble an account and, of the rest, one a post."""
    told = [fact for fact in facts.silences if _is_to_be_told(fact, sight)]
    for name, about, group in _groups(told):
        says = _of_a_post(group[0], sight) if name == "post" else ""
        says = says or silence.spoken(group, sight.titles, sight.zone)
        urgent = name == "late" or (name == "post" and _cannot_wait(group[0], sight))
        yield Trouble(name, about, says, group[0].since, frozenset({group[0].account}), urgent)


def _of_a_post(fact: Silence, sight: Sight) -> str:
    return f"{fact.post} on {sight.title(fact.account)}: {fact.why}" if fact.why else ""


def _is_to_be_told(fact: Silence, sight: Sight) -> bool:
    if not fact.trouble or fact.cause in SAID_ELSEWHERE:
        return False
    age = sight.now - fact.since
    if fact.cause == Cause.STOPPED:
        return age >= STOPPED_FOR
    is_looked_for = fact.cause == Cause.UNCONFIRMED and fact.until is not None
    return not is_looked_for or age >= sight.looks_until + LOOKS_TAKE_ANOTHER


def _groups(found: Iterable[Silence]) -> Iterator[tuple[str, str, list[Silence]]]:
    together: dict[tuple[str, str], list[Silence]] = {}
    for fact in found:
        together.setdefault(_named(fact), []).append(fact)
    for (name, about), group in together.items():
        yield name, about, group


def _named(fact: Silence) -> tuple[str, str]:
    if fact.cause in LATE:
        return "late", fact.account
    if fact.cause == Cause.OFF:
        return "off", fact.account
    if fact.cause == Cause.UNPLANNED:
        return "no time", fact.account
    return "post", f"{fact.delivery_id}:{fact.cause}"


def _cannot_wait(fact: Silence, sight: Sight) -> bool:
    return fact.cause not in CAN_WAIT and (
        sight.quiet_until is None or fact.since < sight.quiet_until
    )


def blocked(facts: Facts, sight: Sight) -> Iterator[Trouble]:
    """Accounts that cannot send until a person acts."""
    for row in facts.accounts:
        if row.name in sight.off:
            continue
        title, own = sight.title(row.name), frozenset({row.name})
        if row.id in facts.blocked:
            yield Trouble("blocked", row.name, _why_blocked(row, sight), stops=own)
        if facts.doubts.get(row.id, 0) >= deliveries.IN_DOUBT_PARKS_AT:
            says = f"{title} waits: two posts there may or may not be out."
            yield Trouble("doubts", row.name, says, stops=own)
    for name, says in sight.locked.items():
        yield Trouble("locked", name, f"{sight.title(name)}: {says}", stops=frozenset({name}))
    for row in facts.behind:
        if row.behind_tries and row.name not in sight.off:
            why = f" {row.behind_reason}" if row.behind_reason else ""
            says = f"The page of {sight.title(row.name)} cannot be read, so nothing leaves.{why}"
            yield Trouble("behind", row.name, says, row.behind_since, frozenset({row.name}))


def _why_blocked(row: Account, sight: Sight) -> str:
    says = f"{sight.title(row.name)} lets nothing out: {row.park_reason}"
    if row.parked_until is None or row.parked_until <= sight.now:
        return says
    return f"{says} It is tried again on {sight.date(row.parked_until)}."


def signed_in(facts: Facts, sight: Sight) -> Iterator[Trouble]:
    """Sign-ins that failed, lack a permission or end soon, as last checked; a clock that is off."""
    for row in facts.accounts:
        found = facts.checks.get(row.id)
        if row.name in sight.off or found is None:
            continue
        title, own = sight.title(row.name), frozenset({row.name})
        if sight.now - found.taken_at < CHECK_COUNTS_FOR:
            yield from _checked(row.name, title, found)
        ends = [at for at in (found.expires_at, row.credentials_expire_at) if at is not None]
        if ends and min(ends) - sight.now < ENDS_SOON:
            says = f"The sign-in at {title} ends on {sight.date(min(ends))}."
            yield Trouble(
                "ends", row.name, says, stops=own if min(ends) <= sight.now else frozenset()
            )


def _checked(name: str, title: str, found: AccountCheck) -> Iterator[Trouble]:
    own = frozenset({name})
    if not found.ok:
        says = f"{title}: {found.problem or 'the check failed.'}"
        yield Trouble("sign-in", name, says, found.taken_at, own)
    elif found.missing_scopes:
        missing = ", ".join(found.missing_scopes)
        says = f"{title} does not allow everything the bot needs. Missing: {missing}."
        yield Trouble("permissions", name, says, found.taken_at, own)
    skew = found.clock_skew_seconds
    if skew is not None and abs(skew) > CLOCK_SKEW_WARN_SECONDS:
        says = f"This machine's clock differs from that of {title} by {abs(skew):.0f} seconds."
        yield Trouble("clock", "", says, found.taken_at)


def money(facts: Facts, sight: Sight) -> Iterator[Trouble]:
    """A month's money that is nearly or wholly spent."""
    month = charges.month_of(sight.now)
    for row in facts.accounts:
        limit, paid = sight.limits.get(row.id), facts.spent.get(row.id, Decimal(0))
        if not limit or paid < limit * BUDGET_LOW:
            continue
        said = f"{sight.title(row.name)} has spent ${paid:.2f} of the month's ${limit:.2f}."
        until = sight.date(charges.next_month(sight.now))
        yield Trouble("money low", f"{row.name}:{month}", said)
        if paid >= limit:
            says = f"{said} Until {until} what costs money waits."
            yield Trouble("money spent", f"{row.name}:{month}", says, stops=frozenset({row.name}))


def bot_itself(facts: Facts, sight: Sight) -> Iterator[Trouble]:
    """Something the bot does fails again and again."""
    found = checks.trouble_of(facts.troubled, sight.now, sight.zone)
    if not found.ok:
        yield Trouble("bot itself", "", found.says, stops=frozenset(facts.first_due))


def approvals(facts: Facts, sight: Sight) -> Iterator[Trouble]:
    """Posts whose typed time comes and which nobody has approved."""
    for delivery_id, post, account, due_at in facts.unapproved:
        says = (
            f"{post} on {sight.title(account)} is due on {sight.date(due_at)} and waits for "
            "approval."
        )
        yield Trouble("approval", str(delivery_id), says, stops=frozenset({account}))


def stuck(facts: Facts, _sight: Sight) -> Iterator[Trouble]:
    """Files and articles that could not become a post, feeds that cannot be read, reports."""
    for one in facts.stuck:
        if one.is_feed:
            yield Trouble("feed", one.name, f"The feed {one.name}: {one.reason}")
        elif one.is_letter:
            says = f"The week's report may not have reached {one.name}. {one.reason}"
            yield Trouble("letter", one.name, says)
        else:
            where = f"{one.name}, line {one.line}" if one.line else one.name
            yield Trouble("unread", f"{one.kind}:{one.name}", f"{where}: {one.reason}")


def machine(facts: Facts, sight: Sight) -> Iterator[Trouble]:
    """Little room on the disk; a backup that failed or is old."""
    free = free_bytes(sight.disk)
    if free is not None and free < DISK_LOW_BYTES:
        says = f"Only {free / 1e6:,.0f} MB are free on the disk of the database."
        yield Trouble("disk", "", says, stops=frozenset(facts.first_due))
    if facts.failed_backup is not None:
        at, why = facts.failed_backup
        yield Trouble("backup failed", "", f"The backup of {sight.date(at)} failed. {why}", at)
    last = last_backup(facts.backed_up_at, sight.saved_at)
    if last is not None and sight.now - last > BACKUP_OLD_AFTER:
        yield Trouble("backup old", "", f"The last backup is of {sight.date(last)}.")
    elif last is None and sight.is_copied_here and _is_long_here(facts.accounts, sight.now):
        yield Trouble("backup old", "", "There has never been a backup.")


def _is_long_here(rows: Sequence[Account], now: datetime) -> bool:
    return any(now - row.created_at > BACKUP_WANTED_AFTER for row in rows)


def last_backup(noted: datetime | None, found: datetime | None) -> datetime | None:
    """The newer of a backup the bot noted and of a file that lies where backups lie."""
    return max((at for at in (noted, found) if at is not None), default=None)


def free_bytes(folder: Path | None) -> int | None:
    """Room on that disk; None where there is none to ask."""
    try:
        return shutil.disk_usage(folder).free if folder is not None else None
    except OSError:
        return None


LOOKS = (
    late,
    heartbeat,
    blocked,
    signed_in,
    bot_itself,
    approvals,
    money,
    machine,
    stuck,
)
