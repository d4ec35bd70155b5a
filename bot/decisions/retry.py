"""Try a failed post again, once its cause is put right; what is out already stays out."""

from bot.decisions.record import Decider
from bot.decisions.release import retime
from bot.errors import NotAllowed
from bot.model.delivery import Delivery, State, Timing
from bot.store.engine import Session


def retry(decider: Decider, target: str) -> list[Delivery]:
    """Failed goes back to waiting and leaves at the first minute the spacing allows."""
    retried: list[int] = []

    def change(_session: Session, delivery: Delivery) -> bool:
        if delivery.state != State.FAILED:
            return False
        delivery.move(State.WAITING)
        retime(delivery, Timing.NOW, None)
        delivery.reason = None
        retried.append(delivery.id)
        return True

    rows = decider.on(target, "retry", change)
    if not retried:
        raise NotAllowed(f"{target} has not failed, so there is nothing to try again.")
    return rows
