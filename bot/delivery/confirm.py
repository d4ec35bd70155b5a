"""Looks at an Account's own timeline for what may have gone out, and frees what its owner left.

Found: sent, or resumed at the next Part. Not found after the last look: sent again only where the
Platform refuses duplicates and the looks were good; otherwise a person is asked. Unreadable says
nothing: stay, and ask.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.clock import Clock
from bot.delivery import listing, outcomes, retry
from bot.delivery.deliver import Deliverer
from bot.model.delivery import Attempt, Delivery, Part, State, WhenInDoubt
from bot.platforms.contract import Platform, Seen, Unreadable
from bot.platforms.matching import same_post
from bot.store import accounts, charges, claims, deliveries
from bot.store.engine import Session

log = structlog.get_logger()
LINE_WENT_DEAD = "We sent it and the line went dead before the answer came."
REFUSED_AS_THERE = "We sent it once more and were told that it is there already."


@dataclass(frozen=True, slots=True)
class Doubt:
    """A Delivery in doubt, the Part it is about, and the window in which it was asked for."""

    delivery_id: int
    account_id: int
    part: Part
    attempt_id: int
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Confirmer:
    """Finds out what became of Deliveries; shares the Deliverer's store, Platforms and limits.

    `steady` is a clock that nobody can set; without one, the Deliverer's is trusted.
    """

    deliverer: Deliverer
    steady: Clock | None = None

    def free_expired(self) -> int:
        """Let go of Deliveries whose lease ran out; how many."""
        store = self.deliverer.store
        with store.read() as session:
            ids = claims.expired(session, store.lease_now(session))
        return self._free(ids, expired_only=True)

    def free_left_by_dead(self) -> int:
        """Let go of what a Worker holds that gave no sign of life for a while; how many.

        Only haste: a lease that runs out does the same, later.
        """
        store = self.deliverer.store
        with store.read() as session:
            ids = claims.left_by_dead(
                session, store.lease_now(session) - retry.WORKER_IS_DEAD_AFTER
            )
        return self._free(ids, expired_only=False)

    def free_dropped(self, delivery_id: int, worker_id: int) -> bool:
        """Let go of what this Worker still holds though nobody carries it any more."""
        with self.deliverer.store.read() as session:
            delivery = deliveries.get(session, delivery_id)
        held = delivery.state == State.SENDING and delivery.worker_id == worker_id
        return held and self._free([delivery_id], expired_only=False) > 0

    def free_left_by_others(self, worker_id: int) -> int:
        """At start, holding the only heartbeat's lock: nobody else can own a claim any more."""
        with self.deliverer.store.read() as session:
            ids = claims.left_by_others(session, worker_id)
        return self._free(ids, expired_only=False)

    def _free(self, ids: Sequence[int], *, expired_only: bool) -> int:
        store, freed = self.deliverer.store, 0
        for delivery_id in ids:
            with store.write() as session:
                delivery = deliveries.get(session, delivery_id, lock=True)
                over = delivery.lease_until is None or delivery.lease_until < store.lease_now(
                    session
                )
                if delivery.state != State.SENDING or (expired_only and not over):
                    continue
                self._free_one(session, delivery)
                freed += 1
        return freed

    def _free_one(self, session: Session, delivery: Delivery) -> None:
        attempt = claims.open_attempt(session, delivery.id, delivery.lease_token)
        if attempt is None:
            delivery.move(State.WAITING)
            delivery.lease_until = delivery.hinted_at = None
            return
        outcomes.into_doubt(
            delivery,
            attempt.started_at,
            self.deliverer.limits.confirm_after,
            "The bot stopped while the request was on its way.",
        )

    def look_due(self, *, everything: bool = False) -> int:
        """Make the looks that are due (or all that are open); how many."""
        with self.deliverer.store.read() as session:
            ids = deliveries.due_looks(session, self.deliverer.clock(), everything=everything)
        for delivery_id in ids:
            if self._is_still_due(delivery_id, everything=everything):
                self.look(delivery_id)
        return len(ids)

    def _is_still_due(self, delivery_id: int, *, everything: bool) -> bool:
        """Asked before each look: the one before may have been told to leave the Account alone."""
        with self.deliverer.store.read() as session:
            now = self.deliverer.clock()
            return delivery_id in deliveries.due_looks(session, now, everything=everything)

    def look(self, delivery_id: int, *, only_finds: bool = False) -> Seen | Unreadable | None:
        """One look for one Delivery; what was found, None for nothing there.

        With `only_finds` nothing follows from not finding it: somebody is about to decide.
        """
        doubt = self._doubt(delivery_id, for_person=only_finds)
        if doubt is None:
            return None
        platform = self.deliverer.platforms.get(doubt.account_id)
        if platform is None:
            found: Seen | Unreadable | None = Unreadable("The account is off.")
        else:
            found = self._find(doubt)
        with self.deliverer.store.write() as session:
            # Two looks that end together must not take the same post for two of ours.
            account = accounts.locked(session, doubt.account_id)
            if isinstance(found, Unreadable) and found.until is not None:
                # Whatever became of this doubt: the Platform meant the whole timeline.
                account.unreadable_until = found.until
            delivery = deliveries.get(session, delivery_id, lock=True)
            if self._still_stands(session, delivery, doubt):
                found = self._checked(session, delivery, found)
                if isinstance(found, Seen) or not only_finds:
                    self._conclude(session, delivery, doubt, found)
        log.info(
            "looked",
            action="looked",
            delivery=delivery_id,
            post=f"P{delivery.post_id}",
            account=platform.rules.title if platform else None,
            found=type(found).__name__,
            state=delivery.state,
        )
        return found

    def _still_stands(self, session: Session, delivery: Delivery, doubt: Doubt) -> bool:
        """Whether the doubt is still the one the look was made for: same Part, same Attempt."""
        part = session.get_one(Part, doubt.part.id, populate_existing=True)
        doubted = claims.doubted_attempts(session, part.id)
        return (
            delivery.is_in_doubt
            and part.remote_id is None
            and bool(doubted)
            and doubted[-1].id == doubt.attempt_id
        )

    def _checked(
        self, session: Session, delivery: Delivery, found: Seen | Unreadable | None
    ) -> Seen | Unreadable | None:
        """What was found, unless it became another's meanwhile or may be about to."""
        if not isinstance(found, Seen):
            return found
        if deliveries.remote_ids_known(session, delivery.account_id, [found.remote_id]):
            return None
        if deliveries.twin_in_flight(session, delivery):
            return Unreadable("Another post with the same words is being sent this moment.")
        return found

    def _doubt(self, delivery_id: int, *, for_person: bool) -> Doubt | None:
        """What to look for; None where there is nothing, or the Account is to be let alone."""
        with self.deliverer.store.read() as session:
            delivery = deliveries.get(session, delivery_id)
            account = accounts.by_id(session, delivery.account_id)
            if not for_person and not account.may_be_read(self.deliverer.clock()):
                return None  # another heartbeat was told so since this look was found to be due
            part = next(iter(deliveries.unsent_parts(session, delivery_id)), None)
            if part is None or not delivery.is_in_doubt:
                return None
            doubted = claims.doubted_attempts(session, part.id)
            if not doubted:
                return None
            limits = self.deliverer.limits
            return Doubt(
                delivery_id,
                delivery.account_id,
                part,
                doubted[-1].id,
                doubted[0].started_at - retry.CLOCK_SKEW,
                doubted[-1].started_at + limits.send_timeout + retry.LATE_ACCEPTANCE,
            )

    def _find(self, doubt: Doubt) -> Seen | Unreadable | None:
        platform = self.deliverer.platforms[doubt.account_id]
        listed = listing.read(platform, doubt.since)
        if isinstance(listed, Unreadable):
            return listed
        self._charge(doubt, platform, listed)
        with self.deliverer.store.read() as session:
            ours = deliveries.remote_ids_known(
                session, doubt.account_id, (seen.remote_id for seen in listed)
            )
        content = outcomes.content_of(doubt.part)
        matches = [
            seen
            for seen in listed
            if seen.remote_id not in ours
            and not seen.by_other_app
            and doubt.since <= seen.created_at <= doubt.until
            and same_post(content, seen)
        ]
        return min(matches, key=lambda seen: seen.created_at, default=None)

    def _charge(self, doubt: Doubt, platform: Platform, listed: Sequence[Seen]) -> None:
        price = platform.rules.own_read_price
        if price and listed:
            prices = dict.fromkeys((seen.remote_id for seen in listed), price)
            now = self.deliverer.clock()
            with self.deliverer.store.write() as session:
                charges.record_readings(
                    session, doubt.account_id, "look", prices, now, doubt.delivery_id
                )

    def _conclude(
        self, session: Session, delivery: Delivery, doubt: Doubt, found: Seen | Unreadable | None
    ) -> None:
        if isinstance(found, Seen):
            ending = self.deliverer.ending(session, delivery, doubt.part.id)
            outcomes.part_is_out(ending, found.remote_id, found.url, found.created_at)
            return
        if self._is_early(delivery):
            return
        delivery.looks += 1
        if isinstance(found, Unreadable):
            self._stay(delivery, found)
            return
        delivery.readable_looks += 1
        if delivery.state == State.UNCONFIRMED:
            self._not_there(session, delivery)

    def _is_early(self, delivery: Delivery) -> bool:
        """A look before its time that shows nothing uses up none of those that are planned."""
        planned = delivery.next_look_at if delivery.state == State.UNCONFIRMED else None
        return planned is not None and self.deliverer.clock() < planned

    def _stay(self, delivery: Delivery, found: Unreadable) -> None:
        """Whoever cannot read it is asked less often: the quick looks are for a readable one."""
        if delivery.state != State.UNCONFIRMED:
            return
        now, schedule = self.deliverer.clock(), self.deliverer.limits.confirm_after
        since = delivery.doubt_since or now
        planned = retry.next_look(since, delivery.looks, schedule)
        if planned is None or now - since >= schedule[-1]:
            delivery.asked_at = delivery.asked_at or now
        stated = found.until if found.until is not None and found.until > now else None
        again = stated or now + max(schedule[-1], timedelta(seconds=1))
        delivery.next_look_at = max(planned or again, again)
        delivery.reason = f"We cannot look whether it went out: {found.reason}"[:1000]

    def _not_there(self, session: Session, delivery: Delivery) -> None:
        now, schedule = self.deliverer.clock(), self.deliverer.limits.confirm_after
        since = delivery.doubt_since or now
        planned = retry.next_look(since, delivery.looks, schedule)
        if planned is not None:
            delivery.next_look_at = planned
            return
        attempt = claims.last_attempt(session, delivery.id)
        if attempt is None or delivery.when_in_doubt != WhenInDoubt.RESEND:
            outcomes.ask(delivery, now, self._what_we_know(delivery, attempt))
            return
        if self._may_resend(session, delivery, attempt, now):
            outcomes.send_again(delivery, "It is not on the timeline, so it is sent again.")
        elif self._another_look_helps(delivery, attempt, now):
            delivery.next_look_at = now + max(schedule[-1], timedelta(seconds=1))
        else:
            outcomes.ask(delivery, now, self._what_we_know(delivery, attempt))

    def _may_resend(
        self, session: Session, delivery: Delivery, attempt: Attempt, now: datetime
    ) -> bool:
        earliest, latest = retry.resend_window(self.deliverer.limits.confirm_after)
        doubted = claims.doubted_attempts(session, attempt.part_id)
        return (
            attempt.outcome in (None, "unknown")
            and len(doubted) < retry.MAX_DOUBTED_ATTEMPTS
            and delivery.readable_looks >= retry.MIN_READABLE_LOOKS
            and earliest <= self._surely_past(attempt, now)
            and now - attempt.started_at < latest
        )

    def _surely_past(self, attempt: Attempt, now: datetime) -> timedelta:
        """How long the Attempt is ago at least, even if somebody has set the clock since."""
        steady = self.steady() if self.steady is not None else now
        return min(now, steady) - attempt.started_at

    def _another_look_helps(self, delivery: Delivery, attempt: Attempt, now: datetime) -> bool:
        earliest, latest = retry.resend_window(self.deliverer.limits.confirm_after)
        few = delivery.readable_looks < retry.MIN_READABLE_LOOKS
        age = now - attempt.started_at
        clock_was_set = self._surely_past(attempt, now) < earliest <= age
        return (few or clock_was_set) and age < latest

    def _what_we_know(self, delivery: Delivery, attempt: Attempt | None) -> str:
        looks = delivery.readable_looks
        times = {1: "once", 2: "twice"}.get(looks, f"{looks} times")
        refused = attempt is not None and attempt.outcome == "refused"
        return (
            f"{REFUSED_AS_THERE if refused else LINE_WENT_DEAD} "
            f"We have looked {times} and it is not there. Nothing goes wrong by waiting."
        )
