"""Reads what a Platform answered without trusting its shape.

One broad catch lives here, around the library that speaks: whatever it raises is judged by what the
session knows to have happened, never by the library's own verdict.
"""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from bot.platforms.contract import NotReached, Unknown
from bot.wire import NotSent, Reply, Session, WireError

LONGEST_QUOTE = 300


def ask(session: Session, call: Callable[[], object], whom: str) -> Reply | NotReached | Unknown:
    """Make one call and give back the reply as the session saw it, or why there is none."""
    session.forget()
    try:
        call()
    except NotSent as fault:
        return NotReached(f"{whom} could not be reached: {fault}")
    except WireError as fault:
        return Unknown(f"{whom} gave no complete answer: {fault}")
    except Exception as fault:  # noqa: BLE001  the library's opinion of a reply that did arrive
        trouble = f"asking {whom} failed inside the bot ({type(fault).__name__})"
    else:
        trouble = f"{whom} gave no answer"
    if session.last is not None:
        return session.last
    return Unknown(trouble) if session.begun else NotReached(trouble)


def json_object(body: bytes) -> dict[str, Any] | None:
    """The body as a JSON object; None when it is anything else, cut, or says a thing twice."""
    try:
        found = json.loads(body, object_pairs_hook=_said_once)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _said_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    # Which of two answers to believe, an id or an error among them, is nobody's to guess.
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands twice in one object")
    return found


def table(value: object) -> Mapping[str, Any]:
    """The value when it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def rows(value: object) -> list[dict[str, Any]]:
    """The JSON objects of a JSON array; anything else in it is passed over."""
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def every_row(value: object) -> list[dict[str, Any]] | None:
    """The JSON objects of a JSON array; None where it is none or holds anything else."""
    found = rows(value)
    return found if isinstance(value, list) and len(found) == len(value) else None


def words(value: object) -> str:
    """The value when it is text, else nothing."""
    return value if isinstance(value, str) else ""


def whole(value: object) -> int | None:
    """The value when it is a count: a whole number from 0 up, and no boolean."""
    usable = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return value if usable else None  # type: ignore[return-value]


def moment(value: object) -> datetime | None:
    """An ISO 8601 time with an offset, in UTC."""
    try:
        found = datetime.fromisoformat(words(value))
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo is not None else None


def server_date(headers: Mapping[str, str]) -> datetime | None:
    """What the Platform's own clock said when it answered."""
    try:
        found = parsedate_to_datetime(headers.get("Date", ""))
    except ValueError:
        return None
    return found.astimezone(UTC) if found.tzinfo is not None else None


def quoted(text: str) -> str:
    """A Platform's own words as one short line that any database and terminal takes."""
    line = " ".join(text.encode("utf-8", "replace").decode("utf-8").split())
    return line if len(line) <= LONGEST_QUOTE else line[: LONGEST_QUOTE - 1] + "…"
