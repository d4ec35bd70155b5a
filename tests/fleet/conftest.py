"""These tests run on a PostgreSQL database that has the engine's tables."""

import os
import threading
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import text
from world import HandClock, World, make_database

from bot import fleet
from bot.delivery import sweep
from bot.fleet.engine import Engine
from bot.model.base import Base
from bot.store import schema
from bot.store.engine import Store
from bot.store.roster import On

SECONDS = 20


@pytest.fixture(scope="session")
def fleet_store(postgres_server: Callable[[str | None], str]) -> Iterator[Store]:
    """One migrated database of this worker, with the engine's tables."""
    name = f"fleet_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    make_database(postgres_server, name)
    store = Store(postgres_server(name), HandClock())
    schema.upgrade(store)
    fleet.prepare(store)
    yield store
    store.close()


@pytest.fixture
def store(fleet_store: Store, clock: HandClock) -> Store:
    """That database, empty."""
    fleet_store.clock = clock
    with fleet_store.write() as session:
        session.execute(text("TRUNCATE procrastinate_jobs, procrastinate_workers CASCADE"))
        for table in reversed(Base.metadata.sorted_tables):
            session.execute(table.delete())
    return fleet_store


@pytest.fixture
def loopback(socket_enabled: None) -> None:
    """Event loops wake themselves over a pair of sockets."""


class Hands:
    """Takes hints as the Deliverer would, and holds on to them until `open` is set."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.open.set()
        self.taken: list[int] = []
        self._changed = threading.Condition()

    def look_at(self, delivery_id: int) -> None:
        with self._changed:
            self.taken.append(delivery_id)
            self._changed.notify_all()
        assert self.open.wait(SECONDS)

    def has(self, count: int) -> bool:
        """Wait until so many were taken."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self.taken) >= count, SECONDS)


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def engines(store: Store, loopback: None) -> Iterator[Callable[..., Engine]]:
    """Starts engines on the database, and ends them."""
    running: list[Engine] = []

    def begin(hands: Hands, threads: int = 1) -> Engine:
        engine = Engine(store, threads, hands.look_at)
        engine.start()
        running.append(engine)
        return engine

    yield begin
    for engine in running:
        assert engine.drain(SECONDS)


def hand_over(world: World, engine: Engine) -> list[int]:
    """One sweep, as a heartbeat makes it."""
    hints = sweep.due(
        world.store,
        world.clock,
        On(ids=frozenset(world.by_id)),
        room=engine.room,
        carry=engine.carry,
    )
    return [hint.delivery_id for hint in hints]


def entries(store: Store, status: str = "todo") -> list[int]:
    """Deliveries in the engine's queue, in the order in which they are taken."""
    asked = text(
        "SELECT args->>'delivery_id' FROM procrastinate_jobs WHERE status::text = :status "
        "ORDER BY priority DESC, id"
    )
    with store.read() as session:
        return [int(found) for found in session.scalars(asked, {"status": status})]
