"""Queries on Accounts: who they are, whether they are parked, paused or blacked out, and Slots."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import and_, bindparam, func, or_, select, update
from sqlalchemy.orm import Session

from bot.errors import NotFound
from bot.model.account import Account, AccountCheck, Blackout, Pause, Slot
from bot.model.delivery import Delivery

# How many names an error lists.
NAMED_IN_FULL = 12


def all_of(session: Session) -> Sequence[Account]:
    return session.scalars(
        select(Account).where(Account.removed_at.is_(None)).order_by(Account.id)
    ).all()


def named(session: Session, name: str) -> Account:
    """The Account of that name, not a removed one; NotFound lists those there are, or the first."""
    account = ever_named(session, name)
    if account is None or account.removed_at is not None:
        raise NotFound(f"There is no account named {name}. Accounts: {_first_names(session)}.")
    return account


def _first_names(session: Session) -> str:
    names = session.scalars(
        select(Account.name)
        .where(Account.removed_at.is_(None))
        .order_by(Account.id)
        .limit(NAMED_IN_FULL + 1)
    ).all()
    more = " and more (bot accounts list)" if len(names) > NAMED_IN_FULL else ""
    return (", ".join(names[:NAMED_IN_FULL]) or "none yet") + more


def some_named(session: Session, names: Collection[str]) -> dict[str, Account]:
    """Those of these Accounts that there are, by name."""
    rows = session.scalars(
        select(Account)
        .where(Account.name.in_(names), Account.removed_at.is_(None))
        .order_by(Account.id)
    )
    return {row.name: row for row in rows}


def ever_named(session: Session, name: str) -> Account | None:
    """The Account that has that name, removed or not."""
    return session.scalar(select(Account).where(Account.name == name))


def of_remote(session: Session, platform: str, remote_id: str) -> Account | None:
    """The Account that speaks, or spoke, for that profile or Page."""
    return session.scalar(
        select(Account)
        .where(Account.platform == platform, Account.remote_id == remote_id)
        .order_by(Account.removed_at.is_not(None), Account.id)
        .limit(1)
    )


def first_few(session: Session, limit: int) -> Sequence[Account]:
    """The first Accounts, those before others that posts go to which name none."""
    return session.scalars(
        select(Account)
        .where(Account.removed_at.is_(None))
        .order_by(Account.by_default.desc(), Account.id)
        .limit(limit)
    ).all()


def never_met(session: Session) -> list[tuple[str, bool]]:
    """Accounts whose files nobody has looked at yet as those of a live one: name, and whether it
    came back from a backup."""
    rows = session.execute(
        select(Account.name, Account.restored_at.is_not(None)).where(
            Account.removed_at.is_(None), Account.met_live_at.is_(None)
        )
    )
    return [(name, is_restored) for name, is_restored in rows]


def names_of(session: Session, account_ids: Collection[int]) -> dict[int, str]:
    """The names of these Accounts that are not removed, by id."""
    rows = session.execute(
        select(Account.id, Account.name).where(
            Account.id.in_(account_ids), Account.removed_at.is_(None)
        )
    )
    return {key: name for key, name in rows}  # noqa: C416  rows are no pairs to mypy


def names(session: Session) -> dict[int, str]:
    """The name of every Account that is not removed, by id, the oldest first."""
    rows = session.execute(
        select(Account.id, Account.name).where(Account.removed_at.is_(None)).order_by(Account.id)
    )
    return {key: name for key, name in rows}  # noqa: C416  rows are no pairs to mypy


def resting(session: Session, now: datetime, also: Collection[int] = ()) -> Sequence[Account]:
    """Accounts that are parked now, and those of these ids."""
    return session.scalars(
        select(Account)
        .where(Account.removed_at.is_(None), or_(Account.parked_until > now, Account.id.in_(also)))
        .order_by(Account.id)
    ).all()


def by_default(session: Session) -> Sequence[Account]:
    """Where posts go that name no Account, the oldest first."""
    return session.scalars(
        select(Account).where(Account.removed_at.is_(None), Account.by_default).order_by(Account.id)
    ).all()


def by_id(session: Session, account_id: int) -> Account:
    return session.get_one(Account, account_id)


ID_OF_DELIVERY = select(Delivery.account_id).where(Delivery.id == bindparam("this_delivery"))


def id_of_delivery(session: Session, delivery_id: int) -> int:
    """Which Account a Delivery is for."""
    wanted = {"this_delivery": delivery_id}
    found: int = session.connection().execute(ID_OF_DELIVERY, wanted).scalar_one()
    return found


def locked(session: Session, account_id: int) -> Account:
    """The Account; on PostgreSQL nobody else plans or matches on it until the transaction ends."""
    return session.get_one(Account, account_id, with_for_update=True, populate_existing=True)


def ensure(session: Session, name: str, platform: str, now: datetime) -> Account:
    """The Account of that name, made when it is not there yet."""
    account = session.scalar(select(Account).where(Account.name == name))
    if account is None:
        account = Account(name=name, platform=platform, created_at=now)
        session.add(account)
        session.flush()
    return account


def park(session: Session, account_id: int, until: datetime, reason: str, *, blocked: bool) -> None:
    """Send nothing to the Account before `until`; a longer park is kept."""
    session.execute(
        update(Account)
        .where(
            Account.id == account_id,
            or_(Account.parked_until.is_(None), Account.parked_until < until),
        )
        .values(parked_until=until, park_reason=reason, is_blocked=blocked)
    )


def unpark(session: Session, account_id: int) -> None:
    session.execute(
        update(Account)
        .where(Account.id == account_id, Account.parked_until.is_not(None))
        .values(parked_until=None, park_reason=None, is_blocked=False)
    )


def open_pauses(session: Session) -> Sequence[Pause]:
    return session.scalars(select(Pause).where(Pause.ended_at.is_(None)).order_by(Pause.id)).all()


def pause(
    session: Session, account_id: int | None, *, reason: str, actor: str, now: datetime
) -> None:
    """Stop one Account, or (None) all; a pause that stands already gets the new reason."""
    standing = [row for row in open_pauses(session) if row.account_id == account_id]
    if standing:
        standing[0].reason = reason
        return
    session.add(Pause(account_id=account_id, reason=reason, actor=actor, started_at=now))


def end_pauses(session: Session, account_id: int, now: datetime, actor: str) -> None:
    """End what pauses that Account alone."""
    session.execute(
        update(Pause)
        .where(Pause.account_id == account_id, Pause.ended_at.is_(None))
        .values(ended_at=now, ended_by=actor)
    )


def pauses_between(session: Session, since: datetime, until: datetime) -> Sequence[Pause]:
    """Pauses that stood in that time, if only for a part of it."""
    lasted = or_(Pause.ended_at.is_(None), Pause.ended_at > since)
    return session.scalars(select(Pause).where(Pause.started_at < until, lasted)).all()


def pause_over(session: Session, account_id: int) -> Pause | None:
    """The Pause that keeps this Account from sending, if any."""
    return session.scalar(
        select(Pause)
        .where(
            Pause.ended_at.is_(None),
            or_(Pause.account_id.is_(None), Pause.account_id == account_id),
        )
        .order_by(Pause.id)
        .limit(1)
    )


def with_pauses(session: Session) -> list[tuple[Account, list[Pause]]]:
    """Every Account, where there are few, with what keeps it from sending, the oldest first."""
    over = or_(Pause.account_id.is_(None), Pause.account_id == Account.id)
    rows = session.execute(
        select(Account, Pause)
        .outerjoin(Pause, and_(Pause.ended_at.is_(None), over))
        .where(Account.removed_at.is_(None))
        .order_by(Account.id, Pause.id)
    )
    found: dict[int, tuple[Account, list[Pause]]] = {}
    for account, pause in rows:
        found.setdefault(account.id, (account, []))[1].extend([pause] if pause else [])
    return list(found.values())


def named_pauses(session: Session) -> list[tuple[Pause, str | None]]:
    """Every Pause that stands, the oldest first, with its Account's name; None for all of them."""
    rows = session.execute(
        select(Pause, Account.name)
        .outerjoin(Account, Account.id == Pause.account_id)
        .where(Pause.ended_at.is_(None))
        .order_by(Pause.id)
    )
    return [(pause, name) for pause, name in rows]


def oldest_pauses(pauses: Iterable[Pause]) -> dict[int | None, Pause]:
    """The oldest of these by Account id, that of all under None."""
    found: dict[int | None, Pause] = {}
    for row in pauses:
        found.setdefault(row.account_id, row)
    return found


def oldest_over(pauses: Mapping[int | None, Pause], account_id: int) -> Pause | None:
    """Of such, the one that has kept this Account from sending for longest."""
    over = [pauses[key] for key in (account_id, None) if key in pauses]
    return min(over, key=lambda row: row.id, default=None)


def blackout_over(session: Session, account_id: int, at: datetime) -> Blackout | None:
    """The Blackout in force for this Account at that time, if any."""
    return session.scalar(
        select(Blackout)
        .where(
            Blackout.removed_at.is_(None),
            Blackout.starts_at <= at,
            Blackout.ends_at > at,
            or_(Blackout.account_id.is_(None), Blackout.account_id == account_id),
        )
        .order_by(Blackout.ends_at.desc())
        .limit(1)
    )


def slots(session: Session, account_id: int) -> Sequence[Slot]:
    return session.scalars(
        select(Slot).where(Slot.account_id == account_id).order_by(Slot.weekday, Slot.local_time)
    ).all()


def slots_of(session: Session, account_ids: Collection[int]) -> dict[int, list[Slot]]:
    """The Slots of several Accounts, in order, by Account."""
    found: dict[int, list[Slot]] = {account_id: [] for account_id in account_ids}
    for slot in session.scalars(
        select(Slot).where(Slot.account_id.in_(account_ids)).order_by(Slot.weekday, Slot.local_time)
    ):
        found[slot.account_id].append(slot)
    return found


def replace_slots(session: Session, account_id: int, wanted: Sequence[tuple[int, str]]) -> None:
    """Give the Account exactly these (weekday, HH:MM) Slots."""
    for row in slots(session, account_id):
        session.delete(row)
    session.flush()
    for weekday, local_time in sorted(set(wanted)):
        session.add(Slot(account_id=account_id, weekday=weekday, local_time=local_time))


def last_good_check(session: Session, account_id: int) -> AccountCheck | None:
    """The newest answer of a Platform that could be read."""
    return session.scalar(
        select(AccountCheck)
        .where(AccountCheck.account_id == account_id, AccountCheck.ok)
        .order_by(AccountCheck.id.desc())
        .limit(1)
    )


def last_checks(session: Session) -> dict[int, AccountCheck]:
    """The newest answer of each Account's Platform, by Account."""
    newest = select(func.max(AccountCheck.id)).group_by(AccountCheck.account_id)
    rows = session.scalars(select(AccountCheck).where(AccountCheck.id.in_(newest)))
    return {row.account_id: row for row in rows}


def last_check(session: Session, account_id: int) -> AccountCheck | None:
    return session.scalar(
        select(AccountCheck)
        .where(AccountCheck.account_id == account_id)
        .order_by(AccountCheck.id.desc())
        .limit(1)
    )
