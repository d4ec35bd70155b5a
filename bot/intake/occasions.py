"""The days and times of the rounds of a post that recurs. Pure; local times are resolved here.

With a typed time every round is due at that time of its day; without, no Slot before its day is
taken. No round goes out after the last day.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.clock.local import in_words, resolve
from bot.clock.series import MAX_DAYS_AHEAD, parse_every
from bot.errors import PostInvalid
from bot.model.delivery import Delivery
from bot.model.written import Written

A_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Occasion:
    """One round's day; due at a typed time, else at the first Slot that `opens_at` lets it take."""

    day: date
    due_at: datetime | None
    opens_at: datetime | None
    expires_at: datetime
    warning: str | None = None


def last_day(written: Written) -> date | None:
    """Until when it recurs; None where it does not."""
    return date.fromisoformat(written.until) if written.every and written.until else None


def first_occasion(
    written: Written, zone: ZoneInfo, now: datetime, too_late: timedelta
) -> Occasion:
    """The first round of a new post; PostInvalid where there can be none."""
    refuse_odd_last_day(written, zone, now)
    today = now.astimezone(zone).date()
    anchor = written.at.date() if written.at else today
    for occasion in _series(written, zone, anchor, max(today, anchor)):
        if occasion.due_at is None or occasion.due_at >= now - too_late:
            return occasion
    raise PostInvalid(
        "until: comes before the first time it would go out.", line=written.lines.get("until")
    )


def refuse_odd_last_day(written: Written, zone: ZoneInfo, now: datetime) -> None:
    """PostInvalid where the last day has passed, or is too far to be meant."""
    today, until = now.astimezone(zone).date(), last_day(written) or date.min
    line = written.lines.get("until")
    if until < today:
        said = in_words(resolve(datetime.combine(until, time()), zone).at, zone)
        raise PostInvalid(f"until: {said.rpartition(', ')[0]} has passed.", line=line)
    if (until - today).days > MAX_DAYS_AHEAD:
        raise PostInvalid("until: lies more than two years ahead.", line=line)


def next_occasion(
    written: Written, zone: ZoneInfo, anchor: date, after: date, now: datetime
) -> Occasion | None:
    """The round after that day, not before today; None when the last day has come."""
    today = now.astimezone(zone).date()
    earliest = max(today, after + timedelta(days=1))
    for occasion in _series(written, zone, anchor, earliest):
        if occasion.due_at is None or occasion.due_at > now:
            return occasion
    return None


def day_of(row: Delivery, zone: ZoneInfo) -> date:
    """A round's own day: the later of the day it was for and the day it went out."""
    days = [row.occasion] if row.occasion else []
    if row.sent_at is not None:
        days.append(row.sent_at.astimezone(zone).date())
    return max(days, default=row.created_at.astimezone(zone).date())


def anchor_of(written: Written, created_at: datetime, zone: ZoneInfo) -> date:
    """From which day the rounds are counted: the typed one, else the day it was queued."""
    return written.at.date() if written.at else created_at.astimezone(zone).date()


def _series(written: Written, zone: ZoneInfo, anchor: date, earliest: date) -> Iterator[Occasion]:
    """The occasions from `earliest` on, in order, up to the last day."""
    every, until = parse_every(written.every or ""), last_day(written) or date.min
    end = resolve(datetime.combine(until, time()) + timedelta(days=1), zone).at
    day = every.on_or_after(anchor, max(anchor, earliest))
    while day <= until:
        yield _occasion(written, zone, day, end)
        day = every.on_or_after(anchor, day + timedelta(days=1))


def _occasion(written: Written, zone: ZoneInfo, day: date, end: datetime) -> Occasion:
    if written.at is None:
        midnight = resolve(datetime.combine(day, time()), zone).at
        return Occasion(day, None, midnight - A_MOMENT, end)
    due = resolve(datetime.combine(day, written.at.time()), zone)
    return Occasion(day, due.at, None, end, due.warning)
