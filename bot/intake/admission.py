"""Admits a Post: renders it for each Account, checks it, and stores it with its Deliveries.

Whatever brings a post (a file, an article, later the page or a sheet) comes through here, so that
every door has the same checks. Nothing is sent or planned here: a Delivery without a typed time is
left for the planner.
"""

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.clock.local import in_words, resolve
from bot.errors import PostInvalid
from bot.formatting import rotation
from bot.formatting.imprint import Imprint
from bot.formatting.rendered import Rendered, told
from bot.formatting.style import PLAIN, Style
from bot.formatting.template import Template, filled
from bot.formatting.variant import render
from bot.formatting.wording import Recent
from bot.intake.occasions import (
    Occasion,
    anchor_of,
    day_of,
    first_occasion,
    last_day,
    next_occasion,
    refuse_odd_last_day,
)
from bot.intake.pictures import Pictures
from bot.model.account import Account, Approval
from bot.model.delivery import (
    EDITABLE_STATES,
    Delivery,
    Hold,
    Part,
    State,
    Timing,
    WhenInDoubt,
    without_alt_text,
)
from bot.model.post import Post
from bot.model.written import Written, to_json
from bot.platforms.contract import Platform
from bot.store import accounts, claims, deliveries, media, posts, rounds
from bot.store.engine import Session

SAME_TEXT_WITHIN = timedelta(days=30)
NOT_NAMED = "The file no longer names this account."
NOT_REPEATED = "The file no longer says that it recurs."
FINISHED_STATES = frozenset({State.SENT, State.CANCELLED})


@dataclass(frozen=True, slots=True)
class Source:
    """Where a Post comes from and how it is to be treated at first sight."""

    name: str
    key: str
    digest: str
    author: str
    review: bool = False
    first_run: frozenset[str] = frozenset()
    quiet_hours: str | None = None


@dataclass(frozen=True, slots=True)
class Admitted:
    """A Post that is in, the Accounts it could not serve, and what its author should know."""

    post: Post
    deliveries: tuple[Delivery, ...]
    errors: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Times:
    """When a Delivery is due and expires; due None is left to the planner.

    `occasion` is the round's, where the post recurs.
    """

    due_at: datetime | None
    expires_at: datetime | None
    notes: tuple[str, ...] = field(default=())
    occasion: Occasion | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """Which round of a post a Delivery is, from 1, and in which wording, from 0."""

    round: int = 1
    wording: int = 0


FIRST = Place()


def times_of(occasion: Occasion) -> Times:
    """The times of one round."""
    notes = (occasion.warning,) if occasion.warning else ()
    return Times(occasion.due_at, occasion.expires_at, notes, occasion)


def no_templates(name: str) -> Template:
    """Where there is no folder of templates."""
    raise PostInvalid(f"template: there is no template named {name}.")


@dataclass(frozen=True, slots=True)
class Admission:
    """The checks and what they need: Platforms by Account name, zone, imprint and limits."""

    clock: Clock
    zone: ZoneInfo
    too_late: timedelta
    spacing: timedelta
    imprint: Imprint
    platforms: Mapping[str, Platform]
    style: Style = PLAIN
    pictures: Pictures = field(default_factory=Pictures)
    template: Callable[[str], Template] = no_templates

    def targets(self, session: Session, written: Written) -> list[Account]:
        """The Accounts a post is for; PostInvalid where one is unknown or off."""
        known = {row.name: row for row in accounts.all_of(session) if row.name in self.platforms}
        on = [name for name in known if not self.platforms[name].missing_settings]
        wanted = written.to if written.to is not None else tuple(on)
        if not wanted:
            raise PostInvalid(
                "No account is on yet. Put its keys into .env; bot accounts list says which."
            )
        for name in wanted:
            if name not in known:
                near = difflib.get_close_matches(name, known, 1, 0.5)
                hint = f" Did you mean {near[0]}?" if near else f" Accounts: {', '.join(known)}."
                raise PostInvalid(f"to: there is no account named {name}.{hint}")
            if name not in on:
                missing = ", ".join(self.platforms[name].missing_settings)
                raise PostInvalid(f"to: the account {name} is off. Missing settings: {missing}.")
        return [known[name] for name in wanted]

    def illustrated(self, written: Written, folder: Path | None = None) -> Written:
        """The post with its files read, as found beside it or in the posts folder.

        Slow, so never inside a transaction. PostInvalid where a file cannot be used at all.
        """
        if not written.media:
            return written
        rules = [platform.rules for platform in self.platforms.values()]
        return self.pictures.illustrated(written, folder, rules)

    def render(
        self,
        account: Account,
        written: Written,
        recent: tuple[Recent, ...] = (),
        wording: int = 0,
    ) -> Rendered:
        return self.drawn(account.name, written, account.max_weight, recent, wording)

    def drawn(
        self,
        name: str,
        written: Written,
        max_weight: int | None = None,
        recent: tuple[Recent, ...] = (),
        wording: int = 0,
    ) -> Rendered:
        """What the Account of that name gets; for a check this needs no database."""
        day = last_day(written) or (written.at or self.clock().astimezone(self.zone)).date()
        platform = self.platforms[name]
        worded = self.filled(rotation.worded(written, wording))
        return render(
            worded.for_platform(platform.rules.platform),
            platform,
            self.imprint,
            max_weight,
            style=self.style,
            on=day,
            recent=recent,
        )

    def filled(self, written: Written) -> Written:
        """The post in the words of its template, as that is now; PostInvalid where it cannot be."""
        if written.template is None:
            return written
        try:
            template = self.template(written.template)
        except PostInvalid as error:
            line = written.lines.get("template")
            raise PostInvalid(error.reason, line=line) from None
        return filled(written, template)

    def later_wordings(self, account: Account, written: Written) -> list[Rendered]:
        """What the Account gets in later rounds of a post that recurs."""
        return self.later_drawn(account.name, written, account.max_weight)

    def later_drawn(
        self, name: str, written: Written, max_weight: int | None = None
    ) -> list[Rendered]:
        """The same for a check; PostInvalid where two wordings come out as the same."""
        count = rotation.count(written, self.platforms[name].rules.platform)
        drawn = [self.drawn(name, written, max_weight, wording=n) for n in range(count)]
        if len({one.text_key for one in drawn}) < count:
            hint = " Its template leaves the text out there." if written.template else ""
            raise PostInvalid(
                f"every: two of the wordings are the same on {drawn[0].title}.{hint}",
                line=written.lines.get("every"),
            )
        return drawn[1:]

    def recent(
        self, session: Session, account: Account, written: Written, post_id: int | None
    ) -> tuple[Recent, ...]:
        """The Account's posts that a new one must not repeat."""
        if written.again:
            return ()
        since = self.clock() - SAME_TEXT_WITHIN
        found = deliveries.recent_texts(session, account.id, sent_after=since, not_post=post_id)
        return tuple(Recent(f"P{number}", text, is_out) for number, is_out, text in found)

    def times(self, written: Written) -> Times:
        """The typed times in UTC; PostInvalid where they lie in the past."""
        if written.every is not None:
            return self._first_round(written)
        now, notes = self.clock(), []
        expires_at = None
        if written.expires is not None:
            resolved = resolve(written.expires, self.zone)
            expires_at, notes = resolved.at, [resolved.warning] if resolved.warning else []
            if expires_at <= now:
                raise PostInvalid(f"expires: {in_words(expires_at, self.zone)} has passed.")
        if written.at is None:
            return Times(None, expires_at, tuple(notes))
        resolved = resolve(written.at, self.zone)
        notes += [resolved.warning] if resolved.warning else []
        due_at = resolved.at
        if expires_at is not None and expires_at <= due_at:
            raise PostInvalid("expires: comes before the time the post goes out.")
        if due_at < now:
            if now - due_at > self._too_late(written):
                raise PostInvalid(
                    f"at: {in_words(due_at, self.zone)} has passed. "
                    "Write a time to come, or at: next."
                )
            notes.append(f"{in_words(due_at, self.zone)} has just passed: it is due now.")
        return Times(due_at, expires_at, tuple(notes))

    def _first_round(self, written: Written) -> Times:
        too_late = self._too_late(written)
        occasion = first_occasion(written, self.zone, self.clock(), too_late)
        return times_of(occasion)

    def admit(self, session: Session, written: Written, source: Source) -> Admitted:
        """Store a new Post with a Delivery for each Account that can take it; else PostInvalid."""
        rows = self.targets(session, written)
        times = self.times(written)
        rendered = {
            row.name: self.render(row, written, self.recent(session, row, written, None))
            for row in rows
        }
        later = {row.name: self.later_wordings(row, written) for row in rows}
        drawn = {row.name: [rendered[row.name], *later[row.name]] for row in rows}
        found = told([one for each in drawn.values() for one in each], errors=True)
        errors = [said for _, said in found]
        fitting = [row for row in rows if not any(one.errors for one in drawn[row.name])]
        if not fitting:
            raise PostInvalid(" ".join(errors), line=_first_line(found))
        notes = [*times.notes, *_remarks(rendered.values())]
        for row in fitting:
            for one in drawn[row.name]:
                self._refuse_same(session, row, one, written, None)
            notes += self._crowded(session, row, times.due_at)
        post = self._store(session, written, source)
        made = tuple(
            self._deliver(session, post, row, rendered[row.name], written, times, source)
            for row in fitting
        )
        return Admitted(post, made, self._partly(errors, fitting), tuple(notes))

    def _partly(self, errors: Sequence[str], fitting: Sequence[Account]) -> tuple[str, ...]:
        """The mistakes of Accounts that cannot take a post, and where it goes out all the same."""
        if not errors:
            return ()
        others = " and ".join(self.platforms[row.name].rules.title for row in fitting)
        return tuple(f"Not queued for {said} It goes out on {others}." for said in errors)

    def amend(self, session: Session, post: Post, written: Written, source: Source) -> Admitted:
        """Apply an edit to what has not gone out; what has is reported and left alone."""
        rows = {row.id: row for row in self.targets(session, written)}
        existing = {row.account_id: row for row in deliveries.of_post(session, post.id, lock=True)}
        self._keep_pictures(session, written)
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
        rendered = {
            key: self.render(
                row,
                written,
                self.recent(session, row, written, post.id),
                existing[key].wording if key in existing else 0,
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
            self._refuse_same(session, row, rendered[key], written, post.id)
            changed.append(rendered[key])
            if key in existing:
                delivery = existing[key]
                differs = delivery.variant_digest != rendered[key].digest
                postponed |= differs and may_be_out(session, delivery)
                if retimed and written.every is not None:
                    times = self._times_of_round(session, post, delivery, written)
                notes += self._rewrite(session, delivery, row, rendered[key], written, times)
                made.append(delivery)
            else:
                new_times = self.times(written)
                made.append(
                    self._deliver(session, post, row, rendered[key], written, new_times, source)
                )
        going = [row for row in made if row.state not in FINISHED_STATES]
        if errors and not going:
            raise PostInvalid(" ".join(errors), line=_first_line(lines))
        notes += _remarks(changed)
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
            post.version += 1
            posts.set_labels(session, post.id, written.labels)
        fitting = [rows[row.account_id] for row in going]
        return Admitted(post, tuple(made), self._partly(errors, fitting), tuple(notes))

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

    def _too_late(self, written: Written) -> timedelta:
        if written.too_late_seconds is None:
            return self.too_late
        return timedelta(seconds=written.too_late_seconds)

    def _refuse_same(
        self,
        session: Session,
        account: Account,
        rendered: Rendered,
        written: Written,
        post_id: int | None,
    ) -> None:
        said = self.same_as(session, account, rendered, written, post_id)
        if said is not None:
            raise PostInvalid(said)

    def same_as(
        self,
        session: Session,
        account: Account,
        rendered: Rendered,
        written: Written,
        post_id: int | None,
    ) -> str | None:
        """What is said of words that wait, or went out not long ago; None for new ones."""
        if written.again:
            return None
        twin = deliveries.same_text(
            session,
            account.id,
            rendered.text_key,
            sent_after=self.clock() - SAME_TEXT_WITHIN,
            not_post=post_id,
        )
        if twin is None:
            return None
        return (
            f"Same as P{twin.post_id} on {rendered.title}, "
            f"{'which went out' if twin.state == State.SENT else 'which is waiting'}. "
            "To post it all the same, add again: yes."
        )

    def _crowded(self, session: Session, account: Account, due_at: datetime | None) -> list[str]:
        if due_at is None:
            return []
        close = [
            moment
            for moment in deliveries.taken_times(session, account.id, due_at - self.spacing)
            if abs(moment - due_at) < self.spacing
        ]
        if not close:
            return []
        return [f"{account.name}: another post goes out at {in_words(close[0], self.zone)}."]

    def _store(self, session: Session, written: Written, source: Source) -> Post:
        post = Post(
            source=source.name,
            key=source.key,
            content_digest=source.digest,
            written=to_json(written),
            campaign=written.campaign,
            recurs_until=last_day(written),
            author=source.author,
            created_at=self.clock(),
        )
        session.add(post)
        session.flush()
        posts.set_labels(session, post.id, written.labels)
        self._keep_pictures(session, written)
        return post

    def _keep_pictures(self, session: Session, written: Written) -> None:
        """What was read just now goes into the database, so that nothing needs the files again."""
        for picture in written.media:
            for rendition in picture.renditions.values():
                if rendition.content:
                    media.keep(session, rendition, self.clock())

    def _deliver(
        self,
        session: Session,
        post: Post,
        account: Account,
        rendered: Rendered,
        written: Written,
        times: Times,
        source: Source,
        place: Place = FIRST,
    ) -> Delivery:
        holds = self._holds(account, source)
        occasion = times.occasion
        delivery = Delivery(
            post_id=post.id,
            account_id=account.id,
            round=place.round,
            wording=place.wording,
            occasion=occasion.day if occasion else None,
            opens_at=occasion.opens_at if occasion else None,
            state=(State.HELD if holds else State.WAITING).value,
            holds=frozenset(hold.value for hold in holds),
            timing=written.timing,
            due_at=times.due_at,
            expires_at=times.expires_at,
            too_late_seconds=written.too_late_seconds,
            quiet_hours=source.quiet_hours,
            urgent=written.urgent,
            variant_digest=rendered.digest,
            imprint=rendered.imprint,
            imprint_place=rendered.imprint_place,
            imprint_reason=rendered.imprint_reason,
            text_key=rendered.text_key,
            when_in_doubt=self._when_in_doubt(account, rendered).value,
            created_at=self.clock(),
        )
        session.add(delivery)
        session.flush()
        self._store_parts(session, delivery, rendered)
        _settle_alt_texts(session, delivery)
        return delivery

    def add_round(
        self,
        session: Session,
        post: Post,
        account: Account,
        written: Written,
        rendered: Rendered,
        occasion: Occasion,
        place: Place,
    ) -> Delivery:
        """A further round of a post that is in, in words rendered and looked at by the caller."""
        source = Source(post.source, post.key, post.content_digest, post.author)
        times = times_of(occasion)
        return self._deliver(session, post, account, rendered, written, times, source, place)

    def _holds(self, account: Account, source: Source) -> list[Hold]:
        platform = self.platforms[account.name]
        needs = {
            Hold.APPROVAL: source.review or account.approval != Approval.OFF,
            Hold.FIRST_RUN: account.name in source.first_run,
            Hold.IMPRINT: platform.is_live and not self.imprint.is_answered,
        }
        return [hold for hold, needed in needs.items() if needed]

    def _when_in_doubt(self, account: Account, rendered: Rendered) -> WhenInDoubt:
        pictures = any(part.images for part in rendered.variant.parts)
        refuses = self.platforms[account.name].rules.refuses_duplicates
        return WhenInDoubt.RESEND if refuses and not pictures else WhenInDoubt.ASK

    def _store_parts(
        self,
        session: Session,
        delivery: Delivery,
        rendered: Rendered,
        existing: Sequence[Part] = (),
    ) -> None:
        kept = {part.n: part for part in existing}
        for n, content in enumerate(rendered.variant.parts, 1):
            part = kept.get(n) or Part(delivery_id=delivery.id, n=n)
            part.text, part.link = content.text, content.link
            part.images = [asdict(image) for image in content.images]
            part.weight = rendered.weights[n - 1]
            session.add(part)
        session.flush()

    def replace_words(
        self, session: Session, delivery: Delivery, account: Account, rendered: Rendered
    ) -> None:
        """Give what has not gone out the words rendered now."""
        parts = deliveries.parts(session, delivery.id)
        for part in parts[len(rendered.variant.parts) :]:
            session.delete(part)
        self._store_parts(session, delivery, rendered, parts)
        delivery.variant_digest, delivery.text_key = rendered.digest, rendered.text_key
        delivery.imprint, delivery.imprint_place = rendered.imprint, rendered.imprint_place
        delivery.imprint_reason = rendered.imprint_reason
        delivery.when_in_doubt = self._when_in_doubt(account, rendered).value
        _settle_alt_texts(session, delivery)

    def _rewrite(
        self,
        session: Session,
        delivery: Delivery,
        account: Account,
        rendered: Rendered,
        written: Written,
        times: Times | None,
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
            if account.approval != Approval.OFF and delivery.approved_digest is not None:
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


def _settle_alt_texts(session: Session, delivery: Delivery) -> None:
    """Hold what has a picture without words, and let go what has them now."""
    missing = without_alt_text(deliveries.parts(session, delivery.id))
    if missing is None:
        delivery.clear(Hold.ALT_TEXT)
    elif delivery.state in (State.WAITING, State.HELD):
        delivery.hold(Hold.ALT_TEXT, reason=missing)


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


def _remarks(rendered: Iterable[Rendered]) -> list[str]:
    """What its author should know, with the line of the file where it is known."""
    return [f"Line {line}, {said}" if line else said for line, said in told(rendered, errors=False)]


def _first_line(found: Iterable[tuple[int | None, str]]) -> int | None:
    return next((line for line, _ in found if line is not None), None)


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
