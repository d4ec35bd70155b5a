"""A person's answer to "is it up?". The answers that send again are asked after one more look."""

from datetime import datetime
from enum import StrEnum

from bot.decisions.cancel import withdraw
from bot.decisions.record import Decider
from bot.decisions.release import retime
from bot.errors import NotAllowed
from bot.model.delivery import Delivery, Hold, State, Timing
from bot.store import deliveries, proofs
from bot.store.engine import Session


class Answer(StrEnum):
    """What a person may say of a post in doubt."""

    SENT = "sent"
    ABSENT_NOW = "absent, now"
    ABSENT_NEXT = "absent, next"
    DROP = "drop"


def wants_an_answer(delivery: Delivery) -> bool:
    """Whether nobody knows if it is out, or it is out and over with something to note."""
    return delivery.is_in_doubt or delivery.is_to_be_noted


def must_be_in_doubt(delivery: Delivery) -> None:
    """NotAllowed unless a person has something to answer."""
    if not wants_an_answer(delivery):
        raise NotAllowed(
            f"There is no doubt about number {delivery.id}. See: bot show {delivery.id}"
        )


def resolve(
    decider: Decider,
    delivery_id: int,
    answer: Answer,
    url: str = "",
    remote_id: str = "",
    doubt_since: datetime | None = None,
) -> Delivery:
    """Apply the answer. `sent` takes the post's own link and its id.

    `doubt_since` names the doubt that was answered; None is whichever stands.
    """

    def change(session: Session, delivery: Delivery) -> bool:
        must_be_in_doubt(delivery)
        if delivery.is_to_be_noted:
            _note(delivery, answer)
            return True
        if doubt_since not in (None, delivery.doubt_since):
            raise NotAllowed(
                f"Number {delivery.id} was tried once more meanwhile, so the answer no longer "
                f"fits. Look again, then answer again. See: bot show {delivery.id}"
            )
        if answer == Answer.SENT:
            _is_up(session, delivery, decider, url, remote_id)
            return True
        if delivery.state == State.UNCONFIRMED:
            delivery.hold(Hold.IN_DOUBT, reason=None)
        delivery.next_look_at = delivery.asked_at = None
        if answer == Answer.DROP:
            withdraw(delivery, decider.reason or "Dropped by a person while in doubt.")
            return True
        delivery.clear(Hold.IN_DOUBT, Hold.MISSED)
        if answer == Answer.ABSENT_NOW:
            retime(delivery, Timing.NOW, decider.clock())
        else:
            retime(delivery, Timing.NEXT, None)
        return True

    verb = "found" if answer == Answer.SENT else f"not found: {answer.value}"
    return decider.on(str(delivery_id), verb, change)[0]


def _note(delivery: Delivery, answer: Answer) -> None:
    """Whoever has seen that it is out says so; it changes nothing else."""
    if answer in (Answer.ABSENT_NOW, Answer.ABSENT_NEXT):
        raise NotAllowed(
            f"Number {delivery.id} is out, so it is not sent again. See: bot show {delivery.id}"
        )
    delivery.asked_at = None


def _is_up(
    session: Session, delivery: Delivery, decider: Decider, url: str, remote_id: str
) -> None:
    part = next(row for row in deliveries.parts(session, delivery.id) if row.remote_id is None)
    if deliveries.remote_ids_known(session, delivery.account_id, [remote_id]):
        raise NotAllowed("That link belongs to another post of ours. Give the link of this one.")
    part.remote_id, part.url, part.sent_at = remote_id, url[:500], decider.clock()
    session.flush()
    left = proofs.record(session, delivery, part, decider.clock())
    delivery.doubt_since = delivery.next_look_at = delivery.asked_at = None
    delivery.sent_at = delivery.next_count_at = decider.clock()
    if left:
        if delivery.state == State.UNCONFIRMED:
            delivery.move(State.WAITING)
        delivery.clear(Hold.IN_DOUBT)
        return
    # A person who found it is evidence; see EVIDENCE_LEADS_TO_SENT.
    delivery.state, delivery.holds = State.SENT.value, frozenset()
    delivery.reason = None
