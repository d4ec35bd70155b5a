"""Local times as people type them, turned into UTC across clock changes.

A local time that does not exist moves to the next valid minute; one that happens twice means the
first. `zoneinfo` accepts both in silence, so a round trip finds them out.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.errors import UsageError

ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?")
DAY_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?:[ ,]+(\d{1,2}):(\d{2})(?::(\d{2}))?)?")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@dataclass(frozen=True, slots=True)
class Resolved:
    """A typed local time in UTC, with a warning where the clock change matters."""

    at: datetime
    warning: str | None = None


def parse_typed(typed: str, *, time_required: bool = True) -> datetime:
    """`2026-12-01 18:30` or `1/12/2026 18:30` (day first), naive; UsageError where unclear."""
    text = typed.strip()
    if match := ISO.fullmatch(text):
        year, month, day, hour, minute, second = match.groups()
    elif match := DAY_FIRST.fullmatch(text):
        day, month, year, hour, minute, second = match.groups()
    else:
        raise UsageError(f"“{text}” is not a date. Write one such as 2026-12-01 18:30.")
    if hour is None and time_required:
        raise UsageError(f"“{text}” has no time of day. Write for example {text} 18:30.")
    return datetime.combine(_day(int(year), int(month), int(day)), _time(hour, minute, second))


def parse_edge(typed: str, *, is_end: bool = False) -> datetime:
    """As `parse_typed`; a day alone means its beginning, or (`is_end`) the end of that day."""
    moment = parse_typed(typed, time_required=False)
    return moment + timedelta(days=1) if is_end and ":" not in typed else moment


def _day(year: int, month: int, day: int) -> date:
    if not 2000 <= year < 2200:
        raise UsageError(f"The year {year} is not meant. Write a date such as 2026-12-01 18:30.")
    if not 1 <= month <= 12:
        raise UsageError(f"There is no month {month}. Write a date such as 2026-12-01 18:30.")
    try:
        return date(year, month, day)
    except ValueError:
        raise UsageError(
            f"{day} {MONTHS[month - 1]} {year} does not exist. "
            "Write a date such as 2026-11-30 18:30."
        ) from None


def _time(hour: str | None, minute: str | None, second: str | None) -> time:
    try:
        return time(int(hour or 0), int(minute or 0), int(second or 0))
    except ValueError:
        raise UsageError(f"{hour}:{minute} is no time of day. Write it as 18:30.") from None


def resolve(local: datetime, zone: ZoneInfo) -> Resolved:
    """A naive local time in UTC. `fold=0` is the first of two."""
    first = local.replace(tzinfo=zone, fold=0)
    back = first.astimezone(UTC).astimezone(zone).replace(tzinfo=None)
    if back != local:
        valid = _first_valid_after(local, zone)
        return Resolved(
            valid.astimezone(UTC),
            f"{local:%H:%M} on {local.day} {local:%B %Y} does not exist in {zone.key} "
            f"(the clocks go forward); it goes out at {valid:%H:%M} instead.",
        )
    if first.utcoffset() != local.replace(tzinfo=zone, fold=1).utcoffset():
        return Resolved(
            first.astimezone(UTC),
            f"{local:%H:%M} on {local.day} {local:%B %Y} happens twice in {zone.key} "
            "(the clocks go back); the first is meant.",
        )
    return Resolved(first.astimezone(UTC))


def _first_valid_after(local: datetime, zone: ZoneInfo) -> datetime:
    moment = local
    for _ in range(24 * 60):
        moment += timedelta(minutes=1)
        aware = moment.replace(tzinfo=zone)
        if aware.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == moment:
            return aware
    return moment.replace(tzinfo=zone)


def in_words(moment: datetime, zone: ZoneInfo) -> str:
    """`Tuesday 1 December 2026, 08:30` in that zone."""
    local = moment.astimezone(zone)
    return f"{local:%A} {local.day} {local:%B %Y}, {local:%H:%M}"


def in_short(moment: datetime, zone: ZoneInfo) -> str:
    """`Tue 1 Dec 08:30` in that zone, for tables."""
    local = moment.astimezone(zone)
    return f"{local:%a} {local.day} {local:%b} {local:%H:%M}"


def hours_in(text: str) -> tuple[time, time]:
    """`21:00-08:00` as the local times of day it begins and ends; ValueError otherwise."""
    found = re.fullmatch(r"\s*(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})\s*", text)
    if found is None:
        raise ValueError(f"{text} names no hours")
    begin, end = time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))
    if begin == end:
        raise ValueError(f"{text} names no hours")
    return begin, end


def is_within(moment: datetime, hours: str, zone: ZoneInfo) -> bool:
    """Whether a moment lies in these hours of its local day; they may pass midnight."""
    begin, end = hours_in(hours)
    local = moment.astimezone(zone).time()
    return begin <= local < end if begin < end else local >= begin or local < end
