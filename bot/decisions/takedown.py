"""Take down what is out, and withdraw what of the same post is not.

The decision is written before any Platform is asked, so that a bot that dies between the two still
knows that the post may not come back. Text, counts and reason stay.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.decisions.cancel import withdraw
from bot.decisions.record import Decider
from bot.errors import NotAllowed, UsageError
from bot.model.delivery import Delivery, Hold, Part, State
from bot.store import deliveries
from bot.store.engine import Session, Store

VERB = "take down"
MAY_BE_ON_ITS_WAY = "is on its way this moment. Try again in a minute"
MADE_BY_HAND = "was made by hand and is not the bot's to delete. Delete it on the page itself"
IN_DOUBT = "may be out or not. Say so first: bot resolve"


@dataclass(frozen=True, slots=True)
class Doomed:
    """One Delivery to take down: its public Parts, the last of a thread first."""

    delivery: Delivery
    parts: tuple[Part, ...]


def decide(decider: Decider, target: str) -> list[Doomed]:
    """Record the decision; what is public of the target, to be deleted at its Platform."""
    if not decider.reason:
        raise UsageError('Say why, it is kept with the post: bot takedown P12 --reason "..."')
    doomed: list[Doomed] = []
    stands: list[str] = []
    withdrawn: list[int] = []

    def change(session: Session, delivery: Delivery) -> bool:
        parts = deliveries.parts(session, delivery.id)
        public = tuple(part for part in reversed(parts) if part.remote_id and not part.gone_at)
        obstacle = _obstacle(delivery)
        if obstacle:
            stands.append(f"Number {delivery.id} {obstacle}.")
            return False
        if delivery.state in (State.WAITING, State.HELD, State.FAILED):
            withdraw(delivery, f"Taken down: {decider.reason}"[:1000])
            withdrawn.append(delivery.id)
        if public:
            doomed.append(Doomed(delivery, public))
        return bool(public) or delivery.id in withdrawn

    decider.on(target, VERB, change)
    if stands and not doomed:
        raise NotAllowed(" ".join(stands))
    if not doomed and not withdrawn:
        raise NotAllowed(f"{target} is not out, so there is nothing to take down.")
    return doomed


def _obstacle(delivery: Delivery) -> str:
    if delivery.by_hand:
        return MADE_BY_HAND
    if delivery.state == State.SENDING:
        return MAY_BE_ON_ITS_WAY
    if delivery.state == State.UNCONFIRMED or Hold.IN_DOUBT in delivery.holds:
        return IN_DOUBT
    return ""


def mark_gone(store: Store, delivery_id: int, part_ids: set[int], now: datetime) -> None:
    """Keep that these Parts are gone; the whole Delivery once none is left."""
    with store.write() as session:
        delivery = deliveries.get(session, delivery_id, lock=True)
        parts = deliveries.parts(session, delivery_id)
        for part in parts:
            if part.id in part_ids:
                part.gone_at = part.gone_at or now
        if all(part.gone_at for part in parts if part.remote_id):
            delivery.gone_at = delivery.gone_at or now
            delivery.next_count_at = None
