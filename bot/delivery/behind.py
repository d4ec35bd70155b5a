"""What becomes of posts while this database may not know all that its accounts published.

It is behind after a long sleep, an old copy started, or a restored backup. Nothing is sent until
the timeline was read. After a restore, what is found there is known to be out; what was due since
the backup and is not found waits for a person and never goes out by itself.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.delivery import outcomes, retry, twins
from bot.model.account import Account
from bot.model.delivery import Delivery, Hold, Part, State
from bot.model.stranger import Stranger
from bot.platforms.contract import Platform
from bot.platforms.matching import same_post
from bot.store import accounts, claims, deliveries, strangers
from bot.store.engine import Session

# What recording an Outcome needs, for a Delivery and one of its Parts.
Endings = Callable[[Session, Delivery, int], outcomes.Ending]

WAS_ON_ITS_WAY = "It was on its way when the backup was made."
WAS_DUE = "Its time fell after the backup was made, so it may be out already."
NOT_SHOWN = (
    "Its time fell after the backup was made, and {title} does not show it now. Look there before "
    "you release it; if it is up: bot cancel {number}"
)
NOT_ALL_SHOWN = (
    "Only its first {out} of {all} parts are on {title}. Look there before you release the rest."
)
SLEPT = (
    "Its time fell while the bot did not run, and {title} cannot be read, so a second copy of the "
    "bot may have sent it. Look there before you release it."
)
UNREAD = "The database came back from a backup, and {title} cannot be read. Look there first."


def mark_restored(session: Session, now: datetime, taken_at: datetime) -> None:
    """Make a database that came back from a backup safe: whatever may be out waits for a person."""
    for account in accounts.all_of(session):
        account.restored_at, account.met_live_at = now, None
        for row in strangers.candidates(session, account.id, now):
            _set_aside(row, now)
    strangers.fall_behind(session, taken_at)


def _set_aside(row: Delivery, now: datetime) -> None:
    if row.state in (State.SENDING, State.UNCONFIRMED):
        row.hold(Hold.IN_DOUBT, reason=WAS_ON_ITS_WAY)
        row.lease_until = row.next_look_at = row.hinted_at = None
        row.asked_at, row.doubt_since = now, row.doubt_since or now
    elif _was_due(row, now):
        row.hold(Hold.MISSED, reason=WAS_DUE)
        row.slot_start = None


def _was_due(row: Delivery, now: datetime) -> bool:
    """Whether it may have gone out by now; without a time yet, it may have had one since."""
    is_open = row.state in (State.WAITING, State.HELD) and not row.is_in_doubt
    return is_open and (row.due_at is None or row.due_at <= now)


def is_restored(account: Account) -> bool:
    """Whether the gap an Account is behind by comes from a backup, not from a sleep."""
    restored_at, since = account.restored_at, account.behind_since
    return restored_at is not None and since is not None and since <= restored_at


def reconcile(
    session: Session,
    account: Account,
    platform: Platform,
    now: datetime,
    endings: Endings,
) -> list[Delivery]:
    """After a restore: what the timeline shows is out. Gives back the Deliveries that are."""
    left = list(strangers.unmatched(session, account.id))
    rows = [
        row for row in strangers.candidates(session, account.id, now) if row.state != State.SENT
    ]
    rows.sort(key=lambda row: (row.due_at is None, row.due_at or now, row.id))
    found = []
    for row in rows:
        if _find_parts(session, account, row, left, endings):
            found.append(row)
        _say_what_is_missing(session, row, platform.rules.title)
    return found


def _find_parts(
    session: Session,
    account: Account,
    row: Delivery,
    left: list[Stranger],
    endings: Endings,
) -> bool:
    """Give each Part, in order, the post that shows it; True when there was one."""
    floor = _published_from(account, row) - retry.CLOCK_SKEW
    before: str | None = None
    any_found = False
    for part in deliveries.parts(session, row.id):
        if part.remote_id is None:
            stranger = _shows(part, left, floor, before)
            if stranger is None:
                break
            left.remove(stranger)
            _is_out(session, row, part, stranger, endings)
            any_found = True
        before = part.remote_id
    return any_found


def _published_from(account: Account, row: Delivery) -> datetime:
    """From when a post may be this one; a file newer than the backup was queued once before."""
    since, restored_at = account.behind_since, account.restored_at
    if since is None or restored_at is None:
        return row.created_at
    return since if row.created_at >= restored_at else max(row.created_at, since)


def _shows(
    part: Part, left: Sequence[Stranger], floor: datetime, before: str | None
) -> Stranger | None:
    fitting = [
        one
        for one in left
        if one.published_at >= floor and same_post(outcomes.content_of(part), twins.seen_of(one))
    ]
    # Of two with the same words the one that answers the Part before it belongs to this thread.
    return min(fitting, key=lambda one: (one.reply_to != before, one.published_at), default=None)


def _is_out(
    session: Session,
    row: Delivery,
    part: Part,
    stranger: Stranger,
    endings: Endings,
) -> None:
    at = stranger.published_at
    number = claims.begin_attempt(session, row, part, token=strangers.RESTORED_TOKEN, now=at)
    said = "Found on the timeline after a backup was restored."
    claims.end_attempt(session, number, now=at, outcome="sent", reason=said)
    outcomes.part_is_out(endings(session, row, part.id), stranger.remote_id, stranger.url, at)


def _say_what_is_missing(session: Session, row: Delivery, title: str) -> None:
    parts = deliveries.parts(session, row.id)
    out = sum(1 for part in parts if part.remote_id)
    if row.state == State.SENT:
        return
    if row.state == State.WAITING and out:
        row.hold(Hold.MISSED)
    if row.state == State.HELD and out:
        row.reason = NOT_ALL_SHOWN.format(out=out, all=len(parts), title=title)
    elif row.state == State.HELD and row.reason == WAS_DUE:
        row.reason = NOT_SHOWN.format(title=title, number=row.id)


def give_up(session: Session, account: Account, title: str, now: datetime) -> None:
    """The timeline cannot be read: a person gets what may be out, the rest goes on."""
    came_back = is_restored(account)
    for row in strangers.candidates(session, account.id, now):
        if row.state != State.WAITING:
            continue
        if _was_due(row, now):
            row.hold(Hold.MISSED, reason=SLEPT.format(title=title))
            row.slot_start = None
        elif came_back:
            row.hold(Hold.FIRST_RUN, reason=UNREAD.format(title=title))
    strangers.catch_up(session, account)
