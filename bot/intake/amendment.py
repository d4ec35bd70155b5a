"""Applies an edit to what has not gone out; what has is reported and left alone.

Words that may be out stay, since others beside them would be a second post. An Account that cannot
take the new words keeps none: its old ones are held.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.errors import NotAllowed, PostInvalid
from bot.formatting.rendered import Rendered, told
from bot.intake.occasions import (
    anchor_of,
    day_of,
    last_day,
    next_occasion,
    refuse_odd_last_day,
)
from bot.intake.postingtimes import Times, times_of
from bot.intake.rendering import first_line, remarks
from bot.intake.rows import Rows, Source, is_approved
from bot.model.account import Account, Approval
from bot.model.delivery import EDITABLE_STATES, Delivery, Hold, State, Timing
from bot.model.post import Post
from bot.model.written import Written, to_json
from bot.store import claims, deliveries, posts, rounds
from bot.store.engine import Session

NOT_NAMED = "The file no longer names this account."
NOT_REPEATED = "The file no longer says that it recurs."
FINISHED_STATES = frozenset({State.SENT, State.CANCELLED})


@dataclass(frozen=True, slots=True)
class Admitted:
    """A Post that is in, the Accounts it could not serve, and what its author should know."""

    post: Post
    deliveries: tuple[Delivery, ...]
    errors: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Amendment(Rows):
    """Edits of posts that are in."""

    def amend(self, session: Session, post: Post, written: Written, source: Source) -> Admitted:
        """Apply an edit to what has not gone out; what has is reported and left alone.

        NotAllowed for a post that was made on the Platform itself.
        """
        if post.is_by_hand:
            raise NotAllowed(f"{post.name} was made by hand. Change it where it was made.")
        rows = {row.id: row for row in self.targets(session, written)}
        existing = {row.account_id: row for row in deliveries.of_post(session, post.id, lock=True)}
        self.keep_pictures(session, written)
        postponed = False
        errors: list[str] = []
        notes: list[str] = []
        made: list[Delivery] = []
        lines: list[tuple[int | None, str]] = []
        changed: list[Rendered] = []
        retimed = self._time_changed(post, written)
        times = self.times(written) if retimed and written.every is None else None
        if retimed and written.every is not None:
            refuse_odd_last_day(written, self.zone, self.clock())
        recent = self.recent(session, rows.values(), written, post.id)
        rendered = {
            key: self.render(
                row, written, recent[key], existing[key].wording if key in existing else 0
            )
            for key, row in rows.items()
        }
        applied = False
        unpublished = False
        for key, row in rows.items():
            if key in existing and existing[key].state in FINISHED_STATES:
                notes += _too_late_for(existing[key], row, rendered[key])
                unpublished |= existing[key].variant_digest != rendered[key].digest
                made.append(existing[key])
                continue
            applied = True
            faulty = [
                one for one in (rendered[key], *self.later_wordings(row, written)) if one.errors
            ]
            if faulty:
                wrong = told(faulty, errors=True)
                errors += [said for _, said in wrong]
                lines += wrong
                _hold_old_words(existing.get(key), [said for _, said in wrong])
                continue
            self.refuse_same(session, row, rendered[key], written, post.id)
            changed.append(rendered[key])
            if key in existing:
                delivery = existing[key]
                differs = delivery.variant_digest != rendered[key].digest
                postponed |= differs and may_be_out(session, delivery)
                if retimed and written.every is not None:
                    times = self._times_of_round(session, post, delivery, written)
                is_own = post.author == source.author and is_approved(row, source)
                notes += self._rewrite(
                    session, delivery, row, rendered[key], written, times, is_approved=is_own
                )
                made.append(delivery)
            else:
                new_times = self.times(written)
                made.append(
                    self.deliver(session, post, row, rendered[key], written, new_times, source)
                )
        going = [row for row in made if row.state not in FINISHED_STATES]
        if errors and not going:
            raise PostInvalid(" ".join(errors), line=first_line(lines))
        notes += remarks(changed)
        applied |= _withdraw_unmeant(existing, rows, written)
        if not errors and not postponed:
            # Else the next reading tries once more, until every account has these words.
            post.content_digest = source.digest
        if post.written != to_json(written) and (
            applied or not unpublished or written.every is not None
        ):
            # Words that never went out must not stand where those that did are looked up.
            post.written, post.campaign = to_json(written), written.campaign
            post.recurs_until = last_day(written)
            post.edited_at = self.clock()
            if source.author != post.author:
                post.worded_by = source.author
            post.version += 1
            posts.set_labels(session, post.id, written.labels)
        fitting = [rows[row.account_id] for row in going]
        return Admitted(post, tuple(made), self.partly(errors, fitting), tuple(notes))

    def _times_of_round(
        self, session: Session, post: Post, delivery: Delivery, written: Written
    ) -> Times:
        """The times of a waiting round, after an edit of how often, when or until when.

        Never the day of a round that went before. Where no day is left it expires at once.
        """
        before = rounds.others(session, delivery)
        if not before:
            return self.times(written)
        anchor, after = anchor_of(written, post.created_at, self.zone), day_of(before[0], self.zone)
        occasion = next_occasion(written, self.zone, anchor, after, self.clock())
        return times_of(occasion) if occasion else Times(delivery.due_at, self.clock())

    def _time_changed(self, post: Post, written: Written) -> bool:
        now = to_json(written)
        timed = ("at", "timing", "expires", "every", "until")
        return any(post.written.get(name) != now[name] for name in timed)

    def _rewrite(
        self,
        session: Session,
        delivery: Delivery,
        account: Account,
        rendered: Rendered,
        written: Written,
        times: Times | None,
        *,
        is_approved: bool,
    ) -> Sequence[str]:
        parts = deliveries.parts(session, delivery.id)
        changed = delivery.variant_digest != rendered.digest
        editable = delivery.state in EDITABLE_STATES
        if may_be_out(session, delivery):
            return [f"{account.name}: it may be out already; the change waits."] if changed else []
        if not editable or any(part.remote_id for part in parts):
            return _too_late_for(delivery, account, rendered)
        if changed:
            self.replace_words(session, delivery, account, rendered)
            if is_approved:
                delivery.approved_digest = delivery.variant_digest
            elif account.approval != Approval.OFF and delivery.approved_digest is not None:
                delivery.approved_digest = None
                if delivery.state != State.FAILED:
                    delivery.hold(Hold.APPROVAL, reason="The words changed after approval.")
        delivery.urgent, delivery.too_late_seconds = written.urgent, written.too_late_seconds
        if times is not None:
            _retime(delivery, written, times)
        delivery.clear(Hold.FILE_GONE)
        if delivery.state == State.FAILED:
            return [f"{account.name}: changed; to send it now: bot retry {delivery.id}"]
        return []


def _retime(delivery: Delivery, written: Written, times: Times) -> None:
    """The times of an edit; a round that takes a Slot keeps it while its day stays the same."""
    delivery.expires_at = times.expires_at
    is_same_day = times.occasion is not None and times.occasion.day == delivery.occasion
    if is_same_day and {delivery.timing, written.timing} == {Timing.NEXT.value}:
        return
    delivery.timing = Timing(written.timing).value
    delivery.due_at = times.due_at
    delivery.slot_start = delivery.not_before = None
    delivery.occasion = times.occasion.day if times.occasion else None
    delivery.opens_at = times.occasion.opens_at if times.occasion else None
    delivery.clear(Hold.MISSED)


def _withdraw_unmeant(
    existing: Mapping[int, Delivery], rows: Mapping[int, Account], written: Written
) -> bool:
    """Withdraw what an edit takes away: an Account, or the rounds to come; whether anything was."""
    withdrawn = False
    for key, delivery in existing.items():
        is_over = written.every is None and delivery.round > 1
        if (key in rows and not is_over) or delivery.may_be_out:
            continue
        if delivery.state in (State.WAITING, State.HELD):
            withdrawn = True
            delivery.move(State.CANCELLED)
            delivery.holds, delivery.slot_start = frozenset(), None
            delivery.reason = NOT_REPEATED if is_over else NOT_NAMED
    return withdrawn


def may_be_out(session: Session, delivery: Delivery) -> bool:
    """Whether the words must stay: also where looks found nothing and it is to be sent again.

    The Platform would refuse the same words as a duplicate, and publish others beside them.
    """
    return delivery.may_be_out or bool(claims.open_doubts(session, delivery.id))


def _too_late_for(delivery: Delivery, account: Account, rendered: Rendered) -> list[str]:
    """What an edit says of a Delivery that keeps its words, if it would have changed them."""
    if delivery.variant_digest == rendered.digest:
        return []
    where = "cancelled" if delivery.state == State.CANCELLED else "out"
    return [f"{account.name}: already {where}; the change was not published."]


def _hold_old_words(delivery: Delivery | None, errors: Sequence[str]) -> None:
    """The file now says something this Account cannot take: the old words must not go out."""
    if delivery is not None and delivery.state in (State.WAITING, State.HELD):
        delivery.hold(Hold.FILE_GONE, reason=" ".join(errors)[:1000])
