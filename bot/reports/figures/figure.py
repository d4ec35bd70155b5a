"""A Figure: what many posts have in common, as a median with its range, or why there is none.

Never an average alone, which one lucky post would carry away. Views of two Platforms mean different
things: a Figure over posts of two refuses to be made.
"""

import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.model.engagement import NEWEST
from bot.reports.figures import counted as counts
from bot.reports.figures.counted import Counted, Lack

# Fewer than these are said to be few; of fewer than the second no usual is told.
FEW = 5
ENOUGH = 8
AGES = {24: "24 hours", 7 * 24: "7 days"}
SHOWN = counts.SHOWN


class MixedPlatforms(ValueError):
    """Counts of two Platforms were to be put into one Figure."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One count over `posts` posts, `known` of which have it; quartiles are inclusive."""

    posts: int
    known: int
    total: int | None = None
    least: float | None = None
    low: float | None = None
    median: float | None = None
    high: float | None = None
    most: float | None = None
    reason: str | None = None

    @property
    def is_small(self) -> bool:
        """Whether so few posts stand behind it that it is no more than a hint."""
        return 0 < self.known < FEW


def of(
    counted: Sequence[Counted],
    count: str,
    age_hours: int,
    now: datetime,
    titles: Mapping[str, str],
) -> Figure:
    """That count of these posts at that age. MixedPlatforms where they are of more than one."""
    refuse_mixed(counted)
    values = [one.value(count, age_hours, now) for one in counted]
    known = [value for value in values if not isinstance(value, Lack)]
    if not known:
        return Figure(len(values), 0, reason=_reason(counted, values, age_hours, titles))
    low, median, high = quartiles(known)
    return Figure(len(values), len(known), sum(known), min(known), low, median, high, max(known))


def refuse_mixed(counted: Sequence[Counted]) -> None:
    """The one place that stands between the Platforms' counts."""
    platforms = sorted({one.platform for one in counted})
    if len(platforms) > 1:
        raise MixedPlatforms(f"counts of {' and '.join(platforms)} are not the same thing")


def quartiles(values: Sequence[int]) -> tuple[float, float, float]:
    """The lower quartile, median and upper quartile of at least one value, inclusive."""
    if len(values) == 1:
        return (float(values[0]),) * 3
    low, median, high = statistics.quantiles(values, n=4, method="inclusive")
    return low, median, high


def _reason(
    counted: Sequence[Counted],
    values: Sequence[int | Lack],
    age_hours: int,
    titles: Mapping[str, str],
) -> str:
    """What most of the posts lack."""
    if not counted:
        return "no posts"
    ((lack, _),) = Counter(values).most_common(1)
    return lack_in_words(lack, titles.get(counted[0].account, counted[0].account), age_hours)


def lack_in_words(lack: object, title: str, age_hours: int) -> str:
    """Why there is no number, for people."""
    age = AGES.get(age_hours, "")
    return {
        Lack.NOT_SAID: f"{title} did not say",
        Lack.NOT_COUNTED: "not counted yet",
        Lack.NOT_YET: f"not yet {age} old",
        Lack.NOT_READ: f"not read at {age}",
    }[Lack(str(lack))]


def as_plain(name: str, figure: Figure) -> dict[str, object]:
    """Flat keys for JSON and sheets: `views_median`, `views_total`, `views_reason`."""
    parts = ("known", "total", "least", "low", "median", "high", "most", "reason")
    return {f"{name}_{part}": getattr(figure, part) for part in parts}


def age_of(typed: str | None) -> int:
    """The age in hours that `24h` or `7d` names; the newest reading for None."""
    return {None: NEWEST, "24h": 24, "7d": 7 * 24}[typed]
