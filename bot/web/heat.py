"""A week of hours as a table: how posts did at each, how sure that is, and times worth adding.

What an hour is worth comes from `besttimes`; here it is only put into cells and steps of colour.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.reports.figures.besttimes import Hour, Week, by_place
from bot.reports.figures.groups import DAYS

STEPS = 4


@dataclass(frozen=True, slots=True)
class Cell:
    """One hour of the week; `step` is 0 where too few posts stand behind it, else 1 to STEPS."""

    hour: Hour | None
    step: int


@dataclass(frozen=True, slots=True)
class Offer:
    """A time that did surely better, and whether the timetable has it."""

    hour: Hour
    is_there: bool

    @property
    def slot(self) -> str:
        """As a timetable is typed: `monday 09:15`."""
        return f"{DAYS[self.hour.weekday].lower()} {self.hour.usual_time}"


@dataclass(frozen=True, slots=True)
class Heat:
    """An Account's week for drawing: a row an hour that has posts, a cell a day."""

    week: Week
    rows: Sequence[tuple[int, Sequence[Cell]]]
    offers: Sequence[Offer]
    judged: Sequence[Hour]


def of(week: Week, timetable: Collection[tuple[int, str]]) -> Heat:
    """The week with steps of colour, equal shares of the judged hours each."""
    places = by_place(week)
    judged = [hour for hour in week.hours if hour.reason is None]
    steps = _steps(judged)
    rows = [
        (hour, [_cell(places.get((day, hour)), steps) for day in range(len(DAYS))])
        for hour in sorted({hour for _, hour in places})
    ]
    offers = [
        Offer(hour, (hour.weekday, hour.usual_time) in timetable)
        for hour in week.hours
        if hour.suggested
    ]
    best_first = sorted(judged, key=lambda hour: -hour.median)
    return Heat(week, rows, offers, best_first)


def _steps(judged: Sequence[Hour]) -> dict[float, int]:
    """By median: equal medians have equal steps."""
    medians = sorted({hour.median for hour in judged})
    return {one: 1 + STEPS * n // len(medians) for n, one in enumerate(medians)}


def _cell(hour: Hour | None, steps: dict[float, int]) -> Cell:
    is_judged = hour is not None and hour.reason is None
    return Cell(hour, steps[hour.median] if hour is not None and is_judged else 0)
