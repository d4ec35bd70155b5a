"""What a month cost, is going to cost, and for whom: an estimate by our dated prices.

X sends its own bill; once somebody has typed what it says, both figures and their difference are
shown. Sums are US dollars.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from bot.model.account import Account
from bot.model.delivery import Delivery, Part, State
from bot.model.engagement import Charge
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


def of_month(
    session: Session,
    account: Account,
    month_start: datetime,
    now: datetime,
    price: Price,
    budget: Decimal | None,
) -> Costs:
    """The month that begins there, of one Account."""
    end = charges.next_month(month_start)
    rows = charges.of_month(session, account.id, month_start, end)
    made = [charge for charge, _ in rows]
    ids = [charge.delivery_id for charge in made if charge.delivery_id is not None]
    approvers = charges.approvers(session, sorted(set(ids)))
    spent = _sum(made)
    month = charges.month_of(month_start)
    return Costs(
        account=account.name,
        month=month,
        spent=spent,
        forecast=spent + _still_to_come(session, account, now, end, price),
        budget=budget,
        billed=charges.bill(session, account.id, month),
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


def _still_to_come(
    session: Session, account: Account, now: datetime, end: datetime, price: Price
) -> Decimal:
    """What waits for a time this month, and reading as in the last seven days."""
    if now >= end:
        return Decimal(0)
    waiting = [
        row for row, owner in deliveries.queue(session) if _goes_out(row, owner, account, end)
    ]
    parts = deliveries.parts_of(session, [row.id for row in waiting])
    posts = sum((price(part) for part in _unsent(parts.values())), Decimal(0))
    recent = charges.of_month(session, account.id, now - READING_OVER, now)
    reading = _sum(charge for charge, _ in recent if charge.purpose not in FOR_A_POST)
    return posts + reading * Decimal(f"{(end - now) / READING_OVER:.3f}")


def _goes_out(row: Delivery, owner: Account, account: Account, end: datetime) -> bool:
    waits = row.state in (State.WAITING, State.HELD)
    return waits and owner.id == account.id and row.due_at is not None and row.due_at < end


def _unsent(parts: Iterable[Sequence[Part]]) -> Iterable[Part]:
    return (part for owned in parts for part in owned if part.remote_id is None)
