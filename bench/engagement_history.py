"""Years of a group's posts with their readings, written straight into a database.

The last year always has the same posts: 12 a week, each on two accounts, none younger than 30 days.
What grows from one size to the next is what lies behind it. Each post was read as often as the
shipped COUNT_AFTER has it read.
The Tallies are those the bot itself keeps of these readings; a test replays some and compares.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import insert

from bot.model.delivery import Delivery, Part, State
from bot.model.engagement import NEWEST, Charge
from bot.model.post import Post, PostLabel
from bot.store import accounts
from bot.store.engine import Store

A_YEAR = 625
YEAR = timedelta(days=365)
READINGS = 8
CAMPAIGNS, LABELS, AUTHORS = 8, 12, 6
A_CHUNK = 20_000
HOUR = timedelta(hours=1)
AGE_OF = {24: HOUR * 24, 168: HOUR * 168}
OLDEST = 28 * 24
Rows = Iterator[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Size:
    """So many posts, all but those of the last year evenly spread over the years behind it."""

    name: str
    posts: int
    years_behind: int

    @property
    def snapshots(self) -> int:
        return self.posts * 2 * READINGS

    def age(self, n: int) -> timedelta:
        """How much older the n-th post is than the newest."""
        younger = self.posts - n
        older = younger - A_YEAR
        if older < 0:
            return YEAR * younger / A_YEAR
        return YEAR + YEAR * self.years_behind * (older / (self.posts - A_YEAR))


# The last is the past of an agency: 90 posts a day.
SIZES = (
    Size("10 thousand", A_YEAR, 0),
    Size("100 thousand", 10 * A_YEAR, 9),
    Size("1 million", 100 * A_YEAR, 19),
    Size("10 million", 1000 * A_YEAR, 19),
)


def write(store: Store, size: Size, now: datetime) -> None:
    """Fill an empty, migrated database."""
    with store.write() as session:
        ids = [accounts.ensure(session, name, name, now).id for name in ("x", "facebook")]
    history = History(size, now, ids)
    for kind, rows in history.tables():
        left = iter(rows)
        while chunk := list(islice(left, A_CHUNK)):
            with store.write() as session:
                session.execute(insert(kind.__table__), chunk)
    _read(store, size)


# A post's views grow to `most`, half of them in its first twelve hours.
READ = """
    SELECT part_id, taken_at, views, views / 20, views / 90, views / 60,
           CASE WHEN part_id % 2 THEN views / 40 END {column}
    FROM (
        SELECT part.id AS part_id,
               strftime('%Y-%m-%d %H:%M:%S', part.sent_at, '+' || seconds || ' seconds')
               || '.000000' AS taken_at,
               CAST(most.views * seconds / (seconds + 43200) AS INTEGER) AS views,
               {age} AS age_hours
        FROM part JOIN most ON most.part_id = part.id JOIN age
        WHERE part.id >= ? AND part.id < ? AND {which}
    ) AS reading
"""
COLUMNS = "part_id, taken_at, views, likes, comments, shares, link_clicks"
KEPT = f"""
    CASE seconds WHEN {24 * 3600} THEN 24 WHEN {168 * 3600} THEN 168
                 ELSE {NEWEST} END
"""
SOME = 2_000


def _read(store: Store, size: Size) -> None:
    """Every reading of every part, and the Tallies of them, in the database's own words."""
    dealt = random.Random(1)
    parts = range(2, 2 * size.posts + 2)
    ages = [(int(age.total_seconds()),) for age in ages_of(READINGS)]
    kept = f"seconds IN ({24 * 3600}, {168 * 3600}, {ages[-1][0]})"
    snapshots = f"INSERT INTO snapshot ({COLUMNS})" + READ.format(column="", age=0, which="true")
    tallies = f"INSERT INTO tally ({COLUMNS}, age_hours)" + READ.format(
        column=", age_hours", age=KEPT, which=kept
    )
    with store.write() as session:
        connection = session.connection()
        connection.exec_driver_sql("CREATE TABLE age (seconds INTEGER)")
        connection.exec_driver_sql("CREATE TABLE most (part_id INTEGER PRIMARY KEY, views REAL)")
        connection.exec_driver_sql("INSERT INTO age VALUES (?)", ages)
        most = [(part, dealt.lognormvariate(5.5, 0.9)) for part in parts]
        connection.exec_driver_sql("INSERT INTO most VALUES (?, ?)", most)
    for first in parts[::SOME]:
        with store.write() as session:
            for statement in (snapshots, tallies):
                session.connection().exec_driver_sql(statement, (first, first + SOME))
    with store.write() as session:
        for table in ("age", "most"):
            session.connection().exec_driver_sql(f"DROP TABLE {table}")


class History:
    """Every row, by table. The Delivery and the only Part of post n on account a are 2n + a."""

    def __init__(self, size: Size, now: datetime, account_ids: Sequence[int]) -> None:
        self.size, self.now, self.account_ids = size, now, account_ids
        self.numbers = range(1, size.posts + 1)

    def tables(self) -> Iterator[tuple[Any, Rows]]:
        """In an order in which every row finds what it points to."""
        yield Post, self.posts()
        yield PostLabel, self.labels()
        yield Delivery, self.deliveries()
        yield Part, self.parts()
        yield Charge, self.charges()

    def sent_at(self, n: int) -> datetime:
        """The newest post is 30 days old, so that each has all its readings."""
        at = self.now - timedelta(days=30) - self.size.age(n)
        return at.replace(microsecond=0)

    def posts(self) -> Rows:
        for n in self.numbers:
            yield {
                "id": n,
                "source": "history",
                "key": str(n),
                "content_digest": f"{n:064}",
                "written": {},
                "campaign": f"campaign {n % CAMPAIGNS}" if n % 5 else None,
                "author": f"author {n % AUTHORS}",
                "version": 1,
                "created_at": self.sent_at(n),
            }

    def labels(self) -> Rows:
        for n in self.numbers:
            yield {"post_id": n, "label": f"label {n % LABELS}"}

    def deliveries(self) -> Rows:
        for n in self.numbers:
            for number in (2 * n, 2 * n + 1):
                yield {
                    "id": number,
                    "post_id": n,
                    "account_id": self.account_ids[number % 2],
                    "state": State.SENT.value,
                    "timing": "next",
                    "variant_digest": "",
                    "text_key": str(n),
                    "created_at": self.sent_at(n),
                    "sent_at": self.sent_at(n),
                }

    def parts(self) -> Rows:
        for n in self.numbers:
            for number in (2 * n, 2 * n + 1):
                link = f"https://example.org/{n}?utm_source=s{number % 2}&utm_content=post-{n}"
                yield {
                    "id": number,
                    "delivery_id": number,
                    "n": 1,
                    "text": f"Post {n}: hundreds stood outside the embassy in Bogotá. " * 3,
                    "link": link if n % 2 else None,
                    "images": [{"alt": "March"}] if n % 3 == 0 else [],
                    "weight": 200,
                    "remote_id": str(10**15 + number),
                    "url": f"https://example.org/there/{number}",
                    "sent_at": self.sent_at(n),
                }

    def charges(self) -> Rows:
        for n in self.numbers:
            yield {
                "account_id": self.account_ids[0],
                "made_at": self.sent_at(n),
                "purpose": "post",
                "amount_micros": 10_000,
                "delivery_id": 2 * n,
            }


def ages_of(readings: int) -> Sequence[timedelta]:
    """That many ages up to 28 days, 24 hours and 7 days among them, denser the more there are."""
    # An odd number of seconds apart, so that none is one of the two.
    step = timedelta(seconds=int(OLDEST * 3600 / (readings - 2)) // 2 * 2 - 1)
    return sorted([*(step * k for k in range(1, readings - 1)), *AGE_OF.values()])
