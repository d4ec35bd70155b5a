"""Followers of each Account, day by day. A day that was not counted breaks the line."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from bot.reports.charts.chart import Chart
from bot.reports.charts.tongue import ENGLISH, Tongue
from bot.reports.charts.words import together

NAME = "followers"
DAY = timedelta(days=1)
Counts = Sequence[tuple[date, int | None]]


def told(histories: Mapping[str, Counts], tongue: Tongue = ENGLISH) -> Chart:
    """By Account's title, its followers by UTC day, oldest first."""
    known = {
        title: days
        for title, days in histories.items()
        if any(count is not None for _, count in days)
    }
    silent = [title for title in histories if title not in known]
    sentences = [_sentence(title, days, tongue) for title, days in known.items()]
    sentences += [
        tongue.say("Followers of %(where)s were not counted in this time", where=title)
        for title in silent
    ]
    return Chart(
        name=NAME,
        title=tongue.say("Followers by day"),
        sentence=together(sentences) or tongue.say("No account is connected."),
        columns={
            "account": tongue.say("Account"),
            "day": tongue.say("Day"),
            "followers": tongue.say("Followers"),
        },
        notes=(tongue.say("The axis does not begin at nought."),),
        rows=[row for title, days in known.items() for row in _days(title, days)],
    )


def _days(title: str, days: Counts) -> Iterator[dict[str, Any]]:
    counted = dict(days)
    day = min(counted)
    while day <= max(counted):
        yield {"account": title, "day": day.isoformat(), "followers": counted.get(day)}
        day += DAY


def _sentence(title: str, days: Counts, tongue: Tongue) -> str:
    known = [(day, count) for day, count in days if count is not None]
    (first, before), (last, now) = known[0], known[-1]
    had = tongue.say(
        "%(where)s had %(n)s followers on %(day)s",
        where=title, n=f"{now:,}", day=tongue.date(last),
    )  # fmt: skip
    if first == last:
        return tongue.say("%(told)s, the only day that was counted", told=had)
    since, by = tongue.date(first), f"{abs(now - before):,}"
    if now == before:
        return tongue.say("%(told)s, as many as on %(day)s", told=had, day=since)
    if now > before:
        return tongue.say("%(told)s, %(n)s more than on %(day)s", told=had, n=by, day=since)
    return tongue.say("%(told)s, %(n)s fewer than on %(day)s", told=had, n=by, day=since)
