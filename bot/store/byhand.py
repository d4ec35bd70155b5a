"""Queries on posts made on a Platform itself, which are logged here for their counts alone.

Such a post may still turn out to be one of ours (in doubt, or sent before a backup was restored).
Nothing that looks for ours takes notice of it; once it is ours, its counts go over to ours.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from bot.model.account import Account
from bot.model.delivery import Attempt, Delivery, Part, State, Timing
from bot.model.engagement import Snapshot
from bot.model.post import BY_HAND, Post
from bot.model.stranger import Stranger
from bot.model.written import Written, to_json
from bot.store import deliveries, posts, tallies


@dataclass(frozen=True, slots=True)
class Public:
    """A post on our own page as a Platform lists it; `weight` is the length of its text there."""

    remote_id: str
    url: str
    text: str
    link: str | None
    published_at: datetime
    weight: int


# How an Attempt ended to which no answer came.
UNANSWERED = "unknown"
TURNED_OUT_OURS = "It was logged as made by hand, and it turned out to be {name}."


def settled(session: Session, account_id: int, before: datetime) -> Sequence[Stranger]:
    """Posts that are nobody's twin to decide about, published before then and not yet logged."""
    owner = aliased(Delivery)
    is_known = exists().where(
        Part.remote_id == Stranger.remote_id,
        owner.id == Part.delivery_id,
        owner.account_id == account_id,
    )
    return session.scalars(
        select(Stranger)
        .where(
            Stranger.account_id == account_id,
            ~_awaits_a_person(),
            Stranger.published_at <= before,
            ~is_known,
        )
        .order_by(Stranger.published_at, Stranger.id)
    ).all()


def with_settled(session: Session, before: datetime, after: int, limit: int) -> Sequence[int]:
    """Ids after that one of Accounts with any such post, in order."""
    owner = aliased(Delivery)
    is_known = exists().where(
        Part.remote_id == Stranger.remote_id,
        owner.id == Part.delivery_id,
        owner.account_id == Stranger.account_id,
    )
    return session.scalars(
        select(Stranger.account_id)
        .where(
            Stranger.account_id > after,
            ~_awaits_a_person(),
            Stranger.published_at <= before,
            ~is_known,
        )
        .distinct()
        .order_by(Stranger.account_id)
        .limit(limit)
    ).all()


def _awaits_a_person() -> ColumnElement[bool]:
    """Strangers with the words of one of ours that is neither out nor withdrawn yet."""
    over = select(Delivery.id).where(Delivery.state.in_((State.SENT, State.CANCELLED)))
    return and_(Stranger.delivery_id.is_not(None), Stranger.delivery_id.not_in(over))


def doubted(session: Session, account_id: int, since: datetime) -> Sequence[tuple[Part, datetime]]:
    """Parts of ours that were once sent without an answer since then, with when.

    What says the same may be ours for good, whatever a look or a person made of the doubt.
    """
    rows = session.execute(
        select(Part, Attempt.started_at)
        .join(Attempt, Attempt.part_id == Part.id)
        .join(Delivery, Delivery.id == Part.delivery_id)
        .where(
            Delivery.account_id == account_id,
            Attempt.started_at >= since,
            or_(Attempt.outcome.is_(None), Attempt.outcome == UNANSWERED),
        )
    )
    return [(part, started_at) for part, started_at in rows]


def known_ids(session: Session, account_id: int, remote_ids: Collection[str]) -> set[str]:
    """Which of these are logged, as ours or as made by hand, or are held for a person as twins."""
    parts = (
        select(Part.remote_id)
        .join(Delivery, Delivery.id == Part.delivery_id)
        .where(Delivery.account_id == account_id, Part.remote_id.in_(remote_ids))
    )
    twins = select(Stranger.remote_id).where(
        Stranger.account_id == account_id,
        _awaits_a_person(),
        Stranger.remote_id.in_(remote_ids),
    )
    return {one for one in (*session.scalars(parts), *session.scalars(twins)) if one is not None}


def add(session: Session, account: Account, seen: Public, now: datetime) -> bool:
    """Log one as out, due to be counted now; False where it was logged before."""
    key = f"{account.id}/{seen.remote_id}"
    if posts.by_key(session, BY_HAND, key) is not None:
        return False
    digest = sha256(f"{BY_HAND} {key}".encode()).hexdigest()
    post = Post(
        source=BY_HAND,
        key=key,
        content_digest=digest,
        written=to_json(Written(body=seen.text, to=(account.name,), link=seen.link)),
        author=BY_HAND,
        created_at=now,
    )
    session.add(post)
    session.flush()
    row = Delivery(
        post_id=post.id,
        account_id=account.id,
        state=State.SENT.value,
        by_hand=True,
        timing=Timing.NOW.value,
        variant_digest=digest,
        # The same in no other row, so that it is never taken for the words of one.
        text_key=digest,
        created_at=now,
        sent_at=seen.published_at,
        next_count_at=now,
    )
    session.add(row)
    session.flush()
    session.add(_part(row.id, seen))
    return True


def _part(delivery_id: int, seen: Public) -> Part:
    return Part(
        delivery_id=delivery_id,
        n=1,
        text=seen.text,
        link=seen.link,
        images=[],
        weight=seen.weight,
        remote_id=seen.remote_id,
        url=seen.url[:500],
        sent_at=seen.published_at,
    )


def _now_ours() -> Select[Delivery, Part, int, int]:
    """What is logged as made by hand, with the Part of ours and the Post that have its id."""
    ours, ours_of = aliased(Part), aliased(Delivery)
    return (
        select(Delivery, Part, ours.id, ours_of.post_id)
        .join(Part, Part.delivery_id == Delivery.id)
        .join(ours, ours.remote_id == Part.remote_id)
        .join(ours_of, ours_of.id == ours.delivery_id)
        .where(
            Delivery.by_hand,
            ~ours_of.by_hand,
            ours_of.account_id == Delivery.account_id,
        )
    )


def has_turned_out_ours(session: Session) -> bool:
    """Whether any of it is one of ours after all."""
    return session.execute(_now_ours().limit(1)).first() is not None


def hand_over(session: Session) -> int:
    """Give the counts of what turned out to be ours to ours, and withdraw the log of it; how many.

    The row stays, empty of anything public, since others may refer to it.
    """
    pairs = session.execute(_now_ours()).all()
    for row, part, own_id, post_id in pairs:
        _move_counts(session, part.id, own_id)
        part.remote_id = part.url = part.sent_at = None
        # Outside the table of transitions, as nothing of it was ever ours to send.
        row.state, row.reason = State.CANCELLED.value, TURNED_OUT_OURS.format(name=f"P{post_id}")
        row.sent_at = row.next_count_at = None
    return len(pairs)


def _move_counts(session: Session, part_id: int, to: int) -> None:
    taken = select(Snapshot.taken_at).where(Snapshot.part_id == to)
    session.execute(
        update(Snapshot)
        .where(Snapshot.part_id == part_id, Snapshot.taken_at.not_in(taken))
        .values(part_id=to)
    )
    tallies.anew(session, (part_id, to))


def clear_gone(session: Session, *, dry_run: bool) -> int:
    """Forget the words of what was made by hand and is gone there; its counts stay. How many.

    What a reading showed of it is forgotten with it.
    """
    rows = session.execute(
        select(Post, Part)
        .join(Delivery, Delivery.post_id == Post.id)
        .join(Part, Part.delivery_id == Delivery.id)
        .where(
            Delivery.by_hand,
            or_(Part.text != "", Part.link.is_not(None)),
            or_(Delivery.gone_at.is_not(None), Delivery.state == State.CANCELLED),
        )
    ).all()
    for post, part in () if dry_run else rows:
        post.written = to_json(Written(body="", to=tuple(post.written["to"] or ())))
        part.text, part.link = "", None
        seen = update(Stranger).where(Stranger.remote_id == part.remote_id)
        session.execute(seen.values(text="", link=None))
    return len(rows)


def is_quiet(session: Session, account_id: int) -> bool:
    """Whether nothing of ours is on its way or in doubt there, so that what appears is not ours."""
    on_its_way = select(Delivery.id).where(
        Delivery.account_id == account_id, Delivery.state == State.SENDING
    )
    return (
        session.scalar(on_its_way.limit(1)) is None
        and deliveries.in_doubt_count(session, account_id) == 0
    )
