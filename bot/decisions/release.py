"""Release what is on hold, at its own time or at a new one."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.clock.local import in_words, parse_typed, resolve
from bot.decisions.record import Decider
from bot.errors import NotAllowed, UsageError
from bot.model.delivery import Delivery, Hold, State, Timing
from bot.store import decisions
from bot.store.engine import Session

RELEASES = (Hold.MISSED, Hold.FIRST_RUN, Hold.FILE_GONE, Hold.ALREADY_THERE, Hold.BUDGET)
ELSEWHERE = {
    Hold.APPROVAL: "it needs approval: bot approve",
    Hold.PAUSED: "the account is paused: bot resume",
    Hold.BLACKOUT: "quiet time is set; it ends by itself",
    Hold.IMPRINT: "the imprint questions are open: set IMPRINT_MODE, see docs/imprint.md",
    Hold.IN_DOUBT: "it may be out already: bot resolve",
}


def release(decider: Decider, target: str, zone: ZoneInfo, at: str | None = None) -> list[Delivery]:
    """Take off every hold a person may lift here; NotAllowed names what stands in the way."""
    timing, due_at = _new_time(decider, zone, at)
    released: list[int] = []
    obstacles: list[str] = []

    def change(session: Session, delivery: Delivery) -> None:
        if delivery.state == State.WAITING and timing is not None:
            retime(delivery, timing, due_at)
            released.append(delivery.id)
        if delivery.state != State.HELD:
            return
        lifted = _lifted(session, delivery)
        left = [Hold(word) for word in sorted(delivery.holds) if word not in lifted]
        if left:
            obstacles.append(f"Delivery {delivery.id}: " + "; ".join(ELSEWHERE[h] for h in left))
            return
        was_missed = Hold.MISSED in delivery.holds
        if timing is not None:
            retime(delivery, timing, due_at)
        elif was_missed:
            retime(delivery, Timing.NEXT, None)
        if delivery.expires_at is not None and delivery.expires_at <= (due_at or decider.clock()):
            raise NotAllowed(
                f"Delivery {delivery.id} must not go out after "
                f"{in_words(delivery.expires_at, zone)}. Change expires: in its file first."
            )
        delivery.approved_digest = delivery.variant_digest
        delivery.clear(*lifted)
        released.append(delivery.id)

    rows = decider.on(target, "release", change)
    if not released:
        raise NotAllowed(" ".join(obstacles) or f"{target} is not on hold.")
    return rows


def _lifted(session: Session, delivery: Delivery) -> tuple[Hold, ...]:
    """What a release lifts; approval only where a person's hold put it there."""
    last = decisions.last_verb(session, delivery.id, ("hold", "approve", "release"))
    return (*RELEASES, Hold.APPROVAL) if last == "hold" else RELEASES


def _new_time(
    decider: Decider, zone: ZoneInfo, at: str | None
) -> tuple[Timing | None, datetime | None]:
    if at is None:
        return None, None
    if at in (Timing.NEXT, Timing.NOW):
        return Timing(at), None
    due_at = resolve(parse_typed(at), zone).at
    if due_at < decider.clock():
        raise UsageError(f"{in_words(due_at, zone)} has passed. Give a time to come.")
    return Timing.TYPED, due_at


def retime(delivery: Delivery, timing: Timing, due_at: datetime | None) -> None:
    """A new time; without one the planner gives it."""
    delivery.timing = timing.value
    delivery.due_at = due_at
    delivery.slot_start = delivery.not_before = delivery.hinted_at = None
