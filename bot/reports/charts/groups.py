"""Posts put together by what they have in common: a dot for the median, a bar for the middle half.

A panel for each Account. The sentence calls a group better only where dealing the same posts by lot
would hardly part them as far, with an allowance for how many groups were looked at.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.reports.charts.chart import Chart
from bot.reports.charts.words import MIDDLE_HALF, NOTHING_OUT, count_name, half, note, together
from bot.reports.figures.chance import rank_test
from bot.reports.figures.counted import Counted, known
from bot.reports.figures.figure import FEW, of
from bot.reports.figures.groups import GROUPINGS, Group, grouped
from bot.reports.figures.periods import SURE, number
from bot.reports.words import plural

NAME = "groups"
# More lines than these are no picture any more.
MOST = 20


def told(
    counted: Sequence[Counted],
    by: str,
    count: str,
    age_hours: int,
    now: datetime,
    titles: Mapping[str, str],
) -> Chart:
    """Posts of any Accounts in their groups; of more than MOST the ones with most posts."""
    owned: dict[str, list[Group]] = {}
    for group in grouped(counted, by, age_hours, now, titles):
        owned.setdefault(group.account, []).append(group)
    rows, sentences = [], []
    for owner, groups in sorted(owned.items()):
        title = titles.get(owner, owner)
        posts = [one for one in counted if owner == _owner(one, by)]
        whole = of(posts, count, age_hours, now, titles)
        best = _best(posts, groups, by, count, age_hours, now)
        sentences.append(f"{half(whole, title, count, age_hours)}{best}{_left_out(groups)}")
        shown = _shown(groups) if whole.known else []
        rows += [_row(group, title, count, titles) for group in shown]
    name = count_name(count)
    return Chart(
        name=NAME,
        title=f"{name.capitalize()} by {by}",
        sentence=together(sentences) or NOTHING_OUT,
        columns={
            "account": "Account",
            "group": by.capitalize(),
            **MIDDLE_HALF,
        },
        rows=rows,
        names={"count": count, "by": by},
    )


def _owner(one: Counted, by: str) -> str:
    return one.platform if by == "platform" else one.account


def _shown(groups: Sequence[Group]) -> list[Group]:
    """In their order, those with most posts."""
    most = sorted(groups, key=lambda group: -group.posts)[:MOST]
    return [group for group in groups if group in most]


def _left_out(groups: Sequence[Group]) -> str:
    left = len(groups) - MOST
    return f"; {plural(left, 'group')} with fewer posts not shown" if left > 0 else ""


def _row(group: Group, title: str, count: str, titles: Mapping[str, str]) -> dict[str, Any]:
    figure = group.figures[count]
    return {
        "account": title,
        "group": titles.get(group.name, group.name),
        "posts": group.posts,
        "low": figure.low,
        "median": figure.median,
        "high": figure.high,
        "is_few": figure.is_small,
        "note": note(figure),
    }


def _best(
    posts: Sequence[Counted],
    groups: Sequence[Group],
    by: str,
    count: str,
    age_hours: int,
    now: datetime,
) -> str:
    """Which group had most in the middle, and how far that may be luck."""
    judged = [one for one in groups if one.figures[count].known >= FEW]
    if len(groups) < 2:
        return ""
    if len(judged) < 2:
        return f"; too few groups have {FEW} posts to set one above another"
    best = max(judged, key=lambda one: one.figures[count].median or 0)
    inside = [one for one in posts if best.name in _names(one, by)]
    outside = [one for one in posts if best.name not in _names(one, by)]
    p = rank_test(*(known(some, count, age_hours, now) for some in (inside, outside)))
    told = f"; “{best.name}” had most in the middle ({number(best.figures[count].median or 0)})"
    # Whoever picks the best of many has picked luck too.
    return told if p * len(judged) < SURE else f"{told}, which may be chance"


def _names(one: Counted, by: str) -> Iterator[str]:
    return (name for _, name in GROUPINGS[by](one))
