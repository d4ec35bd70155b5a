"""Two wordings compared fairly: the same Account, the same age, all the times each went out.

Decided only where dealing the same figures by lot would part them as far in fewer than one case of
twenty; else undecided, with the reason. Fewer than four posts each can never decide.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.reports.figures.chance import rank_test
from bot.reports.figures.counted import Counted, known
from bot.reports.figures.figure import AGES, SHOWN, Figure, of
from bot.reports.figures.periods import NAMES, SURE, number

FEWEST = 4


@dataclass(frozen=True, slots=True)
class Verdict:
    """One count of both wordings on one Account; `better` None means undecided."""

    account: str
    platform: str
    count: str
    first: Figure
    second: Figure
    p: float | None
    better: str | None
    sentence: str


def judge(
    names: tuple[str, str],
    first: Sequence[Counted],
    second: Sequence[Counted],
    age_hours: int,
    now: datetime,
    titles: Mapping[str, str],
) -> list[Verdict]:
    """Every count of every Account on which either went out."""
    owners = {one.account: one.platform for one in (*first, *second)}
    found = []
    for account, platform in sorted(owners.items()):
        pair = [[one for one in posts if one.account == account] for posts in (first, second)]
        for count in SHOWN:
            figures = [of(posts, count, age_hours, now, titles) for posts in pair]
            values = [known(posts, count, age_hours, now) for posts in pair]
            p, better, why = _decide(names, figures, values)
            told = f"{titles.get(account, account)}, {NAMES.get(count, count)}: {why}"
            found.append(Verdict(account, platform, count, figures[0], figures[1], p, better, told))
    return found


def _decide(
    names: tuple[str, str], figures: Sequence[Figure], values: Sequence[Sequence[int]]
) -> tuple[float | None, str | None, str]:
    for name, figure in zip(names, figures, strict=True):
        if figure.median is None:
            return None, None, f"undecided; of {name}: {figure.reason}."
    fewest = min(len(one) for one in values)
    if fewest < FEWEST:
        return None, None, f"undecided; too few posts: {fewest}. It takes {FEWEST} of each."
    p = rank_test(values[0], values[1])
    medians = [figure.median or 0 for figure in figures]
    told = f"{number(medians[0])} and {number(medians[1])} in the middle"
    if p >= SURE or medians[0] == medians[1]:
        return p, None, f"undecided; {told} may be chance."
    better = names[0] if medians[0] > medians[1] else names[1]
    return p, better, f"{better} did better; {told}."


def as_rows(
    verdicts: Sequence[Verdict], names: tuple[str, str], age_hours: int
) -> list[dict[str, Any]]:
    """One flat row a verdict, for JSON and sheets."""
    return [
        {
            "account": one.account,
            "platform": one.platform,
            "count": one.count,
            "age": AGES.get(age_hours),
            "first": names[0],
            "first_posts": one.first.known,
            "first_median": one.first.median,
            "second": names[1],
            "second_posts": one.second.known,
            "second_median": one.second.median,
            "p": one.p,
            "better": one.better,
            "sentence": one.sentence,
        }
        for one in verdicts
    ]
