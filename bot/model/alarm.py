"""Alarms: troubles that somebody is told of, the receivers they are told through, and backups.

No address and no key of a receiver is kept here: they stand in the settings alone.
"""

from datetime import datetime

from sqlalchemy import Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.model.base import Base


class Alarm(Base):
    """One trouble from its beginning to its end, and whether somebody was told of both.

    `key` says which trouble it is; only one of a key is open. `gone_at` is since when an open one
    is no longer seen. `claimed_until` stands while somebody is telling of it.
    """

    __tablename__ = "alarm"
    __table_args__ = (
        Index(
            "uq_alarm_open",
            "key",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(30))
    said: Mapped[str] = mapped_column(String(2000))
    urgent: Mapped[bool]
    began_at: Mapped[datetime]
    noticed_at: Mapped[datetime]
    gone_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None] = mapped_column(index=True)
    claimed_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    told_to: Mapped[str | None] = mapped_column(String(200))
    end_told_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(String(500))


class Receiver(Base):
    """How telling through one receiver went last, by its number and kind; never its address."""

    __tablename__ = "receiver"

    id: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(String(200), unique=True)
    took_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(String(300))


class Backup(Base):
    """One run of the backup: when, and why there is none where it failed."""

    __tablename__ = "backup"

    id: Mapped[int] = mapped_column(primary_key=True)
    made_at: Mapped[datetime]
    error: Mapped[str | None] = mapped_column(String(300))
