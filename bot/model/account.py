"""Accounts, their Timetables, Pauses and Blackouts, and what was last seen of their health."""

import secrets
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ForeignKey,
    LargeBinary,
    String,
    UniqueConstraint,
    event,
    inspect,
    true,
)
from sqlalchemy.orm import Mapped, mapped_column

from bot.model.base import Base, WordSet


class Approval(StrEnum):
    """Whose posts need somebody's approval before they go out on an Account."""

    OFF = "off"
    VOLUNTEERS = "volunteers"
    TWO_PEOPLE = "two people"


def new_mark() -> int:
    """A random number; thousands of them add up within what a column of 64 bits holds."""
    return secrets.randbits(40)


class Account(Base):
    """One X profile or one Facebook Page we speak for.

    `remote_id` is pinned at first sight; other credentials refuse to run. `parked_until` is the
    time before which nothing is sent, after a rate limit or (`is_blocked`) a block that needs a
    person; `unreadable_until` the time before which its timeline is not looked at. `behind_since`
    is the time from which posts of ours may be out that this database does not know (it slept, or
    came back from a backup): nothing is sent until the timeline was read. `credentials` are those
    a person connected, encrypted; NULL where there are none or the environment's are used.
    `sealed_with` names the key that opens them, and gives nothing of it away. `by_default` says
    whether posts that name no Account go there. `mark` is another after each change of what a
    running bot must take over, so that one sum over all Accounts tells it whether to look.
    """

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    platform: Mapped[str] = mapped_column(String(30))
    remote_id: Mapped[str | None] = mapped_column(String(60))
    display_name: Mapped[str | None] = mapped_column(String(200))
    timezone: Mapped[str | None] = mapped_column(String(60))
    approval: Mapped[str] = mapped_column(String(20), default=Approval.OFF.value)
    credentials: Mapped[bytes | None] = mapped_column(LargeBinary)
    sealed_with: Mapped[str | None] = mapped_column(String(16))
    by_default: Mapped[bool] = mapped_column(default=True, server_default=true())
    mark: Mapped[int] = mapped_column(BigInteger, default=new_mark, server_default="0", index=True)
    connected_by: Mapped[str | None] = mapped_column(String(200))
    connected_at: Mapped[datetime | None]
    credentials_expire_at: Mapped[datetime | None]
    monthly_budget_micros: Mapped[int | None] = mapped_column(BigInteger)
    max_weight: Mapped[int | None]
    met_live_at: Mapped[datetime | None]
    parked_until: Mapped[datetime | None]
    park_reason: Mapped[str | None] = mapped_column(String(500))
    is_blocked: Mapped[bool] = mapped_column(default=False)
    unreadable_until: Mapped[datetime | None]
    last_read_at: Mapped[datetime | None]
    behind_since: Mapped[datetime | None]
    behind_tries: Mapped[int] = mapped_column(default=0, server_default="0")
    behind_reason: Mapped[str | None] = mapped_column(String(500))
    restored_at: Mapped[datetime | None]
    automated_label_by: Mapped[str | None] = mapped_column(String(200))
    automated_label_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]

    def may_be_read(self, now: datetime) -> bool:
        """Whether neither a limit, a block nor an answer to a reading says to let it alone."""
        return all(at is None or at <= now for at in (self.parked_until, self.unreadable_until))


# What a bot that runs keeps in memory of an Account.
TAKEN_OVER = (
    "name",
    "remote_id",
    "display_name",
    "credentials",
    "sealed_with",
    "by_default",
    "monthly_budget_micros",
    "removed_at",
)


@event.listens_for(Account, "before_update")
def _mark_anew(_mapper: Any, _connection: Any, account: Account) -> None:
    """Nobody who changes an Account has to think of the mark."""
    attributes = inspect(account).attrs
    if any(attributes[name].history.has_changes() for name in TAKEN_OVER):
        account.mark = new_mark()


class Connecting(Base):
    """A sign-in that a person began at a Platform and has not come back from yet.

    Good once, until `ends_at`. `state_digest` is of what the Platform sends back with the person,
    `session_digest` of what their browser holds; `kept` is encrypted.
    """

    __tablename__ = "connecting"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    state_digest: Mapped[str] = mapped_column(String(64), unique=True)
    session_digest: Mapped[str] = mapped_column(String(64))
    kept: Mapped[bytes] = mapped_column(LargeBinary)
    ends_at: Mapped[datetime]


class Slot(Base):
    """A weekly local time at which an Account may publish; weekday 0 is Monday."""

    __tablename__ = "slot"
    __table_args__ = (UniqueConstraint("account_id", "weekday", "local_time"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    weekday: Mapped[int]
    local_time: Mapped[str] = mapped_column(String(5))


class Pause(Base):
    """The stop switch, for one Account or (account_id NULL) for all, from start to end."""

    __tablename__ = "pause"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    reason: Mapped[str] = mapped_column(String(500))
    actor: Mapped[str] = mapped_column(String(200))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(index=True)
    ended_by: Mapped[str | None] = mapped_column(String(200))


QUIET_TIME = "Quiet time: "


class Blackout(Base):
    """Hours in which nothing goes out, for one Account or (account_id NULL) for all.

    It covers its first moment and not its last. People read "quiet time".
    """

    __tablename__ = "blackout"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime] = mapped_column(index=True)
    reason: Mapped[str] = mapped_column(String(500))
    actor: Mapped[str] = mapped_column(String(200))
    removed_at: Mapped[datetime | None]

    @property
    def said(self) -> str:
        """Why a post is held, as its reason says it."""
        return f"{QUIET_TIME}{self.reason}"


class AccountCheck(Base):
    """What the Platform said about an Account when it was last asked."""

    __tablename__ = "account_check"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    taken_at: Mapped[datetime]
    ok: Mapped[bool]
    problem: Mapped[str | None] = mapped_column(String(500))
    remote_id: Mapped[str | None] = mapped_column(String(60))
    display_name: Mapped[str | None] = mapped_column(String(200))
    missing_scopes: Mapped[list[Any]] = mapped_column(JSON, default=list)
    expires_at: Mapped[datetime | None]
    bio: Mapped[str | None] = mapped_column(String(1000))
    pinned: Mapped[str | None] = mapped_column(String(100))
    clock_skew_seconds: Mapped[float | None]
    imprint_places: Mapped[frozenset[str] | None] = mapped_column(WordSet())


class Answer(Base):
    """A person's answer to one of the questions of set-up; the newest of a question counts."""

    __tablename__ = "answer"

    id: Mapped[int] = mapped_column(primary_key=True)
    question: Mapped[str] = mapped_column(String(40), index=True)
    said: Mapped[str] = mapped_column(String(1000))
    actor: Mapped[str] = mapped_column(String(200))
    answered_at: Mapped[datetime]
