"""Withdraw what has not gone out. A cancelled Delivery never revives."""

from bot.decisions.record import Decider
from bot.errors import NotAllowed
from bot.model.delivery import Delivery, Hold, State
from bot.store import claims
from bot.store.engine import Session

CANNOT = {
    State.SENDING: "is being sent this moment",
    State.UNCONFIRMED: "may be out already; answer that first: bot resolve",
    State.SENT: "is out; to take it down: bot takedown",
}

MAY_BE_OUT = "It was sent once and no answer came: look at the account whether it is there."


def cancel(decider: Decider, target: str) -> list[Delivery]:
    """Withdraw all of the target that is still with us; NotAllowed when nothing is."""
    withdrawn: list[int] = []
    refused: list[str] = []

    def change(session: Session, delivery: Delivery) -> bool:
        state = State(delivery.state)
        if state == State.CANCELLED:
            withdrawn.append(delivery.id)
        elif state in CANNOT:
            refused.append(f"Number {delivery.id} {CANNOT[state]}.")
        elif Hold.IN_DOUBT in delivery.holds:
            refused.append(f"Number {delivery.id} {CANNOT[State.UNCONFIRMED]} --drop.")
        else:
            reason = decider.reason or "Cancelled by a person."
            doubted = claims.open_doubts(session, delivery.id)
            withdraw(delivery, f"{reason} {MAY_BE_OUT}" if doubted else reason)
            withdrawn.append(delivery.id)
            return True
        return False

    rows = decider.on(target, "cancel", change)
    if not withdrawn:
        raise NotAllowed(" ".join(refused) or f"{target} has nothing to cancel.")
    return rows


def withdraw(delivery: Delivery, reason: str) -> None:
    """Cancel one Delivery and give its Slot back."""
    delivery.move(State.CANCELLED)
    delivery.holds = frozenset()
    delivery.slot_start = delivery.next_look_at = delivery.asked_at = None
    delivery.reason = reason
