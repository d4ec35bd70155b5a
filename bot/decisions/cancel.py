"""Withdraw what has not gone out. A cancelled Delivery never revives.

Of a post that recurs, cancelling ends the recurrence; skipping withdraws the next round alone.
"""

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
    skipped: list[int] = []
    refused: list[str] = []

    def change(session: Session, delivery: Delivery) -> bool:
        post = posts.get(session, delivery.post_id)
        if post.recurs_until is None:
            raise NotAllowed(f"{post.name} does not recur. Cancel it without --this-one.")
        if not rounds.is_last(session, delivery) or delivery.state == State.CANCELLED:
            return False
        obstacle = _obstacle(delivery)
        if obstacle:
            refused.append(obstacle)
            return False
        _withdraw(decider, session, delivery, "Skipped by a person.")
        skipped.append(delivery.id)
        return True

    rows = decider.on(target, rounds.SKIP, change)
    if not skipped:
        raise NotAllowed(" ".join(refused) or f"{target} has no next round to skip.")
    return rows


def cancel(decider: Decider, target: str) -> list[Delivery]:
    """Withdraw all of the target that is still with us; NotAllowed when nothing is."""
    withdrawn = _end_repeats(decider, target)
    refused: list[str] = []

    def change(session: Session, delivery: Delivery) -> bool:
        state = State(delivery.state)
        if state == State.CANCELLED:
            withdrawn.append(delivery.id)
        elif _obstacle(delivery):
            refused.append(_obstacle(delivery))
        else:
            _withdraw(decider, session, delivery, "Cancelled by a person.")
            withdrawn.append(delivery.id)
            return True
        return False

    rows = decider.on(target, "cancel", change)
    if not withdrawn:
        raise NotAllowed(" ".join(refused) or f"{target} has nothing to cancel.")
    return rows


def _end_repeats(decider: Decider, target: str) -> list[int]:
    """Let no round follow one that is out, on its way or skipped; the Deliveries so ended.

    Whatever still waits is cancelled, which ends them too.
    """
    ended: list[int] = []

    def change(session: Session, delivery: Delivery) -> bool:
        post = posts.get(session, delivery.post_id)
        is_over = _obstacle(delivery) or delivery.state == State.CANCELLED
        if post.recurs_until is None or not is_over or not rounds.is_last(session, delivery):
            return False
        ended.append(delivery.id)
        return rounds.stopped_because(session, delivery) != rounds.CANCELLED

    decider.on(target, rounds.END, change)
    return ended


def _obstacle(delivery: Delivery) -> str:
    """Why it cannot be withdrawn; empty when it can."""
    state = State(delivery.state)
    if state in CANNOT:
        return f"Number {delivery.id} {CANNOT[state]}."
    if Hold.IN_DOUBT in delivery.holds:
        return f"Number {delivery.id} {CANNOT[State.UNCONFIRMED]} --drop."
    return ""


def _withdraw(decider: Decider, session: Session, delivery: Delivery, said: str) -> None:
    reason = decider.reason or said
    doubted = claims.open_doubts(session, delivery.id)
    withdraw(delivery, f"{reason} {MAY_BE_OUT}" if doubted else reason)


def withdraw(delivery: Delivery, reason: str) -> None:
    """Cancel one Delivery and give its Slot back."""
    delivery.move(State.CANCELLED)
    delivery.holds = frozenset()
    delivery.slot_start = delivery.next_look_at = delivery.asked_at = None
    delivery.reason = reason
