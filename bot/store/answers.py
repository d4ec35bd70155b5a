"""Queries on Answers: rows are only added, the newest of a question counts.

Who holds a thing outside the bot is the exception: of names only the newest are kept.
"""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.model.account import Answer

# Before the thing, in place of a question of set-up.
HOLDER = "holder:"


def add(session: Session, question: str, said: str, actor: str, now: datetime) -> None:
    session.add(Answer(question=question, said=said, actor=actor, answered_at=now))


def newest(session: Session) -> dict[str, Answer]:
    """Each answered question's newest Answer, by its key."""
    return {row.question: row for row in session.scalars(select(Answer).order_by(Answer.id))}


def forget(session: Session, question: str) -> None:
    """Every Answer to it goes."""
    session.execute(delete(Answer).where(Answer.question == question))


def holders(session: Session) -> dict[str, Answer]:
    """Who holds what, by the thing."""
    found = session.scalars(select(Answer).where(Answer.question.startswith(HOLDER)))
    return {row.question.removeprefix(HOLDER): row for row in found}
