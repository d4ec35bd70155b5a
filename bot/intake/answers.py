"""Carries dataclasses over a pipe as JSON, and rebuilds them only from what fits them exactly.

The other side read what strangers wrote and may have been taken over by it, so nothing it says is
trusted: every field's type and every text's length are checked again.
"""

import types
import typing
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

LONGEST_TEXT = 1_000_000
LONGEST_ROW = 1000

T = TypeVar("T")


def to_plain(value: Any) -> Any:
    """The value as JSON can carry it: times as ISO texts, lengths of time as seconds."""
    if is_dataclass(value):
        return {field.name: to_plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, tuple):
        return [to_plain(each) for each in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return value.total_seconds() if isinstance(value, timedelta) else value


def rebuilt(kind: type[T], plain: Any) -> T:
    """A dataclass from its plain form; ValueError where anything about it is not as declared."""
    hints = get_type_hints(kind)
    if not isinstance(plain, dict) or plain.keys() != hints.keys():
        raise ValueError(f"this is no {kind.__name__}")
    return kind(**{name: _value(hint, plain[name]) for name, hint in hints.items()})


def _value(hint: Any, plain: Any) -> Any:
    origin = get_origin(hint)
    if origin in (typing.Union, types.UnionType):
        (wanted,) = (each for each in get_args(hint) if each is not type(None))
        return None if plain is None else _value(wanted, plain)
    if origin is tuple:
        if not isinstance(plain, list) or len(plain) > LONGEST_ROW:
            raise ValueError("this is no row of values")
        return tuple(_value(get_args(hint)[0], each) for each in plain)
    if is_dataclass(hint):
        return rebuilt(typing.cast("type[Any]", hint), plain)
    return READERS[hint](plain)


def _text(plain: Any) -> str:
    if not isinstance(plain, str) or len(plain) > LONGEST_TEXT:
        raise ValueError("this is no text")
    plain.encode()  # halves of characters cannot be stored
    return plain


def _number(plain: Any) -> int:
    if type(plain) is not int or abs(plain) > 10**12:
        raise ValueError("this is no number")
    return plain


def _truth(plain: Any) -> bool:
    if not isinstance(plain, bool):
        raise ValueError("this is neither true nor false")  # noqa: TRY004  one kind for all
    return plain


def _moment(plain: Any) -> datetime:
    found = datetime.fromisoformat(_text(plain))
    if found.tzinfo is None:
        raise ValueError("this time has no zone")
    return found.astimezone(UTC)


def _length(plain: Any) -> timedelta:
    if not isinstance(plain, int | float) or not 0 <= plain <= 10**9:
        raise ValueError("this is no length of time")
    return timedelta(seconds=plain)


READERS: dict[Any, Callable[[Any], Any]] = {
    str: _text,
    int: _number,
    bool: _truth,
    datetime: _moment,
    timedelta: _length,
}
