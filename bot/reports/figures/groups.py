"""Posts put together by what they have in common, one group an Account (or Platform).

Counts are Figures: a median with its range and the sum. A post with two labels is in both groups.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.reports import words
from bot.reports.figures.counted import Counted
from bot.reports.figures.figure import SHOWN, Figure, as_plain, of

Key = tuple[int, str]
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _named(name: str) -> list[Key]:
    return [(0, name)]


def _weekday(one: Counted) -> list[Key]:
    return [(one.local.weekday(), DAYS[one.local.weekday()])]


def _labels(one: Counted) -> list[Key]:
    return [(0, label) for label in one.labels] or [(1, "no label")]


# What posts can be put together by. The number before a name is for the order of groups.
GROUPINGS: dict[str, Callable[[Counted], list[Key]]] = {
    "campaign": lambda one: _named(one.campaign) if one.campaign else [(1, "no campaign")],
    "label": _labels,
    "account": lambda one: _named(one.account),
    "platform": lambda one: _named(one.platform),
    "author": lambda one: _named(words.actor(one.author)),
    "weekday": _weekday,
    "hour": lambda one: [(one.local.hour, f"{one.local:%H}:00")],
    "link": lambda one: [(0, "with a link")] if one.has_link else [(1, "without a link")],
    "image": lambda one: [(0, "with an image")] if one.has_image else [(1, "without an image")],
}


@dataclass(frozen=True, slots=True)
class Group:
    """Posts of one kind on one Account (of one Platform, by platform), with their Figures."""

    name: str
    account: str
    platform: str
    posts: int
    figures: Mapping[str, Figure]


def grouped(
    counted: Sequence[Counted],
    by: str,
    age_hours: int,
    now: datetime,
    titles: Mapping[str, str],
) -> list[Group]:
    """The groups in order of their names, or of the week and the day."""
    found: dict[tuple[Key, str], list[Counted]] = {}
    for one in counted:
        owner = one.platform if by == "platform" else one.account
        for key in GROUPINGS[by](one):
            found.setdefault((key, owner), []).append(one)
    return [
        Group(
            name=key[1],
            account=owner,
            platform=owned[0].platform,
            posts=len(owned),
            figures={count: of(owned, count, age_hours, now, titles) for count in SHOWN},
        )
        for (key, owner), owned in sorted(found.items(), key=lambda pair: pair[0])
    ]


def as_rows(groups: Sequence[Group], by: str) -> list[dict[str, Any]]:
    """One flat row a group, for JSON and sheets."""
    rows = []
    for group in groups:
        row: dict[str, Any] = {
            by: group.name,
            **({} if by == "platform" else {"account": group.account}),
            "platform": group.platform,
            "posts": group.posts,
        }
        for count, figure in group.figures.items():
            row |= as_plain(count, figure)
        rows.append(row)
    return rows
