"""A database of the first version, with rows in every table, comes to the newest one whole."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Column, DateTime, Float, Integer, LargeBinary, MetaData, text

from bot.store import accounts, deliveries, posts, schema
from bot.store.engine import Store

WHEN = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
FIRST = "0001"
# Where a plain word would not do.
KNOWN = {
    "state": "waiting",
    "approval": "off",
    "timing": "next",
    "holds": "",
    "variant_digest": "d",
}


def value_of(column: Column[Any]) -> object:
    """Something that the column takes."""
    if column.foreign_keys or (column.primary_key and isinstance(column.type, Integer)):
        return 1
    if column.name in KNOWN:
        return KNOWN[column.name]
    for kind, value in (
        (Boolean, False),
        (Integer, 1),
        (Float, 1.0),
        (DateTime, WHEN),
        (LargeBinary, b"x"),
    ):
        if isinstance(column.type, kind):
            return value
    return [] if isinstance(column.type, JSON) else "x"


def filled(store: Store) -> dict[str, int]:
    """One row in every table, and how many tables that were."""
    tables = MetaData()
    with store.write() as session:
        tables.reflect(session.connection())
        for table in tables.sorted_tables:
            if table.name != "alembic_version":
                row = {column.name: value_of(column) for column in table.columns}
                session.execute(table.insert().values(row))
    return counts(store, [name for name in tables.tables if name != "alembic_version"])


def counts(store: Store, names: list[str]) -> dict[str, int]:
    with store.read() as session:
        return {
            name: session.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one()
            for name in names
        }


def test_a_full_database_of_the_first_version_is_upgraded_without_losing_a_row(first_version):
    """What lives for months is upgraded in place."""
    old = first_version
    before = filled(old)
    assert len(before) > 15

    assert (FIRST, schema.HEAD) == schema.upgrade(old)
    assert before == counts(old, list(before))
    with old.read() as session:
        assert "x" == accounts.by_id(session, 1).name
        assert "waiting" == deliveries.get(session, 1).state
        assert 1 == posts.get(session, 1).id
        if old.is_sqlite:
            assert [] == session.execute(text("PRAGMA foreign_key_check")).all()
