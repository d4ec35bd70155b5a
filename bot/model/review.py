"""What the group's own people noted while they went through the engagement log."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.model.base import Base

MAX_NOTE = 2000


class Review(Base):
    """That one of our own people looked at a Delivery's engagement, with their note."""

    __tablename__ = "review"

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"), unique=True)
    note: Mapped[str] = mapped_column(String(MAX_NOTE))
    reviewed_at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(200))
