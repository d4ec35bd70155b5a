"""This period against the one before it: for each Account two medians with their middle halves."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.reports.charts.chart import Chart
from bot.reports.charts.tongue import ENGLISH, Tongue
from bot.reports.charts.words import bar, head, hollow, middle_half, note, nothing_out, together
from bot.reports.figures.figure import Figure
from bot.reports.figures.periods import Change

NAME = "compare"


def told(
    changes: Sequence[Change],
    count: str,
    age_hours: int,
    titles: Mapping[str, str],
    tongue: Tongue = ENGLISH,
) -> Chart:
    """One count of what `figures.periods.compare` found."""
    ours = [change for change in changes if change.count == count]
    periods = tongue.say("this period"), tongue.say("the last")
    drawn = [change for change in ours if change.now.known or change.before.known]
    return Chart(
        name=NAME,
        title=tongue.say("%(count)s: this period against the last", count=head(count, tongue)),
        sentence=together(
            [tongue.change(one, titles.get(one.account, one.account), age_hours) for one in ours]
        )
        or nothing_out(tongue),
        columns={
            "account": tongue.say("Account"),
            "period": tongue.say("Period"),
            **middle_half(tongue),
        },
        rows=[
            _row(titles.get(change.account, change.account), period, figure, tongue)
            for change in drawn
            for period, figure in zip(periods, (change.now, change.before), strict=True)
        ],
        names={"axis": head(count, tongue), "now": periods[0], "before": periods[1]},
        notes=(bar(tongue), hollow(tongue)),
    )


def _row(title: str, period: str, figure: Figure, tongue: Tongue) -> dict[str, Any]:
    return {
        "account": title,
        "period": period,
        "posts": figure.posts,
        "low": figure.low,
        "median": figure.median,
        "high": figure.high,
        "is_few": figure.is_small,
        "note": note(figure, tongue),
    }
