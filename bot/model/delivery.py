"""Deliveries, their Parts and Attempts, and the states a Delivery may pass through.

The tables below are the whole law of delivery: what a state may become, and from which states the
Platform's own word that a post is out leads to `sent`.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from bot.errors import NotAllowed
from bot.model.base import Base, WordSet


class State(StrEnum):
    """Where a Delivery stands."""

    WAITING = "waiting"
    HELD = "held"
    SENDING = "sending"
    UNCONFIRMED = "unconfirmed"
    SENT = "sent"
    FAILED = "failed"
    CANCELLED = "cancelled"


TRANSITIONS: dict[State, frozenset[State]] = {
    State.WAITING: frozenset({State.SENDING, State.HELD, State.CANCELLED}),
    State.HELD: frozenset({State.WAITING, State.CANCELLED}),
    State.SENDING: frozenset(
        {State.SENT, State.WAITING, State.HELD, State.FAILED, State.UNCONFIRMED}
    ),
    State.UNCONFIRMED: frozenset({State.SENT, State.WAITING, State.HELD}),
    State.SENT: frozenset(),
    State.FAILED: frozenset({State.WAITING, State.CANCELLED}),
    State.CANCELLED: frozenset(),
}

# Evidence from the Platform that the last Part is out outranks what we believed meanwhile: a late
# answer, a look at the timeline, or a person who found it. It never revives what was cancelled.
EVIDENCE_LEADS_TO_SENT = frozenset(
    {State.SENDING, State.UNCONFIRMED, State.HELD, State.WAITING, State.FAILED}
)

EDITABLE_STATES = frozenset({State.WAITING, State.HELD, State.FAILED})


class Hold(StrEnum):
    """Why a Delivery needs a person; several may apply at once."""

    APPROVAL = "approval"
    PAUSED = "paused"
    BLACKOUT = "blackout"
    MISSED = "missed"
    BUDGET = "budget"
    IMPRINT = "imprint"
    FIRST_RUN = "first run"
    FILE_GONE = "file gone"
    IN_DOUBT = "in doubt"
    ALREADY_THERE = "already there"
    ALT_TEXT = "alt text"


# Approvals, missing alt text, pauses and first-run holds are no trouble; these are, and make a
# command exit 1.
TROUBLE_STATES = frozenset({State.UNCONFIRMED, State.FAILED})
TROUBLE_HOLDS = frozenset(
    {Hold.MISSED, Hold.BUDGET, Hold.IMPRINT, Hold.FILE_GONE, Hold.IN_DOUBT, Hold.ALREADY_THERE}
)


class Timing(StrEnum):
    """How a Delivery got its time; a typed one is never moved."""

    TYPED = "typed"
    NEXT = "next"
    NOW = "now"


class WhenInDoubt(StrEnum):
    """What to do when the looks at the timeline found nothing."""

    RESEND = "resend"
    ASK = "ask"


class Delivery(Base):
    """One Post to one Account, in one round. The row is the truth; engines only carry hints."""

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("post_id", "account_id", "round"),
        Index(
            "uq_delivery_account_slot",
            "account_id",
            "slot_start",
            unique=True,
            sqlite_where=text("slot_start IS NOT NULL"),
        ),
        Index(
            "uq_delivery_one_sending",
            "account_id",
            unique=True,
            sqlite_where=text("state = 'sending'"),
        ),
        Index(
            "ix_delivery_due",
            "due_at",
            sqlite_where=text("state = 'waiting'"),
        ),
        Index(
            "ix_delivery_unplanned",
            "id",
            sqlite_where=text("state = 'waiting' AND due_at IS NULL"),
        ),
        Index(
            "ix_delivery_in_flight",
            "lease_until",
            sqlite_where=text("state = 'sending'"),
        ),
        Index(
            "ix_delivery_looks",
            "next_look_at",
            sqlite_where=text("next_look_at IS NOT NULL"),
        ),
        Index(
            "ix_delivery_doubts",
            "account_id",
            "doubt_since",
            sqlite_where=text("doubt_since IS NOT NULL"),
        ),
        Index(
            "ix_delivery_counts",
            "next_count_at",
            sqlite_where=text("next_count_at IS NOT NULL"),
        ),
        Index(
            "ix_delivery_asked",
            "asked_at",
            sqlite_where=text("asked_at IS NOT NULL"),
        ),
        Index("ix_delivery_state_due", "state", "due_at"),
        Index("ix_delivery_state_sent", "state", "sent_at"),
        Index(
            "ix_delivery_state_slot",
            "state",
            "slot_start",
            sqlite_where=text("slot_start IS NOT NULL"),
        ),
        Index("ix_delivery_sent", "sent_at"),
        Index("ix_delivery_account_state", "account_id", "state", "due_at"),
        Index("ix_delivery_account_text", "account_id", "text_key"),
        Index("ix_delivery_account_sent", "account_id", "sent_at"),
        Index(
            "ix_delivery_by_hand",
            "state",
            sqlite_where=text("by_hand"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    round: Mapped[int] = mapped_column(default=1)
    # Of a Post that recurs: which wording, which day's round, and before when no Slot is taken.
    wording: Mapped[int] = mapped_column(default=0, server_default=text("0"))
    occasion: Mapped[date | None]
    opens_at: Mapped[datetime | None]
    state: Mapped[str] = mapped_column(String(20), default=State.WAITING.value)
    holds: Mapped[frozenset[str]] = mapped_column(WordSet(), default=frozenset)
    reason: Mapped[str | None] = mapped_column(String(1000))

    timing: Mapped[str] = mapped_column(String(10))
    due_at: Mapped[datetime | None]
    slot_start: Mapped[datetime | None]
    not_before: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    too_late_seconds: Mapped[int | None]
    quiet_hours: Mapped[str | None] = mapped_column(String(11))
    urgent: Mapped[bool] = mapped_column(default=False)
    beyond_budget: Mapped[bool] = mapped_column(default=False, server_default=false())

    variant_digest: Mapped[str] = mapped_column(String(64))
    approved_digest: Mapped[str | None] = mapped_column(String(64))
    text_key: Mapped[str] = mapped_column(String(64))
    when_in_doubt: Mapped[str] = mapped_column(String(10), default=WhenInDoubt.ASK.value)

    hinted_at: Mapped[datetime | None]
    worker_id: Mapped[int | None] = mapped_column(ForeignKey("worker.id"))
    lease_token: Mapped[str | None] = mapped_column(String(32))
    lease_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)

    doubt_since: Mapped[datetime | None]
    next_look_at: Mapped[datetime | None]
    looks: Mapped[int] = mapped_column(default=0)
    readable_looks: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime | None]

    next_count_at: Mapped[datetime | None]
    counts_taken: Mapped[int] = mapped_column(default=0)
    # Made on the Platform itself: here for its counts alone, and never ours to send or to match.
    by_hand: Mapped[bool] = mapped_column(default=False, server_default=false())

    imprint: Mapped[str | None] = mapped_column(String(500))
    imprint_place: Mapped[str | None] = mapped_column(String(10))
    imprint_reason: Mapped[str | None] = mapped_column(String(300))

    created_at: Mapped[datetime]
    # When its newest public Part went out, in whatever state the Delivery is.
    sent_at: Mapped[datetime | None]
    gone_at: Mapped[datetime | None]

    @property
    def is_trouble(self) -> bool:
        """Whether a person must know of it, beyond ordinary waiting and approving."""
        return (
            self.state in TROUBLE_STATES or bool(self.holds & TROUBLE_HOLDS) or self.is_to_be_noted
        )

    @property
    def is_to_be_noted(self) -> bool:
        """Whether it is over, and a late answer then showed more of it public than was known."""
        return self.state in (State.SENT, State.CANCELLED) and self.asked_at is not None

    @property
    def is_in_doubt(self) -> bool:
        """Whether nobody knows if it is out: a look or a person can still say so."""
        held = self.state == State.HELD and Hold.IN_DOUBT in self.holds
        return held or self.state == State.UNCONFIRMED

    @property
    def may_be_out(self) -> bool:
        """Whether it may be out this moment, so that its words must stay as they were sent."""
        return self.is_in_doubt or self.state == State.SENDING

    def move(self, to: State) -> None:
        """Change the state along TRANSITIONS; NotAllowed otherwise."""
        if self.by_hand or to not in TRANSITIONS[State(self.state)]:
            raise NotAllowed(f"number {self.id} is {self.state} and cannot become {to.value}")
        self.state = to.value

    def hold(self, *holds: Hold, reason: str | None = None) -> None:
        """Put on hold, or add further reasons to a hold."""
        if self.state != State.HELD:
            self.move(State.HELD)
        self.holds = self.holds | {hold.value for hold in holds}
        self.reason = reason or self.reason

    def clear(self, *holds: Hold) -> None:
        """Take reasons off a hold; the last one gone, the Delivery waits again."""
        self.holds = self.holds - {hold.value for hold in holds}
        if self.state == State.HELD and not self.holds:
            self.move(State.WAITING)
            self.reason = None


class Part(Base):
    """One visible post of a Variant, frozen at queueing; `remote_id` once it is out."""

    __tablename__ = "part"
    __table_args__ = (UniqueConstraint("delivery_id", "n"), Index("ix_part_remote_id", "remote_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"))
    n: Mapped[int]
    text: Mapped[str] = mapped_column(Text)
    link: Mapped[str | None] = mapped_column(String(2000))
    images: Mapped[list[Any]] = mapped_column(JSON, default=list)
    weight: Mapped[int]
    remote_id: Mapped[str | None] = mapped_column(String(100))
    url: Mapped[str | None] = mapped_column(String(500))
    sent_at: Mapped[datetime | None]
    gone_at: Mapped[datetime | None]


def without_alt_text(parts: Iterable[Part]) -> str | None:
    """Which picture of what is still to go out has no words yet; None where all have."""
    for part in parts:
        for n, image in enumerate(part.images, 1):
            if part.remote_id is None and not image["alt"]:
                which = f"Picture {n}" if len(part.images) > 1 else "Its picture"
                return f"{which} has no alt text. Describe it, or write alt: in its file."
    return None


class Attempt(Base):
    """One try to publish a Part, written before the request leaves and never overwritten after."""

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("delivery_id", "part_id", "n"),
        Index("ix_attempt_started_at", "started_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"))
    part_id: Mapped[int] = mapped_column(ForeignKey("part.id"))
    n: Mapped[int]
    lease_token: Mapped[str] = mapped_column(String(32))
    worker_id: Mapped[int | None] = mapped_column(ForeignKey("worker.id"))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(20))
    reason: Mapped[str | None] = mapped_column(String(1000))
    status: Mapped[int | None]
    code: Mapped[str | None] = mapped_column(String(100))
    trace: Mapped[str | None] = mapped_column(String(200))


class Proof(Base):
    """What went out and where its Imprint stood, kept for whoever asks. Rows are only ever added.

    `place` is post, profile, pinned, link or none; `reason` says why it stood there. The words are
    a copy, so that no later change can touch what was proven.
    """

    __tablename__ = "proof"
    __table_args__ = (UniqueConstraint("part_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    part_id: Mapped[int] = mapped_column(ForeignKey("part.id"))
    delivery_id: Mapped[int] = mapped_column(ForeignKey("delivery.id"), index=True)
    made_at: Mapped[datetime]
    sent_at: Mapped[datetime]
    remote_id: Mapped[str] = mapped_column(String(100))
    text: Mapped[str] = mapped_column(Text)
    link: Mapped[str | None] = mapped_column(String(2000))
    imprint: Mapped[str | None] = mapped_column(String(500))
    place: Mapped[str] = mapped_column(String(10))
    reason: Mapped[str | None] = mapped_column(String(300))
    seen_there_at: Mapped[datetime | None]
    approver: Mapped[str | None] = mapped_column(String(200))


# A Worker gives a sign of life every ten seconds.
SILENT_AFTER = timedelta(minutes=2)


class Standing(StrEnum):
    """How a Worker is, by its signs of life."""

    ALIVE = "alive"
    SILENT = "silent"
    STOPPED = "stopped"


class Worker(Base):
    """A running heartbeat, its sign of life, and the `trouble` it last had itself.

    `version` is that of the bot it runs; NULL where an older one did not say.
    """

    __tablename__ = "worker"
    __table_args__ = (
        Index(
            "ix_worker_running",
            "id",
            sqlite_where=text("stopped_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    host: Mapped[str] = mapped_column(String(200))
    pid: Mapped[int]
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    stopped_at: Mapped[datetime | None]
    trouble: Mapped[str | None] = mapped_column(String(1000))
    trouble_at: Mapped[datetime | None]
    version: Mapped[str | None] = mapped_column(String(40))

    def standing(self, now: datetime) -> Standing:
        """How it is at that time, by the clock that wrote its signs of life."""
        if self.stopped_at is not None:
            return Standing.STOPPED
        return Standing.SILENT if now - self.seen_at > SILENT_AFTER else Standing.ALIVE


class Decision(Base):
    """What a person decided, with who, when and why. Rows are only ever added."""

    __tablename__ = "decision"

    id: Mapped[int] = mapped_column(primary_key=True)
    made_at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(200))
    verb: Mapped[str] = mapped_column(String(30))
    reason: Mapped[str | None] = mapped_column(String(1000))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("post.id"), index=True)
    delivery_id: Mapped[int | None] = mapped_column(ForeignKey("delivery.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON)
