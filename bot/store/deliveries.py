"""Queries on Deliveries and their Parts: reading them, the Queue, what is due to be looked for and
counted. The claim and its lease are in `store.claims`, what concerns times in `store.planning`."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select, true, union_all
from sqlalchemy.orm import Session, aliased

from bot.errors import NotFound
from bot.model.account import Account, AccountCheck
from bot.model.delivery import TROUBLE_HOLDS, TROUBLE_STATES, Delivery, Hold, Part, State

QUEUED = (State.WAITING, State.HELD, State.SENDING, State.UNCONFIRMED, State.FAILED)
GOING = (State.WAITING, State.HELD, State.SENDING, State.UNCONFIRMED)
NOT_SENT = tuple(state for state in State if state != State.SENT)
IN_DOUBT_PARKS_AT = 2
RECENT_PARTS = 400
AT_ONCE = 500


def get(session: Session, delivery_id: int, *, lock: bool = False) -> Delivery:
    """One Delivery, on PostgreSQL locked until the transaction ends when `lock` is set."""
    row = session.get(Delivery, delivery_id, with_for_update=lock, populate_existing=lock)
    if row is None:
        raise NotFound(f"There is no post number {delivery_id}. See: bot queue")
    return row


def of_post(session: Session, post_id: int, *, lock: bool = False) -> Sequence[Delivery]:
    query = select(Delivery).where(Delivery.post_id == post_id).order_by(Delivery.id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalars(query).all()


def of_posts(session: Session, post_ids: Collection[int]) -> Sequence[tuple[Delivery, Account]]:
    """What several Posts have, with whose it is, in the order in which it was queued."""
    rows = session.execute(
        select(Delivery, Account)
        .join(Account, Account.id == Delivery.account_id)
        .where(Delivery.post_id.in_(post_ids))
        .order_by(Delivery.id)
    )
    return [(delivery, account) for delivery, account in rows]


PARTS = select(Part).where(Part.delivery_id == bindparam("this_delivery")).order_by(Part.n)


def parts(session: Session, delivery_id: int) -> Sequence[Part]:
    return session.scalars(PARTS, {"this_delivery": delivery_id}).all()


def is_half_out(session: Session, delivery_id: int) -> bool:
    """Whether a Part of it is already public, so that lateness no longer matters."""
    return any(part.remote_id for part in parts(session, delivery_id))


def unsent_parts(session: Session, delivery_id: int) -> Sequence[Part]:
    """The Parts that are not out, in order."""
    return unsent(parts(session, delivery_id))


def unsent(some: Iterable[Part]) -> Sequence[Part]:
    return [part for part in some if part.remote_id is None]


def parts_of(session: Session, delivery_ids: Collection[int]) -> dict[int, list[Part]]:
    """Parts in order, by Delivery."""
    found: dict[int, list[Part]] = {delivery_id: [] for delivery_id in delivery_ids}
    for part in session.scalars(
        select(Part).where(Part.delivery_id.in_(delivery_ids)).order_by(Part.n)
    ):
        found[part.delivery_id].append(part)
    return found


def parts_ahead(
    session: Session, account_ids: Collection[int], before: datetime
) -> Sequence[tuple[int, Part]]:
    """Parts not out of what is to go out before that time, or is on hold, each by its Account."""
    rows = session.execute(
        select(Delivery.account_id, Part)
        .join(Part, Part.delivery_id == Delivery.id)
        .where(
            Delivery.state.in_((State.WAITING, State.HELD)),
            Delivery.due_at < before,
            Delivery.account_id.in_(account_ids),
            Part.remote_id.is_(None),
        )
        .order_by(Part.id)
    )
    return [(account_id, part) for account_id, part in rows]


def queue(session: Session, limit: int | None = None) -> Sequence[tuple[Delivery, Account]]:
    """Every Delivery not sent or cancelled, or over with something to note; next out first."""
    rows = session.execute(
        select(Delivery, Account)
        .join(Account, Account.id == Delivery.account_id)
        .where(or_(Delivery.state.in_(QUEUED), is_to_be_noted()))
        .order_by(Delivery.due_at.is_(None), Delivery.due_at, Delivery.id)
        .limit(limit)
    )
    return [(delivery, account) for delivery, account in rows]


def is_in_doubt(table: Any = Delivery) -> ColumnElement[bool]:
    """Deliveries of which nobody knows whether they are out."""
    return and_(
        # Said apart, so that an index serves: all that is out would be read otherwise.
        table.state.in_((State.UNCONFIRMED, State.HELD)),
        or_(table.state == State.UNCONFIRMED, table.holds.like(f"%{Hold.IN_DOUBT}%")),
    )


def in_doubt_count(session: Session, account_id: int) -> int:
    return (
        session.scalar(select(func.count()).where(Delivery.account_id == account_id, is_in_doubt()))
        or 0
    )


def in_doubt_counts(session: Session) -> dict[int, int]:
    """How many are in doubt, by Account; Accounts without any are missing."""
    rows = session.execute(
        select(Delivery.account_id, func.count()).where(is_in_doubt()).group_by(Delivery.account_id)
    )
    return {row[0]: row[1] for row in rows}


def silent(session: Session, before: datetime) -> Sequence[tuple[Delivery, Account]]:
    """What should have left before that time and has not, and what is in doubt."""
    rows = session.execute(
        select(Delivery, Account)
        .join(Account, Account.id == Delivery.account_id)
        .where(or_(_is_overdue(before), is_in_doubt()))
        .order_by(Delivery.id)
    )
    return [(delivery, account) for delivery, account in rows]


def _is_overdue(before: datetime) -> ColumnElement[bool]:
    is_left = and_(Delivery.state == State.SENDING, Delivery.lease_until < before)
    return or_(_was_due(State.WAITING, before), is_left)


def _was_due(state: State, before: datetime) -> ColumnElement[bool]:
    # Said in two, so that an index on times serves: most of what waits is due later.
    return or_(
        and_(Delivery.state == state, Delivery.due_at < before),
        and_(Delivery.state == state, Delivery.due_at.is_(None), Delivery.created_at < before),
    )


def troubled(
    session: Session, overdue_since: datetime | None = None
) -> Iterator[tuple[Delivery, Account]]:
    """What needs a person, and what should have left before that time and has not; next out first.

    A few at a time: after a long standstill there may be thousands.
    """
    bad_holds = or_(*(Delivery.holds.like(f"%{hold.value}%") for hold in TROUBLE_HOLDS))
    late: list[ColumnElement[bool]] = []
    if overdue_since is not None:
        late = [_is_overdue(overdue_since), _was_due(State.HELD, overdue_since)]
    query = (
        select(Delivery, Account)
        .join(Account, Account.id == Delivery.account_id)
        .where(
            or_(
                Delivery.state.in_(TROUBLE_STATES),
                and_(Delivery.state == State.HELD, bad_holds),
                is_to_be_noted(),
                *late,
            )
        )
        .order_by(Delivery.due_at.is_(None), Delivery.due_at, Delivery.id)
        .execution_options(yield_per=AT_ONCE)
    )
    yield from session.execute(query)


def count_only_held_for(session: Session, hold: Hold) -> int:
    """How many are on hold for that reason and no other."""
    query = select(func.count()).where(
        Delivery.state == State.HELD, Delivery.holds == frozenset({hold.value})
    )
    return session.scalar(query) or 0


def is_sent() -> ColumnElement[bool]:
    """Deliveries that are out, said as "not the others".

    An index on states would lead to all that ever went out, where one on times leads to a few;
    SQLite keeps no figures to know better.
    """
    return Delivery.state.not_in(NOT_SENT)


def is_to_be_noted() -> ColumnElement[bool]:
    """Deliveries that are over, with something for a person to note."""
    # Over is said as "not queued": an index on states would lead to all that ever went out.
    return and_(Delivery.asked_at.is_not(None), Delivery.state.not_in(QUEUED))


def _may_be_read(now: datetime) -> ColumnElement[bool]:
    """Deliveries of Accounts that are not parked: a limit or a block forbids reading, too."""
    parked = select(Account.id).where(Account.parked_until > now)
    return Delivery.account_id.not_in(parked)


def due_looks(session: Session, now: datetime, *, everything: bool = False) -> Sequence[int]:
    """Ids of unconfirmed Deliveries whose next look at the timeline is due."""
    due: ColumnElement[bool] = Delivery.next_look_at.is_not(None)
    resting = Delivery.account_id.in_(select(Account.id).where(Account.unreadable_until > now))
    if not everything:
        due = and_(due, Delivery.next_look_at <= now)
    return session.scalars(
        select(Delivery.id)
        .where(Delivery.state == State.UNCONFIRMED, due, _may_be_read(now), ~resting)
        .order_by(Delivery.next_look_at, Delivery.id)
        .limit(200)
    ).all()


def due_counts(session: Session, now: datetime, limit: int = 500) -> Sequence[Delivery]:
    """Deliveries whose counts are due, those that wait for longest first, whosever they are."""
    return session.scalars(
        select(Delivery)
        .where(Delivery.next_count_at <= now, _may_be_read(now))
        .order_by(Delivery.next_count_at, Delivery.id)
        .limit(limit)
    ).all()


def refreshable(session: Session, due_before: datetime | None = None) -> Sequence[Delivery]:
    """Waiting or held Deliveries whose words nobody has approved, or that want their imprint.

    With `due_before` only those that may go out before then; one without a time may.
    """
    soon = or_(Delivery.due_at.is_(None), Delivery.due_at < due_before) if due_before else true()
    return session.scalars(
        select(Delivery)
        .where(
            Delivery.state.in_((State.WAITING, State.HELD)),
            soon,
            or_(
                Delivery.approved_digest.is_(None),
                Delivery.approved_digest != Delivery.variant_digest,
                Delivery.holds.like(f"%{Hold.IMPRINT}%"),
            ),
        )
        .order_by(Delivery.id)
    ).all()


def failed_posts(session: Session) -> set[int]:
    """Ids of Posts with a Delivery that failed and has no Part out."""
    is_out = select(Part.id).where(Part.delivery_id == Delivery.id, Part.remote_id.is_not(None))
    return set(
        session.scalars(
            select(Delivery.post_id).where(Delivery.state == State.FAILED, ~is_out.exists())
        )
    )


def went_out(after: datetime) -> ColumnElement[bool]:
    """Deliveries of ours that went out after that time."""
    return and_(is_sent(), Delivery.sent_at > after, ~Delivery.by_hand)


def same_texts(
    session: Session,
    text_keys: Mapping[int, str],
    *,
    sent_after: datetime,
    not_post: int | None,
) -> dict[int, Delivery]:
    """By Account of those given with the key of their words: the first Delivery of another Post
    with the same words that waits, or went out since `sent_after` (withdrawn or not)."""
    other = aliased(Delivery)
    firsts = []
    for account_id, text_key in text_keys.items():
        query = select(other.id).where(
            other.account_id == account_id,
            other.text_key == text_key,
            or_(other.state.in_(GOING), other.sent_at > sent_after),
            *([] if not_post is None else [other.post_id != not_post]),
        )
        firsts.append(select(query.order_by(other.id).limit(1).scalar_subquery()))
    if not firsts:
        return {}
    rows = session.scalars(select(Delivery).where(Delivery.id.in_(union_all(*firsts))))
    return {row.account_id: row for row in rows}


def recent_texts(
    session: Session, account_ids: Collection[int], *, sent_after: datetime, not_post: int | None
) -> dict[int, list[tuple[int, bool, str]]]:
    """By Account: Post, whether it is out, and all words of what waits or went out since, newest
    first."""
    if not account_ids:
        return {}
    asked = []
    for account_id in account_ids:
        own = select(Delivery.id).where(Delivery.account_id == account_id)
        recent = union_all(own.where(Delivery.state.in_(GOING)), own.where(went_out(sent_after)))
        newest = (
            select(Delivery.account_id, Delivery.id, Delivery.post_id, Delivery.state)
            .add_columns(Part.n, Part.text)
            .join(Part, Part.delivery_id == Delivery.id)
            .where(Delivery.id.in_(recent))
            .order_by(Delivery.id.desc(), Part.n)
            .limit(RECENT_PARTS)
        )
        asked.append(select(newest.subquery()))
    rows = union_all(*asked).subquery()
    found: dict[int, dict[tuple[int, bool], list[str]]] = {key: {} for key in account_ids}
    ordered = select(rows).order_by(rows.c.id.desc(), rows.c.n)
    for account_id, _id, post_id, state, _n, text in session.execute(ordered):
        if post_id != not_post:
            found[account_id].setdefault((post_id, state == State.SENT), []).append(text)
    return {
        account_id: [(*key, "\n\n".join(texts)) for key, texts in posts.items()]
        for account_id, posts in found.items()
    }


def remote_ids_known(session: Session, account_id: int, remote_ids: Iterable[str]) -> set[str]:
    """Which of these remote posts already belong to a Part of ours on this Account.

    Not those logged as made by hand: any of them may still turn out to be ours.
    """
    wanted = list(remote_ids)
    if not wanted:
        return set()
    rows = session.scalars(
        select(Part.remote_id)
        .join(Delivery, Delivery.id == Part.delivery_id)
        .where(Delivery.account_id == account_id, ~Delivery.by_hand, Part.remote_id.in_(wanted))
    )
    return {remote_id for remote_id in rows if remote_id is not None}


def held_for(session: Session, hold: Hold, account_id: int | None = None) -> Sequence[Delivery]:
    """Deliveries on hold for that reason, perhaps among others."""
    query = select(Delivery).where(
        Delivery.state == State.HELD, Delivery.holds.like(f"%{hold.value}%")
    )
    if account_id is not None:
        query = query.where(Delivery.account_id == account_id)
    rows = session.scalars(query.order_by(Delivery.due_at, Delivery.id))
    return [row for row in rows if hold.value in row.holds]


def kept_back_on(session: Session, now: datetime) -> Sequence[Account]:
    """Accounts where a pause may keep something back: on hold for it, or due and not gone."""
    kept = select(Delivery.account_id).where(
        or_(
            and_(Delivery.state == State.HELD, Delivery.holds.like(f"%{Hold.PAUSED.value}%")),
            and_(Delivery.state == State.WAITING, Delivery.due_at < now),
        )
    )
    return session.scalars(
        select(Account)
        .where(Account.removed_at.is_(None), Account.id.in_(kept))
        .order_by(Account.id)
    ).all()


def open_of(session: Session, account_id: int, states: Collection[State]) -> list[Delivery]:
    """An Account's Deliveries in these states, locked, the oldest first."""
    query = select(Delivery).where(Delivery.account_id == account_id, Delivery.state.in_(states))
    return list(session.scalars(query.order_by(Delivery.id).with_for_update()))


def want_a_check(
    session: Session, before: datetime
) -> list[tuple[str, bool | None, datetime | None]]:
    """Accounts of which something is due before that time, or relies on an imprint outside its own
    words: name, and how and when the last check of it went."""
    due = select(Delivery.account_id).where(
        Delivery.state == State.WAITING, Delivery.due_at < before
    )
    relying = select(Delivery.account_id).where(
        Delivery.state.in_((State.WAITING, State.HELD)),
        Delivery.imprint_place.in_(("profile", "pinned", "link")),
    )
    newest = (
        select(func.max(AccountCheck.id))
        .where(AccountCheck.account_id == Account.id)
        .correlate(Account)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Account.name, AccountCheck.ok, AccountCheck.taken_at)
        .outerjoin(AccountCheck, AccountCheck.id == newest)
        .where(Account.removed_at.is_(None), or_(Account.id.in_(relying), Account.id.in_(due)))
        .order_by(Account.id)
    )
    return [(name, ok, taken_at) for name, ok, taken_at in rows]


def twin_in_flight(session: Session, delivery: Delivery) -> bool:
    """Whether another Delivery with the same words is being sent on the Account this moment."""
    found = session.scalar(
        select(Delivery.id)
        .where(
            Delivery.account_id == delivery.account_id,
            Delivery.text_key == delivery.text_key,
            Delivery.id != delivery.id,
            Delivery.state == State.SENDING,
        )
        .limit(1)
    )
    return found is not None


def in_flight(session: Session) -> Sequence[tuple[Delivery, Account]]:
    """Deliveries a Worker holds right now."""
    rows = session.execute(
        select(Delivery, Account)
        .join(Account, Account.id == Delivery.account_id)
        .where(Delivery.state == State.SENDING)
    )
    return [(delivery, account) for delivery, account in rows]


def state_counts(session: Session) -> dict[State, int]:
    """How many of our own stand in each state; what was made by hand is not among them."""
    query = select(Delivery.state, func.count()).where(~Delivery.by_hand)
    rows = session.execute(query.group_by(Delivery.state))
    return {State(state): count for state, count in rows}


def overdue(
    session: Session, now: datetime, account_id: int | None = None, limit: int | None = 100
) -> Sequence[tuple[Delivery, Account]]:
    """Due and not gone: what should have left before `now` and still waits."""
    query = (
        select(Delivery, Account)
        .join(Account, Account.id == Delivery.account_id)
        .where(Delivery.state == State.WAITING, Delivery.due_at < now)
        .order_by(Delivery.due_at, Delivery.id)
        .limit(limit)
    )
    if account_id is not None:
        query = query.where(Delivery.account_id == account_id)
    rows = session.execute(query)
    return [(delivery, account) for delivery, account in rows]
