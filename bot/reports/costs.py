"""What a month cost, is going to cost, and for whom: an estimate by our dated prices.

X sends its own bill; once somebody has typed what it says, both figures and their difference are
shown. Sums are US dollars.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from bot.model.account import Account
from bot.model.delivery import Part
from bot.model.engagement import Charge
from bot.model.post import Post
from bot.store import charges, deliveries
from bot.store.engine import Session

# How far back the daily cost of reading is averaged for the forecast.
READING_OVER = timedelta(days=7)
NO_CAMPAIGN = "no campaign"
NOBODY = "nobody had to approve it"
NOT_A_POST = "reading, checking, deleting"
FOR_A_POST = frozenset({"post"})

Price = Callable[[Part], Decimal]


@dataclass(frozen=True, slots=True)
class Costs:
    """One Account's month. `forecast` is for the whole month, what is spent included."""

    account: str
    month: str
    spent: Decimal
    forecast: Decimal
    budget: Decimal | None
    billed: Decimal | None
    by_purpose: dict[str, Decimal]
    by_campaign: dict[str, Decimal]
    by_approver: dict[str, Decimal]

    @property
    def difference(self) -> Decimal | None:
        """How much more than our estimate the Platform charged."""
        return None if self.billed is None else self.billed - self.spent


@dataclass(frozen=True, slots=True)
class Priced:
    """An Account, what its Platform asks for a Part, and what a month may cost."""

    account: Account
    price: Price
    budget: Decimal | None


def of_months(
    session: Session, owners: Sequence[Priced], month_start: datetime, now: datetime
) -> list[Costs]:
    """The month that begins there, of each Account; read in as many queries as of one."""
    end, month = charges.next_month(month_start), charges.month_of(month_start)
    ids = [one.account.id for one in owners]
    rows = charges.of_month(session, ids, month_start, end)
    made = [charge.delivery_id for charge, _ in rows if charge.delivery_id is not None]
    approvers = charges.approvers(session, sorted(set(made)))
    billed = charges.bills(session, ids, month)
    ahead = _ahead(session, ids, now, end)
    return [
        _of_account(
            one,
            month,
            [row for row in rows if row[0].account_id == one.account.id],
            approvers,
            billed.get(one.account.id),
            ahead,
        )
        for one in owners
    ]


@dataclass(frozen=True, slots=True)
class _Ahead:
    """What is still to come of a month: Parts that go out, and reading, by Account."""

    parts: Mapping[int, Sequence[Part]]
    reading: Mapping[int, Decimal]

    def cost(self, owner: Priced) -> Decimal:
        key = owner.account.id
        posts = sum((owner.price(part) for part in self.parts.get(key, ())), Decimal(0))
        return posts + self.reading.get(key, Decimal(0))


def _of_account(
    owner: Priced,
    month: str,
    rows: Sequence[tuple[Charge, Post | None]],
    approvers: Mapping[int, str],
    billed: Decimal | None,
    ahead: _Ahead,
) -> Costs:
    made = [charge for charge, _ in rows]
    spent = _sum(made)
    return Costs(
        account=owner.account.name,
        month=month,
        spent=spent,
        forecast=spent + ahead.cost(owner),
        budget=owner.budget,
        billed=billed,
        by_purpose=_grouped((charge.purpose, charge) for charge in made),
        by_campaign=_grouped(
            ((post.campaign or NO_CAMPAIGN) if post else NOT_A_POST, charge)
            for charge, post in rows
        ),
        by_approver=_grouped(
            (approvers.get(charge.delivery_id or 0, NOBODY), charge)
            if charge.purpose in FOR_A_POST
            else (NOT_A_POST, charge)
            for charge in made
        ),
    )


def _sum(made: Iterable[Charge]) -> Decimal:
    return Decimal(sum(charge.amount_micros for charge in made)) / charges.MICROS


def _grouped(pairs: Iterable[tuple[str, Charge]]) -> dict[str, Decimal]:
    """Sums by name, dearest first."""
    groups: dict[str, list[Charge]] = defaultdict(list)
    for name, charge in pairs:
        groups[name].append(charge)
    sums = {name: _sum(made) for name, made in groups.items()}
    return dict(sorted(sums.items(), key=lambda pair: (-pair[1], pair[0])))


def _ahead(session: Session, ids: Collection[int], now: datetime, end: datetime) -> _Ahead:
    """What waits for a time this month, and reading as in the last seven days."""
    if now >= end:
        return _Ahead({}, {})
    parts: dict[int, list[Part]] = defaultdict(list)
    for account_id, part in deliveries.parts_ahead(session, ids, end):
        parts[account_id].append(part)
    read: dict[int, list[Charge]] = defaultdict(list)
    for charge, _ in charges.of_month(session, ids, now - READING_OVER, now):
        if charge.purpose not in FOR_A_POST:
            read[charge.account_id].append(charge)
    times = Decimal(f"{(end - now) / READING_OVER:.3f}")
    return _Ahead(parts, {key: _sum(made) * times for key, made in read.items()})
