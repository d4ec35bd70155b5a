"""What a month cost an Account and will: our charges, with what waits at the Platform's prices."""

from datetime import datetime
from decimal import Decimal

from bot.delivery.outcomes import content_of
from bot.model.account import Account
from bot.model.delivery import Part
from bot.platforms.contract import Platform
from bot.reports import costs
from bot.reports.costs import Costs
from bot.store import accounts
from bot.store.engine import Session
from bot.wiring import Bot


def of_month(bot: Bot, session: Session, named: str | None, start: datetime) -> list[Costs]:
    """The month of each Account that costs, or may cost, anything; of one named in any case."""
    now = bot.clock()
    rows = [accounts.named(session, named)] if named else list(accounts.all_of(session))
    found = [
        _of_account(session, row, bot.platforms[row.name], start, now)
        for row in rows
        if row.name in bot.platforms
    ]
    return [one for one in found if named or one.spent or one.forecast or one.billed is not None]


def _of_account(
    session: Session, row: Account, platform: Platform, start: datetime, now: datetime
) -> Costs:
    def price(part: Part) -> Decimal:
        return platform.price(content_of(part))

    return costs.of_month(session, row, start, now, price, platform.monthly_budget)
