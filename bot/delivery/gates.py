"""What a claimed Delivery must pass before its request may leave, in order.

Each gate answers None (pass) or what to do instead. They run after the claim and before anything is
uploaded; pause and lease are read once more in the transaction that writes the Attempt.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from bot.model.account import Account, Approval
from bot.model.delivery import Delivery, Hold, Part, Timing
from bot.platforms.contract import PartContent, Platform
from bot.store import accounts, charges, claims, deliveries
from bot.store.engine import Session


@dataclass(frozen=True, slots=True)
class Held:
    """A person is needed."""

    hold: Hold
    reason: str


@dataclass(frozen=True, slots=True)
class Later:
    """Not now: wait until then, or (None) let the planner give a new time."""

    until: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class Doubtful:
    """It may be out after all, and the looks that found nothing are too long ago: look anew."""

    reason: str


@dataclass(frozen=True, slots=True)
class Case:
    """All a gate may look at."""

    session: Session
    delivery: Delivery
    account: Account
    parts: Sequence[Part]
    platform: Platform
    now: datetime
    spacing: timedelta
    too_late: timedelta
    resend_within: timedelta
    imprint_answered: bool
    monthly_budget: Decimal | None

    @property
    def is_half_out(self) -> bool:
        return any(part.remote_id for part in self.parts)


Verdict = Held | Later | Doubtful | None


def paused(case: Case) -> Verdict:
    pause = accounts.pause_over(case.session, case.account.id)
    return Held(Hold.PAUSED, f"Paused: {pause.reason}") if pause else None


def blacked_out(case: Case) -> Verdict:
    blackout = accounts.blackout_over(case.session, case.account.id, case.now)
    return Held(Hold.BLACKOUT, f"Quiet time: {blackout.reason}") if blackout else None


def doubted_long_ago(case: Case) -> Verdict:
    """Sent again right after the looks, or not without further ones."""
    doubts = claims.open_doubts(case.session, case.delivery.id)
    if not doubts or case.now - doubts[-1].started_at < case.resend_within:
        return None
    return Doubtful("It was sent before and may have gone out after all: we look once more.")


def expired(case: Case) -> Verdict:
    if case.is_half_out or case.delivery.expires_at is None:
        return None
    if case.now < case.delivery.expires_at:
        return None
    return Held(Hold.MISSED, "Its last time to go out (expires) has passed.")


def too_late(case: Case) -> Verdict:
    due_at = case.delivery.due_at
    if case.is_half_out or due_at is None:
        return None
    seconds = case.delivery.too_late_seconds
    limit = case.too_late if seconds is None else timedelta(seconds=seconds)
    if case.now - due_at <= limit:
        return None
    if case.delivery.timing == Timing.NEXT:
        return Later(None, "Its time went by; it takes the next free one.")
    return Held(Hold.MISSED, "Its time went by while it could not be sent.")


def unapproved(case: Case) -> Verdict:
    if case.account.approval == Approval.OFF:
        return None
    if case.delivery.approved_digest == case.delivery.variant_digest:
        return None
    return Held(Hold.APPROVAL, "It needs approval.")


def over_budget(case: Case) -> Verdict:
    if case.monthly_budget is None:
        return None
    month = case.now.replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    spent = charges.spent_since(case.session, case.account.id, month)
    wanted = sum(
        (case.platform.price(PartContent(part.text, part.link)) for part in case.parts), Decimal(0)
    )
    if wanted == 0 or spent + wanted <= case.monthly_budget:
        return None
    return Held(
        Hold.BUDGET,
        f"It costs ${wanted:.3f}; ${spent:.2f} of ${case.monthly_budget:.2f} this month is spent.",
    )


def without_imprint(case: Case) -> Verdict:
    if not case.platform.is_live or case.imprint_answered:
        return None
    return Held(Hold.IMPRINT, "The questions about the imprint are not answered yet.")


def too_close(case: Case) -> Verdict:
    """Spacing binds `next`, `now` and feed posts; not typed times, urgent ones, retries, Parts."""
    delivery = case.delivery
    free = delivery.timing == Timing.TYPED or delivery.urgent or delivery.tries > 0
    if free or case.is_half_out or delivery.doubt_since is not None:
        return None
    last = deliveries.last_out(case.session, case.account.id)
    if last is None or last > case.now or case.now - last >= case.spacing:
        return None
    return Later(last + case.spacing, "Another post went out just before.")


def parked(case: Case) -> Verdict:
    """The claim asks this too; a late answer of an earlier request may park the account since."""
    until = case.account.parked_until
    if until is None or until <= case.now:
        return None
    return Later(until, case.account.park_reason or "The account rests.")


def overtaken(case: Case, part: Part) -> Verdict:
    """A late answer to an earlier request may bring out the Part that was about to be sent."""
    return Later(case.now, "It came out meanwhile.") if part.remote_id is not None else None


GATES: tuple[Callable[[Case], Verdict], ...] = (
    paused,
    blacked_out,
    doubted_long_ago,
    expired,
    too_late,
    unapproved,
    over_budget,
    without_imprint,
    too_close,
)

# What may change between the claim and the request, and is read once more.
STOPS: tuple[Callable[[Case], Verdict], ...] = (paused, blacked_out, parked)


def verdict(case: Case) -> Verdict:
    """The first gate that does not open."""
    return next((found for gate in GATES if (found := gate(case)) is not None), None)


def stopped_since(case: Case) -> Verdict:
    """What stands in the way of a request by now, although the claim passed."""
    return next((found for stop in STOPS if (found := stop(case)) is not None), None)
