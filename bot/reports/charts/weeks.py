"""An Account's weeks: the median of its posts of each week, with the middle half as a band.

A week is Monday to Sunday on the Account's clock. One without posts breaks the line; one with few
posts is hollow, and said to be.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from bot.reports.charts.chart import Chart
from bot.reports.charts.tongue import ENGLISH, Tongue
from bot.reports.charts.words import (
    half,
    head,
    hollow,
    middle_half,
    note,
    nothing_out,
    together,
)
from bot.reports.figures.counted import Counted
from bot.reports.figures.figure import FEW, of

NAME = "weeks"
WEEK = timedelta(days=7)


def told(
    counted: Sequence[Counted],
    count: str,
    age_hours: int,
    now: datetime,
    titles: Mapping[str, str],
    tongue: Tongue = ENGLISH,
) -> Chart:
    """Posts of any Accounts, week by week for each."""
    owned: dict[str, list[Counted]] = {}
    for one in counted:
        owned.setdefault(one.account, []).append(one)
    rows, sentences = [], []
    for account, posts in sorted(owned.items()):
        title = titles.get(account, account)
        found = list(_weeks(posts, title, count, age_hours, now, titles, tongue))
        whole = of(posts, count, age_hours, now, titles)
        sentences.append(half(whole, title, count, age_hours, tongue) + _few(found, tongue))
        rows += found if whole.known else []
    return Chart(
        name=NAME,
        title=tongue.say("%(count)s of a post, week by week", count=head(count, tongue)),
        sentence=together(sentences) or nothing_out(tongue),
        columns={
            "account": tongue.say("Account"),
            "week": tongue.say("Week from"),
            **middle_half(tongue),
        },
        rows=rows,
        names={"axis": head(count, tongue)},
        notes=(tongue.say("Band: the middle half of the posts."), hollow(tongue)),
    )


def _weeks(
    posts: Sequence[Counted],
    title: str,
    count: str,
    age_hours: int,
    now: datetime,
    titles: Mapping[str, str],
    tongue: Tongue,
) -> Iterator[dict[str, Any]]:
    by_week: dict[date, list[Counted]] = {}
    for one in posts:
        day = one.local.date()
        by_week.setdefault(day - timedelta(days=day.weekday()), []).append(one)
    week = min(by_week)
    while week <= max(by_week):
        figure = of(by_week.get(week, []), count, age_hours, now, titles)
        yield {
            "account": title,
            "week": week.isoformat(),
            "posts": figure.posts,
            "low": figure.low,
            "median": figure.median,
            "high": figure.high,
            "is_few": figure.is_small,
            "note": note(figure, tongue),
        }
        week += WEEK


def _few(rows: Sequence[Mapping[str, Any]], tongue: Tongue) -> str:
    few = sum(row["is_few"] for row in rows)
    if not few:
        return ""
    return "; " + tongue.plural(
        "%(num)s week of %(of)s had fewer than %(n)s posts",
        "%(num)s weeks of %(of)s had fewer than %(n)s posts",
        few, of=f"{len(rows):,}", n=FEW,
    )  # fmt: skip
