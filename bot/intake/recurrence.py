"""Makes the next round of Posts that recur, one ahead on each Account; skips what was missed.

The next round follows when the last one is out, skipped or missed, in the next wording. One that
failed, may be out or was taken down has no successor. Nothing missed is ever made up for.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.errors import PostInvalid
from bot.formatting import rotation
from bot.formatting.rendered import Rendered
from bot.intake.admission import Admission
from bot.intake.amendment import may_be_out
from bot.intake.occasions import Occasion, anchor_of, day_of, next_occasion
from bot.intake.rendering import SAME_TEXT_WITHIN
from bot.intake.rows import Place
from bot.model.account import Account
from bot.model.delivery import Delivery, Hold, State
from bot.model.written import Written, from_json
from bot.store import accounts, decisions, deliveries, posts, quarantine, rounds
from bot.store.engine import Session, Store

ACTOR = "bot"
SOURCE = "recurrence"
OVER_FOR = timedelta(days=90)
MISSED = "Skipped: its time went by. It is not made up for."
NO_TIME_LEFT = "Skipped: there is no free time before its last day."
STOPPED = "Not repeated: an earlier one was taken down, or is gone."
OPEN = (State.WAITING, State.HELD)


@dataclass(frozen=True, slots=True)
class Step:
    """What the last round calls for: to be withdrawn for a reason, then a successor or none."""

    reason: str = ""
    is_last: bool = False


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Plans the rounds of one database, as its Admission words them."""

    store: Store
    admission: Admission

    def plan_due(self) -> int:
        """Take every step that is due; how many rounds were made, skipped or stopped."""
        now = self.admission.clock()
        since = (now - OVER_FOR).date()
        with self.store.read() as session:
            rows = rounds.ripe(session, since, now)
            ripe = [row.id for row in rows if self._step(session, row)]
        return sum(self._take(delivery_id) for delivery_id in ripe)

    def _take(self, delivery_id: int) -> int:
        with self.store.write() as session:
            row = deliveries.get(session, delivery_id, lock=True)
            if not rounds.is_last(session, row):
                return 0  # another heartbeat was faster
            step = self._step(session, row)
            if step is None:
                return 0
            if step.reason:
                self._withdraw(session, row, step)
            following = None if step.is_last else self._following(session, row)
            if following is None:
                return 1
            return self._make(session, row, following)

    def _step(self, session: Session, row: Delivery) -> Step | None:
        """What is to be done about the last round; None while there is nothing."""
        account = accounts.by_id(session, row.account_id)
        written = from_json(posts.get(session, row.post_id).written)
        if not self._is_for(written, account):
            return None
        stopped = rounds.stopped_because(session, row)
        if row.state in OPEN:
            return self._step_of_open(session, row, stopped)
        if stopped or row.state not in (State.SENT, State.CANCELLED):
            return None
        return Step() if self._following(session, row) else None

    def _is_for(self, written: Written, account: Account) -> bool:
        """Whether the post recurs there, and the Account is on."""
        platform = self.admission.platforms.get(account.name)
        is_on = platform is not None and not platform.missing_settings
        is_named = written.to is None or account.name in written.to
        return is_on and is_named and written.every is not None

    def _step_of_open(self, session: Session, row: Delivery, stopped: str | None) -> Step | None:
        if may_be_out(session, row) or deliveries.is_half_out(session, row.id):
            return None
        if stopped in (rounds.TAKEN_DOWN, rounds.GONE):
            return Step(STOPPED, is_last=True)
        if row.holds - rounds.SKIPPED_WITH:
            return None  # a person must say first
        if row.due_at and row.expires_at and row.due_at >= row.expires_at:
            return Step(NO_TIME_LEFT)
        return Step(MISSED) if self._is_missed(session, row) else None

    def _is_missed(self, session: Session, row: Delivery) -> bool:
        """Whether its time went by: it says so itself, or the day of the next one has come."""
        if Hold.MISSED in row.holds:
            return True
        now = self.admission.clock()
        if row.due_at is None or row.due_at > now:
            return False
        following = self._following(session, row, row.due_at)
        return following is not None and following.day <= now.astimezone(self.admission.zone).date()

    def _following(
        self, session: Session, row: Delivery, now: datetime | None = None
    ) -> Occasion | None:
        """The occasion after a round's own, still ahead of this moment, or of another one."""
        post = posts.get(session, row.post_id)
        written, zone = from_json(post.written), self.admission.zone
        anchor = anchor_of(written, post.created_at, zone)
        moment = now or self.admission.clock()
        return next_occasion(written, zone, anchor, day_of(row, zone), moment)

    def _withdraw(self, session: Session, row: Delivery, step: Step) -> None:
        before = {"state": row.state, "holds": sorted(row.holds)}
        row.move(State.CANCELLED)
        row.holds, row.slot_start = frozenset(), None
        row.reason = step.reason
        decisions.record(
            session,
            made_at=self.admission.clock(),
            actor=ACTOR,
            verb="cancel" if step.is_last else rounds.SKIP,
            reason=row.reason,
            post_id=row.post_id,
            delivery_id=row.id,
            account_id=row.account_id,
            before=before,
            after={"state": row.state, "holds": []},
        )
        session.flush()

    def _make(self, session: Session, row: Delivery, occasion: Occasion) -> int:
        post = posts.get(session, row.post_id)
        written = from_json(post.written)
        account = accounts.by_id(session, row.account_id)
        key = f"{post.name} on {account.name}"
        try:
            wording, rendered = self._next_words(session, row, account, written)
        except PostInvalid as error:
            self._tell(session, key, error)
            return 0
        quarantine.lift(session, SOURCE, key)
        made = self.admission.add_round(
            session, post, account, written, rendered, occasion, Place(row.round + 1, wording)
        )
        if Hold.APPROVAL in made.holds and rounds.is_approved(session, made, rendered.digest):
            made.approved_digest = rendered.digest
            made.clear(Hold.APPROVAL)
        return 1

    def _tell(self, session: Session, key: str, error: PostInvalid) -> None:
        now, reason = self.admission.clock(), f"cannot be repeated. {error.reason}"
        if not quarantine.has(session, source=SOURCE, key=key, line=None, reason=reason):
            quarantine.put(session, source=SOURCE, key=key, line=None, reason=reason, now=now)

    def _next_words(
        self, session: Session, row: Delivery, account: Account, written: Written
    ) -> tuple[int, Rendered]:
        """The next wording in turn that may go out; PostInvalid says why none may."""
        count = rotation.count(written, account.platform)
        out = rounds.last_out(session, row)
        first = out.wording + 1 if out is not None else row.wording
        said = ""
        for wording in ((first + n) % count for n in range(count)):
            rendered = self.admission.render(account, written, wording=wording)
            said = self._obstacle(session, row, account, written, rendered, out) or ""
            if not said:
                return wording, rendered
        raise PostInvalid(said)

    def _obstacle(
        self,
        session: Session,
        row: Delivery,
        account: Account,
        written: Written,
        rendered: Rendered,
        out: Delivery | None,
    ) -> str | None:
        if rendered.errors:
            return " ".join(rendered.errors)
        now = self.admission.clock()
        is_recent = out is not None and out.sent_at and now - out.sent_at < SAME_TEXT_WITHIN
        if out is not None and is_recent and out.text_key == rendered.text_key:
            return "Every wording is the same as the last one that went out."
        same = self.admission.same_as(session, {account.id: rendered}, written, row.post_id)
        return " ".join(same) or None
