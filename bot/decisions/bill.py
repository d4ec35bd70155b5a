"""Keep what a Platform really charged for a month, as somebody read it off its bill."""

from datetime import datetime
from decimal import Decimal

from bot.decisions.record import Decider
from bot.store import accounts, charges


def enter(decider: Decider, account_name: str, month_start: datetime, dollars: Decimal) -> None:
    """Note the true charge of an Account's month; typing another replaces it."""
    with decider.store.write() as session:
        account = accounts.named(session, account_name)
        month = charges.month_of(month_start)
        before = charges.enter_bill(session, account.id, month, dollars, decider.clock())
        decider.note(
            session,
            "bill",
            account_id=account.id,
            before=None if before is None else {"month": month, "dollars": str(before)},
            after={"month": month, "dollars": str(dollars)},
        )
