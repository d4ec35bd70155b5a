"""These tests run on SQLite and on PostgreSQL."""

import pytest
from alembic import command
from alembic.config import Config
from world import make_database

from bot.store import schema
from bot.store.engine import Store


@pytest.fixture(params=["sqlite", "postgresql"])
def engine_name(request: pytest.FixtureRequest) -> str:
    """Both databases."""
    return request.param


@pytest.fixture
def first_version(engine_name, request, tmp_path, clock):
    """An empty database as version 0001 made it."""
    if engine_name == "sqlite":
        store = Store(f"sqlite:///{tmp_path}/old.db", clock)
    else:
        server = request.getfixturevalue("postgres_server")
        name = f"old_{request.getfixturevalue('postgres_store').url.database}"
        make_database(server, name)
        store = Store(server(name), clock)
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    with store.write() as session:
        config.attributes["connection"] = session.connection()
        command.upgrade(config, "0001")
    yield store
    store.close()
