"""This period against the one before it: for each Account two medians with their middle halves."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.reports.charts.chart import Chart
from bot.reports.charts.words import NOTHING_OUT, count_name, note, together
from bot.reports.figures.figure import Figure
from bot.reports.figures.periods import Change

NAME = "compare"


def told(changes: Sequence[Change], count: str, titles: Mapping[str, str]) -> Chart:
    """One count of what `figures.periods.compare` found."""
    ours = [change for change in changes if change.count == count]
    drawn = [change for change in ours if change.now.known or change.before.known]
    return Chart(
        name=NAME,
        title=f"{count_name(count).capitalize()}: this period against the last",
        sentence=together([change.sentence for change in ours]) or NOTHING_OUT,
        columns={
            "account": "Account",
            "period": "Period",
            "posts": "Posts",
            "low": "Lower quarter",
            "median": "Median",
            "high": "Upper quarter",
            "note": "Note",
        },
        rows=[
            _row(titles.get(change.account, change.account), period, figure)
            for change in drawn
            for period, figure in (("this period", change.now), ("the last", change.before))
        ],
        names={"count": count},
    )


def _row(title: str, period: str, figure: Figure) -> dict[str, Any]:
    return {
        "account": title,
        "period": period,
        "posts": figure.posts,
        "low": figure.low,
        "median": figure.median,
        "high": figure.high,
        "is_few": figure.is_small,
        "note": note(figure),
    }
