"""What each Outcome does to a Delivery, in one transaction with the Attempt it ends.

Only the holder of the newest claim's token may change the Delivery. A late answer is evidence: a
Sent that comes after the lease ran out still leads to `sent`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.delivery import retry
from bot.model.delivery import EVIDENCE_LEADS_TO_SENT, Delivery, Hold, Part, State
from bot.platforms.contract import (
    AccountBlocked,
    Image,
    NotReached,
    Outcome,
    PartContent,
    Platform,
    RateLimited,
    Refused,
    Sent,
    Unknown,
)
from bot.store import accounts, charges, claims, proofs
from bot.store.engine import Session

OUTCOME_NAMES: dict[type, str] = {
    Sent: "sent",
    Refused: "refused",
    AccountBlocked: "account blocked",
    RateLimited: "rate limited",
    NotReached: "not reached",
    Unknown: "unknown",
}


@dataclass(frozen=True, slots=True)
class Ending:
    """All that applying an Outcome needs."""

    session: Session
    delivery: Delivery
    part: Part
    platform: Platform
    now: datetime
    confirm_after: Sequence[timedelta]
    first_count_after: timedelta | None


def record(ending: Ending, attempt_id: int, token: str, outcome: Outcome) -> None:
    """End the Attempt made with that token, and let the Outcome decide what becomes of the
    Delivery."""
    second = _second_copy(ending.part, outcome)
    claims.end_attempt(
        ending.session,
        attempt_id,
        now=ending.now,
        outcome=OUTCOME_NAMES[type(outcome)],
        reason=second or "" if isinstance(outcome, Sent) else _fitting(outcome.reason, 1000),
        status=outcome.detail.status,
        code=_fitting(outcome.detail.code, 100),
        trace=_fitting(outcome.detail.trace, 200),
    )
    if isinstance(outcome, Sent):
        part_is_out(ending, outcome.remote_id, outcome.url, ending.now)
        if second:
            _tell_people(ending, second)
        return
    if ending.delivery.lease_token != token:
        return
    if ending.delivery.state in (State.SENDING, State.UNCONFIRMED):
        _APPLY[type(outcome)](ending, outcome)


def _second_copy(part: Part, outcome: Outcome) -> str | None:
    """What to say where the Part is out already under another id."""
    if not isinstance(outcome, Sent) or part.remote_id in (None, outcome.remote_id):
        return None
    return _fitting(f"A second copy of it is out: {outcome.url}", 1000)


def part_is_out(ending: Ending, remote_id: str, url: str, sent_at: datetime) -> None:
    """A Part is public: keep its id, and finish or resume the Delivery."""
    delivery, part, session = ending.delivery, ending.part, ending.session
    if part.remote_id is None:
        part.remote_id, part.url, part.sent_at = remote_id, url[:500], sent_at
        price = ending.platform.price(content_of(part))
        charges.record(session, delivery.account_id, "post", price, ending.now, delivery.id)
    # Read first and written at the end: one flush, not one before every question.
    with session.no_autoflush:
        left = proofs.record(session, delivery, part, ending.now)
    delivery.tries = 0
    # Whatever is public is counted, whether the rest of a thread ever follows or not.
    delivery.sent_at = sent_at
    if ending.first_count_after is not None:
        delivery.next_count_at = sent_at + ending.first_count_after
    _leave_doubt(delivery)
    if delivery.state == State.CANCELLED:
        _tell_people(ending, "It was withdrawn, and then it turned out that it is out.")
    if State(delivery.state) in EVIDENCE_LEADS_TO_SENT:
        _go_on(ending, left=left)
    session.flush()


def _go_on(ending: Ending, *, left: bool) -> None:
    delivery = ending.delivery
    if left:
        if delivery.state == State.UNCONFIRMED:
            _wait(delivery, None)
        delivery.clear(Hold.IN_DOUBT)
        return
    # Evidence outranks the table of transitions; see EVIDENCE_LEADS_TO_SENT.
    delivery.state = State.SENT.value
    delivery.holds = frozenset()
    delivery.reason = None
    delivery.lease_until = None


def _tell_people(ending: Ending, reason: str) -> None:
    """It is over, so nothing will come of this but that a person knows and notes it."""
    ending.delivery.asked_at = ending.now
    ending.delivery.reason = reason


def content_is_refused(ending: Ending, outcome: Refused) -> None:
    """Failed for this content, unless "already there" follows a doubt: then look again."""
    if outcome.duplicate and claims.doubted_attempts(ending.session, ending.part.id):
        into_doubt(ending.delivery, ending.now, ending.confirm_after, outcome.reason)
        return
    if ending.delivery.state == State.UNCONFIRMED:
        # The lease ran out first. A refusal proves it absent; the next claim hears it in time.
        _wait(ending.delivery, outcome.reason)
        return
    ending.delivery.move(State.FAILED)
    ending.delivery.reason = _fitting(outcome.reason, 1000)
    ending.delivery.lease_until = None


def _park(ending: Ending, outcome: AccountBlocked | RateLimited) -> None:
    stated, rested = outcome.until, ending.now + ending.platform.rules.park_for
    # A time that has passed already says nothing; going on at once would be hammering.
    until = stated if stated is not None and stated > ending.now else rested
    reason = _fitting(outcome.reason, 500) or ""
    blocked = isinstance(outcome, AccountBlocked)
    accounts.park(ending.session, ending.delivery.account_id, until, reason, blocked=blocked)
    _wait(ending.delivery, outcome.reason)


def _not_reached(ending: Ending, outcome: NotReached) -> None:
    delivery = ending.delivery
    delivery.tries += 1
    _wait(delivery, outcome.reason)
    delivery.not_before = ending.now + retry.after_not_reached(delivery.tries)


def _in_doubt(ending: Ending, outcome: Unknown) -> None:
    into_doubt(ending.delivery, ending.now, ending.confirm_after, outcome.reason)


def into_doubt(
    delivery: Delivery, since: datetime, confirm_after: Sequence[timedelta], reason: str
) -> None:
    """Nobody knows whether it is out: plan the looks at the timeline."""
    if delivery.state != State.UNCONFIRMED:
        delivery.move(State.UNCONFIRMED)
    delivery.reason = _fitting(reason, 1000)
    delivery.doubt_since = since
    delivery.looks = delivery.readable_looks = 0
    delivery.next_look_at = retry.next_look(since, 0, confirm_after) or since
    delivery.lease_until = None


def _wait(delivery: Delivery, reason: str | None) -> None:
    delivery.move(State.WAITING)
    delivery.reason = _fitting(reason, 1000)
    delivery.lease_until = None
    delivery.hinted_at = None
    _leave_doubt(delivery)


def send_again(delivery: Delivery, reason: str) -> None:
    """Proven absent: back to waiting, due at once."""
    doubted = delivery.doubt_since
    _wait(delivery, reason)
    delivery.doubt_since = doubted


def ask(delivery: Delivery, now: datetime, reason: str) -> None:
    """Only a person can tell: on hold, in doubt."""
    delivery.hold(Hold.IN_DOUBT, reason=reason[:1000])
    delivery.next_look_at = None
    delivery.asked_at = now


def _leave_doubt(delivery: Delivery) -> None:
    delivery.doubt_since = delivery.next_look_at = delivery.asked_at = None
    delivery.looks = delivery.readable_looks = 0


def content_of(part: Part) -> PartContent:
    """The stored bytes of a Part as the Platform takes them."""
    return PartContent(part.text, part.link, tuple(Image(**one) for one in part.images))


def _fitting(words: str | None, length: int) -> str | None:
    """What a Platform said, as a database takes it."""
    return words.replace("\0", "")[:length] if words else None


_APPLY: dict[type, Callable[..., None]] = {
    Refused: content_is_refused,
    AccountBlocked: _park,
    RateLimited: _park,
    NotReached: _not_reached,
    Unknown: _in_doubt,
}
