"""Approve exactly the stored words; a later change of them loses the approval."""

from bot.decisions.record import Decider
from bot.errors import NotAllowed
from bot.model.delivery import Delivery, Hold, State
from bot.store.engine import Session


def approve(decider: Decider, target: str) -> list[Delivery]:
    """Approve what waits for approval; NotAllowed when nothing of it does."""
    approved: list[int] = []

    def change(_session: Session, delivery: Delivery) -> bool:
        if delivery.state not in (State.WAITING, State.HELD, State.FAILED):
            return False
        delivery.approved_digest = delivery.variant_digest
        delivery.clear(Hold.APPROVAL)
        approved.append(delivery.id)
        return True

    rows = decider.on(target, "approve", change)
    if not approved:
        raise NotAllowed(f"{target} does not wait for approval.")
    return rows
