"""Queries on all Accounts at once, and the condition by which SQL finds those that can speak.

Each is one statement, for two Accounts and for thousands. What is read here is small: credentials
are read one by one, when they are wanted.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, bindparam, func, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.model.account import Account, new_mark


@dataclass(frozen=True, slots=True)
class Known:
    """What a running bot keeps of an Account; `budget_micros` is the Account's own limit."""

    id: int
    name: str
    platform: str
    remote_id: str | None
    display_name: str | None
    by_default: bool
    budget_micros: int | None
    has_box: bool
    sealed_with: str | None
    mark: int


@dataclass(frozen=True, slots=True)
class On:
    """Which Accounts can be spoken for, as a condition instead of a list that grows with them.

    `ids` have keys of the environment. Of the others those count whose stored credentials one of
    the `keys` opens (or where that is not known), of these `platforms`; none of the ids in `never`.
    """

    ids: frozenset[int] = frozenset()
    platforms: frozenset[str] = frozenset()
    keys: frozenset[str] = frozenset()
    never: frozenset[int] = frozenset()

    def owns(self, account_id: InstrumentedAttribute[int]) -> ColumnElement[bool]:
        """Whether the Account of that column is one of them; looked up by its primary key."""
        return (
            select(Account.id)
            .where(Account.id == account_id, Account.removed_at.is_(None), self._speaks())
            .exists()
        )

    def _speaks(self) -> ColumnElement[bool]:
        by_box = and_(
            Account.credentials.is_not(None),
            Account.platform.in_(sorted(self.platforms)),
            or_(Account.sealed_with.is_(None), Account.sealed_with.in_(sorted(self.keys))),
            Account.id.not_in(sorted(self.never)),
        )
        return or_(Account.id.in_(sorted(self.ids)), by_box)


def fingerprint(session: Session) -> tuple[int, int]:
    """Another pair after any change of an Account, read from an index alone."""
    row = session.execute(select(func.count(Account.mark), func.sum(Account.mark))).one()
    return row[0], int(row[1] or 0)


def known(session: Session) -> list[Known]:
    """Every Account that is not removed, the oldest first."""
    rows = session.execute(
        select(
            Account.id,
            Account.name,
            Account.platform,
            Account.remote_id,
            Account.display_name,
            Account.by_default,
            Account.monthly_budget_micros,
            Account.credentials.is_not(None),
            Account.sealed_with,
            Account.mark,
        )
        .where(Account.removed_at.is_(None))
        .order_by(Account.id)
    )
    return [Known(*tuple(row)) for row in rows]


BOXES = select(Account.id, Account.credentials).where(
    Account.id.in_(bindparam("these", expanding=True)), Account.credentials.is_not(None)
)


def boxes(session: Session, account_ids: Collection[int]) -> Mapping[int, bytes]:
    """The encrypted credentials of these Accounts, where there are any."""
    rows = session.connection().execute(BOXES, {"these": list(account_ids)})
    return {key: box for key, box in rows if box is not None}


def _sealed_otherwise(key: str) -> ColumnElement[bool]:
    other = or_(Account.sealed_with.is_(None), Account.sealed_with != key)
    return and_(Account.credentials.is_not(None), other)


def count_sealed_otherwise(session: Session, key: str) -> int:
    """How many Accounts' credentials are not known to be sealed with that key."""
    return session.scalar(select(func.count()).where(_sealed_otherwise(key))) or 0


def sealed_otherwise(
    session: Session, key: str, after: int, limit: int
) -> Sequence[tuple[int, str, bytes]]:
    """The next of them by id: id, name and box."""
    rows = session.execute(
        select(Account.id, Account.name, Account.credentials)
        .where(_sealed_otherwise(key), Account.id > after)
        .order_by(Account.id)
        .limit(limit)
        .with_for_update()
    )
    return [(key_, name, box) for key_, name, box in rows if box is not None]


def reseal(session: Session, account_id: int, box: bytes, key: str) -> None:
    """Put the same credentials back under another key."""
    session.execute(
        update(Account)
        .where(Account.id == account_id)
        .values(credentials=box, sealed_with=key, mark=new_mark())
    )
