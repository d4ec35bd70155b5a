"""An Account's week of hours: the brighter, the more a post had; hollow where too few were posted.

A cross marks an hour that is surely better than the Account's own median. Habit, not cause.
"""

from collections.abc import Mapping, Sequence

from bot.reports.charts.chart import Chart
from bot.reports.charts.tongue import ENGLISH, Tongue
from bot.reports.charts.words import nothing_out, together
from bot.reports.figures.besttimes import Week, as_rows
from bot.reports.figures.figure import FEW
from bot.reports.figures.groups import DAYS
from bot.reports.figures.periods import number

NAME = "best-times"


def told(
    weeks: Sequence[Week], age_hours: int, titles: Mapping[str, str], tongue: Tongue = ENGLISH
) -> Chart:
    """The chart of what `figures.besttimes.weeks` found."""
    rows = [
        {
            **{key: row[key] for key in ("hour", "posts", "median", "low", "high")},
            "weekday": tongue.say(row["weekday"]),
            "account": titles.get(row["account"], row["account"]),
            "measure": tongue.count(row["measure"]),
            "standing": _standing(row["suggested"], row["reason"]),
            "note": tongue.reason(row["reason"])
            or (tongue.say("surely better") if row["suggested"] else None),
        }
        for row in as_rows(weeks)
    ]
    return Chart(
        name=NAME,
        title=tongue.say("When posts did best"),
        sentence=together([_sentence(week, age_hours, titles, tongue) for week in weeks])
        or nothing_out(tongue),
        columns={
            "account": tongue.say("Account"),
            "weekday": tongue.say("Day"),
            "hour": tongue.say("Hour"),
            "posts": tongue.say("Posts"),
            "median": tongue.say("Median"),
            "low": tongue.say("90 % sure from"),
            "high": tongue.say("to"),
            "note": tongue.say("Note"),
        },
        rows=rows,
        names={
            "hours": tongue.say("Hour, on the account's clock"),
            "days": ",".join(tongue.say(day) for day in DAYS),
        },
        notes=(
            tongue.say("Ring: fewer than %(n)s posts, not judged.", n=FEW),
            tongue.say("Cross: surely better."),
        ),
    )


def _standing(is_suggested: bool, reason: str | None) -> str:
    if reason:
        return "few"
    return "better" if is_suggested else "judged"


def _sentence(week: Week, age_hours: int, titles: Mapping[str, str], tongue: Tongue) -> str:
    title, name = titles.get(week.account, week.account), tongue.count(week.measure)
    when = tongue.age(age_hours)
    if not week.hours:
        return tongue.say(
            "No hour on %(where)s can be told: no %(count)s are known %(when)s",
            where=title, count=name, when=when,
        )  # fmt: skip
    judged = sum(hour.reason is None for hour in week.hours)
    better = [hour for hour in week.hours if hour.suggested]
    if not judged:
        return tongue.say(
            "On %(where)s no hour has %(n)s posts yet, so that none is judged", where=title, n=FEW
        )
    if not better:
        return tongue.plural(
            "On %(where)s no hour is surely better than the others; %(num)s hour of the week had "
            "%(n)s posts or more",
            "On %(where)s no hour is surely better than the others; %(num)s hours of the week had "
            "%(n)s posts or more",
            judged, where=title, n=FEW,
        )  # fmt: skip
    named = ", ".join(f"{tongue.say(DAYS[one.weekday])} {one.usual_time}" for one in better)
    return tongue.say(
        "On %(where)s, posts had surely more %(count)s than usual (%(n)s %(when)s) on %(hours)s",
        where=title, count=name, n=number(week.median or 0), when=when, hours=named,
    )  # fmt: skip
