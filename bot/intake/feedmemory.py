"""What is remembered of a feed's articles, and whether an entry is one of them.

An entry is known by its id or title within its feed, or by its address in any feed. Names that a
known article takes on later are remembered too, so that a chain of changes does not make it new.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from bot.intake.article import canonical, title_key
from bot.intake.feedparse import Entry
from bot.model.feed import Article
from bot.store import feeds
from bot.store.engine import Session

FUTURE_ALLOWED = timedelta(days=1)
# A feed that renames its articles at every reading must not fill the database.
MAX_NAMES = 10

FIRST_SIGHT = "It was there when the feed was first read."
KNOWN = "It has been seen before."
IN_FUTURE = "Its date lies more than a day ahead."


@dataclass(slots=True)
class Memory:
    """The ids, addresses and titles known, as far as the entries at hand ask for them."""

    ids: set[str] = field(default_factory=set)
    addresses: set[str] = field(default_factory=set)
    titles: Counter[str] = field(default_factory=Counter)
    elsewhere: dict[str, str] = field(default_factory=dict)

    def reason_to_skip(self, entry: Entry, now: datetime) -> str:
        """Why this entry is no new article; empty when it is one."""
        address, title = canonical(entry.link), title_key(entry.title)
        if entry.id in self.ids or address in self.addresses or (title and self.titles[title]):
            return KNOWN
        if address in self.elsewhere:
            return f"The feed {self.elsewhere[address]} brought it already."
        if entry.published_at is not None and entry.published_at > now + FUTURE_ALLOWED:
            return IN_FUTURE
        return ""

    def has_new_name(self, entry: Entry) -> bool:
        """Whether a known entry should be remembered under the address or title it has now."""
        address, title = canonical(entry.link), title_key(entry.title)
        if self.titles[title] >= MAX_NAMES:
            return False
        return bool(address and address not in self.addresses) or not self.titles[title]

    def key_for(self, entry: Entry) -> str:
        """The entry's id, or one made from all its names where another row has the id."""
        if entry.id not in self.ids:
            return entry.id
        names = "\n".join((entry.id, canonical(entry.link), title_key(entry.title)))
        return f"also:{sha256(names.encode()).hexdigest()}"

    def learn(self, entry_id: str, address: str, title: str) -> None:
        """Know these names from now on."""
        self.ids.add(entry_id)
        if address:
            self.addresses.add(address)
        self.titles[title] += 1


def recall(session: Session, feed_id: int | None, entries: Sequence[Entry]) -> Memory:
    """What the database knows of these entries; feed_id None is a feed not read yet."""
    addresses = {address for entry in entries if (address := canonical(entry.link))}
    memory = Memory(elsewhere=feeds.taken_up_elsewhere(session, feed_id, addresses))
    if feed_id is None:
        return memory
    rows = feeds.known(
        session,
        feed_id,
        entry_ids={entry.id for entry in entries},
        addresses=addresses,
        title_keys={key for entry in entries if (key := title_key(entry.title))},
    )
    for row in rows:
        memory.learn(row.entry_id, row.address, row.title_key)
    return memory


def article(entry: Entry, feed_id: int, key: str, seen_at: datetime) -> Article:
    """A row for this entry, seen and left alone unless somebody decides otherwise."""
    return Article(
        feed_id=feed_id,
        entry_id=key,
        address=canonical(entry.link),
        title_key=title_key(entry.title),
        title=entry.title,
        link=entry.link,
        published_at=entry.published_at,
        seen_at=seen_at,
        decision="seen",
    )
