"""Reads feeds when their time has come: fetch, have it parsed, and take up what is new.

The next check is set before fetching, so that a crash cannot make the bot ask without pause. No
transaction is open while a stranger's server is waited for. One feed's trouble stays its own.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.clock import Clock
from bot.errors import FetchFailed, PostInvalid, UsageError
from bot.intake import feedfile, feedsync
from bot.intake.admission import Admission
from bot.intake.articlepage import Page
from bot.intake.byhand import ByHand
from bot.intake.entry import Parsed
from bot.intake.feedfind import find
from bot.intake.feedoptions import read_options
from bot.intake.feedsweep import sweep
from bot.intake.feedtimes import after_error, next_check, skips_of
from bot.intake.feedtrial import Trial
from bot.intake.fetch import Fetched, Fetcher
from bot.intake.judgement import options_of, worth_reading
from bot.intake.lapse import let_lapse
from bot.intake.pages import Pages
from bot.intake.reader import Reader
from bot.intake.uptake import SOURCE, Taken, take
from bot.model.feed import Feed
from bot.model.written import Written
from bot.settings import Settings
from bot.store import feeds, quarantine
from bot.store.engine import Session, Store

# Some servers say "not changed" for ever; now and then they are asked for the whole feed.
WHOLE_AGAIN_AFTER = timedelta(days=7)
REFUSED_ARTICLE_SHOWN_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Polled:
    """What reading one feed came to; `error` in plain words where it failed."""

    feed: str
    new_posts: tuple[str, ...] = ()
    skipped: int = 0
    refused: int = 0
    error: str | None = None
    parsed: Parsed | None = field(default=None, compare=False, repr=False)

    @property
    def new(self) -> int:
        """How many articles became Posts."""
        return len(self.new_posts)


class Feeds:
    """Every feed of one database."""

    def __init__(
        self, store: Store, clock: Clock, admission: Admission, settings: Settings
    ) -> None:
        self.store, self.clock, self.admission = store, clock, admission
        self.every = settings.feed_every
        self.file = settings.posts_dir / feedfile.FILE_NAME
        self.fetcher = Fetcher(clock, settings.fetch_allow_hosts)
        self.reader = Reader()
        self._synced: bytes | None = None

    @property
    def pages(self) -> Pages:
        """Where the pages of new articles are read."""
        return Pages(self.fetcher, self.reader)

    @property
    def by_hand(self) -> ByHand:
        """The articles a person picks; its reading process ends with `reader.close`."""
        return ByHand(self.store, self.clock, self.admission, self.pages, self._again)

    def poll_due(self, may_go_on: Callable[[], bool] = lambda: True) -> list[Polled]:
        """Read every feed whose time has come; none is begun once it may not go on."""
        self.sync()
        with self.store.read() as session:
            due = feeds.due(session, self.clock())
        with self.reader:
            found = sweep(due, lambda name: self._poll(name, only_due=True), may_go_on)
        self._let_lapse()
        let_lapse(self.store, self.clock())
        return found

    def poll(self, name: str) -> Polled:
        """Read one feed now; NotFound where there is none of that name."""
        with self.reader:
            return self._poll(name, only_due=False) or Polled(name)

    def add(self, name: str, url: str, options: Mapping[str, Any]) -> Polled:
        """The feed at or behind that address, read once: what stands there now is not posted.

        SeveralFeeds where a page names more than one.
        """
        checked = read_options(options, self.admission.platforms)
        feedfile.checked_name(name)
        with self.store.read() as session:
            self._refuse_known(session, name, url)
        with self.reader:
            found = find(self.fetcher, self.reader, url)
        address = found.url
        now = self.clock()
        with self.store.write() as session:
            feeds.lock(session)
            self._refuse_known(session, name, address)
            row = feeds.find(session, name)
            if row is None:
                row = feeds.add(
                    session, name=name, url=address, owner="database", options={}, now=now
                )
            feedsync.start_over(row, address, now)
            row.owner, row.options = "database", checked.to_json()
            return self._take_up(session, row, found.fetched, found.parsed)

    def test(self, url: str, rules: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """What a feed would bring, as `--json` prints it; changes nothing.

        `rules` are tried out on top of the feed's own.
        """
        tried = read_options(rules or {}, self.admission.platforms)
        with self.reader:
            found = find(self.fetcher, self.reader, url)
            with self.store.read() as session:
                feed = feeds.by_url(session, found.url) or feeds.by_url(session, found.fetched.url)
                if rules and feed is not None:
                    tried = read_options({**feed.options, **rules}, self.admission.platforms)
                trial = Trial(
                    self.admission,
                    found.url,
                    feed,
                    found.parsed,
                    self.clock(),
                    tried if rules else None,
                )
                wanted = trial.wanted(session)
            pages = self.pages.of(wanted)
        with self.store.read() as session:
            return trial.report(session, pages)

    def sync(self) -> None:
        """Take over `posts/feeds.toml` if it changed; a mistake in it is quarantined."""
        try:
            content = feedfile.read(self.file)
            if content is None or content == self._synced:
                return
            declared = feedfile.parse(content, self.admission.platforms, self.fetcher.mistake_in)
        except PostInvalid as error:
            self._quarantine(error)
            return
        with self.store.write() as session:
            feedsync.apply(session, declared, self.clock())
            quarantine.lift(session, SOURCE, feedfile.FILE_NAME)
        self._synced = content

    def lines(self) -> dict[str, int]:
        """The line on which `posts/feeds.toml` declares each of its feeds."""
        try:
            return feedfile.lines(feedfile.read(self.file) or b"")
        except PostInvalid:
            return {}

    def change(self, name: str, rules: Mapping[str, Any], clear: Collection[str] = ()) -> Feed:
        """Give a feed other rules; UsageError where the file owns it."""
        self.sync()
        with self.store.write() as session:
            row = feeds.named(session, name)
            if row.owner == feedsync.OWNER:
                place = f"{feedfile.FILE_NAME}, line {self.lines().get(name, 1)}"
                raise UsageError(f"{name} is declared in {place}. Change it there.")
            kept = {key: value for key, value in row.options.items() if key not in clear}
            row.options = read_options({**kept, **rules}, self.admission.platforms).to_json()
            return row

    def _let_lapse(self) -> None:
        """An article nobody can put right is news for a while, not for ever; its row stays."""
        before = self.clock() - REFUSED_ARTICLE_SHOWN_FOR
        with self.store.read() as session:
            stood = quarantine.older_than(session, SOURCE, before)
        old = [key for key in stood if key != feedfile.FILE_NAME]
        if old:
            with self.store.write() as session:
                for key in old:
                    quarantine.lift(session, SOURCE, key)

    def _quarantine(self, error: PostInvalid) -> None:
        self._synced = None
        key = feedfile.FILE_NAME
        with self.store.read() as session:
            if quarantine.has(
                session, source=SOURCE, key=key, line=error.line, reason=error.reason
            ):
                return
        with self.store.write() as session:
            quarantine.put(
                session,
                source=SOURCE,
                key=key,
                line=error.line,
                reason=error.reason,
                now=self.clock(),
            )

    def _refuse_known(self, session: Session, name: str, url: str) -> None:
        known = feeds.find(session, name)
        if known is not None and known.stopped_at is None:
            raise UsageError(f"There is a feed named {name} already. Choose another name.")
        twin = feeds.by_url(session, url)
        if twin is not None:
            raise UsageError(f"This address is read already, as {twin.name}. See: bot feeds list")

    def _poll(self, name: str, *, only_due: bool) -> Polled | None:
        with self.store.write() as session:
            feed = feeds.named(session, name)
            if feed.stopped_at is not None:
                return Polled(name, error=_stopped(feed))
            now = self.clock()
            is_early = only_due and feed.next_check_at > now
            if is_early or not feeds.claim(session, feed.id, feed.next_check_at, now + self.every):
                return None
            session.refresh(feed)
            trouble = self._accounts_trouble(session, feed)
            if trouble is not None:
                feed.last_error = trouble[:500]
                return Polled(name, error=trouble)
        try:
            fetched = self._fetch(feed)
            parsed = None if fetched.is_unchanged else self._parsed(fetched)
        except FetchFailed as error:
            return self._failed(feed, error)
        pages = self._pages_of(feed, parsed) if parsed is not None else {}
        with self.store.write() as session:
            feeds.lock(session)
            row = feeds.named(session, name)
            if row.url != feed.url or row.stopped_at is not None:
                return Polled(name)  # Changed by a person while we were reading.
            return self._take_up(session, row, fetched, parsed, pages)

    def _pages_of(self, feed: Feed, parsed: Parsed) -> dict[str, Page]:
        """The pages of what is new, fetched before anything is written."""
        with self.store.read() as session:
            wanted = worth_reading(session, self.admission, feed, parsed, self.clock())
        return self.pages.of(wanted)

    def _again(self, feed: Feed) -> Parsed:
        """What the feed shows now, whole, for somebody who picks an article."""
        return self._parsed(self.fetcher.get(feed.url))

    def _fetch(self, feed: Feed) -> Fetched:
        whole_at = feed.whole_at
        if whole_at is None or self.clock() - whole_at > WHOLE_AGAIN_AFTER:
            return self.fetcher.get(feed.url)
        return self.fetcher.get(feed.url, etag=feed.etag, last_modified=feed.last_modified)

    def _parsed(self, fetched: Fetched) -> Parsed:
        return self.reader.feed(fetched.body, fetched.content_type, fetched.url)

    def _accounts_trouble(self, session: Session, feed: Feed) -> str | None:
        """Why no article could become a post at all; it then waits instead of being refused."""
        if feed.first_read_at is None:
            return None
        options = options_of(feed, self.admission)
        try:
            self.admission.targets(session, Written("", to=options.accounts))
        except PostInvalid as error:
            return error.reason
        return None

    def _failed(self, feed: Feed, error: FetchFailed) -> Polled:
        with self.store.write() as session:
            row = feeds.named(session, feed.name)
            if row.url != feed.url:
                return Polled(feed.name)
            now = self.clock()
            row.errors += 1
            row.last_error = str(error)[:500]
            if error.gone:
                row.stopped_at = now
                _tell_gone(session, row, now)
            row.next_check_at = after_error(now, self.every, row.errors, error.retry_at)
        return Polled(feed.name, error=str(error))

    def _take_up(
        self,
        session: Session,
        row: Feed,
        fetched: Fetched,
        parsed: Parsed | None,
        pages: Mapping[str, Page] | None = None,
    ) -> Polled:
        now = self.clock()
        taken = Taken()
        if parsed is not None:
            taken = take(session, self.admission, row, parsed, now, pages)
            _learn(row, fetched, parsed, now)
        row.errors, row.last_error, row.last_read_at = 0, None, now
        ttl = timedelta(seconds=row.ttl_seconds) if row.ttl_seconds else None
        row.next_check_at = next_check(now, self.every, ttl, row.skips or {}, fetched.not_before)
        if fetched.moved_to:
            _move(row, fetched.moved_to)
        return Polled(row.name, tuple(taken.new_posts), taken.skipped, taken.refused, parsed=parsed)


def _learn(row: Feed, fetched: Fetched, parsed: Parsed, now: datetime) -> None:
    """What the feed says of itself, and what shows next time whether it changed."""
    row.etag, row.last_modified = fetched.etag, fetched.last_modified
    row.title = parsed.title or row.title
    row.site, row.language = parsed.site or row.site, parsed.language or row.language
    row.ttl_seconds = int(parsed.ttl.total_seconds()) if parsed.ttl else None
    row.skips = skips_of(parsed)
    row.first_read_at, row.whole_at = row.first_read_at or now, now


def _move(row: Feed, url: str) -> None:
    """Follow the feed for good, or say where to where the file must be changed for it."""
    if row.owner == feedsync.OWNER:
        row.last_error = (
            f"It has moved for good. Change its address in {feedfile.FILE_NAME}: {url}"[:500]
        )
        return
    row.url = url


def _tell_gone(session: Session, row: Feed, now: datetime) -> None:
    reason = f"{row.name}: {row.last_error} It is not read any more. Its new address: bot feeds add"
    quarantine.put(session, source=SOURCE, key=f"{row.id}:gone", line=None, reason=reason, now=now)


def _stopped(feed: Feed) -> str:
    why = f" {feed.last_error}" if feed.last_error else ""
    return f"This feed has been stopped.{why} To read it again: bot feeds add"
