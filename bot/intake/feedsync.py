"""Makes the database say what `posts/feeds.toml` says: those feeds are the file's, read-only
elsewhere. A feed taken out of the file stops; a file that is gone or wrong changes nothing.
"""

from collections.abc import Sequence
from datetime import datetime

from bot.intake.feedfile import Declared
from bot.model.feed import Feed
from bot.store import feeds
from bot.store.engine import Session

OWNER = "file"


def apply(session: Session, declared: Sequence[Declared], now: datetime) -> None:
    """Add, change and stop feeds until the file and the database agree."""
    names = {each.name for each in declared}
    for row in feeds.all_of(session):
        if row.owner == OWNER and row.name not in names and row.stopped_at is None:
            row.stopped_at, row.last_error = now, None
    for each in declared:
        options = each.options.to_json()
        known = feeds.find(session, each.name)
        if known is None:
            feeds.add(session, name=each.name, url=each.url, owner=OWNER, options=options, now=now)
            continue
        if known.url != each.url or _was_taken_out(known):
            start_over(known, each.url, now)
        known.owner, known.options = OWNER, options


def _was_taken_out(feed: Feed) -> bool:
    """Stopped by a person, and not because its site said that it is gone."""
    return feed.stopped_at is not None and feed.last_error is None


def start_over(feed: Feed, url: str, now: datetime) -> None:
    """Read it as if for the first time: what stands there by then is seen and not posted."""
    feed.url, feed.title, feed.site, feed.language = url, None, None, None
    feed.etag = feed.last_modified = feed.first_read_at = feed.stopped_at = feed.whole_at = None
    feed.ttl_seconds = feed.skips = None
    feed.errors, feed.last_error = 0, None
    feed.next_check_at = now
