"""Ten busy years of a group, written straight into its database, for `bench/web`.

A few posts are queued as the web app would; every other row is a copy of theirs with a time, a
state and a reason of its own, so that texts, digests and JSON are what the bot itself would write.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import Table, insert, text

from bot import flow
from bot.model.base import Base
from bot.model.delivery import Decision, Delivery, Part, State
from bot.model.engagement import AGES, NEWEST
from bot.model.feed import Article, Feed
from bot.model.post import Post, PostLabel, Quarantine
from bot.model.written import Written
from bot.store import accounts, deliveries
from bot.wiring import Bot

POSTS, SNAPSHOTS = 100_000, 1_000_000
# How many posts stand in each state; what is left is out. None in doubt: with two of those an
# account rests, and nothing would go out on it while the crowd looks.
IN_STATE = {
    State.WAITING: 2_000,
    State.HELD: 600,
    State.FAILED: 300,
    State.CANCELLED: 1_000,
}
HOLDS = ("approval", "approval", "missed", "alt text", "file gone", "blackout")
WORDINGS = 40
CAMPAIGNS = tuple(f"campaign {n}" for n in range(40))
LABELS = tuple(f"label {n}" for n in range(30))
FEEDS, ARTICLES, REVIEWS = 5, 2_000, 100
ODD_FILES = 30
BETWEEN = timedelta(minutes=55)
A_CHUNK = 10_000
# The newest parts that are out, each counted once more, an hour later; by SQLite itself, since a
# million rows take Python minutes.
COUNTED = """
    INSERT INTO snapshot (part_id, taken_at, views, likes, comments, shares)
    SELECT id, strftime('%Y-%m-%d %H:%M:%S.000000', sent_at, :age),
        (id * 7919 % 500 + :n) * 40, id * 7919 % 500 + :n, id % 50, id % 90
    FROM part WHERE sent_at IS NOT NULL ORDER BY id DESC LIMIT :most
"""
# What the bot keeps beside the readings, for the newest and for each age that is compared.
TALLIED = """
    INSERT INTO tally (part_id, age_hours, taken_at, views, likes, comments, shares)
    SELECT id, :age, strftime('%Y-%m-%d %H:%M:%S.000000', sent_at, '+1 hours'),
        (id * 7919 % 500 + :age) * 40, id * 7919 % 500 + :age, id % 50, id % 90
    FROM part WHERE sent_at IS NOT NULL
"""
Rows = Iterator[dict[str, Any]]


def write(bot: Bot, authors: list[str]) -> None:
    """Fill the database of a bot that has none of this yet."""
    for n in range(WORDINGS):
        flow.write(bot, f"wording {n}", _wording(n), flow.Author(authors[0], True))
    with bot.store.write() as session:
        patterns = [_pattern(session, n + 1) for n in range(WORDINGS)]
        deliveries_of = len(accounts.all_of(session))
        history = History(bot.clock(), patterns, authors, deliveries_of)
        for kind, rows in history.tables():
            for chunk in _chunks(rows):
                session.execute(insert(kind.__table__), chunk)
        for nth, count in enumerate(_shares(SNAPSHOTS, history.sent * history.each)):
            session.execute(text(COUNTED), {"age": f"+{nth + 1} hours", "n": nth, "most": count})
        for age in (NEWEST, *AGES):
            session.execute(text(TALLIED), {"age": age})


def _shares(whole: int, most: int) -> Iterator[int]:
    """The whole in pieces of at most so many."""
    while whole > 0:
        yield min(whole, most)
        whole -= most


def _wording(n: int) -> Written:
    return Written(
        body=f"Wording {n}: hundreds stood outside the embassy today and read out every name. "
        "Read what happened, and write to your MP before the vote on Thursday.",
        link=f"https://example.org/articles/{n}",
        campaign=CAMPAIGNS[n % len(CAMPAIGNS)],
        again=True,
    )


def _pattern(session: Any, post_id: int) -> dict[str, Any]:
    """The rows of one post that was queued for real, as plain columns."""
    owned = deliveries.of_post(session, post_id)
    parts = deliveries.parts_of(session, [row.id for row in owned])
    return {
        "post": columns(session.get_one(Post, post_id)),
        "owned": [(columns(row), [columns(part) for part in parts[row.id]]) for row in owned],
    }


def columns(row: Base) -> dict[str, Any]:
    """A row's columns by name, without its number."""
    table: Table = row.__table__  # type: ignore[assignment]
    return {name: getattr(row, name) for name in table.c.keys() if name != "id"}  # noqa: SIM118


def _chunks(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    left = iter(rows)
    while chunk := list(islice(left, A_CHUNK)):
        yield chunk


class History:
    """Every row there is to be, by table; ids are counted here, so that no row is read back."""

    def __init__(
        self, now: datetime, patterns: list[dict[str, Any]], authors: list[str], each: int
    ) -> None:
        self.now, self.patterns, self.authors, self.each = now, patterns, authors, each
        self.first = len(patterns) + 1
        self.states = [state for state, count in IN_STATE.items() for _ in range(count)]
        self.sent = POSTS - len(self.states)
        self.numbers = range(self.first, self.first + POSTS)

    def tables(self) -> Iterator[tuple[type[Base], Rows]]:
        """Tables in an order in which every row finds what it points to."""
        yield Post, self.posts()
        yield PostLabel, self.labels()
        yield Delivery, self.deliveries()
        yield Part, self.parts()
        yield Decision, self.decisions()
        yield Feed, self.feeds()
        yield Article, self.articles()
        yield Quarantine, self.odd_files()

    def state(self, post_id: int) -> State:
        """Oldest first: what is out, then what is not."""
        n = post_id - self.first
        return State.SENT if n < self.sent else self.states[n - self.sent]

    def at(self, post_id: int) -> datetime:
        """When a post went out or is to go out: one every 55 minutes, up to and after now."""
        return (self.now + BETWEEN * (post_id - self.first - self.sent)).replace(microsecond=0)

    def pattern(self, post_id: int) -> Mapping[str, Any]:
        return self.patterns[post_id % len(self.patterns)]

    def posts(self) -> Rows:
        for n in self.numbers:
            yield {
                **self.pattern(n)["post"],
                "id": n,
                "key": f"history {n}",
                "campaign": CAMPAIGNS[n % len(CAMPAIGNS)] if n % 4 else None,
                "author": self.authors[n % len(self.authors)],
                "created_at": self.now - timedelta(days=1),
            }

    def labels(self) -> Rows:
        for n in self.numbers:
            if n % 3:
                yield {"post_id": n, "label": LABELS[n % len(LABELS)]}
                yield {"post_id": n, "label": LABELS[(n + 7) % len(LABELS)]}

    def deliveries(self) -> Rows:
        for n in self.numbers:
            state = self.state(n)
            for number, (row, _) in self._owned(n):
                yield {**row, "id": number, "post_id": n, **self._standing(n, state)}

    def _owned(self, post_id: int) -> Iterator[tuple[int, Any]]:
        """The numbers of a post's rows; a Delivery and its only Part have the same."""
        first = (post_id - 1) * self.each + 1
        return enumerate(self.pattern(post_id)["owned"], first)

    def _standing(self, n: int, state: State) -> dict[str, Any]:
        at = self.at(n)
        is_next = state in (State.SENT, State.WAITING)
        common = {
            "state": state.value,
            "due_at": at,
            "slot_start": at if is_next else None,
            "timing": "next" if is_next else "typed",
            "created_at": min(at, self.now) - timedelta(days=2),
            "holds": frozenset({HOLDS[n % len(HOLDS)]} if state == State.HELD else ()),
        }
        if state == State.SENT:
            return {**common, "sent_at": at}
        if state == State.FAILED:
            return {**common, "reason": "The platform refused it: too long."}
        return common

    def parts(self) -> Rows:
        for n in self.numbers:
            is_out = self.state(n) == State.SENT
            for number, (_, parts) in self._owned(n):
                yield {
                    **parts[0],
                    "id": number,
                    "delivery_id": number,
                    "remote_id": str(10**15 + number) if is_out else None,
                    "url": f"https://example.org/there/{number}" if is_out else None,
                    "sent_at": self.at(n) if is_out else None,
                }

    def decisions(self) -> Rows:
        for n in self.numbers:
            actor, at = self.authors[n % len(self.authors)], self.now - timedelta(days=1)
            common = {"made_at": at, "actor": actor, "post_id": n, "before": None}
            yield {**common, "verb": "write", "delivery_id": None, "after": {"body": "words"}}
            if n % 5 == 0:
                number = next(self._owned(n))[0]
                yield {**common, "verb": "approve", "delivery_id": number, "after": {"holds": []}}

    def feeds(self) -> Rows:
        for n in range(1, FEEDS + 1):
            yield {
                "id": n,
                "name": f"feed {n}",
                "url": f"https://example.org/feed/{n}",
                "owner": "database",
                "options": {},
                "next_check_at": self.now + timedelta(days=365),
                "created_at": self.now - timedelta(days=900),
                "errors": 0,
            }

    def articles(self) -> Rows:
        """Old ones that became posts, and some whose posts wait for their review."""
        waiting = [n for n in self.numbers if self._is_to_be_approved(n)][:REVIEWS]
        for n in range(ARTICLES):
            is_new = n >= ARTICLES - len(waiting)
            yield {
                "feed_id": n % FEEDS + 1,
                "entry_id": hashlib.sha256(str(n).encode()).hexdigest(),
                "title": f"Article {n}: what happened outside the embassy",
                "link": f"https://example.org/articles/{n}",
                "published_at": self.now - timedelta(hours=ARTICLES - n),
                "seen_at": self.now - timedelta(hours=ARTICLES - n),
                "decision": "review" if is_new else "post",
                "post_id": waiting[n - ARTICLES] if is_new else self.first + n,
                "chosen": {"source": "summary", "quotations": {}, "hashtags": []},
            }

    def _is_to_be_approved(self, n: int) -> bool:
        return self.state(n) == State.HELD and HOLDS[n % len(HOLDS)] == "approval"

    def odd_files(self) -> Rows:
        for n in range(ODD_FILES):
            yield {
                "source": "folder",
                "key": f"odd/{n}.md",
                "line": 3,
                "reason": "at: there is no such day.",
                "found_at": self.now,
            }
