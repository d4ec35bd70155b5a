"""Queries on Receivers: how telling through each went last, by its label; no address is here."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.model.alarm import Receiver

LONGEST_ERROR = 300


def by_label(session: Session) -> dict[str, Receiver]:
    """Each receiver that was ever tried, by its label."""
    return {row.label: row for row in session.scalars(select(Receiver))}


def note(session: Session, answers: Mapping[str, str | None], now: datetime) -> None:
    """By label, that it took what it was told (None), or why it did not."""
    known = by_label(session)
    for label, error in answers.items():
        row = known.get(label)
        if row is None:
            row = Receiver(label=label)
            session.add(row)
        if error is None:
            row.took_at, row.failed_at, row.error = now, None, None
        else:
            row.failed_at, row.error = now, error[:LONGEST_ERROR]
