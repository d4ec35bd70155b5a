"""What is remembered of a feed's articles, and whether an entry is one of them.

An entry is known by its id, its address or its title within its feed, and by its address in any
feed. Names that a known article takes on later are remembered too, so that no chain of changes
makes it new. A feed that renames everything at once brings nothing.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.intake.entry import Entry
from bot.intake.identity import canonical, title_key
from bot.model.feed import Article, ArticleName, Feed
from bot.store import feeds
from bot.store.engine import Session

FUTURE_ALLOWED = timedelta(days=1)
# Two articles of one title this far apart, both listed, are a series and not one article.
SERIES_APART = timedelta(days=2)
# A feed that renames its articles at every reading must not fill the database.
MAX_NAMES = 20
# More unknown articles than this at once, with dates from before the last reading or none, are old
# ones under new names; more than the second number so soon are, whatever their dates.
MANY_OLD = 10
MANY = 50
SOON = timedelta(hours=6)

FIRST_SIGHT = "It was there when the feed was first read."
KNOWN = "It has been seen before."
IN_FUTURE = "Its date lies more than a day ahead."
RENAMED = "The feed showed many unknown articles at once, most likely old ones under new names."

Name = tuple[str, str]


def names_of(entry: Entry) -> tuple[Name, ...]:
    """All an entry is known by, the surest first."""
    given = (
        ("id", entry.id),
        ("address", canonical(entry.link)),
        ("title", title_key(entry.title)),
    )
    return tuple((kind, value) for kind, value in given if value)


@dataclass(slots=True)
class Memory:
    """The names known, as far as the entries at hand ask for them, and whose they are.

    `dates` holds each known Article's date, `listed` the Articles that are in this reading, and
    `counts` how many names each has.
    """

    owners: dict[Name, list[int]] = field(default_factory=dict)
    dates: dict[int, datetime | None] = field(default_factory=dict)
    listed: set[int] = field(default_factory=set)
    counts: Counter[int] = field(default_factory=Counter)
    elsewhere: dict[str, str] = field(default_factory=dict)

    def owner(self, entry: Entry) -> int | None:
        """The id of the Article this entry is; None when it is a new one."""
        for name in names_of(entry):
            found = self.owners.get(name)
            if found and not (name[0] == "title" and self._is_series(found, entry)):
                return found[0]
        return None

    def _is_series(self, article_ids: Sequence[int], entry: Entry) -> bool:
        """Whether the Articles of that title are others: all days apart, the nearest still listed.

        One that is gone may have come back under a new id, address and date.
        """
        others = [(self.dates.get(each), each) for each in article_ids]
        if entry.published_at is None or any(date is None for date, _ in others):
            return False
        apart = [(abs(entry.published_at - date), each) for date, each in others if date]
        distance, nearest = min(apart)
        return distance >= SERIES_APART and nearest in self.listed

    def reason_to_skip(self, entry: Entry, now: datetime) -> str:
        """Why this entry is no new article; empty when it is one."""
        if self.owner(entry) is not None:
            return KNOWN
        address = canonical(entry.link)
        if address in self.elsewhere:
            return f"The feed {self.elsewhere[address]} brought it already."
        if entry.published_at is not None and entry.published_at > now + FUTURE_ALLOWED:
            return IN_FUTURE
        return ""

    def learn(self, entry: Entry, article_id: int) -> list[Name]:
        """Know the entry as that Article from now on; the names that are new."""
        fresh = [name for name in names_of(entry) if self._is_free(name, article_id)]
        fresh = fresh[: max(0, MAX_NAMES - self.counts[article_id])]
        for name in fresh:
            self.owners.setdefault(name, []).append(article_id)
        self.dates.setdefault(article_id, entry.published_at)
        self.listed.add(article_id)
        self.counts[article_id] += len(fresh)
        return fresh

    def _is_free(self, name: Name, article_id: int) -> bool:
        """Whether it may become a name of that Article; only titles are shared."""
        owners = self.owners.get(name, [])
        return not owners or (name[0] == "title" and article_id not in owners)

    def renamed(self, entries: Iterable[Entry], feed: Feed, now: datetime) -> frozenset[str]:
        """Ids of entries that are most likely known ones under new names, none of which is left."""
        if feed.last_read_at is None:
            return frozenset()
        last_read_at = feed.last_read_at
        fresh = [entry for entry in entries if not self.reason_to_skip(entry, now)]
        if len(fresh) >= MANY and now - last_read_at < SOON:
            return frozenset(entry.id for entry in fresh)
        before = last_read_at - FUTURE_ALLOWED
        old = [each for each in fresh if each.published_at is None or each.published_at < before]
        return frozenset(each.id for each in old) if len(old) >= MANY_OLD else frozenset()


def recall(session: Session, feed_id: int | None, entries: Sequence[Entry]) -> Memory:
    """What the database knows of these entries; feed_id None is a feed not read yet."""
    wanted = {name for entry in entries for name in names_of(entry)}
    addresses = {value for kind, value in wanted if kind == "address"}
    memory = Memory(elsewhere=feeds.taken_up_elsewhere(session, feed_id, addresses))
    if feed_id is None:
        return memory
    for row in feeds.names(session, feed_id, wanted):
        memory.owners.setdefault((row.kind, row.value), []).append(row.article_id)
    known = {each for owners in memory.owners.values() for each in owners}
    memory.dates = feeds.dates_of(session, known)
    memory.counts = Counter(feeds.names_each_has(session, known))
    memory.listed = {
        each
        for entry in entries
        for name in names_of(entry)
        if name[0] != "title"
        for each in memory.owners.get(name, ())
    }
    return memory


def article(entry: Entry, feed_id: int, seen_at: datetime) -> Article:
    """A row for this entry, seen and left alone unless somebody decides otherwise."""
    return Article(
        feed_id=feed_id,
        entry_id=entry.id,
        title=entry.title,
        link=entry.link,
        published_at=entry.published_at,
        seen_at=seen_at,
        decision="seen",
    )


def remember(memory: Memory, entry: Entry, article_id: int, feed_id: int) -> list[ArticleName]:
    """The names of this entry that the Article was not known by; the caller stores them."""
    return [
        ArticleName(feed_id=feed_id, kind=kind, value=value)
        for kind, value in memory.learn(entry, article_id)
    ]
