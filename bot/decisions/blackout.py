"""Quiet times: hours in which nothing goes out, set and taken back, each with its record.

Only the hours are decided here. What they hold, move or miss follows from them (the planner).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.clock import iso
from bot.clock.local import in_words, parse_edge, resolve
from bot.decisions.record import Decider
from bot.errors import NotAllowed, UsageError
from bot.model.account import Blackout
from bot.store import accounts, blackouts

LONG = timedelta(days=14)
MAX_REASON = 500


@dataclass(frozen=True, slots=True)
class Hours:
    """From when until when (not included), in UTC, and what whoever typed it should know."""

    starts_at: datetime
    ends_at: datetime
    notes: tuple[str, ...] = ()


def hours(typed_from: str, typed_until: str, zone: ZoneInfo, now: datetime) -> Hours:
    """The hours two typed times mean; a day alone is the whole day. UsageError where unclear."""
    starts = None if typed_from == "now" else resolve(parse_edge(typed_from), zone)
    ends = resolve(parse_edge(typed_until, is_end=True), zone)
    starts_at = starts.at if starts else now
    if ends.at <= starts_at:
        raise UsageError(
            f"It would end ({in_words(ends.at, zone)}) before it begins "
            f"({in_words(starts_at, zone)}). Give a later --until."
        )
    if ends.at <= now:
        raise UsageError(f"{in_words(ends.at, zone)} has passed. Give an --until to come.")
    notes = [_clock_change(edge.at, zone) for edge in (starts, ends) if edge and edge.warning]
    if ends.at - starts_at > LONG:
        days = round((ends.at - starts_at) / timedelta(days=1))
        notes.append(f"That is {days:,} days. If that is meant, all is well.")
    return Hours(starts_at, ends.at, tuple(notes))


def _clock_change(at: datetime, zone: ZoneInfo) -> str:
    return f"The clocks change in that hour; {in_words(at, zone)} is meant, the first one."


def add(decider: Decider, account_name: str | None, wanted: Hours) -> Blackout:
    """Set a quiet time on one Account, or on all; it needs a reason."""
    reason = (decider.reason or "").strip()
    if not reason:
        raise UsageError('Say why, everyone will see it: --reason "Christmas"')
    if len(reason) > MAX_REASON:
        raise UsageError(
            f"The reason may have {MAX_REASON} characters; this one has {len(reason)}."
        )
    with decider.store.write() as session:
        account = accounts.named(session, account_name) if account_name else None
        row = Blackout(
            account_id=account.id if account else None,
            starts_at=wanted.starts_at,
            ends_at=wanted.ends_at,
            reason=reason,
            actor=decider.actor,
        )
        session.add(row)
        session.flush()
        decider.note(session, "blackout", account_id=row.account_id, after=_plain(row))
        return row


def remove(decider: Decider, blackout_id: int) -> Blackout:
    """Take a quiet time back, before or while it is; NotAllowed when it is over already."""
    with decider.store.write() as session:
        row = blackouts.get(session, blackout_id)
        if row.removed_at is not None:
            raise NotAllowed(f"Quiet time {row.id} was taken back before.")
        if row.ends_at <= decider.clock():
            raise NotAllowed(f"Quiet time {row.id} is over. What it kept back: bot queue")
        before = _plain(row)
        row.removed_at = decider.clock()
        decider.note(
            session, "blackout removed", account_id=row.account_id, before=before, after=_plain(row)
        )
        return row


def _plain(row: Blackout) -> dict[str, object]:
    return {
        "blackout": row.id,
        "starts_at": iso(row.starts_at),
        "ends_at": iso(row.ends_at),
        "reason": row.reason,
        "removed_at": iso(row.removed_at),
    }
