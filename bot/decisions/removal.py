"""Removes an Account: nothing more goes out there, and the log of what went stays.

Refused while anything of it is being sent or may be out: without its keys nobody could look any
more. What waits is withdrawn, with its reason. A removed Account keeps its name.
"""

from bot.decisions.cancel import withdraw
from bot.decisions.record import Decider, snapshot
from bot.errors import NotAllowed
from bot.model.account import Account
from bot.model.delivery import Hold, State
from bot.store import accounts, connectings, deliveries
from bot.store.engine import Session

# What no longer matters to anybody once its Account is gone.
ENDED = (State.WAITING, State.HELD, State.FAILED)
NAMED = 5


def waits_on(session: Session, account: Account) -> int:
    """How many posts removing it would withdraw."""
    return len(deliveries.open_of(session, account.id, ENDED))


def remove(decider: Decider, account_name: str) -> int:
    """Wipe its credentials and withdraw what waits there; how many posts. NotAllowed where a post
    is on its way or in doubt, or where nobody says why."""
    if not decider.reason:
        raise NotAllowed('Say why: bot accounts remove NAME --reason "..."')
    with decider.store.write() as session:
        account = accounts.locked(session, accounts.named(session, account_name).id)
        _refuse_on_their_way(session, account)
        withdrawn = _withdraw_all(decider, session, account)
        account.credentials = account.sealed_with = account.connected_by = None
        account.connected_at = account.credentials_expire_at = None
        account.removed_at = decider.clock()
        account.by_default = False
        connectings.forget(session, account.id)
        accounts.end_pauses(session, account.id, decider.clock(), decider.actor)
        decider.note(session, "remove", account_id=account.id, after={"posts withdrawn": withdrawn})
    return withdrawn


def _refuse_on_their_way(session: Session, account: Account) -> None:
    rows = deliveries.open_of(session, account.id, (State.SENDING, State.UNCONFIRMED))
    rows += [
        row
        for row in deliveries.open_of(session, account.id, (State.HELD,))
        if Hold.IN_DOUBT in row.holds
    ]
    if rows:
        names = ", ".join(f"P{row.post_id}" for row in rows[:NAMED])
        raise NotAllowed(
            f"{account.name} cannot be removed yet: {names} may be out or is being sent. Answer "
            "that first: bot queue. Nothing was changed."
        )


def _withdraw_all(decider: Decider, session: Session, account: Account) -> int:
    rows = deliveries.open_of(session, account.id, ENDED)
    for row in rows:
        before = snapshot(row)
        withdraw(row, f"The account {account.name} was removed: {decider.reason}")
        session.flush()
        decider.note(session, "cancel", delivery=row, before=before)
    return len(rows)
