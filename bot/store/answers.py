"""Queries on Answers: rows are only added, the newest of a question counts."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.model.account import Answer


def add(session: Session, question: str, said: str, actor: str, now: datetime) -> None:
    session.add(Answer(question=question, said=said, actor=actor, answered_at=now))


def newest(session: Session) -> dict[str, Answer]:
    """Each answered question's newest Answer, by its key."""
    return {row.question: row for row in session.scalars(select(Answer).order_by(Answer.id))}
