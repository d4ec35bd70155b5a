"""Release what is on hold, at its own time or at a new one."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.clock.local import in_words, parse_typed, resolve
from bot.decisions.record import Decider
from bot.errors import NotAllowed, UsageError
from bot.model.account import Account, Approval
from bot.model.delivery import Delivery, Hold, State, Timing
from bot.store import accounts, decisions
from bot.store.engine import Session

RELEASES = (
    Hold.MISSED,
    Hold.BLACKOUT,
    Hold.FIRST_RUN,
    Hold.FILE_GONE,
    Hold.ALREADY_THERE,
    Hold.BUDGET,
)
NO_TIME = timedelta(0)
GONE_BY = frozenset({Hold.MISSED, Hold.BLACKOUT})
ELSEWHERE = {
    Hold.APPROVAL: "it needs approval: bot approve",
    Hold.ALT_TEXT: "a picture has no alt text: write alt: in its file",
    Hold.PAUSED: "the account is paused: bot resume",
    Hold.IMPRINT: "its imprint is not settled: bot init and bot accounts check say why",
    Hold.IN_DOUBT: "it may be out already: bot resolve",
}


def release(
    decider: Decider,
    target: str,
    zone: ZoneInfo,
    at: str | None = None,
    after: timedelta = NO_TIME,
) -> list[Delivery]:
    """Take off every hold a person may lift here; NotAllowed names what stands in the way.

    Of several released at one typed time, each goes so long `after` it.
    """
    timing, due_at = _new_time(decider, zone, at)
    due_at = due_at + after if due_at is not None else None
    released: list[int] = []
    obstacles: list[str] = []

    def change(session: Session, delivery: Delivery) -> bool:
        if delivery.state == State.WAITING and timing is not None:
            _refuse_quiet_time(session, delivery, timing, due_at or decider.clock(), zone)
            retime(delivery, timing, due_at)
            released.append(delivery.id)
            return True
        if delivery.state != State.HELD:
            return False
        lifted = _lifted(session, delivery)
        left = [Hold(word) for word in sorted(delivery.holds) if word not in lifted]
        if left:
            obstacles.append(
                f"Number {delivery.id}: " + "; ".join(ELSEWHERE[h] for h in left) + "."
            )
            return False
        _refuse_quiet_time(session, delivery, timing, due_at or decider.clock(), zone)
        if timing is not None:
            retime(delivery, timing, due_at)
        elif delivery.holds & GONE_BY:
            retime(delivery, Timing.NEXT, None)
        if delivery.expires_at is not None and delivery.expires_at <= (due_at or decider.clock()):
            raise NotAllowed(
                f"Number {delivery.id} must not go out after "
                f"{in_words(delivery.expires_at, zone)}. Change expires: in its file first."
            )
        delivery.beyond_budget |= Hold.BUDGET in delivery.holds
        delivery.clear(*lifted)
        released.append(delivery.id)
        return True

    rows = decider.on(target, "release", change)
    if not released:
        raise NotAllowed(" ".join(obstacles) or f"{target} is not on hold.")
    return rows


def _refuse_quiet_time(
    session: Session, delivery: Delivery, timing: Timing | None, at: datetime, zone: ZoneInfo
) -> None:
    """A time that a person gives must be one at which it can go out."""
    if timing in (None, Timing.NEXT):
        return
    over = accounts.blackout_over(session, delivery.account_id, at)
    if over is not None:
        raise NotAllowed(
            f"Number {delivery.id}: {in_words(at, zone)} lies in a quiet time ({over.reason}) that "
            f"ends {in_words(over.ends_at, zone)}. Give a later time, --at next, or take the quiet "
            f"time back: bot blackout remove {over.id}"
        )


def _lifted(session: Session, delivery: Delivery) -> tuple[Hold, ...]:
    """What a release lifts; approval only where a person's own hold asked for it.

    A hold on what nobody has approved yet is no way round the approval.
    """
    if not _is_held_by_a_person(session, delivery):
        return RELEASES
    account = session.get_one(Account, delivery.account_id)
    is_approved = delivery.approved_digest == delivery.variant_digest
    return (
        (*RELEASES, Hold.APPROVAL) if is_approved or account.approval == Approval.OFF else RELEASES
    )


def _is_held_by_a_person(session: Session, delivery: Delivery) -> bool:
    """Whether the last decision that touched the approval hold is the one that put it there."""
    for row in reversed(decisions.of_post(session, delivery.post_id)):
        if row.delivery_id != delivery.id or row.verb not in (
            "hold",
            *decisions.APPROVALS,
            "release",
        ):
            continue
        was = Hold.APPROVAL in (row.before or {}).get("holds", ())
        became = Hold.APPROVAL in (row.after or {}).get("holds", ())
        if row.verb == "hold" and was and became:
            continue  # A second hold decided nothing.
        return row.verb == "hold" and not was
    return False


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
    delivery.slot_start = delivery.not_before = delivery.hinted_at = delivery.opens_at = None
