"""A year's figures reckoned from the sandbox's own ledger, by no code of the bot.

Of the bot it takes one thing alone: at which moments each post was read. What was there to read at
a moment is the sandbox's, and everything else is the plan of the year.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from bench.group_year import Planned, Year
from bench.sandbox_life import SEED
from bot.sandbox.engagement import count
from bot.sandbox.ledger import Entry

HOUR = timedelta(hours=1)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# The ages posts are compared at, and how far from it a reading may lie.
NEAR = {24: 6 * HOUR, 168: 24 * HOUR}
SHOWN = ("views", "likes", "comments", "shares", "link_clicks")
PRIVATE_FOR = timedelta(days=30)
Moments = Mapping[str, Sequence[datetime]]
Values = dict[str, int | None]


@dataclass(frozen=True)
class Public:
    """One post as the ledger has it: its parts, what was planned of it, its values by age."""

    platform: str
    parts: tuple[Entry, ...]
    planned: Planned | None
    values: Mapping[int, Values]


def of_year(year: Year, moments: Moments, time_scale: float) -> list[Public]:
    """Every post that is out, or was."""
    found = []
    for platform in ("x", "facebook"):
        parts: dict[str, list[Entry]] = {}
        head: dict[str, str] = {}
        for entry in year.life.sandbox.ledger.posts(platform):
            first = head.setdefault(
                entry.remote_id, head.get(entry.reply_to or "", entry.remote_id)
            )
            # A thread made by hand would be so many posts; none is made here.
            parts.setdefault(first, []).append(entry)
        found += [_public(year, platform, some, moments, time_scale) for some in parts.values()]
    return found


def _public(
    year: Year, platform: str, parts: Sequence[Entry], moments: Moments, time_scale: float
) -> Public:
    read = {part.remote_id: _readings(part, moments, time_scale) for part in parts}
    values = {age: of for age in (0, *NEAR) if (of := _at_age(parts, read, age)) is not None}
    planned = None if parts[0].by_hand else year.planned[_number(parts[0].text)]
    return Public(platform, tuple(parts), planned, values)


def _number(text: str) -> int:
    return int(text.removeprefix("Post ").split(".", 1)[0])


def _readings(part: Entry, moments: Moments, time_scale: float) -> list[tuple[timedelta, Values]]:
    """The age and what was told at each moment; a post that is gone cannot have been read."""
    told = []
    for at in moments.get(part.remote_id, ()):
        if part.deleted_at is not None and at >= part.deleted_at:
            raise AssertionError(f"{part.remote_id} was read after it was gone")
        age = at - part.accepted_at
        told.append((age, _told(part, age, time_scale)))
    return told


def _told(part: Entry, age: timedelta, time_scale: float) -> Values:
    true = count(SEED, part.remote_id, age.total_seconds() * time_scale)
    is_private = part.platform == "facebook" or age < PRIVATE_FOR
    return {
        "views": true.views,
        "likes": true.likes + true.loves,
        "comments": true.replies,
        "shares": true.reposts,
        "link_clicks": true.link_clicks if is_private else None,
    }


def _at_age(parts: Sequence[Entry], read: Mapping[str, list], age: int) -> Values | None:
    """The sum over the parts: of the last that was told, or of what was told nearest to the age."""
    each = [
        _last(read[part.remote_id]) if age == 0 else _nearest(read[part.remote_id], age)
        for part in parts
    ]
    known = [one for one in each if one is not None]
    if not known or (age and len(known) < len(parts)):
        return None
    return {name: _sum([one[name] for one in known]) for name in SHOWN}


def _last(told: Sequence[tuple[timedelta, Values]]) -> Values | None:
    if not told:
        return None
    return {
        name: next((values[name] for _, values in reversed(told) if values[name] is not None), None)
        for name in SHOWN
    }


def _nearest(told: Sequence[tuple[timedelta, Values]], age: int) -> Values | None:
    near = [(abs(at - age * HOUR), values) for at, values in told]
    near = [one for one in near if one[0] <= NEAR[age]]
    return min(near, key=lambda one: one[0])[1] if near else None


def _sum(numbers: Sequence[int | None]) -> int | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None


def groups_of(one: Public, by: str) -> Iterator[str]:
    """The names of the groups it belongs to."""
    at, planned = one.parts[0].accepted_at, one.planned
    if by == "label":
        yield from (planned.labels if planned else ()) or ("no label",)
        return
    yield {
        "campaign": (planned and planned.campaign) or "no campaign",
        "account": one.platform,
        "platform": one.platform,
        "author": planned.author if planned else "by hand",
        "weekday": DAYS[at.weekday()],
        "hour": f"{at:%H}:00",
        "link": "with a link" if planned and planned.link else "without a link",
        "image": "without an image",
    }[by]


def figures(posts: Sequence[Public], by: str, age: int) -> dict[tuple[str, str], dict]:
    """By group and account: how many posts, and of each count its figures."""
    grouped: dict[tuple[str, str], list[Public]] = {}
    for one in posts:
        for name in groups_of(one, by):
            grouped.setdefault((name, one.platform), []).append(one)
    return {
        key: {"posts": len(some)} | {name: _figure(some, name, age) for name in SHOWN}
        for key, some in grouped.items()
    }


def _figure(posts: Sequence[Public], name: str, age: int) -> tuple:
    """Known, total, least, lower quartile, median, upper quartile, most."""
    values = sorted(
        number for one in posts if (number := one.values.get(age, {}).get(name)) is not None
    )
    if not values:
        return (0, None, None, None, None, None, None)
    return (
        len(values),
        sum(values),
        values[0],
        *(_part(values, Fraction(n, 4)) for n in (1, 2, 3)),
        values[-1],
    )


def _part(values: Sequence[int], share: Fraction) -> Fraction:
    """The value below which that share lies, between its two neighbours."""
    place = (len(values) - 1) * share
    low = int(place)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * (place - low)
