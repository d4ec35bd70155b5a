"""When an Account's posts did best: a week of hours on its clock, with how sure each hour is.

An hour of the week with fewer than five posts is not judged. The others have the interval that
holds their median with 90 % confidence (see `chance`). An hour is suggested only if its median is
above the Account's own with a confidence that allows for how many hours were judged at once, since
of 20 hours one looks good by luck. What is measured is habit, not cause: posts are not dealt to
hours by lot.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from typing import Any

from bot.reports.figures.chance import median_interval
from bot.reports.figures.counted import Counted, Lack
from bot.reports.figures.figure import FEW, SHOWN, refuse_mixed
from bot.reports.figures.groups import DAYS

CONFIDENCE = 0.90
# All suggestions together are wrong by luck in one case of ten.
WRONG = 0.10
# The first of these that most posts have is what hours are judged by.
MEASURES = SHOWN[:2]


@dataclass(frozen=True, slots=True)
class Hour:
    """One hour of the week; low and high hold its median with 90 % confidence."""

    weekday: int
    hour: int
    posts: int
    median: float
    low: int | None
    high: int | None
    usual_time: str
    suggested: bool

    @property
    def reason(self) -> str | None:
        """Why it is not judged."""
        return f"too few posts: {self.posts}" if self.posts < FEW else None


@dataclass(frozen=True, slots=True)
class Week:
    """An Account's hours in order, by what they were judged, and its own median of that."""

    account: str
    platform: str
    zone: str
    measure: str
    posts: int
    median: float | None
    hours: Sequence[Hour]

    @property
    def timetable(self) -> str | None:
        """The suggested times as `bot timetable set` takes them; None where there are none."""
        days: dict[int, list[str]] = {}
        for hour in self.hours:
            if hour.suggested:
                days.setdefault(hour.weekday, []).append(hour.usual_time)
        told = [f"{DAYS[day].lower()} {', '.join(times)}" for day, times in days.items()]
        return "; ".join(told) or None


def weeks(counted: Sequence[Counted], age_hours: int, now: datetime) -> list[Week]:
    """One week an Account, in order of their names."""
    owned: dict[str, list[Counted]] = {}
    for one in counted:
        owned.setdefault(one.account, []).append(one)
    return [week(posts, age_hours, now) for _, posts in sorted(owned.items())]


def week(counted: Sequence[Counted], age_hours: int, now: datetime) -> Week:
    """The week of one Account's posts, at least one. MixedPlatforms for posts of several."""
    refuse_mixed(counted)
    measure = _measure(counted, age_hours, now)
    known: dict[tuple[int, int], list[tuple[str, int]]] = {}
    for one in counted:
        value = one.value(measure, age_hours, now)
        if not isinstance(value, Lack):
            at = one.local
            known.setdefault((at.weekday(), at.hour), []).append((f"{at:%H:%M}", value))
    values = [value for cell in known.values() for _, value in cell]
    usual = float(median(values)) if values else None
    judged = sum(len(cell) >= FEW for cell in known.values())
    strict = 1 - WRONG / max(1, judged)
    first = counted[0]
    return Week(
        account=first.account,
        platform=first.platform,
        zone=first.zone.key,
        measure=measure,
        posts=len(values),
        median=usual,
        hours=[_hour(place, known[place], usual or 0, strict) for place in sorted(known)],
    )


def _measure(counted: Sequence[Counted], age_hours: int, now: datetime) -> str:
    for count in MEASURES:
        lacks = [isinstance(one.value(count, age_hours, now), Lack) for one in counted]
        if sum(lacks) * 2 < len(lacks):
            return count
    return MEASURES[0]


def _hour(
    place: tuple[int, int], cell: Sequence[tuple[str, int]], usual: float, strict: float
) -> Hour:
    values = [value for _, value in cell]
    interval = median_interval(values, CONFIDENCE)
    surely = median_interval(values, strict)
    times = Counter(sorted(at for at, _ in cell))
    return Hour(
        weekday=place[0],
        hour=place[1],
        posts=len(values),
        median=float(median(values)),
        low=interval[0] if interval else None,
        high=interval[1] if interval else None,
        usual_time=times.most_common(1)[0][0],
        suggested=surely is not None and surely[0] > usual,
    )


def as_rows(weeks: Sequence[Week]) -> list[dict[str, Any]]:
    """One flat row an hour that has posts, for JSON and sheets."""
    return [
        {
            "account": one.account,
            "platform": one.platform,
            "zone": one.zone,
            "measure": one.measure,
            "weekday": DAYS[hour.weekday],
            "hour": hour.hour,
            "posts": hour.posts,
            "median": hour.median,
            "low": hour.low,
            "high": hour.high,
            "account_median": one.median,
            "suggested": hour.suggested,
            "slot": f"{DAYS[hour.weekday].lower()} {hour.usual_time}" if hour.suggested else None,
            "reason": hour.reason,
        }
        for one in weeks
        for hour in one.hours
    ]


def by_place(one: Week) -> Mapping[tuple[int, int], Hour]:
    """The hours by weekday and hour, for drawing."""
    return {(hour.weekday, hour.hour): hour for hour in one.hours}
