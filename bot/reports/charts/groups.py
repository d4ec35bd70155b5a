"""Posts put together by what they have in common: a dot for the median, a bar for the middle half.

A panel for each Account. The sentence calls a group better only where dealing the same posts by lot
would hardly part them as far, with an allowance for how many groups were looked at.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.reports.charts.chart import Chart
from bot.reports.charts.tongue import ENGLISH, Tongue
from bot.reports.charts.words import (
    bar,
    half,
    head,
    hollow,
    middle_half,
    note,
    nothing_out,
    together,
)
from bot.reports.figures.chance import rank_test
from bot.reports.figures.counted import Counted, known
from bot.reports.figures.figure import FEW, of
from bot.reports.figures.groups import GROUPINGS, Group, grouped
from bot.reports.figures.periods import SURE, number

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
    tongue: Tongue = ENGLISH,
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
        said = half(whole, title, count, age_hours, tongue)
        best = _best(posts, groups, by, count, age_hours, now)
        said += _told_best(best, by, count, titles, tongue) + _left_out(groups, tongue)
        sentences.append(said)
        shown = _shown(groups) if whole.known else []
        rows += [_row(group, title, by, count, titles, tongue) for group in shown]
    return Chart(
        name=NAME,
        title=tongue.say("%(count)s by %(by)s", count=head(count, tongue), by=tongue.say(by)),
        sentence=together(sentences) or nothing_out(tongue),
        columns={
            "account": tongue.say("Account"),
            "group": tongue.say(by).capitalize(),
            **middle_half(tongue),
        },
        rows=rows,
        names={"axis": head(count, tongue)},
        notes=(bar(tongue), hollow(tongue)),
    )


def _owner(one: Counted, by: str) -> str:
    return one.platform if by == "platform" else one.account


def _shown(groups: Sequence[Group]) -> list[Group]:
    """In their order, those with most posts."""
    most = sorted(groups, key=lambda group: -group.posts)[:MOST]
    return [group for group in groups if group in most]


def _left_out(groups: Sequence[Group], tongue: Tongue) -> str:
    left = len(groups) - MOST
    if left <= 0:
        return ""
    return "; " + tongue.plural(
        "%(num)s group with fewer posts not shown",
        "%(num)s groups with fewer posts not shown",
        left,
    )


def _row(
    group: Group, title: str, by: str, count: str, titles: Mapping[str, str], tongue: Tongue
) -> dict[str, Any]:
    figure = group.figures[count]
    return {
        "account": title,
        "group": tongue.group(by, group.name, titles),
        "posts": group.posts,
        "low": figure.low,
        "median": figure.median,
        "high": figure.high,
        "is_few": figure.is_small,
        "note": note(figure, tongue),
    }


@dataclass(frozen=True, slots=True)
class Best:
    """The group with most in the middle; None where too few can be judged."""

    group: Group | None
    may_be_chance: bool = False


def _best(
    posts: Sequence[Counted],
    groups: Sequence[Group],
    by: str,
    count: str,
    age_hours: int,
    now: datetime,
) -> Best | None:
    """Which group had most in the middle, and how far that may be luck; None where there is one."""
    judged = [one for one in groups if one.figures[count].known >= FEW]
    if len(groups) < 2:
        return None
    if len(judged) < 2:
        return Best(None)
    best = max(judged, key=lambda one: one.figures[count].median or 0)
    inside = [one for one in posts if best.name in _names(one, by)]
    outside = [one for one in posts if best.name not in _names(one, by)]
    p = rank_test(*(known(some, count, age_hours, now) for some in (inside, outside)))
    # Whoever picks the best of many has picked luck too.
    return Best(best, may_be_chance=p * len(judged) >= SURE)


def _told_best(
    best: Best | None, by: str, count: str, titles: Mapping[str, str], tongue: Tongue
) -> str:
    """The end of a sentence."""
    if best is None:
        return ""
    if best.group is None:
        return "; " + tongue.say("too few groups have %(n)s posts to set one above another", n=FEW)
    name = tongue.group(by, best.group.name, titles)
    most = number(best.group.figures[count].median or 0)
    if best.may_be_chance:
        return "; " + tongue.say(
            "“%(name)s” had most in the middle (%(n)s), which may be chance", name=name, n=most
        )
    return "; " + tongue.say("“%(name)s” had most in the middle (%(n)s)", name=name, n=most)


def _names(one: Counted, by: str) -> Iterator[str]:
    return (name for _, name in GROUPINGS[by](one))
