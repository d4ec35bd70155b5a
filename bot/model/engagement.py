"""Counts of posts and accounts, Charges and Bills. No column can hold a person who engaged."""

from datetime import date, datetime, timedelta

from sqlalchemy import BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bot.model.base import Base


class Counts:
    """What is counted of a Part; NULL where the Platform did not say."""

    views: Mapped[int | None]
    viewers: Mapped[int | None]
    likes: Mapped[int | None]
    comments: Mapped[int | None]
    shares: Mapped[int | None]
    quotes: Mapped[int | None]
    bookmarks: Mapped[int | None]
    link_clicks: Mapped[int | None]
    profile_clicks: Mapped[int | None]
    engagements: Mapped[int | None]


class Snapshot(Counts, Base):
    """A Part's counts at one time; NULL where the Platform did not say."""

    __tablename__ = "snapshot"
    __table_args__ = (UniqueConstraint("part_id", "taken_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    part_id: Mapped[int] = mapped_column(ForeignKey("part.id"))
    taken_at: Mapped[datetime]


COUNTS = tuple(
    column.key
    for column in Snapshot.__table__.columns
    if column.key not in ("id", "part_id", "taken_at")
)


class AccountCount(Base):
    """An Account's own counts on one UTC day; NULL where the Platform did not say.

    `page_views` is how often its page was opened, on the day before the one they were taken on.
    """

    __tablename__ = "account_count"
    __table_args__ = (UniqueConstraint("account_id", "day"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    day: Mapped[date]
    taken_at: Mapped[datetime]
    followers: Mapped[int | None]
    posts: Mapped[int | None]
    page_views: Mapped[int | None]


class PaidReading(Base):
    """That a post, or a profile, was read and paid for on a UTC day: again that day is free.

    Not unique, so that two readings at once cannot fail each other; the dearest counts.
    """

    __tablename__ = "paid_reading"
    __table_args__ = (Index("ix_paid_reading_account_id_day", "account_id", "day", "remote_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    remote_id: Mapped[str] = mapped_column(String(100))
    day: Mapped[date]
    amount_micros: Mapped[int] = mapped_column(BigInteger)


# The ages, in hours, at which posts are compared, and how far from it a reading may lie. A post
# grows slowly by then, so that a quarter of a day, or a day, moves its figures little.
AGES: dict[int, timedelta] = {24: timedelta(hours=6), 7 * 24: timedelta(hours=24)}
NEWEST = 0


class Tally(Counts, Base):
    """A Part's counts at one age, a copy of the Snapshot nearest to it; unique (part, age).

    `age_hours` is one of AGES, or NEWEST for the last reading there is. Kept as Snapshots are
    written, so that no view reads through them all.
    """

    __tablename__ = "tally"
    __table_args__ = (UniqueConstraint("part_id", "age_hours"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    part_id: Mapped[int] = mapped_column(ForeignKey("part.id"))
    age_hours: Mapped[int]
    taken_at: Mapped[datetime]


class Charge(Base):
    """What a call cost, in millionths of a US dollar, by our dated prices."""

    __tablename__ = "charge"
    __table_args__ = (Index("ix_charge_account_made_at", "account_id", "made_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]
    purpose: Mapped[str] = mapped_column(String(20))
    amount_micros: Mapped[int] = mapped_column(BigInteger)
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"))


class Bill(Base):
    """What a Platform really charged for an Account's month, as somebody read it off its bill."""

    __tablename__ = "bill"
    __table_args__ = (UniqueConstraint("account_id", "month"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    month: Mapped[str] = mapped_column(String(7))
    amount_micros: Mapped[int] = mapped_column(BigInteger)
    entered_at: Mapped[datetime]
