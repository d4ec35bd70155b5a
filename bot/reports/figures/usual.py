"""How a post did at an age, beside what its Account's posts usually have at that age.

The usual is the median and quartiles of the Account's posts of the last 90 days; of fewer than 8
that were read at that age, no usual is told.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.clock import iso
from bot.reports.figures.counted import Counted, Lack
from bot.reports.figures.figure import ENOUGH, SHOWN, Figure, lack_in_words, of

OVER = timedelta(days=90)


def usual(
    counted: Sequence[Counted],
    count: str,
    age_hours: int,
    now: datetime,
    titles: Mapping[str, str],
) -> dict[str, Figure]:
    """By Account, what is usual; a Figure with a reason and no median where nobody can tell."""
    recent: dict[str, list[Counted]] = {}
    for one in counted:
        owned = recent.setdefault(one.account, [])
        if one.sent_at >= now - OVER:
            owned.append(one)
    found = {name: of(owned, count, age_hours, now, titles) for name, owned in recent.items()}
    return {name: _enough(figure) for name, figure in found.items()}


def _enough(figure: Figure) -> Figure:
    if figure.known >= ENOUGH or figure.reason:
        return figure
    return Figure(figure.posts, figure.known, reason=f"too few posts: {figure.known}")


def standing(value: int | Lack, figure: Figure) -> str | None:
    """Above, below or as usual: outside the middle half, or within; None where nobody can tell."""
    if isinstance(value, Lack) or figure.low is None or figure.high is None:
        return None
    if value > figure.high:
        return "above"
    return "below" if value < figure.low else "as usual"


def rows(
    counted: Sequence[Counted],
    shown: Sequence[Counted],
    age_hours: int,
    now: datetime,
    titles: Mapping[str, str],
) -> list[dict[str, Any]]:
    """Each shown post at that age with its Account's usual of all `counted`, newest first."""
    usuals = {count: usual(counted, count, age_hours, now, titles) for count in SHOWN}
    return [_row(one, usuals, age_hours, now, titles) for one in reversed(shown)]


def _row(
    one: Counted,
    usuals: Mapping[str, Mapping[str, Figure]],
    age_hours: int,
    now: datetime,
    titles: Mapping[str, str],
) -> dict[str, Any]:
    row: dict[str, Any] = {
        "post": f"P{one.post_id}",
        "delivery": str(one.delivery_id),
        "account": one.account,
        "platform": one.platform,
        "sent_at": iso(one.sent_at),
        "age_hours": age_hours,
        "text": one.opening,
    }
    for count in SHOWN:
        value, figure = one.value(count, age_hours, now), usuals[count][one.account]
        lacks = isinstance(value, Lack)
        title = titles.get(one.account, one.account)
        row |= {
            count: None if lacks else value,
            f"{count}_reason": lack_in_words(value, title, age_hours) if lacks else None,
            f"{count}_usual": figure.median,
            f"{count}_usual_low": figure.low,
            f"{count}_usual_high": figure.high,
            f"{count}_usual_reason": figure.reason,
            f"{count}_standing": standing(value, figure),
        }
    return row
