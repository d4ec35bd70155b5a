"""Refuse what waits for approval: it stays on hold, with the reason, until its words change."""

from bot.decisions.record import Decider
from bot.errors import NotAllowed, UsageError
from bot.model.delivery import Delivery, Hold, State
from bot.store.engine import Session


def refuse(decider: Decider, target: str) -> list[Delivery]:
    """Say no, and why; NotAllowed when none of it waits any more."""
    if not decider.reason:
        raise UsageError("Say why, so that whoever wrote it knows what to change.")
    refused: list[int] = []

    def change(_session: Session, delivery: Delivery) -> bool:
        if delivery.state not in (State.WAITING, State.HELD):
            return False
        delivery.approved_digest = None
        delivery.hold(Hold.APPROVAL, reason=f"Refused: {decider.reason}"[:1000])
        refused.append(delivery.id)
        return True

    rows = decider.on(target, "refuse", change)
    if not refused:
        raise NotAllowed(f"{target} no longer waits, so it cannot be refused.")
    return rows
