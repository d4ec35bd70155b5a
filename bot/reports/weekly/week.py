"""A calendar week, Monday to Sunday by the group's clock, and when its report is mailed.

Weeks are written as ISO 8601 does, `2026-W47`. A week in which the clocks change is an hour shorter
or longer; its bounds are local midnights, never a count of hours.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from bot.clock.local import resolve
from bot.errors import UsageError

A_WEEK = timedelta(days=7)
WRITTEN = re.compile(r"(20\d\d)-?[Ww](\d{1,2})")
# The report goes out from Monday 08:00; what could not be handed over, until Wednesday 08:00.
MAILED_FROM = timedelta(hours=8)
MAILED_UNTIL = timedelta(days=2, hours=8)
AGAIN_AFTER = timedelta(hours=1)
LAST_TRY_BEFORE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Week:
    """One week, by the date of its Monday."""

    monday: date

    @classmethod
    def of(cls, typed: str) -> Self:
        """The week that `2026-W47` names; UsageError where there is none."""
        found = WRITTEN.fullmatch(typed.strip())
        try:
            if found is not None:
                return cls(date.fromisocalendar(int(found[1]), int(found[2]), 1))
        except ValueError:
            pass
        raise UsageError(f"“{typed[:20]}” is not a week. Write it such as 2026-W47.")

    @classmethod
    def at(cls, moment: datetime, zone: ZoneInfo) -> Self:
        """The week that holds a moment."""
        day = moment.astimezone(zone).date()
        return cls(day - timedelta(days=day.weekday()))

    @property
    def name(self) -> str:
        """`2026-W47`."""
        year, number, _ = self.monday.isocalendar()
        return f"{year}-W{number:02}"

    @property
    def sunday(self) -> date:
        return self.monday + timedelta(days=6)

    @property
    def before(self) -> "Week":
        return Week(self.monday - A_WEEK)

    @property
    def after(self) -> "Week":
        return Week(self.monday + A_WEEK)

    @property
    def in_words(self) -> str:
        """`Monday 16 to Sunday 22 November 2026`; month and year twice where they differ."""
        first, last = self.monday, self.sunday
        year = "" if first.year == last.year else f" {first.year}"
        month = "" if first.month == last.month else f" {first:%B}{year}"
        return f"Monday {first.day}{month} to Sunday {last.day} {last:%B} {last.year}"

    def start(self, zone: ZoneInfo) -> datetime:
        """Its first moment, in UTC."""
        return self.moment(timedelta(), zone)

    def end(self, zone: ZoneInfo) -> datetime:
        """The first moment that is no longer in it, in UTC."""
        return self.after.start(zone)

    def moment(self, later: timedelta, zone: ZoneInfo) -> datetime:
        """So long after its Monday began, as clocks on the wall show it, in UTC."""
        return resolve(datetime.combine(self.monday, time()) + later, zone).at


def last_whole(now: datetime, zone: ZoneInfo) -> Week:
    """The newest week that is over."""
    return Week.at(now, zone).before


def to_mail(now: datetime, zone: ZoneInfo) -> Week | None:
    """The week whose report is to be mailed now, if any."""
    this = Week.at(now, zone)
    is_time = this.moment(MAILED_FROM, zone) <= now < this.moment(MAILED_UNTIL, zone)
    return this.before if is_time else None


def next_try(week: Week, now: datetime, zone: ZoneInfo) -> datetime:
    """When a mail of that week's report that failed now is tried again: in an hour, for the last
    time just before it is too late, and from then on no more, which is a time that has gone by."""
    last = week.after.moment(MAILED_UNTIL, zone) - LAST_TRY_BEFORE
    return max(now, min(now + AGAIN_AFTER, last))
