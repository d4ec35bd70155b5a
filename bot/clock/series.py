"""The days of something that recurs: every few days, weeks or months from a first day. Pure.

Days are local calendar days; the time of day and its clock changes are `clock.local`'s.
"""

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from bot.clock.local import parse_typed
from bot.errors import UsageError

EVERY = re.compile(r"(?:every\s+)?(?:(\d{1,3})\s+)?(day|week|month)s?", re.IGNORECASE)
MOST = {"day": 366, "week": 52, "month": 12}
SHORTEST_DAYS = 2
EXAMPLES = "Write for example 3 days, 2 weeks, week or month."
MAX_DAYS_AHEAD = 2 * 366


@dataclass(frozen=True, slots=True)
class Every:
    """A number of days, weeks or months."""

    count: int
    unit: str

    def __str__(self) -> str:
        return self.unit if self.count == 1 else f"{self.count} {self.unit}s"

    def nth(self, first: date, n: int) -> date:
        """The day n steps after the first; a month too short ends on its last day."""
        if self.unit == "month":
            return _months_after(first, self.count * n)
        return first + timedelta(days=self._days * n)

    def on_or_after(self, first: date, day: date) -> date:
        """The first day of the series that is not before `day`."""
        n = max((day - first).days // (self._days + 1), 0) if day > first else 0
        while self.nth(first, n) < day:
            n += 1
        return self.nth(first, n)

    @property
    def _days(self) -> int:
        """How long a step is at most."""
        return self.count * {"day": 1, "week": 7, "month": 31}[self.unit]


def parse_every(typed: str) -> Every:
    """`3 days`, `2 weeks`, `week` or `month`; UsageError where unclear or too often."""
    match = EVERY.fullmatch(typed.strip())
    if match is None:
        raise UsageError(f"“{typed[:60]}” does not say how often. {EXAMPLES}")
    every = Every(int(match[1] or 1), match[2].lower())
    if every.unit == "day" and every.count < SHORTEST_DAYS:
        raise UsageError("The same post every day is spam to both platforms. Every 2 days is most.")
    if not 1 <= every.count <= MOST[every.unit]:
        raise UsageError(f"“{typed[:60]}” is not between 2 days and a year. {EXAMPLES}")
    return every


def parse_day(typed: str) -> date:
    """`2027-03-31` or `31/3/2027`; UsageError where unclear, or where a time stands behind it."""
    if ":" in typed:
        raise UsageError("A day is expected here, without a time: 2027-03-31.")
    return parse_typed(typed, time_required=False).date()


def _months_after(first: date, months: int) -> date:
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(first.day, last))
