"""People who use the web app, how they sign in, and what they are writing.

Only the group's own people: nobody who engages with a post has a row anywhere.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary, String, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.model.base import Base

ACTOR = "person:"
# The end of the address of who was forgotten; no mail server has such a name (RFC 6761).
FORGOTTEN = "@forgotten.invalid"


class Role(StrEnum):
    """What a person may do; each has one."""

    VOLUNTEER = "volunteer"
    APPROVER = "approver"
    STAFF = "staff"
    ADMIN = "admin"


# Those who let words go out: a second step is asked of them at every sign-in.
DECIDING = frozenset({Role.APPROVER, Role.ADMIN})


class Person(Base):
    """One of the group's own people. `password` is a hash, or None until the invitation is taken.

    The names of the columns from `fs_uniquifier` on are those Flask-Security asks for.
    """

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(255), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(20))
    active: Mapped[bool] = mapped_column(default=True)
    language: Mapped[str | None] = mapped_column(String(5))
    likes_list: Mapped[bool] = mapped_column(default=False)
    weekly_mail: Mapped[bool] = mapped_column(default=True, server_default=true())
    password: Mapped[str | None] = mapped_column(String(255))
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    fs_webauthn_user_handle: Mapped[str | None] = mapped_column(String(64), unique=True)
    tf_primary_method: Mapped[str | None] = mapped_column(String(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(String(255))
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(JSON)
    created_at: Mapped[datetime]

    @property
    def actor(self) -> str:
        """How Decisions name this person: by number, so that the name can be forgotten."""
        return f"{ACTOR}{self.id}"


class Letter(Base):
    """One person's mail with the report of one week (`2026-W47`), or the handover kit of one
    quarter (`2026-Q4`); claimed before it is handed over.

    With neither `sent_at` nor `next_try_at` it is under way, or nobody can tell whether it went:
    it is never sent by itself again.
    """

    __tablename__ = "letter"
    __table_args__ = (UniqueConstraint("person_id", "week"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    week: Mapped[str] = mapped_column(String(8))
    claimed_at: Mapped[datetime]
    tries: Mapped[int] = mapped_column(default=1)
    sent_at: Mapped[datetime | None]
    next_try_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(String(300))

    @property
    def is_kit(self) -> bool:
        return "-Q" in self.week


class Passkey(Base):
    """A key on a person's own device that signs them in without a password."""

    __tablename__ = "passkey"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str] = mapped_column(String(64))
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1024), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(default=0)
    transports: Mapped[list[str] | None] = mapped_column(JSON)
    backup_state: Mapped[bool] = mapped_column(default=False)
    device_type: Mapped[str] = mapped_column(String(64))
    extensions: Mapped[str | None] = mapped_column(String(255))
    usage: Mapped[str] = mapped_column(String(64))
    lastuse_datetime: Mapped[datetime]
    person: Mapped[Person] = relationship()


class SignIn(Base):
    """One sign-in on one device, known by a digest of its secret; over when `ended_at` is set."""

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    secret_digest: Mapped[str] = mapped_column(String(64), unique=True)
    device: Mapped[str] = mapped_column(String(120))
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Manuscript(Base):
    """What a person is writing (a draft): the form as typed, mistakes included, saved as they type.

    Its `key` becomes the Post's, so that one becomes one Post however often it is queued.
    With `post_id` it is an edit, of the words that had `post_version`.
    """

    __tablename__ = "manuscript"

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(36), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"), index=True)
    post_version: Mapped[int | None]
    form: Mapped[dict[str, Any]] = mapped_column(JSON)
    media: Mapped[list[Any]] = mapped_column(JSON, default=list)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    saved_at: Mapped[datetime]
