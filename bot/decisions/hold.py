"""Hold a waiting post back until somebody releases or approves it."""

from bot.decisions.record import Decider
from bot.errors import NotAllowed
from bot.model.delivery import Delivery, Hold, State
from bot.store.engine import Session


def hold(decider: Decider, target: str) -> list[Delivery]:
    """Put what waits on hold; NotAllowed when none of it can be held any more.

    What waits for a person already is left as it is: a second hold decides nothing.
    """
    held: list[int] = []

    def change(_session: Session, delivery: Delivery) -> bool:
        if delivery.state not in (State.WAITING, State.HELD):
            return False
        held.append(delivery.id)
        if Hold.APPROVAL in delivery.holds:
            return False
        delivery.hold(Hold.APPROVAL, reason=decider.reason or "Somebody put it on hold.")
        return True

    rows = decider.on(target, "hold", change)
    if not held:
        raise NotAllowed(
            f"{target} cannot be put on hold: it no longer waits. See: bot show {target}"
        )
    return rows
