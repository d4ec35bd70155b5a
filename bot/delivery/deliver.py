"""Sends one Delivery: claim, gates, uploads, Attempt, the one request, outcome.

The Attempt is committed before its request leaves. Where files go first, that is in a transaction
that reads pause and lease once more; where nothing does, in the one that claims. One Delivery is
claimed right before its call, never a batch. Nothing is retried here.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal

import structlog

from bot import clock as clocks
from bot.clock import Clock
from bot.delivery import outcomes, retry
from bot.delivery.gates import Case, Doubtful, Held, Later, Verdict, overtaken, parked, verdict
from bot.model.delivery import Delivery, Hold, Part, State
from bot.platforms.contract import (
    NotReached,
    Outcome,
    Platform,
    Prepared,
    Sent,
    Unknown,
)
from bot.store import claims, deliveries, gating
from bot.store.engine import Session, Store
from bot.wire import over_by

LEASE_MARGIN = timedelta(seconds=30)
log = structlog.get_logger()


def _always() -> bool:
    """Nobody asks to stop."""
    return True


@dataclass(frozen=True, slots=True)
class Limits:
    """The times and sums delivery goes by."""

    send_timeout: timedelta
    spacing: timedelta
    too_late: timedelta
    confirm_after: Sequence[timedelta]
    first_count_after: timedelta | None
    monthly_budgets: Mapping[int, Decimal]
    imprint_answered: bool
    # For all files of a Part together; a large one takes minutes on a slow line.
    upload_time: timedelta = timedelta(minutes=10)

    @property
    def lease(self) -> timedelta:
        """Longer than any request can take, so that a living call keeps its lease."""
        return self.send_timeout * 2 + LEASE_MARGIN


@dataclass(frozen=True, slots=True)
class Ready:
    """A committed Attempt: the request for this Part may leave now, and must be over by then.

    `over_at` is on the clock of deadlines. Past it others may take the request for dead.
    """

    delivery_id: int
    part_id: int
    attempt_id: int
    token: str
    part: Part
    reply_to: str | None
    over_at: float
    prepared: Prepared = field(default_factory=Prepared)


@dataclass(frozen=True, slots=True)
class Deliverer:
    """Delivers with one store, clock and set of Platforms (by Account id)."""

    store: Store
    clock: Clock
    platforms: Mapping[int, Platform]
    limits: Limits

    def deliver(
        self,
        delivery_id: int,
        worker_id: int | None = None,
        may_go_on: Callable[[], bool] = _always,
    ) -> bool:
        """Try to send one due Delivery; True when it was ours to try.

        When it may not go on, no further request leaves, and what is left is anybody's at once.
        """
        token = secrets.token_hex(16)
        claimed = self._claim(delivery_id, worker_id, token, may_go_on)
        if claimed is None:
            return False
        self._send_parts(*claimed, token, may_go_on)
        return True

    def _claim(
        self, delivery_id: int, worker_id: int | None, token: str, may_go_on: Callable[[], bool]
    ) -> tuple[Case, Ready | None] | None:
        """The Delivery, now ours, and what was read with it; None where it is not to be sent.

        With it the first Attempt, where no upload comes before its request: nothing can have
        changed within one transaction, so nothing is asked twice.
        """
        over_at = clocks.monotonic() + self.limits.send_timeout.total_seconds()
        with self.store.write() as session:
            if not claims.claim(
                session,
                delivery_id,
                worker_id=worker_id,
                token=token,
                now=self.clock(),
                lease_until=self.store.lease_now(session) + self.limits.lease,
            ):
                return None
            case = self._case(session, delivery_id)
            delivery, platform = case.delivery, case.platform
            found = verdict(case)
            if found is not None:
                self._give_back(delivery, found)
                log.info(
                    "held back",
                    action="held back",
                    delivery=delivery_id,
                    post=f"P{delivery.post_id}",
                    account=platform.rules.title,
                    state=delivery.state,
                    reason=found.reason,
                )
                return None
            first = next(iter(deliveries.unsent(case.parts)), None)
            if first is None or first.images or not may_go_on():
                return case, None
            return case, self._attempted(case, first, token, over_at)

    def _attempted(self, case: Case, part: Part, token: str, over_at: float) -> Ready:
        """The Attempt on this Part, which leaves once the transaction is committed."""
        delivery = case.delivery
        before = [row.remote_id for row in case.parts if row.n < part.n]
        number = claims.begin_attempt(case.session, delivery, part, token=token, now=self.clock())
        reply_to = before[-1] if before else None
        return Ready(delivery.id, part.id, number, token, part, reply_to, over_at)

    def _give_back(self, delivery: Delivery, found: Verdict) -> None:
        """Return a claimed Delivery whose gate did not open."""
        delivery.lease_until = None
        if isinstance(found, Held):
            delivery.hold(found.hold, reason=found.reason)
            delivery.slot_start = None if found.hold == Hold.MISSED else delivery.slot_start
            return
        if isinstance(found, Doubtful):
            outcomes.into_doubt(delivery, self.clock(), self.limits.confirm_after, found.reason)
        if isinstance(found, Later):
            delivery.move(State.WAITING)
            delivery.reason = found.reason
            delivery.not_before = found.until
            if found.until is None:
                delivery.due_at = delivery.slot_start = None

    def _case(self, session: Session, delivery_id: int) -> Case:
        now = self.clock()
        delivery, account, signs = gating.seen(session, delivery_id, now)
        return Case(
            session=session,
            delivery=delivery,
            account=account,
            signs=signs,
            parts=deliveries.parts(session, delivery_id),
            platform=self.platforms[delivery.account_id],
            now=now,
            spacing=self.limits.spacing,
            too_late=self.limits.too_late,
            resend_within=retry.resend_window(self.limits.confirm_after)[1],
            imprint_answered=self.limits.imprint_answered,
            monthly_budget=self.limits.monthly_budgets.get(delivery.account_id),
        )

    def _send_parts(
        self, claimed: Case, first: Ready | None, token: str, may_go_on: Callable[[], bool]
    ) -> None:
        """One Attempt a Part, from the first that is not out yet; stop at the first trouble."""
        ready = first
        for part in deliveries.unsent(claimed.parts):
            ready = ready or self._made_ready(claimed, part, token, may_go_on)
            if ready is None:
                return
            outcome = self._request(claimed.platform, ready)
            if not self._end(ready, outcome):
                return
            ready = None

    def _made_ready(
        self, claimed: Case, part: Part, token: str, may_go_on: Callable[[], bool]
    ) -> Ready | None:
        """Its files uploaded and its Attempt committed; None where it does not go on."""
        delivery_id = claimed.delivery.id
        if not may_go_on():
            self._let_go(delivery_id, token)
            return None
        if not part.images:
            return self._begin(delivery_id, part.id, token, Prepared())
        if not self._keep_for_uploads(delivery_id, token):
            return None
        prepared = self._prepare(claimed.platform, part)
        if not isinstance(prepared, Prepared):
            self._end_without_request(delivery_id, part.id, token, prepared)
            return None
        if not may_go_on():
            self._let_go(delivery_id, token)
            return None
        return self._begin(delivery_id, part.id, token, prepared)

    def _let_go(self, delivery_id: int, token: str) -> None:
        with self.store.write() as session:
            claims.let_go(session, delivery_id, token)

    def _keep_for_uploads(self, delivery_id: int, token: str) -> bool:
        """A longer lease where files go first: nobody may take the Delivery over meanwhile."""
        with self.store.write() as session:
            until = self.store.lease_now(session) + self.limits.lease + self.limits.upload_time
            return claims.renew(session, delivery_id, token, until)

    def _prepare(self, platform: Platform, part: Part) -> Prepared | Outcome:
        try:
            with over_by(clocks.monotonic() + self.limits.upload_time.total_seconds()):
                return platform.prepare(outcomes.content_of(part))
        except Exception as error:
            log.exception("prepare failed", action="prepare failed", part=part.id)
            return NotReached(f"The upload failed ({type(error).__name__}).")

    def _begin(
        self, delivery_id: int, part_id: int, token: str, prepared: Prepared
    ) -> Ready | None:
        """Commit the Attempt, unless a gate closed or the lease was lost meanwhile.

        Uploads take a while, and a machine may sleep in between: every gate is asked once more.
        """
        over_at = clocks.monotonic() + self.limits.send_timeout.total_seconds()
        with self.store.write() as session:
            now = self.store.lease_now(session)
            if not claims.renew(session, delivery_id, token, now + self.limits.lease):
                return None
            case = self._case(session, delivery_id)
            part = next(row for row in case.parts if row.id == part_id)
            closed = verdict(case) or parked(case) or overtaken(case, part)
            if closed is not None:
                self._give_back(case.delivery, closed)
                return None
            return replace(self._attempted(case, part, token, over_at), prepared=prepared)

    def _request(self, platform: Platform, ready: Ready) -> Outcome:
        started = clocks.monotonic()
        if started > ready.over_at:
            # The lease outlasts a wait and a request of this length each, and no longer ones.
            return NotReached("The machine stood still before the request could leave.")
        try:
            with over_by(ready.over_at):
                return platform.send(
                    outcomes.content_of(ready.part),
                    reply_to=ready.reply_to,
                    prepared=ready.prepared,
                )
        except Exception as error:
            log.exception("send raised", action="send raised", delivery=ready.delivery_id)
            return Unknown(f"The request ended in a way nobody foresaw ({type(error).__name__}).")
        finally:
            log.debug("request", seconds=round(clocks.monotonic() - started, 3))

    def _end(self, ready: Ready, outcome: Outcome) -> bool:
        """Store the Outcome; True when the next Part may follow."""
        with self.store.write() as session:
            # Loaded by one statement, so that what follows finds both in the session.
            delivery, part = claims.of_attempt(session, ready.attempt_id)
            ending = self.ending(session, delivery, part.id)
            outcomes.record(ending, ready.attempt_id, ready.token, outcome)
        self._tell(delivery, outcome)
        return delivery.state == State.SENDING

    def _tell(self, delivery: Delivery, outcome: Outcome) -> None:
        log.info(
            "attempt ended",
            action="attempt ended",
            delivery=delivery.id,
            post=f"P{delivery.post_id}",
            account=self.platforms[delivery.account_id].rules.title,
            outcome=outcomes.OUTCOME_NAMES[type(outcome)],
            state=delivery.state,
            reason=None if isinstance(outcome, Sent) else outcome.reason,
        )

    def ending(self, session: Session, delivery: Delivery, part_id: int) -> outcomes.Ending:
        """What recording an Outcome of this Part needs, inside the caller's transaction."""
        return outcomes.Ending(
            session=session,
            delivery=delivery,
            part=session.get_one(Part, part_id),
            platform=self.platforms[delivery.account_id],
            now=self.clock(),
            confirm_after=self.limits.confirm_after,
            first_count_after=self.limits.first_count_after,
        )

    def _end_without_request(
        self, delivery_id: int, part_id: int, token: str, outcome: Outcome
    ) -> None:
        """An upload failed: nothing visible was asked for, so an unknown end is not a doubt."""
        sure = NotReached(outcome.reason) if isinstance(outcome, Unknown) else outcome
        with self.store.write() as session:
            delivery = deliveries.get(session, delivery_id, lock=True)
            if delivery.lease_token != token or delivery.state != State.SENDING:
                return
            part = session.get_one(Part, part_id)
            number = claims.begin_attempt(session, delivery, part, token=token, now=self.clock())
            outcomes.record(self.ending(session, delivery, part_id), number, token, sure)
        self._tell(delivery, sure)
