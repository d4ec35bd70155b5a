"""An Account's weeks: the median of its posts of each week, with the middle half as a band.

A week is Monday to Sunday on the Account's clock. One without posts breaks the line; one with few
posts is hollow, and said to be.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from bot.reports.charts.chart import Chart
from bot.reports.charts.words import MIDDLE_HALF, NOTHING_OUT, count_name, half, note, together
from bot.reports.figures.counted import Counted
from bot.reports.figures.figure import FEW, of
from bot.reports.words import plural

NAME = "weeks"
WEEK = timedelta(days=7)


def told(
    counted: Sequence[Counted],
    count: str,
    age_hours: int,
    now: datetime,
    titles: Mapping[str, str],
) -> Chart:
    """Posts of any Accounts, week by week for each."""
    owned: dict[str, list[Counted]] = {}
    for one in counted:
        owned.setdefault(one.account, []).append(one)
    rows, sentences = [], []
    for account, posts in sorted(owned.items()):
        title = titles.get(account, account)
        found = list(_weeks(posts, title, count, age_hours, now, titles))
        whole = of(posts, count, age_hours, now, titles)
        sentences.append(half(whole, title, count, age_hours) + _few(found))
        rows += found if whole.known else []
    return Chart(
        name=NAME,
        title=f"{count_name(count).capitalize()} of a post, week by week",
        sentence=together(sentences) or NOTHING_OUT,
        columns={
            "account": "Account",
            "week": "Week from",
            **MIDDLE_HALF,
        },
        rows=rows,
        names={"count": count},
    )


def _weeks(
    posts: Sequence[Counted],
    title: str,
    count: str,
    age_hours: int,
    now: datetime,
    titles: Mapping[str, str],
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
            "note": note(figure),
        }
        week += WEEK


def _few(rows: Sequence[Mapping[str, Any]]) -> str:
    few = sum(row["is_few"] for row in rows)
    if not few:
        return ""
    return f"; {plural(few, 'week')} of {len(rows):,} had fewer than {FEW} posts"
