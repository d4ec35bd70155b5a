"""The stop switch and its end. After a pause nothing is flushed: all it kept gets a new time."""

from datetime import timedelta

from bot.decisions.record import Decider
from bot.decisions.release import retime
from bot.errors import NotAllowed
from bot.model.account import Account, Pause
from bot.model.delivery import Delivery, Hold, State, Timing
from bot.store import accounts, deliveries
from bot.store.engine import Session

# A quiet time lasts longer than the pause, or a person must pick a new time anyway.
LATENESS_IS_ANSWERED_ELSEWHERE = frozenset({Hold.BLACKOUT, Hold.MISSED, Hold.IN_DOUBT})


def pause(decider: Decider, account_name: str | None) -> None:
    """Stop sending on one Account or all, from this moment; pausing twice changes the reason."""
    if not decider.reason:
        raise NotAllowed('Say why: bot pause --reason "..."')
    with decider.store.write() as session:
        account = accounts.named(session, account_name) if account_name else None
        account_id = account.id if account else None
        standing = [row for row in accounts.open_pauses(session) if row.account_id == account_id]
        if standing:
            standing[0].reason = decider.reason
        else:
            session.add(
                Pause(
                    account_id=account_id,
                    reason=decider.reason,
                    actor=decider.actor,
                    started_at=decider.clock(),
                )
            )
        decider.note(session, "pause", account_id=account_id)


def resume(decider: Decider, account_name: str | None, too_late: timedelta) -> list[int]:
    """End the pause and give what it kept back a new time; ids of those the planner must plan."""
    with decider.store.write() as session:
        return resume_within(session, decider, account_name, too_late)


def resume_within(
    session: Session, decider: Decider, account_name: str | None, too_late: timedelta
) -> list[int]:
    """The same within the caller's transaction, which may be one that is taken back."""
    wanted = accounts.named(session, account_name) if account_name else None
    ended = _end_pauses(session, decider, wanted)
    freed = {row.account_id for row in ended}
    moved: list[int] = []
    still = accounts.oldest_pauses(accounts.open_pauses(session))
    for row in deliveries.kept_back_on(session, decider.clock()):
        if accounts.oldest_over(still, row.id) is not None:
            continue
        was_paused = None in freed or row.id in freed
        moved += [
            delivery.id
            for delivery in kept_back(session, decider, row, overdue=was_paused)
            if _let_go(session, delivery, decider, too_late)
        ]
    for pause_row in ended:
        decider.note(session, "resume", account_id=pause_row.account_id)
    return moved


def _end_pauses(session: Session, decider: Decider, account: Account | None) -> list[Pause]:
    open_ones = accounts.open_pauses(session)
    if not open_ones:
        if deliveries.held_for(session, Hold.PAUSED):
            return []  # one that was held just as the last pause ended
        raise NotAllowed("Nothing is paused. See what waits: bot queue")
    ended = [row for row in open_ones if account is None or row.account_id == account.id]
    if not ended and account is not None:
        raise NotAllowed(f"Not {account.name} alone is paused but every account. Use: bot resume")
    for row in ended:
        row.ended_at, row.ended_by = decider.clock(), decider.actor
    session.flush()
    return ended


def all_kept_back(session: Session, decider: Decider, account_name: str | None) -> list[Delivery]:
    """What pauses keep back of one Account, or of all: on hold for it, or come due meanwhile."""
    wanted = (
        [accounts.named(session, account_name)]
        if account_name
        else deliveries.kept_back_on(session, decider.clock())
    )
    standing = accounts.oldest_pauses(accounts.open_pauses(session))
    return [
        row
        for account in wanted
        for row in kept_back(
            session,
            decider,
            account,
            overdue=accounts.oldest_over(standing, account.id) is not None,
        )
    ]


def kept_back(
    session: Session, decider: Decider, account: Account, *, overdue: bool = True
) -> list[Delivery]:
    """What a pause held on an Account, and with `overdue` what came due meanwhile."""
    held = deliveries.held_for(session, Hold.PAUSED, account.id)
    if not overdue:
        return list(held)
    due = deliveries.overdue(session, decider.clock(), account.id, limit=None)
    return [*held, *(row for row, _ in due)]


def _let_go(session: Session, delivery: Delivery, decider: Decider, too_late: timedelta) -> bool:
    """Clear the hold; True where the planner must give a new time."""
    delivery.clear(Hold.PAUSED)
    now = decider.clock()
    if delivery.due_at is None or delivery.due_at > now:
        return False
    if delivery.holds & LATENESS_IS_ANSWERED_ELSEWHERE:
        return False
    if any(part.remote_id for part in deliveries.parts(session, delivery.id)):
        return False  # half out already: the rest follows at once, however late
    seconds = delivery.too_late_seconds
    limit = too_late if seconds is None else timedelta(seconds=seconds)
    if delivery.timing == Timing.TYPED and now - delivery.due_at > limit:
        delivery.hold(Hold.MISSED, reason="Its time went by during a pause.")
        return False
    timing = Timing.NEXT if delivery.timing == Timing.NEXT else Timing.NOW
    retime(delivery, timing, None)
    return delivery.state in (State.WAITING, State.HELD)
