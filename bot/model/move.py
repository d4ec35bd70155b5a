"""Moves of the whole database into another: which one counts, so that never two of them publish.

Each database keeps its own rows. The newest that was not undone says how it stands.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, String, and_, or_
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from bot.model.base import Base


class Side(StrEnum):
    """Which end of a Move a database is."""

    LEFT = "left"
    ENTERED = "entered"


class Move(Base):
    """One copying of everything from one database (it LEFT) into another (it ENTERED).

    `key` is the same in both; `place` is the other one's address, without its password. `ended_at`
    is when the copy was found whole: from then on the one that was left is closed, and until then
    the one that was entered is.
    """

    __tablename__ = "move"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(32))
    side: Mapped[str] = mapped_column(String(10))
    place: Mapped[str] = mapped_column(String(500))
    actor: Mapped[str] = mapped_column(String(200))
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]

    @hybrid_property
    def closes(self) -> bool:
        """Whether nothing may be sent from, or decided in, a database of which this is the last."""
        return (self.side == Side.LEFT) == (self.ended_at is not None)

    @closes.inplace.expression
    @classmethod
    def _closes(cls) -> ColumnElement[bool]:
        return or_(
            and_(cls.side == Side.LEFT, cls.ended_at.is_not(None)),
            and_(cls.side == Side.ENTERED, cls.ended_at.is_(None)),
        )
