"""Followers of each Account, day by day. A day that was not counted breaks the line."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from bot.reports.charts.chart import Chart
from bot.reports.charts.words import together

NAME = "followers"
DAY = timedelta(days=1)
Counts = Sequence[tuple[date, int | None]]


def told(histories: Mapping[str, Counts]) -> Chart:
    """By Account's title, its followers by UTC day, oldest first."""
    known = {
        title: days
        for title, days in histories.items()
        if any(count is not None for _, count in days)
    }
    silent = [title for title in histories if title not in known]
    sentences = [_sentence(title, days) for title, days in known.items()]
    sentences += [f"Followers of {title} were not counted in this time" for title in silent]
    return Chart(
        name=NAME,
        title="Followers by day",
        sentence=together(sentences) or "No account is connected.",
        columns={"account": "Account", "day": "Day", "followers": "Followers"},
        rows=[row for title, days in known.items() for row in _days(title, days)],
    )


def _days(title: str, days: Counts) -> Iterator[dict[str, Any]]:
    counted = dict(days)
    day = min(counted)
    while day <= max(counted):
        yield {"account": title, "day": day.isoformat(), "followers": counted.get(day)}
        day += DAY


def _sentence(title: str, days: Counts) -> str:
    known = [(day, count) for day, count in days if count is not None]
    (first, before), (last, now) = known[0], known[-1]
    had = f"{title} had {now:,} followers on {_written(last)}"
    if first == last:
        return f"{had}, the only day that was counted"
    if now == before:
        return f"{had}, as many as on {_written(first)}"
    than = "more" if now > before else "fewer"
    return f"{had}, {abs(now - before):,} {than} than on {_written(first)}"


def _written(day: date) -> str:
    return f"{day.day} {day:%B} {day.year}"
