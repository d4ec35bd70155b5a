"""Letters: who is owed the report of a week, and the claim that makes sure nobody gets two.

A claim stands before the mail leaves. One whose end was never noted is never claimed again.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from bot.model.person import Letter, Person, Role

READERS = frozenset({Role.STAFF, Role.ADMIN})
MAX_ERROR = 300
REMEMBERED_FOR = timedelta(days=7)
# A mail server has ten seconds to take a mail; one that is under way for longer is in doubt.
UNDER_WAY_FOR = timedelta(minutes=5)
STOPPED = "The bot stopped while it was handed over."


def _of_week(week: str) -> Any:
    return (Letter.person_id == Person.id) & (Letter.week == week)


def _wants_it() -> Any:
    return Person.active & Person.weekly_mail & Person.role.in_(READERS)


def runs_it() -> Any:
    """Those who run the bot: readers of the handover kit, whatever else they want."""
    return Person.active & (Person.role == Role.ADMIN)


def owed(
    session: Session, week: str, now: datetime, readers: ColumnElement[bool] | None = None
) -> Sequence[Person]:
    """Who is to have that week's report and has not been tried, or is to be tried again now.

    With `readers`, whoever they are, and any other mail of that name.
    """
    wanted = _wants_it() if readers is None else readers
    return session.scalars(
        select(Person)
        .outerjoin(Letter, _of_week(week))
        .where(wanted, Letter.id.is_(None) | (Letter.next_try_at <= now))
        .order_by(Person.id)
    ).all()


def readers(session: Session, week: str) -> Sequence[tuple[Person, Letter | None]]:
    """Everybody who wants the report, each with their Letter of that week."""
    rows = session.execute(
        select(Person, Letter)
        .outerjoin(Letter, _of_week(week))
        .where(_wants_it())
        .order_by(Person.id)
    )
    return [(person, letter) for person, letter in rows]


def claim(session: Session, person_id: int, week: str, now: datetime) -> int | None:
    """Take the right to send it, as the Letter's id; None where another has, or had, it.

    A Letter that waits to be tried again may be claimed at any time.
    """
    letter = session.scalar(
        select(Letter)
        .where(Letter.person_id == person_id, Letter.week == week)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if letter is None:
        letter = Letter(person_id=person_id, week=week, claimed_at=now, tries=1)
        session.add(letter)
    elif letter.next_try_at is not None:
        letter.claimed_at, letter.next_try_at, letter.error = now, None, None
        letter.tries += 1
    else:
        return None
    session.flush()
    return letter.id


def sent(session: Session, letter_id: int, now: datetime) -> None:
    """The mail server took it."""
    letter = session.get_one(Letter, letter_id)
    letter.sent_at, letter.error = now, None


def failed(session: Session, letter_id: int, why: str, again_at: datetime | None) -> None:
    """It surely did not go and is tried again then; with None nobody can tell, and it is not."""
    letter = session.get_one(Letter, letter_id)
    letter.error, letter.next_try_at = why[:MAX_ERROR], again_at


def is_astray(now: datetime) -> ColumnElement[bool]:
    """Letters of the last days that nobody knows to have gone, nor will be tried again in time."""
    late = now - UNDER_WAY_FOR
    is_unsure = Letter.next_try_at.is_(None) & (
        Letter.error.is_not(None) | (Letter.claimed_at < late)
    )
    return (
        (Letter.claimed_at >= now - REMEMBERED_FOR)
        & Letter.sent_at.is_(None)
        & (is_unsure | (Letter.next_try_at < late))
    )


def waiting_or_astray(session: Session, now: datetime) -> Sequence[tuple[Person, Letter]]:
    """Those, and what is tried again."""
    waits = Letter.sent_at.is_(None) & (Letter.next_try_at > now - UNDER_WAY_FOR)
    rows = session.execute(
        select(Person, Letter)
        .join(Letter, Letter.person_id == Person.id)
        .where(waits | is_astray(now))
        .order_by(Letter.id)
    )
    return [(person, letter) for person, letter in rows]
