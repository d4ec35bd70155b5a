"""Lets go of what a Platform gave us about one Account, and of nothing that we wrote ourselves.

What we published, when, and its link stay: they prove what was said and that its imprint was there.
"""

from typing import Any

from sqlalchemy import Select, delete, select, update
from sqlalchemy.orm import Session

from bot.model.account import Account, AccountCheck
from bot.model.delivery import Delivery, Part, State
from bot.model.engagement import AccountCount, PaidReading, Snapshot, Tally
from bot.model.post import Post
from bot.model.stranger import Stranger
from bot.model.written import Written, to_json
from bot.store import connectings

# By what they are, in the words of the certificate.
OF_THE_ACCOUNT: dict[str, Any] = {
    "checks of the account (its name, its bio, its rights)": AccountCheck,
    "posts seen on its page": Stranger,
    "readings that were paid for": PaidReading,
}
COUNTS: dict[str, Any] = {"counts of posts": Snapshot, "counts at an age": Tally}
OWN_COUNTS = "counts of the account (followers, views)"
BY_HAND = "posts that were made by hand there: their words, numbers and links"
FORGOTTEN = "What came from the account was deleted."
# What the Platform said of the Account, or was known of its state there.
SAID_OF_IT = (
    *("remote_id", "display_name", "connected_by", "connected_at", "credentials", "sealed_with"),
    *("credentials_expire_at", "met_live_at", "parked_until", "park_reason", "unreadable_until"),
    *("last_read_at", "behind_since", "behind_reason", "restored_at"),
    *("automated_label_by", "automated_label_at"),
)


def forget(session: Session, account: Account, *, keep_counts: bool) -> dict[str, int]:
    """Delete it; by what it was, how many rows. `keep_counts` leaves the figures, which are about
    nobody."""
    went = {
        what: _deleted(session, delete(table).where(table.account_id == account.id))
        for what, table in OF_THE_ACCOUNT.items()
    }
    went[BY_HAND] = _empty_by_hand(session, account.id, keep_counts=keep_counts)
    if not keep_counts:
        went |= _counts(session, account.id)
    session.execute(
        update(Delivery).where(Delivery.account_id == account.id).values(next_count_at=None)
    )
    connectings.forget(session, account.id)
    for name in SAID_OF_IT:
        setattr(account, name, None)
    account.is_blocked, account.behind_tries = False, 0
    return went


def waiting(session: Session, account_id: int) -> list[int]:
    """What would go out there if another account took its place, by Delivery."""
    over = (State.SENT, State.CANCELLED)
    query = select(Delivery.id).where(
        Delivery.account_id == account_id, Delivery.state.not_in(over)
    )
    return list(session.scalars(query.order_by(Delivery.id)))


def _parts(account_id: int) -> Select[int]:
    return (
        select(Part.id)
        .join(Delivery, Delivery.id == Part.delivery_id)
        .where(Delivery.account_id == account_id)
    )


def _counts(session: Session, account_id: int) -> dict[str, int]:
    parts = _parts(account_id)
    went = {
        what: _deleted(session, delete(table).where(table.part_id.in_(parts)))
        for what, table in COUNTS.items()
    }
    own = delete(AccountCount).where(AccountCount.account_id == account_id)
    return went | {OWN_COUNTS: _deleted(session, own)}


def _deleted(session: Session, query: Any) -> int:
    gone: int = session.execute(query).rowcount  # type: ignore[attr-defined]
    return gone


def _empty_by_hand(session: Session, account_id: int, *, keep_counts: bool) -> int:
    """The rows stay, since others may refer to them; nothing that the Platform said is in them."""
    found = session.execute(
        select(Post, Delivery, Part)
        .join(Delivery, Delivery.post_id == Post.id)
        .join(Part, Part.delivery_id == Delivery.id)
        .where(Delivery.account_id == account_id, Delivery.by_hand)
    ).all()
    for post, delivery, part in found:
        post.written = to_json(Written(body="", to=tuple(post.written["to"] or ())))
        post.key = f"{account_id}/forgotten/{post.id}"
        part.text, part.link, part.remote_id, part.url = "", None, None, None
        if not keep_counts:
            # Outside the table of transitions, as nothing of it was ever ours to send.
            delivery.state, delivery.reason = State.CANCELLED.value, FORGOTTEN
            delivery.sent_at = part.sent_at = None
    return len(found)
