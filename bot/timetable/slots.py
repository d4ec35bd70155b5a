"""The weekly Timetable of an Account and the moments its Slots fall on. Pure functions."""

import re
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.clock.local import resolve
from bot.errors import UsageError

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAY_GROUPS: dict[str, tuple[int, ...]] = {
    "daily": tuple(range(7)),
    "weekdays": tuple(range(5)),
    "weekends": (5, 6),
    **{day: (n,) for n, day in enumerate(DAYS)},
    **{day[:3]: (n,) for n, day in enumerate(DAYS)},
}
DEFAULT_TIMETABLE: tuple[tuple[int, str], ...] = (
    *((day, at) for day in range(5) for at in ("08:30", "12:30", "18:00")),
    *((day, at) for day in (5, 6) for at in ("10:00", "17:00")),
)
HORIZON_DAYS = 370


def parse_timetable(text: str) -> list[tuple[int, str]]:
    """`weekdays 08:30, 18:00; sat 10:00` as (weekday, HH:MM) pairs; UsageError where unclear."""
    found: set[tuple[int, str]] = set()
    for phrase in filter(None, (piece.strip() for piece in re.split(r"[;\n]", text))):
        day, _, times = phrase.partition(" ")
        days = DAY_GROUPS.get(day.lower().rstrip(":"))
        if days is None or not times.strip():
            raise UsageError(
                f"“{phrase}” is not part of a timetable. Write for example: "
                "weekdays 08:30, 18:00; saturday 10:00"
            )
        found |= {(n, _clock_time(at)) for n in days for at in re.split(r"[,\s]+", times) if at}
    if not found:
        raise UsageError("A timetable needs at least one time, such as: weekdays 08:30, 18:00")
    return sorted(found)


def _clock_time(text: str) -> str:
    try:
        hour, minute = (int(piece) for piece in text.split(":"))
        return f"{time(hour, minute):%H:%M}"
    except ValueError:
        raise UsageError(f"“{text}” is no time of day. Write it as 08:30.") from None


def occurrences(
    timetable: Sequence[tuple[int, str]], zone: ZoneInfo, after: datetime
) -> Iterator[datetime]:
    """The Slots' moments in UTC after `after`, in order, each local date and time once."""
    day = after.astimezone(zone).date() - timedelta(days=1)
    last = after
    for _ in range(HORIZON_DAYS):
        moments = {
            resolve(datetime.combine(day, time.fromisoformat(at)), zone).at
            for weekday, at in timetable
            if weekday == day.weekday()
        }
        for moment in sorted(moments):
            if moment > last:
                last = moment
                yield moment
        day += timedelta(days=1)


def next_free(
    timetable: Sequence[tuple[int, str]],
    zone: ZoneInfo,
    *,
    after: datetime,
    until: datetime,
    taken_slots: Collection[datetime],
    taken_times: Sequence[datetime],
    spacing: timedelta,
    closed: Sequence[tuple[datetime, datetime]] = (),
    is_open: Callable[[datetime], bool] = lambda _: True,
) -> datetime | None:
    """The next Slot up to `until` that nobody has, spaced from what goes out already, not `closed`,
    and `is_open`."""
    taken_times = sorted(taken_times)
    for moment in occurrences(timetable, zone, after):
        if moment > until:
            return None
        if moment in taken_slots or any(start <= moment < end for start, end in closed):
            continue
        if not is_open(moment):
            continue
        if not is_near(moment, taken_times, spacing):
            return moment
    return None


def is_near(moment: datetime, times: Sequence[datetime], spacing: timedelta) -> bool:
    """Whether one of these times, which come in order, is nearer than the spacing."""
    place = bisect_left(times, moment)
    return any(abs(moment - other) < spacing for other in times[max(0, place - 1) : place + 1])


def first_spaced(after: datetime, taken_times: Sequence[datetime], spacing: timedelta) -> datetime:
    """The first moment from `after` on that keeps the spacing to everything planned or just out."""
    moment = after
    for other in sorted(taken_times):
        if abs(moment - other) < spacing:
            moment = other + spacing
    return moment.astimezone(UTC)


def in_plain_words(timetable: Sequence[tuple[int, str]]) -> list[str]:
    """One line a weekday that has Slots: `Monday 08:30, 12:30`."""
    return [
        f"{day.capitalize()} " + ", ".join(sorted(at for n, at in timetable if n == weekday))
        for weekday, day in enumerate(DAYS)
        if any(n == weekday for n, _ in timetable)
    ]
