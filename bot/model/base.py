"""What every table shares: the declarative base and the column types for times and word sets."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import DateTime, Dialect, MetaData, String
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """An aware UTC time; a naive one is refused, so that no local time is ever stored."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


class WordSet(TypeDecorator[frozenset[str]]):
    """A small set of words from a closed list, stored sorted and separated by commas."""

    impl = String(200)
    cache_ok = True

    def process_bind_param(self, value: frozenset[str] | None, dialect: Dialect) -> str:
        return ",".join(sorted(value or ()))

    def coerce_compared_value(self, op: Any, value: Any) -> Any:
        # A pattern for LIKE is plain text; taken for a set, it would be sorted letter by letter.
        return String() if isinstance(value, str) else self

    def process_result_value(self, value: Any, dialect: Dialect) -> frozenset[str]:
        return frozenset(str(value).split(",")) if value else frozenset()


class Base(DeclarativeBase):
    """Tables are created by migrations only; names of constraints are fixed for them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime()}
