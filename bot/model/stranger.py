"""Posts on our own timelines that this database did not publish."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.model.base import Base


class Stranger(Base):
    """A post on our own timeline that this database did not publish: by hand, or by a second bot.

    `delivery_id` is the Delivery whose words it has, once that was noticed; a Stranger stands for
    one Delivery at most. `unattended` marks what was published while this database was not alive:
    whatever says the same may be it, also a post queued later.
    """

    __tablename__ = "stranger"
    __table_args__ = (
        UniqueConstraint("account_id", "remote_id"),
        Index(
            "ix_stranger_unmatched",
            "account_id",
            sqlite_where=text("delivery_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    remote_id: Mapped[str] = mapped_column(String(100))
    url: Mapped[str] = mapped_column(String(500))
    text: Mapped[str] = mapped_column(Text)
    link: Mapped[str | None] = mapped_column(String(2000))
    reply_to: Mapped[str | None] = mapped_column(String(100))
    published_at: Mapped[datetime]
    unattended: Mapped[bool] = mapped_column(default=False)
    seen_at: Mapped[datetime]
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"))
    matched_at: Mapped[datetime | None]
