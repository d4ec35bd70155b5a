"""A post's curve: one count by age, with a panel for each Account it went out on.

Views of two Platforms never share an axis. A reading without the count breaks the line there.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from bot.reports.charts.chart import Chart
from bot.reports.charts.words import count_name, together
from bot.reports.figures.periods import number
from bot.reports.words import plural

NAME = "curve"
DAYS_FROM_HOURS = 72


def told(readings: Sequence[Mapping[str, Any]], post_id: int, count: str) -> Chart:
    """The chart of what `figures.curve.rows` found; accounts stand there by their titles."""
    owned = [(account, list(of)) for account, of in groupby(readings, lambda row: row["account"])]
    rows = [_row(row, count) for _, of in owned for row in of]
    name = count_name(count)
    sentences = [_sentence(post_id, account, of, count) for account, of in owned]
    is_known = any(row[count] is not None for row in rows)
    return Chart(
        name=NAME,
        title=f"P{post_id}: {name} by age",
        sentence=together(sentences) or f"P{post_id} has not been counted yet.",
        columns={
            "account": "Account",
            "age_hours": "Age in hours",
            count: name.capitalize(),
            f"{count}_gained": "Gained",
        },
        rows=rows if is_known else [],
        names={"count": count},
    )


def _row(row: Mapping[str, Any], count: str) -> dict[str, Any]:
    kept = ("account", "age_hours", count, f"{count}_gained")
    return {name: row[name] for name in kept}


def _sentence(post_id: int, account: str, of: Sequence[Mapping[str, Any]], count: str) -> str:
    name = count_name(count)
    known = [(row["age_hours"], row[count]) for row in of if row[count] is not None]
    if not known:
        return f"{account} did not say how many {name} P{post_id} had"
    age, last = known[-1]
    had = f"P{post_id} on {account} had {last:,} {name} {_age(age)} after it went out"
    if len(known) == 1:
        return f"{had}; it was counted once so far"
    return f"{had}{''.join(_half(known, last))}"


def _half(known: Sequence[tuple[float, int]], last: int) -> Iterator[str]:
    """When the first reading with half of it was; nothing where there is no growth to tell."""
    if last > 0:
        age = next(age for age, value in known if value * 2 >= last)
        yield f"; half of them were there after {_age(age)}"


def _age(hours: float) -> str:
    if hours < 1:
        return plural(round(hours * 60), "minute")
    if hours < DAYS_FROM_HOURS:
        return "1 hour" if round(hours) == 1 else f"{number(float(round(hours)))} hours"
    return f"{number(float(round(hours / 24)))} days"
