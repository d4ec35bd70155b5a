"""What became of the year of bench/soak: each post, each alarm, and what the bot held."""

import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bench.soak_troubles import Trouble
from bench.soak_year import START, Group, Reading

OVER = "Over: "
OURS = "Campaign bot: "
# What a trouble leads to may be told some time after it has ended, and its end after that.
AFTER = timedelta(days=2)


@dataclass(frozen=True)
class Outcome:
    """Of all that was to be out: how often each is, and how late."""

    wanted: int
    copies: tuple[str, ...]
    lost: tuple[str, ...]
    late_seconds: tuple[float, ...]


def outcome(
    wanted: dict[tuple[str, str], datetime | None], out: Sequence[tuple[str, str, datetime]]
) -> Outcome:
    """`wanted` are texts and platforms with the time they had; `out` the same of what is there."""
    times: dict[tuple[str, str], list[datetime]] = {key: [] for key in wanted}
    for text, platform, at in out:
        key = next(
            (one for one in ((text, platform), (_first(text), platform)) if one in times), None
        )
        if key is not None:
            times[key].append(at)
    late = [
        (found[0] - due).total_seconds()
        for key, found in times.items()
        if len(found) == 1 and (due := wanted[key]) is not None
    ]
    return Outcome(
        len(wanted),
        tuple(f"{key}: {len(found)}" for key, found in times.items() if len(found) > 1),
        tuple(str(key) for key, found in times.items() if not found),
        tuple(late),
    )


def _first(text: str) -> str:
    return text.partition("\n")[0]


def published(group: Group) -> list[tuple[str, str, datetime]]:
    return [
        (one.text, one.platform, one.accepted_at)
        for platform in ("x", "facebook")
        for one in group.sandbox.ledger.posts(platform)
    ]


@dataclass(frozen=True)
class Told:
    """Of one trouble: how often each of its heads was told, and its end."""

    trouble: Trouble
    begun: dict[str, int]
    over: dict[str, int]

    @property
    def is_right(self) -> bool:
        once = dict.fromkeys(self.trouble.alarms, 1)
        if self.trouble.or_none and not any(self.begun.values()):
            return not self.over
        return self.begun == once and self.over == once

    def __str__(self) -> str:
        said = ", ".join(
            f"“{head}” {times}, its end {self.over.get(head, 0)}"
            for head, times in self.begun.items()
        )
        return said or "nothing to tell"


def alarms(
    troubles: Sequence[Trouble], told: Sequence[tuple[datetime, str]]
) -> tuple[list[Told], list[str]]:
    """What was told of each trouble, and what was told of none."""
    left = list(told)
    found = []
    for one in troubles:
        begun: Counter[str] = Counter()
        over: Counter[str] = Counter()
        for at, title in list(left):
            if not one.begins_at <= at <= one.ends_at + AFTER:
                continue
            said = title.removeprefix(OURS)
            heads = said.removeprefix(OVER).split(", ")
            if not set(heads) <= set(one.alarms):
                continue
            (over if said.startswith(OVER) else begun).update(heads)
            left.remove((at, title))
        found.append(Told(one, {head: begun[head] for head in one.alarms}, dict(over)))
    return found, [f"{at:%d %B %H:%M} {title}" for at, title in left]


def quarters(readings: Sequence[Reading], days: int) -> list[list[Reading]]:
    """The readings by quarter of the time lived."""
    length = timedelta(days=days) / 4
    found: list[list[Reading]] = [[], [], [], []]
    for one in readings:
        found[min(3, int((one.at - START) / length))].append(one)
    return found


def middle(readings: Sequence[Reading], name: str) -> float:
    return statistics.median(getattr(one, name) for one in readings)


def growth(sizes: Sequence[int]) -> tuple[float, float]:
    """Bytes a day of the database in the second quarter and in the last."""
    quarter = len(sizes) // 4
    second = (sizes[2 * quarter] - sizes[quarter]) / quarter
    last = (sizes[-1] - sizes[-1 - quarter]) / quarter
    return second, last
