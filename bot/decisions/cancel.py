"""Withdraw what has not gone out. A cancelled Delivery never revives.

Of a post that recurs, cancelling ends the recurrence; skipping withdraws the next round alone.
"""

from collections.abc import Callable

from bot.decisions.record import Decider
from bot.errors import NotAllowed
from bot.model.delivery import Delivery, Hold, State
from bot.store import claims, posts, rounds
from bot.store.engine import Session

CANNOT = {
    State.SENDING: "is being sent this moment",
    State.UNCONFIRMED: "may be out already; answer that first: bot resolve",
    State.SENT: "is out; to take it down: bot takedown",
}

MAY_BE_OUT = "It was sent once and no answer came: look at the account whether it is there."


def skip(decider: Decider, target: str) -> list[Delivery]:
    """Withdraw the next round alone of a post that recurs; NotAllowed for any other."""

    def refuse(session: Session, delivery: Delivery) -> None:
        post = posts.get(session, delivery.post_id)
        if post.recurs_until is None:
            raise NotAllowed(f"{post.name} does not recur. Cancel it without --this-one.")

    return _withdraw_all(decider, target, rounds.SKIP, refuse)


def cancel(decider: Decider, target: str) -> list[Delivery]:
    """Withdraw all of the target that is still with us; NotAllowed when nothing is."""
    return _withdraw_all(decider, target, "cancel", lambda _session, _delivery: None)


def _withdraw_all(
    decider: Decider, target: str, verb: str, refuse: Callable[[Session, Delivery], None]
) -> list[Delivery]:
    withdrawn: list[int] = []
    refused: list[str] = []

    def change(session: Session, delivery: Delivery) -> bool:
        refuse(session, delivery)
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

    rows = decider.on(target, verb, change)
    if not withdrawn:
        raise NotAllowed(" ".join(refused) or f"{target} has nothing to cancel.")
    return rows


def withdraw(delivery: Delivery, reason: str) -> None:
    """Cancel one Delivery and give its Slot back."""
    delivery.move(State.CANCELLED)
    delivery.holds = frozenset()
    delivery.slot_start = delivery.next_look_at = delivery.asked_at = None
    delivery.reason = reason
