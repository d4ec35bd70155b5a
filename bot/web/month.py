"""The days of a calendar page, what falls on each, and the slots nobody has taken. No pages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import takewhile
from typing import Any
from zoneinfo import ZoneInfo

from bot.clock.local import resolve
from bot.model.account import Account, Blackout
from bot.store import blackouts
from bot.store.engine import Session
from bot.timetable.planner import Planner
from bot.timetable.room import Rooms
from bot.timetable.slots import occurrences

WEEK = timedelta(days=7)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Range:
    """Whole weeks, Monday first; `of` is the month or the week the page is about."""

    first: date
    last: date
    of: date
    is_week: bool

    @property
    def days(self) -> list[date]:
        return [self.first + DAY * n for n in range((self.last - self.first).days + 1)]

    def moments(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """From when until when (not included), in UTC."""
        ends = datetime.combine(self.last + DAY, time())
        return (
            resolve(datetime.combine(self.first, time()), zone).at,
            resolve(ends, zone).at,
        )

    @property
    def before(self) -> date:
        """A day of the page before."""
        return self.first - DAY if self.is_week else self.of.replace(day=1) - DAY

    @property
    def after(self) -> date:
        """A day of the page after."""
        return (
            self.last + DAY if self.is_week else (self.of.replace(day=28) + 7 * DAY).replace(day=1)
        )


def range_of(day: date, *, is_week: bool) -> Range:
    """The weeks that show that day's month, or its week."""
    if is_week:
        monday = day - DAY * day.weekday()
        return Range(monday, monday + 6 * DAY, day, is_week=True)
    first = day.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - DAY
    return Range(
        first - DAY * first.weekday(), last + DAY * (6 - last.weekday()), day, is_week=False
    )


@dataclass(slots=True)
class Day:
    """One day: its posts in order, its free slots, and the quiet times that touch it."""

    date: date
    rows: list[Any] = field(default_factory=list)
    free: list[tuple[datetime, str]] = field(default_factory=list)
    quiet: list[Blackout] = field(default_factory=list)


def days(
    shown: Range,
    rows: Iterable[tuple[datetime, Any]],
    free: Sequence[tuple[datetime, str]],
    quiet: Sequence[Blackout],
    zone: ZoneInfo,
) -> list[Day]:
    """Everything by its local day; rows with their moments, in their order."""
    by_day = {day: Day(day) for day in shown.days}
    for at, row in rows:
        local = at.astimezone(zone).date()
        if local in by_day:
            by_day[local].rows.append(row)
    for moment, name in free:
        local = moment.astimezone(zone).date()
        if local in by_day:
            by_day[local].free.append((moment, name))
    for one in quiet:
        for day in shown.days:
            starts = resolve(datetime.combine(day, time()), zone).at
            if one.starts_at < starts + DAY and one.ends_at > starts:
                by_day[day].quiet.append(one)
    return list(by_day.values())


def without_weeks_before(days: Sequence[Day], today: date) -> list[Day]:
    """The weeks that are not over; all, where every one is."""
    monday = today - DAY * today.weekday()
    return [day for day in days if day.date >= monday] or list(days)


def free_slots(
    session: Session,
    planner: Planner,
    rows: Sequence[Account],
    after: datetime,
    until: datetime,
) -> list[tuple[datetime, str]]:
    """The slots that are still to come and that nobody has, with the name of their account."""
    found: list[tuple[datetime, str]] = []
    ahead = Rooms(session, rows, after, planner.spacing).until(rows, until)
    for account in rows:
        room = ahead[account.id]
        slots = occurrences(room.timetable, planner.zone_of(account), after)
        coming = takewhile(lambda moment: moment < until, slots)
        found += [(moment, account.name) for moment in coming if room.has(moment, planner.spacing)]
    return sorted(found)


def quiet_between(session: Session, after: datetime, until: datetime) -> list[Blackout]:
    """Quiet times that touch these days."""
    return [
        row
        for row in blackouts.all_of(session)
        if row.removed_at is None and row.starts_at < until and row.ends_at > after
    ]
