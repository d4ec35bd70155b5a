"""Accounts a page at a time, as doors show them: the same few statements for two and thousands."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session, defer

from bot.model.account import Account, AccountCheck, Pause
from bot.model.delivery import Delivery, Part, State

PER_PAGE = 50
LONGEST_SOUGHT = 60


@dataclass(frozen=True, slots=True)
class Sought:
    """Which Accounts to show: of a platform, with words in their name, or in trouble.

    `stuck` are ids whose credentials are known to be of no use; `trouble` asks for those, for the
    blocked, and for whose last check went badly.
    """

    platform: str | None = None
    words: str = ""
    trouble: bool = False
    stuck: frozenset[int] = frozenset()


def page(
    session: Session, sought: Sought, number: int = 1, per_page: int | None = PER_PAGE
) -> tuple[Sequence[Account], int]:
    """That page of the Accounts sought, the oldest first, and how many there are in all."""
    conditions = _conditions(sought)
    total = session.scalar(select(func.count(Account.id)).where(*conditions)) or 0
    query = select(Account).where(*conditions).order_by(Account.id)
    if per_page is not None:
        query = query.limit(per_page).offset((max(number, 1) - 1) * per_page)
    return session.scalars(query.options(defer(Account.credentials))).all(), total


def _conditions(sought: Sought) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [Account.removed_at.is_(None)]
    if sought.platform:
        found.append(Account.platform == sought.platform)
    words = sought.words.strip()[:LONGEST_SOUGHT].casefold()
    if words:
        found.append(
            or_(
                Account.name.contains(words, autoescape=True),
                func.lower(Account.display_name).contains(words, autoescape=True),
            )
        )
    if sought.trouble:
        found.append(_in_trouble(sought.stuck))
    return found


def _in_trouble(stuck: frozenset[int]) -> ColumnElement[bool]:
    newest = select(func.max(AccountCheck.id)).group_by(AccountCheck.account_id)
    went_badly = Account.id.in_(
        select(AccountCheck.account_id).where(AccountCheck.id.in_(newest), ~AccountCheck.ok)
    )
    blocked = and_(Account.is_blocked, Account.parked_until.is_not(None))
    return or_(Account.id.in_(sorted(stuck)), blocked, went_badly)


def pauses_over(session: Session, account_ids: Collection[int]) -> dict[int, list[Pause]]:
    """What pauses each of these Accounts, the oldest first; a pause of everything is on each."""
    found: dict[int, list[Pause]] = {key: [] for key in account_ids}
    for row in session.scalars(
        select(Pause)
        .where(
            Pause.ended_at.is_(None),
            or_(Pause.account_id.is_(None), Pause.account_id.in_(account_ids)),
        )
        .order_by(Pause.id)
    ):
        for key in account_ids if row.account_id is None else (row.account_id,):
            found[key].append(row)
    return found


def last_checks(session: Session, account_ids: Collection[int]) -> dict[int, AccountCheck]:
    """The newest answer of each of these Accounts' Platforms, by Account."""
    newest = (
        select(func.max(AccountCheck.id))
        .where(AccountCheck.account_id.in_(account_ids))
        .group_by(AccountCheck.account_id)
    )
    rows = session.scalars(select(AccountCheck).where(AccountCheck.id.in_(newest)))
    return {row.account_id: row for row in rows}


def last_out(
    session: Session, account_ids: Collection[int]
) -> dict[int, tuple[int, str, datetime]]:
    """The newest post that is out on each of these: its Post's id, first words and when."""
    # One step into the index for each Account; a maximum over all would read whatever is out.
    newest = (
        select(Delivery.id)
        .where(
            Delivery.account_id == Account.id,
            Delivery.state == State.SENT,
            Delivery.sent_at.is_not(None),
        )
        .order_by(Delivery.sent_at.desc(), Delivery.id.desc())
        .limit(1)
        .correlate(Account)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Account.id, Delivery.post_id, Part.text, Delivery.sent_at)
        .join(Delivery, Delivery.id == newest)
        .join(Part, and_(Part.delivery_id == Delivery.id, Part.n == 1))
        .where(Account.id.in_(account_ids))
    )
    return {key: (post_id, text, at) for key, post_id, text, at in rows if at is not None}
