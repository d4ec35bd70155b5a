"""An Account's week of hours: the brighter, the more a post had; hollow where too few were posted.

A cross marks an hour that is surely better than the Account's own median. Habit, not cause.
"""

from collections.abc import Mapping, Sequence

from bot.reports.charts.chart import Chart
from bot.reports.charts.words import NOTHING_OUT, count_name, together
from bot.reports.figures.besttimes import Week, as_rows
from bot.reports.figures.figure import FEW
from bot.reports.figures.groups import DAYS
from bot.reports.figures.periods import age_in_words, number
from bot.reports.words import plural

NAME = "best-times"


def told(weeks: Sequence[Week], age_hours: int, titles: Mapping[str, str]) -> Chart:
    """The chart of what `figures.besttimes.weeks` found."""
    rows = [
        {
            **{key: row[key] for key in ("weekday", "hour", "posts", "median", "low", "high")},
            "account": titles.get(row["account"], row["account"]),
            "measure": count_name(row["measure"]),
            "standing": _standing(row["suggested"], row["reason"]),
            "note": row["reason"] or ("surely better" if row["suggested"] else None),
        }
        for row in as_rows(weeks)
    ]
    return Chart(
        name=NAME,
        title="When posts did best",
        sentence=together([_sentence(week, age_hours, titles) for week in weeks]) or NOTHING_OUT,
        columns={
            "account": "Account",
            "weekday": "Day",
            "hour": "Hour",
            "posts": "Posts",
            "median": "Median",
            "low": "90 % sure from",
            "high": "to",
            "note": "Note",
        },
        rows=rows,
    )


def _standing(is_suggested: bool, reason: str | None) -> str:
    if reason:
        return "few"
    return "better" if is_suggested else "judged"


def _sentence(week: Week, age_hours: int, titles: Mapping[str, str]) -> str:
    title, name = titles.get(week.account, week.account), count_name(week.measure)
    if not week.hours:
        return f"No hour on {title} can be told: no {name} are known {age_in_words(age_hours)}"
    judged = sum(hour.reason is None for hour in week.hours)
    better = [hour for hour in week.hours if hour.suggested]
    if not judged:
        return f"On {title} no hour has {FEW} posts yet, so that none is judged"
    if not better:
        return (
            f"On {title} no hour is surely better than the others; "
            f"{plural(judged, 'hour')} of the week had {FEW} posts or more"
        )
    named = ", ".join(f"{DAYS[one.weekday]} {one.usual_time}" for one in better)
    return (
        f"On {title}, posts had surely more {name} than usual "
        f"({number(week.median or 0)} {age_in_words(age_hours)}) on {named}"
    )
