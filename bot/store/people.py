"""Queries on the group's own people, their passkeys and their sign-ins."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from bot.errors import NotFound
from bot.model.person import ACTOR, DECIDING, FORGOTTEN, Passkey, Person, SignIn

P = TypeVar("P", bound=Person)
K = TypeVar("K", bound=Passkey)
IS_SOMEBODY = ~Person.email.endswith(FORGOTTEN)


def get(session: Session, person_id: int) -> Person:
    row = session.get(Person, person_id)
    if row is None or row.email.endswith(FORGOTTEN):
        raise NotFound(f"There is no person {person_id}. See: bot people list")
    return row


def all_of(session: Session) -> Sequence[Person]:
    """Everybody, those who may sign in first; not who was forgotten."""
    query = select(Person).where(IS_SOMEBODY)
    return session.scalars(query.order_by(Person.active.desc(), Person.name)).all()


def by_email(session: Session, email: str) -> Person | None:
    is_it = func.lower(Person.email) == email.strip().lower()
    return session.scalar(select(Person).where(is_it, IS_SOMEBODY))


def one_where(session: Session, kind: type[P], column: str, value: object) -> P | None:
    """The person whose column has that value, as the class that the web app asks for."""
    return session.scalar(select(kind).where(getattr(kind, column) == value))


def passkeys(session: Session, kind: type[K], person_id: int) -> Sequence[K]:
    return session.scalars(
        select(kind).where(kind.person_id == person_id).order_by(kind.name)
    ).all()


def passkey(session: Session, kind: type[K], credential_id: bytes) -> K | None:
    return session.scalar(select(kind).where(kind.credential_id == credential_id))


def approvers(session: Session, but_not: Collection[int] = ()) -> Sequence[Person]:
    """Those who could approve, without these."""
    return session.scalars(
        select(Person).where(
            Person.active,
            Person.role.in_(DECIDING),
            Person.id.not_in(but_not),
        )
    ).all()


def names(session: Session) -> dict[str, str]:
    """What everybody is called, by the name Decisions give them."""
    rows = session.execute(select(Person.id, Person.name))
    return {f"{ACTOR}{number}": name for number, name in rows}


def signed_in(session: Session, secret_digest: str) -> SignIn | None:
    """The sign-in of that secret while it lasts; None when it ended or never was."""
    return session.scalar(
        select(SignIn).where(SignIn.secret_digest == secret_digest, SignIn.ended_at.is_(None))
    )


def sign_ins(session: Session, person_id: int) -> Sequence[SignIn]:
    """Where a person is signed in, newest first."""
    return session.scalars(
        select(SignIn)
        .where(SignIn.person_id == person_id, SignIn.ended_at.is_(None))
        .order_by(SignIn.seen_at.desc())
    ).all()


def end_sign_ins(
    session: Session, person_id: int, now: datetime, but_not: str | None = None
) -> None:
    """Sign a person out everywhere, or everywhere else."""
    query = update(SignIn).where(SignIn.person_id == person_id, SignIn.ended_at.is_(None))
    if but_not is not None:
        query = query.where(SignIn.secret_digest != but_not)
    session.execute(query.values(ended_at=now))
