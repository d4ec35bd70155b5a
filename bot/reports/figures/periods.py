"""This period against the one before it, of the same length, by Account, at the same age.

Each change is told in one sentence, and one that shuffling might have made is called chance.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.reports import words
from bot.reports.figures import chance
from bot.reports.figures.counted import Counted, known
from bot.reports.figures.figure import AGES, FEW, SHOWN, Figure, of

SURE = 0.05
WHOLE_FROM = 10
NAMES = {"link_clicks": "link clicks"}


@dataclass(frozen=True, slots=True)
class Change:
    """One count of one Account in both periods; `p` is how often chance alone does as much."""

    account: str
    platform: str
    count: str
    now: Figure
    before: Figure
    p: float | None
    sentence: str


def compare(
    this: Sequence[Counted],
    last: Sequence[Counted],
    age_hours: int,
    now: datetime,
    titles: Mapping[str, str],
) -> list[Change]:
    """Every count of every Account that has posts in either period."""
    owners = {one.account: one.platform for one in (*last, *this)}
    return [
        _change(
            account,
            platform,
            count,
            [one for one in this if one.account == account],
            [one for one in last if one.account == account],
            age_hours,
            now,
            titles,
        )
        for account, platform in sorted(owners.items())
        for count in SHOWN
    ]


def _change(
    account: str,
    platform: str,
    count: str,
    this: Sequence[Counted],
    last: Sequence[Counted],
    age_hours: int,
    now: datetime,
    titles: Mapping[str, str],
) -> Change:
    ours, theirs = (of(posts, count, age_hours, now, titles) for posts in (this, last))
    values = [known(posts, count, age_hours, now) for posts in (this, last)]
    enough = ours.known >= FEW and theirs.known >= FEW
    p = chance.rank_test(values[0], values[1]) if enough else None
    title = titles.get(account, account)
    told = f"{title}, {NAMES.get(count, count)} {age_in_words(age_hours)}: "
    return Change(account, platform, count, ours, theirs, p, told + _told(ours, theirs, p))


def age_in_words(age_hours: int) -> str:
    """`after 24 hours`, `so far`."""
    return f"after {AGES[age_hours]}" if age_hours in AGES else "so far"


def _told(ours: Figure, theirs: Figure, p: float | None) -> str:
    if ours.median is None:
        return f"nothing to say of this period ({ours.reason})."
    half = f"half of the posts had {number(ours.median)} or more"
    if theirs.median is None:
        return f"{half}; nothing to compare with ({theirs.reason})."
    before = f"{half}, before {number(theirs.median)}"
    if p is None:
        fewest = min(ours.known, theirs.known)
        return f"{before}; too few posts to tell a change: {fewest}."
    return f"{before}{_by(ours.median, theirs.median)}{_sure(p)}."


def _by(ours: float, theirs: float) -> str:
    if ours == theirs:
        return ", no change"
    if theirs == 0:
        return ""
    return f", {abs(ours / theirs - 1):.0%} {'more' if ours > theirs else 'fewer'}"


def _sure(p: float) -> str:
    return "" if p < SURE else "; a difference this small may be chance"


def number(value: float) -> str:
    """`1,204`; a half only below ten, where it says something: `7.5`."""
    return f"{value:,.1f}" if value < WHOLE_FROM and value != int(value) else f"{value:,.0f}"


def posts_in_words(this: int, last: int, title: str, span: str) -> str:
    """How many went out, and how many before."""
    more = abs(this - last)
    told = f"{title}: {words.plural(this, 'post')} went out in the last {span}"
    if not more:
        return f"{told}, as many as in the {span} before."
    return f"{told}, {more:,} {'more' if this > last else 'fewer'} than in the {span} before."


def as_rows(changes: Sequence[Change]) -> list[dict[str, Any]]:
    """One flat row a change, for JSON and sheets."""
    return [
        {
            "account": one.account,
            "platform": one.platform,
            "count": one.count,
            "posts": one.now.posts,
            "known": one.now.known,
            "total": one.now.total,
            "median": one.now.median,
            "posts_before": one.before.posts,
            "known_before": one.before.known,
            "total_before": one.before.total,
            "median_before": one.before.median,
            "p": one.p,
            "may_be_chance": None if one.p is None else one.p >= SURE,
            "reason": one.now.reason or one.before.reason,
            "sentence": one.sentence,
        }
        for one in changes
    ]
