"""Feeds declared in `posts/feeds.toml`: what stands there is the file's, and wins."""

import re
import tomllib
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.errors import PostInvalid, UsageError
from bot.intake.feedoptions import READERS, Options, nearest, read_options

FILE_NAME = "feeds.toml"
MAX_BYTES = 64 * 1024
MAX_NAME = 60
KEYS = ("url", *READERS)
# A table of this name is no feed: its topics hold for all of them.
SHARED_HASHTAGS = "hashtags"
AT_LINE = re.compile(r"\s*\(at line (\d+), column \d+\)")


@dataclass(frozen=True, slots=True)
class Declared:
    """One feed as the file has it."""

    name: str
    url: str
    options: Options


def read(path: Path) -> bytes | None:
    """The file's bytes, capped; None where there is no such file."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return None
    except OSError:
        raise PostInvalid(f"{path.name} cannot be read.") from None


def parse(
    content: bytes, accounts: Collection[str], mistake_in: Callable[[str], str | None]
) -> list[Declared]:
    """The feeds a file declares; PostInvalid names the line of the first mistake."""
    if len(content) > MAX_BYTES:
        raise PostInvalid("The file is too large to be a list of feeds.")
    try:
        text = content.decode("utf-8-sig")
        tables = tomllib.loads(text)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise PostInvalid("This is not UTF-8 text. Save the file as UTF-8.", line=line) from None
    except tomllib.TOMLDecodeError as error:
        raise _unreadable(str(error)) from None
    except RecursionError:
        raise PostInvalid("The brackets are nested too deeply.") from None
    shared = tables.pop(SHARED_HASHTAGS, None)
    topics = _shared_hashtags(text, shared)
    found = [
        _declared(text, name, _with_topics(table, topics), accounts, mistake_in)
        for name, table in tables.items()
    ]
    _refuse_twins(text, found)
    return found


def _shared_hashtags(text: str, table: Any) -> dict[str, Any]:
    """The topics given for all feeds of the file at once."""
    if table is None:
        return {}
    try:
        read_options({SHARED_HASHTAGS: table}, ())
    except UsageError as error:
        line = _line(text, None, SHARED_HASHTAGS) or _line(text, SHARED_HASHTAGS, "")
        raise PostInvalid(f"[{SHARED_HASHTAGS}] {error}", line=line) from None
    return dict(table)


def _with_topics(table: Any, topics: dict[str, Any]) -> Any:
    """A feed's own topics before those of all feeds; whatever is wrong stays for its own check."""
    if not topics or not isinstance(table, dict):
        return table
    own = table.get("hashtags", {})
    return {**table, "hashtags": {**topics, **own} if isinstance(own, dict) else own}


def lines(content: bytes) -> dict[str, int]:
    """The line each feed's table begins on, by name; empty where the file cannot be read."""
    text = content.decode("utf-8-sig", "replace")
    try:
        names = [name for name in tomllib.loads(text) if name != SHARED_HASHTAGS]
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}
    return {name: _line(text, name, "") or 1 for name in names}


def _unreadable(said: str) -> PostInvalid:
    at = AT_LINE.search(said)
    words = AT_LINE.sub("", said).rstrip(". ")
    reason = f'This cannot be read ({words}). Write name = "value", and lists as ["a", "b"].'
    return PostInvalid(reason, line=int(at[1]) if at else None)


def _declared(
    text: str,
    name: str,
    table: Any,
    accounts: Collection[str],
    mistake_in: Callable[[str], str | None],
) -> Declared:
    if not isinstance(table, dict):
        raise PostInvalid(
            f"{name} stands before any feed. Begin a feed with its name: [my-feed]",
            line=_line(text, None, name),
        )
    for key in table:
        if key not in KEYS:
            reason = f"[{name}]: {key} is not known. {nearest(key, KEYS)}"
            raise PostInvalid(reason, line=_line(text, name, key))
    options = {key: value for key, value in table.items() if key != "url"}
    try:
        return Declared(
            checked_name(name),
            _url(table.get("url"), mistake_in),
            read_options(options, accounts),
        )
    except UsageError as error:
        key = str(error).partition(":")[0]
        raise PostInvalid(f"[{name}] {error}", line=_line(text, name, key)) from None


def checked_name(name: str) -> str:
    """A name that can be typed and shown; UsageError otherwise."""
    if not re.fullmatch(r"[\w.-]+( [\w.-]+)*", name) or len(name) > MAX_NAME:
        raise UsageError(
            f"“{name[:MAX_NAME]}” is no name for a feed: use letters, digits, - and at most "
            f"{MAX_NAME} of them."
        )
    return name


def _url(value: Any, mistake_in: Callable[[str], str | None]) -> str:
    if not isinstance(value, str) or not value:
        raise UsageError('url: is missing. Write url = "https://example.org/feed"')
    mistake = mistake_in(value)
    if mistake is not None:
        raise UsageError(f"url: {mistake}")
    return value


def _refuse_twins(text: str, found: list[Declared]) -> None:
    names: dict[str, str] = {}
    for each in found:
        twin = names.setdefault(each.url, each.name)
        if twin != each.name:
            reason = f"[{each.name}] has the same address as [{twin}]. Take one of them out."
            raise PostInvalid(reason, line=_line(text, each.name, "url"))


def _line(text: str, table: str | None, key: str) -> int | None:
    """The line a key stands on, or else the one its table begins on."""
    current, begins = None, None
    for number, row in enumerate(text.splitlines(), 1):
        if header := re.match(r"""\s*\[\s*["']?(.*?)["']?\s*\](?=\s*(?:#|$))""", row):
            current = header[1]
            begins = number if current == table else begins
        if key and current == table and re.match(rf"""\s*["']?{re.escape(key)}["']?\s*=""", row):
            return number
    return begins
