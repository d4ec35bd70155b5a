"""What a thousand views cost on each Account: its Charges of a time over the views of its posts.

All Charges count, reading and checking too. Views are the newest of posts sent in that time; of a
post whose views nobody knows there are none to divide by, and the sentence says how many those are.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from bot.model.engagement import NEWEST
from bot.reports.figures.counted import Counted
from bot.reports.figures.figure import Figure, of
from bot.reports.words import plural
from bot.store import charges
from bot.store.engine import Session

CENTS = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Price:
    """US dollars an Account (or Platform) cost, and a thousand of its views; None with a reason."""

    owner: str
    spent: Decimal
    views: Figure
    per_thousand: Decimal | None
    reason: str | None


def prices(
    session: Session,
    counted: Sequence[Counted],
    since: datetime,
    now: datetime,
    titles: Mapping[str, str],
    by: str,
) -> list[Price]:
    """By `account` or `platform`, in order of names; Accounts without posts are missing."""
    owned: dict[str, list[Counted]] = {}
    for one in counted:
        owned.setdefault(one.platform if by == "platform" else one.account, []).append(one)
    return [
        _price(name, _spent(session, posts, since, now), of(posts, "views", NEWEST, now, titles))
        for name, posts in sorted(owned.items())
    ]


def _spent(session: Session, posts: Sequence[Counted], since: datetime, now: datetime) -> Decimal:
    ids = {one.account_id for one in posts}
    return sum((charges.spent_between(session, each, since, now) for each in ids), Decimal(0))


def _price(owner: str, spent: Decimal, views: Figure) -> Price:
    if not spent:
        return Price(owner, spent, views, None, "it cost nothing")
    if not views.total:
        return Price(owner, spent, views, None, views.reason or "no views")
    return Price(owner, spent, views, (spent * 1000 / views.total).quantize(CENTS), None)


def sentence(price: Price, title: str) -> str:
    """`X cost $4.20: $0.82 for a thousand views.`"""
    if not price.spent:
        return f"{title} cost nothing."
    told = f"{title} cost ${price.spent:,.2f}"
    if price.per_thousand is None:
        return f"{told}; for a thousand views, nobody can tell: {price.reason}."
    unknown = price.views.posts - price.views.known
    but = f" ({plural(unknown, 'post')} without views left out)" if unknown else ""
    return f"{told}: ${price.per_thousand:,} for a thousand views{but}."


def as_plain(price: Price) -> dict[str, Any]:
    """Keys beside those of a group."""
    dollars = price.per_thousand
    return {
        "cost_usd": str(price.spent),
        "cost_per_thousand_views_usd": None if dollars is None else str(dollars),
        "cost_reason": price.reason,
    }
