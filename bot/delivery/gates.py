"""What a claimed Delivery must pass before its request may leave, in order.

Each gate answers None (pass) or what to do instead. They run after the claim and before anything is
uploaded; pause and lease are read once more in the transaction that writes the Attempt.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from bot.delivery import twins
from bot.delivery.budget import money_for
from bot.model.account import Account, Approval
from bot.model.delivery import Delivery, Hold, Part, Timing, without_alt_text
from bot.platforms.contract import Platform
from bot.store import accounts, claims, planning
from bot.store.engine import Session
from bot.store.gating import Signs

# Where an imprint may stand that does not fit in the post, and how long having seen it is enough.
ELSEWHERE = {
    "profile": "in the account's profile",
    "pinned": "in the account's pinned post",
    "link": "on the page it links to",
}
SEEN_WITHIN = timedelta(hours=26)


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
    signs: Signs
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
    if not case.signs.pause:
        return None
    pause = accounts.pause_over(case.session, case.account.id)
    return Held(Hold.PAUSED, f"Paused: {pause.reason}") if pause else None


def blacked_out(case: Case) -> Verdict:
    if not case.signs.blackout:
        return None
    blackout = accounts.blackout_over(case.session, case.account.id, case.now)
    return Held(Hold.BLACKOUT, blackout.said) if blackout else None


def already_there(case: Case) -> Verdict:
    """Not pure: the twin that is found counts as noticed, so that a release is heard."""
    if not case.signs.stranger:
        return None
    found = twins.twin(case.session, case.account, case.delivery, case.parts, case.now)
    if found is None:
        return None
    return Held(Hold.ALREADY_THERE, twins.says(case.platform.rules.title, found))


def doubted_long_ago(case: Case) -> Verdict:
    """Sent again right after the looks, or not without further ones."""
    if not case.signs.doubt:
        return None
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


def undescribed(case: Case) -> Verdict:
    """A picture without words for those who do not see it stays here."""
    missing = without_alt_text(case.parts)
    return Held(Hold.ALT_TEXT, missing) if missing else None


def over_budget(case: Case) -> Verdict:
    """A post half out is finished, and one a person let go all the same has been decided on."""
    delivery, limit = case.delivery, case.monthly_budget
    if limit is None or case.is_half_out or delivery.beyond_budget:
        return None
    money = money_for(case.session, delivery, case.platform, limit, case.now)
    if money.is_enough:
        return None
    all_the_same = f"To send it all the same: bot release {delivery.id}"
    asked = f"It is urgent, so you decide now. {all_the_same}" if delivery.urgent else all_the_same
    return Held(Hold.BUDGET, f"{money.shortage} {asked}")


def without_imprint(case: Case) -> Verdict:
    """Set-up answered, and the line seen today wherever this post relies on finding it."""
    if case.platform.is_live and not case.imprint_answered:
        return Held(Hold.IMPRINT, "The questions of set-up are not all answered yet: bot init")
    place = case.delivery.imprint_place
    if place not in ELSEWHERE or case.is_half_out:
        return None
    check = accounts.last_good_check(case.session, case.account.id)
    seen = check is not None and place in (check.imprint_places or ())
    if check is not None and seen and case.now - check.taken_at <= SEEN_WITHIN:
        return None
    said = f"Its imprint stands {ELSEWHERE[place]}, and was not seen there within a day."
    return Held(Hold.IMPRINT, f"{said} Put it there, then: bot accounts check {case.account.name}")


def too_close(case: Case) -> Verdict:
    """Spacing binds `next`, `now` and feed posts; not typed times, urgent ones, retries, Parts.

    A typed time that went by for longer than the spacing is bound, too: after an outage what is
    still in time must not all go out in one minute.
    """
    delivery = case.delivery
    on_time = delivery.due_at is None or case.now - delivery.due_at <= case.spacing
    typed = delivery.timing == Timing.TYPED and on_time
    free = typed or delivery.urgent or delivery.tries > 0
    if free or case.is_half_out or delivery.doubt_since is not None:
        return None
    last = planning.last_out(case.session, case.account.id)
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
    already_there,
    expired,
    too_late,
    unapproved,
    undescribed,
    over_budget,
    without_imprint,
    too_close,
)


def verdict(case: Case) -> Verdict:
    """The first gate that does not open."""
    return next((found for gate in GATES if (found := gate(case)) is not None), None)
