"""The checks behind "is it all right?". Each looks at one thing and answers in a sentence.

Facts come from the store; only the checks of accounts, handed in by the door, ask a Platform.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.alerts.silence import HEARTBEAT_DEAD_AFTER, Silence, groups, spoken
from bot.clock.local import in_words
from bot.model.account import Account
from bot.model.delivery import Hold, State, Worker
from bot.platforms.contract import Health
from bot.store import accounts, blackouts, deliveries, quarantine, workers
from bot.store.engine import Store

TROUBLE_IS_REMEMBERED_FOR = timedelta(days=1)
TROUBLE_STANDS_FOR = timedelta(minutes=2)
CLOCK_SKEW_WARN_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Finding:
    """One check's answer; `ok` False is trouble, `note` something to know."""

    check: str
    ok: bool
    says: str
    note: bool = False


def heartbeat(store: Store, now: datetime, zone: ZoneInfo) -> Finding:
    """Whether a heartbeat runs."""
    with store.read() as session:
        worker = workers.current(session, now - HEARTBEAT_DEAD_AFTER)
    return heartbeat_of(worker, now, zone)


def heartbeat_of(worker: Worker | None, now: datetime, zone: ZoneInfo) -> Finding:
    """The same of the Worker that was seen last."""
    if worker is None:
        return Finding("heartbeat", True, "It has never run here. Start it: bot run", note=True)
    if worker.stopped_at is not None:
        at = in_words(worker.stopped_at, zone)
        return Finding("heartbeat", True, f"It was stopped on {at}. Start it: bot run", note=True)
    if now - worker.seen_at > HEARTBEAT_DEAD_AFTER:
        at = in_words(worker.seen_at, zone)
        return Finding("heartbeat", False, f"No sign of life since {at}. Start it again: bot run")
    return Finding("heartbeat", True, f"It runs (on {worker.host}).")


def own_trouble(store: Store, now: datetime, zone: ZoneInfo) -> Finding:
    """What last went wrong with the heartbeat itself, such as a database that did not answer."""
    with store.read() as session:
        worker = workers.latest_trouble(session, now - TROUBLE_IS_REMEMBERED_FOR)
    return trouble_of(worker, now, zone)


def trouble_of(worker: Worker | None, now: datetime, zone: ZoneInfo) -> Finding:
    """The same of the Worker that had trouble last."""
    if worker is None or worker.trouble_at is None:
        return Finding("the bot itself", True, "Nothing went wrong with it since yesterday.")
    stands = now - worker.trouble_at <= TROUBLE_STANDS_FOR
    at = in_words(worker.trouble_at, zone)
    return Finding("the bot itself", not stands, f"{worker.trouble} Last at {at}.", note=not stands)


def overdue(found: Sequence[Silence], titles: Mapping[str, str], zone: ZoneInfo) -> Finding:
    """What was due and did not go, or has no time, and why."""
    due = [fact for fact in found if fact.is_due]
    if not due:
        return Finding("due posts", True, "Nothing is overdue.")
    trouble = [fact for fact in due if fact.trouble]
    said = [spoken(group, titles, zone) for group in groups(trouble or due)]
    return Finding("due posts", not trouble, " ".join(said), note=True)


def troubles(store: Store) -> Finding:
    """Posts that need a person."""
    with store.read() as session:
        need = [row for row, _ in deliveries.troubled(session) if row.is_trouble]
        odd = quarantine.all_of(session)
        approvals = deliveries.count_only_held_for(session, Hold.APPROVAL)
    parts = []
    if need:
        names = ", ".join(dict.fromkeys(f"P{row.post_id}" for row in need[:5]))
        parts.append(
            f"{len(need)} {'needs' if len(need) == 1 else 'need'} you ({names}): bot queue"
        )
    if odd:
        parts.append(f"{len(odd)} could not become a post: bot check")
    if approvals:
        parts.append(f"{approvals} {'waits' if approvals == 1 else 'wait'} for approval")
    return Finding("queue", not need and not odd, ". ".join(parts) or "Nothing needs you.")


def pauses(store: Store, titles: Mapping[str, str]) -> Finding:
    """Whether something is paused or parked; said, but no trouble by itself."""
    with store.read() as session:
        standing = [
            f"{titles.get(name, name) if name else 'Everything'} is paused: {row.reason}"
            for row, name in accounts.named_pauses(session)
        ]
    return Finding("pauses", True, "; ".join(standing) or "Nothing is paused.", note=bool(standing))


def quiet(store: Store, now: datetime, zone: ZoneInfo, titles: Mapping[str, str]) -> Finding:
    """Quiet times in force; said, but no trouble by themselves."""
    with store.read() as session:
        rows = [row for row in blackouts.standing(session, now) if row.starts_at <= now]
        names = accounts.names_of(session, {row.account_id for row in rows if row.account_id})
    said = [
        f"{_whose(names, row.account_id, titles)} is quiet until "
        f"{in_words(row.ends_at, zone)}: {row.reason}"
        for row in rows
    ]
    return Finding("quiet times", True, "; ".join(said) or "None is in force.", note=bool(said))


def _whose(names: Mapping[int, str], account_id: int | None, titles: Mapping[str, str]) -> str:
    name = names.get(account_id or 0, "")
    return titles.get(name, name) or "Everything"


def parked(store: Store, now: datetime, zone: ZoneInfo, titles: Mapping[str, str]) -> Finding:
    """Accounts that cannot send. A rate limit passes by itself; a block or a doubt is trouble."""
    with store.read() as session:
        doubts = deliveries.in_doubt_counts(session)
        rows = accounts.resting(session, now, doubts)
    return parked_of(rows, doubts, now, zone, titles)


def parked_of(
    rows: Sequence[Account],
    doubts: Mapping[int, int],
    now: datetime,
    zone: ZoneInfo,
    titles: Mapping[str, str],
) -> Finding:
    """The same of these Accounts, with how many posts are in doubt on each."""
    waits: list[str] = []
    troubles: list[str] = []
    for row in rows:
        title = titles.get(row.name, row.name)
        if row.parked_until is not None and row.parked_until > now:
            said = f"{title} waits until {in_words(row.parked_until, zone)}: {row.park_reason}"
            (troubles if row.is_blocked else waits).append(said)
        if doubts.get(row.id, 0) >= deliveries.IN_DOUBT_PARKS_AT:
            troubles.append(f"{title} waits: two posts may or may not be out. bot queue")
    says = " ".join((*troubles, *waits)) or "No account has to wait."
    return Finding("platforms", not troubles, says, note=bool(waits))


def database(store: Store) -> Finding:
    """Whether the database answers and is sound."""
    store.require_sound()
    with store.read() as session:
        counts = deliveries.state_counts(session)
    sent = counts.get(State.SENT, 0)
    return Finding("database", True, f"It answers and is sound. Out so far: {sent:,}.")


def account(title: str, health: Health, now: datetime) -> list[Finding]:
    """What a Platform said of an Account just now."""
    if not health.ok:
        return [Finding(title, False, health.problem)]
    found = [Finding(title, True, f"Signed in as {health.name or health.remote_id}.")]
    if health.missing_scopes:
        missing = ", ".join(health.missing_scopes)
        found.append(Finding(title, False, f"Permissions missing: {missing}."))
    if health.expires_at is not None and health.expires_at - now < timedelta(days=14):
        found.append(Finding(title, False, f"The sign-in ends on {health.expires_at:%d %B %Y}."))
    found += [Finding(title, True, said, note=True) for said in health.warnings]
    if health.server_date is not None:
        skew = abs((now - health.server_date).total_seconds())
        ok = skew <= CLOCK_SKEW_WARN_SECONDS
        found.append(
            Finding(
                "clock",
                ok,
                "The clock agrees with the platform's."
                if ok
                else f"This machine's clock differs from the platform's by {skew:.0f} seconds.",
            )
        )
    return found
