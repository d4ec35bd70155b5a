"""Rows in every table, with what is easily lost on the way: empty beside NULL, and the like."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    Float,
    Integer,
    LargeBinary,
    String,
    insert,
)

from bot.model.base import Base, UtcDateTime
from bot.store import copying
from bot.store.engine import Store

WHEN = datetime(2026, 11, 24, 12, 0, 0, 123456, tzinfo=UTC)
JSON_TEXTS = ("[]", '{"b": 1, "a": ["\\u0000", "Bogot\\u00e1", null, 1.5]}', "null", None)
WORDS = {1: "", 2: "null", 3: "O'Brien\n“Bogotá” 🕊 \\ %s :x"}
KNOWN = {"state": "waiting"}


def fill(store: Store, rows: int = 4, begin: int = 1) -> int:
    """As many rows in every table, ids from `begin` on with gaps; how many there are in all."""
    tables = copying.tables(is_sqlite=store.is_sqlite)
    with store.write() as session:
        for table in tables if rows else ():
            made = [
                {column.name: value_of(column, n) for column in table.columns}
                for n in range(begin, begin + rows)
            ]
            session.execute(insert(table), made)
    return len(tables) * rows


def value_of(column: Column[Any], n: int) -> object:
    """Something that the column takes, another for each row; NULL where that may be."""
    kind, is_optional = column.type, _takes_null(column)
    if column.name == "id":
        return n * 3
    if column.name.endswith("_id") and isinstance(kind, Integer):
        return n * 3
    if column.name in KNOWN:
        return KNOWN[column.name]
    if isinstance(kind, (copying.PlainJson, copying.JsonText)):
        return JSON_TEXTS[n % 4] if is_optional else JSON_TEXTS[n % 2]
    if is_optional and n == 4:
        return None
    for known, made in VALUES.items():
        if isinstance(kind, known):
            return made(n)
    assert isinstance(kind, String), column
    if is_optional:
        return WORDS.get(n, f"{n} words")[: kind.length]
    return f"{n} Bogotá ’"[: kind.length or 50]


VALUES = {
    Boolean: lambda n: n % 2 == 0,
    BigInteger: lambda n: 2**40 + n,
    Integer: lambda n: 2**31 - n,
    Float: lambda n: 0.1 * n,
    LargeBinary: lambda n: bytes(range(256)) * n,
    Date: lambda n: date(2026, 11, n % 28 + 1),
    UtcDateTime: lambda n: WHEN + timedelta(microseconds=n),
}


def _takes_null(column: Column[Any]) -> bool:
    return bool(Base.metadata.tables[column.table.name].columns[column.name].nullable)
