"""Databases in which very many Deliveries wait, made by the database itself, and what each look of
the bot at them costs. It decides nothing and sends nothing.

Each account has the same number of them, for its next Slots: more waiting means more accounts, as
it does for whoever grows.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    Column,
    Integer,
    MetaData,
    Table,
    TextClause,
    bindparam,
    event,
    insert,
    select,
    text,
    update,
)

from bench import posting
from bot.delivery import sweep
from bot.model.account import Account
from bot.model.base import UtcDateTime
from bot.model.delivery import Delivery
from bot.store.engine import Store
from bot.store.roster import On
from bot.timetable.planner import Planner
from bot.timetable.slots import DEFAULT_TIMETABLE, occurrences

WAITING_EACH = 100
ZONE = ZoneInfo("Europe/London")
SPACING, TOO_LATE = timedelta(minutes=2), timedelta(hours=6)
# With the names of the columns, so that a column that is added must have a default or fails here.
ROWS = """WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :many)"""
POSTS = f"""INSERT INTO post (id, source, key, content_digest, written, author, version, created_at)
{ROWS} SELECT i, 'bench', CAST(i AS text), CAST(i AS text), '{{"body": "words"}}', 'bench', 1, :now
FROM n"""
MOMENT = Table("moment", MetaData(), Column("k", Integer), Column("at", UtcDateTime()))
PARTS = f"""INSERT INTO part (id, delivery_id, n, text, images, weight)
{ROWS} SELECT i, i, 1, 'Number ' || i || ' on rivers and forests.', '[]', 40 FROM n"""
DELIVERIES = f"""INSERT INTO delivery (id, post_id, account_id, round, state, holds, timing, due_at,
slot_start, urgent, variant_digest, approved_digest, text_key, when_in_doubt, tries, looks,
readable_looks, counts_taken, created_at)
{ROWS} SELECT k * :many + i, k * :many + i, :before + i, 1, 'waiting', '', 'next', at, at,
false, 'a', 'a', CAST(k * :many + i AS text), 'ask', 0, 0, 0, 0, :now FROM n, moment"""


@dataclass
class Cost:
    """Milliseconds of each repetition: by the clock, and on a processor (here and at the server).

    The latter are empty where the system does not say what a process took.
    """

    wall: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)


@dataclass
class Waiting:
    """One database with so many waiting, and the sweep and the planner over it."""

    store: Store
    accounts: list[int]
    now: datetime
    servers: set[int] = field(default_factory=set)
    turn: int = 0

    def __post_init__(self) -> None:
        self.on = On(ids=frozenset(), platforms=frozenset({"x"}), keys=frozenset({"bench"}))
        self.planner = Planner(self.store, self.clock, ZONE, SPACING, TOO_LATE)

    def clock(self) -> datetime:
        return self.now

    def sweep_nothing(self, cost: Cost) -> None:
        with self.measured(cost):
            found = sweep.due(self.store, self.clock, self.on)
        assert not found

    def sweep_one(self, cost: Cost) -> None:
        """One is due; it is put back after."""
        chosen = self.chosen()
        before = self.change(chosen, due_at=self.now - timedelta(seconds=1))
        with self.measured(cost):
            found = sweep.due(self.store, self.clock, self.on)
        assert [hint.delivery_id for hint in found] == [chosen]
        self.change(chosen, due_at=before, hinted_at=None)

    def plan_nothing(self, cost: Cost) -> None:
        with self.measured(cost):
            changed = self.planner.plan_due()
        assert changed == 0

    def plan_one(self, cost: Cost) -> None:
        """One new post wants the next free Slot; it is taken away after."""
        chosen = self.chosen()
        before = self.change(chosen, due_at=None, slot_start=None)
        with self.measured(cost):
            changed = self.planner.plan_due()
        assert changed == 1
        self.change(chosen, due_at=before, slot_start=before)

    def chosen(self) -> int:
        """The first one of another account each time."""
        self.turn += 1
        return 1 + self.turn * 7 % len(self.accounts)

    def change(self, delivery_id: int, **values: datetime | None) -> datetime | None:
        """When it was due before."""
        mine = Delivery.id == delivery_id
        with self.store.write() as session:
            before = session.scalar(select(Delivery.due_at).where(mine))
            session.execute(update(Delivery).where(mine).values(**values))
        return before

    @contextmanager
    def measured(self, cost: Cost) -> Iterator[None]:
        processor, wall = self.processor(), time.perf_counter()
        yield
        took, after = time.perf_counter() - wall, self.processor()
        cost.wall.append(took * 1000)
        if None not in (processor, after):
            cost.processor.append((after - processor) * 1000)

    def processor(self) -> float | None:
        """Seconds on a processor so far: of this process, and of its connections' server side."""
        try:
            stats = [Path(f"/proc/{pid}/schedstat").read_text() for pid in self.servers]
        except OSError:
            return None
        return time.process_time() + sum(int(stat.split()[0]) for stat in stats) / 1e9


def made(database_url: str, many: int) -> Waiting:
    """That database, filled; a server gets the statistics that it else makes by itself."""
    found = filled(posting.opened(database_url), many, datetime.now(UTC).replace(microsecond=0))
    if not found.store.is_sqlite:
        found.store.close()
        event.listen(found.store.engine, "connect", note_server(found.servers))
    return found


def filled(store: Store, many: int, now: datetime) -> Waiting:
    """That store with so many more waiting after `now`; there may be accounts, but no posts yet."""
    accounts = posting.add_accounts(store, many // WAITING_EACH)
    wanted = {"many": len(accounts), "before": accounts[0] - 1, "now": now}
    with store.write() as session:
        session.execute(update(Account).values(credentials=b"bench", sealed_with="bench"))
        MOMENT.create(session.connection())
        slots = islice(occurrences(DEFAULT_TIMETABLE, ZONE, now), WAITING_EACH)
        session.execute(insert(MOMENT), [{"k": k, "at": at} for k, at in enumerate(slots)])
        session.execute(timed(POSTS), {"many": many, "now": now})
        session.execute(timed(DELIVERIES), wanted)
        session.execute(text(PARTS), {"many": many})
        MOMENT.drop(session.connection())
        if not store.is_sqlite:
            session.execute(text("ANALYZE"))
    return Waiting(store, accounts, now)


def timed(statement: str) -> TextClause:
    """That statement, whose `now` is stored as the model stores times."""
    return text(statement).bindparams(bindparam("now", type_=UtcDateTime()))


def note_server(servers: set[int]) -> Callable[..., None]:
    """Remembers the server's process of each connection."""

    def noted(connection: Any, _record: Any) -> None:
        servers.add(connection.info.backend_pid)

    return noted
