"""A post's curve: one count by age, with a panel for each Account it went out on.

Views of two Platforms never share an axis. A reading without the count breaks the line there.
"""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from bot.reports.charts.chart import Chart
from bot.reports.charts.tongue import ENGLISH, Tongue
from bot.reports.charts.words import head, together

NAME = "curve"
DAYS_FROM_HOURS = 72


def told(
    readings: Sequence[Mapping[str, Any]], post_id: int, count: str, tongue: Tongue = ENGLISH
) -> Chart:
    """The chart of what `figures.curve.rows` found; accounts stand there by their titles."""
    owned = [(account, list(of)) for account, of in groupby(readings, lambda row: row["account"])]
    rows = [_row(row, count) for _, of in owned for row in of]
    name = tongue.count(count)
    sentences = [_sentence(post_id, account, of, count, tongue) for account, of in owned]
    is_known = any(row[count] is not None for row in rows)
    return Chart(
        name=NAME,
        title=tongue.say("P%(post)s: %(count)s by age", post=post_id, count=name),
        sentence=together(sentences)
        or tongue.say("P%(post)s has not been counted yet.", post=post_id),
        columns={
            "account": tongue.say("Account"),
            "age_hours": tongue.say("Age in hours"),
            count: head(count, tongue),
            f"{count}_gained": tongue.say("Gained"),
        },
        rows=rows if is_known else [],
        names={"count": count},
    )


def _row(row: Mapping[str, Any], count: str) -> dict[str, Any]:
    kept = ("account", "age_hours", count, f"{count}_gained")
    return {name: row[name] for name in kept}


def _sentence(
    post_id: int, account: str, of: Sequence[Mapping[str, Any]], count: str, tongue: Tongue
) -> str:
    name = tongue.count(count)
    known = [(row["age_hours"], row[count]) for row in of if row[count] is not None]
    if not known:
        return tongue.say(
            "%(where)s did not say how many %(count)s P%(post)s had",
            where=account, count=name, post=post_id,
        )  # fmt: skip
    age, last = known[-1]
    had = tongue.say(
        "P%(post)s on %(where)s had %(n)s %(count)s %(age)s after it went out",
        post=post_id, where=account, n=f"{last:,}", count=name, age=_age(age, tongue),
    )  # fmt: skip
    if len(known) == 1:
        return tongue.say("%(told)s; it was counted once so far", told=had)
    if last <= 0:
        return had
    middle = next(age for age, value in known if value * 2 >= last)
    return tongue.say(
        "%(told)s; half of them were there after %(age)s", told=had, age=_age(middle, tongue)
    )


def _age(hours: float, tongue: Tongue) -> str:
    if hours < 1:
        return tongue.plural("%(num)s minute", "%(num)s minutes", round(hours * 60))
    if hours < DAYS_FROM_HOURS:
        return tongue.plural("%(num)s hour", "%(num)s hours", round(hours))
    return tongue.plural("%(num)s day", "%(num)s days", round(hours / 24))
