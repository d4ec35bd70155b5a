"""Queries on what people are writing."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.model.person import Manuscript


def by_key(session: Session, key: str, *, lock: bool = False) -> Manuscript | None:
    query = select(Manuscript).where(Manuscript.key == key)
    return session.scalar(query.with_for_update() if lock else query)


def stored(session: Session, row: Manuscript) -> Manuscript:
    """The one of that key, locked; made of `row` where there is none yet.

    Two saves of a new one may arrive together: the second finds what the first has made.
    """
    found = by_key(session, row.key, lock=True)
    if found is not None:
        return found
    try:
        with session.begin_nested():
            made = session.merge(row)
            session.flush()
            return made
    except IntegrityError:
        found = by_key(session, row.key, lock=True)
        if found is None:
            raise
        return found


def renewed(session: Session, row: Manuscript, at: datetime) -> Manuscript | None:
    """The one of that key with the words of `row`, saved then; its pictures stay. None where there
    is none yet."""
    return session.scalar(
        update(Manuscript)
        .where(Manuscript.key == row.key)
        .values(
            form=row.form,
            post_version=row.post_version,
            saved_at=at,
            version=Manuscript.version + 1,
        )
        .returning(Manuscript)
    )


def of_person(session: Session, person_id: int) -> Sequence[Manuscript]:
    """What a person left unfinished, last saved first."""
    return session.scalars(
        select(Manuscript)
        .where(Manuscript.person_id == person_id)
        .order_by(Manuscript.saved_at.desc(), Manuscript.id.desc())
    ).all()


def of_post(session: Session, post_id: int) -> Sequence[Manuscript]:
    """Edits under way of one post, by whoever."""
    return session.scalars(select(Manuscript).where(Manuscript.post_id == post_id)).all()
