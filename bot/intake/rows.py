"""Stores a post and its Deliveries as rows: each with its holds, its Parts and its pictures.

Whether it may be stored was decided before. Nothing is rendered here.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from bot.formatting.rendered import Rendered
from bot.intake.occasions import Occasion, last_day
from bot.intake.postingtimes import Times, times_of
from bot.intake.rendering import Rendering
from bot.model.account import Account, Approval
from bot.model.delivery import Delivery, Hold, Part, State, WhenInDoubt, without_alt_text
from bot.model.post import Post
from bot.model.written import Written, to_json
from bot.store import deliveries, media, posts
from bot.store.engine import Session


@dataclass(frozen=True, slots=True)
class Source:
    """Where a Post comes from and how it is to be treated at first sight.

    `by_approver`: whoever wrote it may approve what volunteers write, so that an Account which asks
    for no more than that takes the words as approved.
    """

    name: str
    key: str
    digest: str
    author: str
    review: bool = False
    first_run: frozenset[str] = frozenset()
    quiet_hours: str | None = None
    by_approver: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Which round of a post a Delivery is, from 1, and in which wording, from 0."""

    round: int = 1
    wording: int = 0


FIRST = Place()


def needs_approval(account: Account, source: Source) -> bool:
    """Whether somebody must approve what comes from there before it goes out on the Account."""
    return account.approval != Approval.OFF and not is_approved(account, source)


def is_approved(account: Account, source: Source) -> bool:
    """Whether its author's own word is enough on the Account."""
    return source.by_approver and account.approval == Approval.VOLUNTEERS


@dataclass(frozen=True, slots=True)
class Rows(Rendering):
    """Makes the rows of what is rendered, in the caller's transaction."""

    def store(self, session: Session, written: Written, source: Source) -> Post:
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
        self.keep_pictures(session, written)
        return post

    def keep_pictures(self, session: Session, written: Written) -> None:
        """What was read just now goes into the database, so that nothing needs the files again."""
        for picture in written.media:
            for rendition in picture.renditions.values():
                if rendition.content:
                    media.keep(session, rendition, self.clock())

    def deliver(
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
            approved_digest=rendered.digest if is_approved(account, source) else None,
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
        return self.deliver(session, post, account, rendered, written, times, source, place)

    def _holds(self, account: Account, source: Source) -> list[Hold]:
        platform = self.platforms[account.name]
        needs = {
            Hold.APPROVAL: source.review or needs_approval(account, source),
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


def _settle_alt_texts(session: Session, delivery: Delivery) -> None:
    """Hold what has a picture without words, and let go what has them now."""
    missing = without_alt_text(deliveries.parts(session, delivery.id))
    if missing is None:
        delivery.clear(Hold.ALT_TEXT)
    elif delivery.state in (State.WAITING, State.HELD):
        delivery.hold(Hold.ALT_TEXT, reason=missing)
