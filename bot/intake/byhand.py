"""Articles a person picks: how the newest of a feed would be posted, and posting one of them now.

What stood in a feed at first sight is never posted by itself; this is the way to post it. Whoever
picks an article has seen its words, so that it is not held for the feed's review; what an account
requires of everybody it requires here too.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.clock import Clock
from bot.errors import FetchFailed, NotAllowed, PostInvalid
from bot.intake.admission import Admission
from bot.intake.amendment import Admitted
from bot.intake.articlepage import Page
from bot.intake.entry import Entry, Parsed
from bot.intake.feedrules import ruled_out
from bot.intake.feedtrial import texts_of
from bot.intake.judgement import options_of
from bot.intake.pages import Pages
from bot.intake.uptake import Bringing
from bot.model.feed import Article, Feed
from bot.store import articles, feeds
from bot.store.engine import Store

OFFERED = 3


@dataclass(frozen=True, slots=True)
class Offered:
    """One article as it would be posted: its number for the command, and each Account's text."""

    article: int
    title: str
    published_at: datetime | None
    posts: dict[str, str] = field(default_factory=dict)
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ByHand:
    """Picks articles of the feeds of one database; `read` fetches a feed once more."""

    store: Store
    clock: Clock
    admission: Admission
    pages: Pages
    read: Callable[[Feed], Parsed]

    def offer(self, name: str, parsed: Parsed | None = None) -> list[Offered]:
        """The newest articles of a feed that are no posts yet, as they would be posted."""
        with self.store.read() as session:
            feed = feeds.named(session, name)
            rows = [row for row in articles.newest(session, feed.id, 20) if row.post_id is None]
        found = parsed or self._again(feed)
        chosen = [(row, entry_of(row, found)) for row in rows[:OFFERED]]
        pages = self.pages.of(entry for _, entry in chosen)
        return [self._offered(feed, row, entry, pages.get(entry.id)) for row, entry in chosen]

    def post(self, name: str, article_id: int, actor: str) -> Admitted:
        """Queue one article for the first free minute; NotAllowed where it is a post already."""
        with self.store.read() as session:
            feed = feeds.named(session, name)
            row = articles.get(session, feed.id, article_id)
        _refuse_twice(row)
        entry = entry_of(row, self._again(feed))
        page = self.pages.of([entry]).get(entry.id)
        with self.store.write() as session:
            feeds.lock(session)
            row = articles.get(session, feed.id, article_id)
            _refuse_twice(row)
            feed = feeds.named(session, name)
            bringing = Bringing(session, self.admission, feed, feed.title or feed.name)
            return bringing.publish_now(row, entry, page, actor)

    def _again(self, feed: Feed) -> Parsed:
        """The feed as it is now; where it cannot be had, what is remembered has to do."""
        try:
            return self.read(feed)
        except FetchFailed:
            return Parsed("", ())

    def _offered(self, feed: Feed, row: Article, entry: Entry, page: Page | None) -> Offered:
        site = feed.title or feed.name
        try:
            with self.store.read() as session:
                options = options_of(feed, self.admission)
                posts, reason = texts_of(self.admission, session, entry, page, site, options)
                ruling = ruled_out(entry, options, self.clock(), page)
        except PostInvalid as error:
            posts, reason, ruling = {}, error.reason, None
        if ruling is not None:
            reason = f"By its rules it would be left out: {ruling.reason}"
        return Offered(row.id, row.title, row.published_at, posts, reason)


def entry_of(row: Article, parsed: Parsed) -> Entry:
    """The feed's entry for an Article, else what is remembered of it."""
    return _named(row, parsed.entries) or Entry(
        row.entry_id, row.title, row.link, published_at=row.published_at
    )


def _named(row: Article, entries: Sequence[Entry]) -> Entry | None:
    for wanted in ("entry_id", "link", "title"):
        known = getattr(row, wanted)
        name = "id" if wanted == "entry_id" else wanted
        found = next((one for one in entries if known and getattr(one, name) == known), None)
        if found is not None:
            return found
    return None


def _refuse_twice(row: Article) -> None:
    if row.post_id is not None:
        raise NotAllowed(f"This article is a post already. See: bot show P{row.post_id}")
