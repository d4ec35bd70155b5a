"""What a month cost an Account and will: our charges, with what waits at the Platform's prices."""

from datetime import datetime
from decimal import Decimal

from bot.delivery.outcomes import content_of
from bot.model.account import Account
from bot.model.delivery import Part
from bot.platforms.contract import Platform
from bot.reports import costs
from bot.reports.costs import Costs, Priced
from bot.store import accounts
from bot.store.engine import Session
from bot.wiring import Bot


def of_month(bot: Bot, session: Session, named: str | None, start: datetime) -> list[Costs]:
    """The month of each Account that costs, or may cost, anything; of one named in any case."""
    rows = [accounts.named(session, named)] if named else accounts.all_of(session)
    owners = [_priced(row, bot.platforms[row.name]) for row in rows if row.name in bot.platforms]
    found = costs.of_months(session, owners, start, bot.clock())
    return [one for one in found if named or one.spent or one.forecast or one.billed is not None]


def _priced(row: Account, platform: Platform) -> Priced:
    def price(part: Part) -> Decimal:
        return platform.price(content_of(part))

    return Priced(row, price, platform.monthly_budget)
