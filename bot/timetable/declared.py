"""Timetables declared in `posts/timetable.toml`: what stands there is the file's, and wins."""

import difflib
import tomllib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import available_timezones

from bot.errors import UsageError
from bot.store import accounts, quarantine
from bot.store.engine import Store
from bot.timetable.slots import parse_timetable

FILE_NAME = "timetable.toml"
SOURCE = "timetable"
MAX_BYTES = 64 * 1024
KEYS = ("slots", "zone")


@dataclass(frozen=True, slots=True)
class Declared:
    """One Account's Timetable as the file has it, and the line its table begins on."""

    slots: tuple[tuple[int, str], ...]
    zone: str | None
    line: int


def read(posts_dir: Path) -> dict[str, Declared]:
    """Timetables by Account name; none where there is no file. UsageError names what is wrong."""
    path = posts_dir / FILE_NAME
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        return {}
    except OSError:
        raise UsageError(f"{path} cannot be read.") from None
    if len(content) > MAX_BYTES:
        raise UsageError(f"{path} is too large to be a timetable.")
    try:
        text = content.decode("utf-8")
        tables = tomllib.loads(text)
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(f"{path} cannot be read: {error}.") from None
    return {name: _declared(path, text, name, table) for name, table in tables.items()}


def _declared(path: Path, text: str, name: str, table: object) -> Declared:
    lines = text.splitlines()
    line = next((n for n, row in enumerate(lines, 1) if row.strip() == f"[{name}]"), 1)
    where = f"{path}, line {line}"
    if not isinstance(table, dict):
        raise UsageError(f'{where}: write [{name}] and below it slots = "...".')
    for key in table:
        if key not in KEYS:
            near = difflib.get_close_matches(key, KEYS, 1)
            hint = f"Did you mean {near[0]}?" if near else "Known: slots, zone."
            raise UsageError(f"{where}: {key} is not known. {hint}")
    zone = table.get("zone")
    if zone is not None and zone not in available_timezones():
        raise UsageError(f"{where}: there is no zone {zone}. Write for example Europe/London.")
    try:
        slots = parse_timetable(_phrases(table.get("slots", "")))
    except UsageError as error:
        raise UsageError(f"{where}: {error}") from None
    return Declared(tuple(slots), zone, line)


def _phrases(given: object) -> str:
    """The Slots as one text, whether written as a text or as a list of texts."""
    return "; ".join(str(phrase) for phrase in given) if isinstance(given, list) else str(given)


def take_over(store: Store, posts_dir: Path, now: datetime) -> int:
    """Apply the file; where it has a mistake, quarantine it and leave the Slots as they are."""
    try:
        changed = apply(store, posts_dir)
    except UsageError as error:
        reason = str(error)
        with store.read() as session:
            known = quarantine.has(session, source=SOURCE, key=FILE_NAME, line=None, reason=reason)
        if not known:
            with store.write() as session:
                quarantine.put(
                    session, source=SOURCE, key=FILE_NAME, line=None, reason=reason, now=now
                )
        return 0
    with store.read() as session:
        mended = FILE_NAME in quarantine.keys(session, SOURCE)
    if mended:
        with store.write() as session:
            quarantine.lift(session, SOURCE, FILE_NAME)
    return changed


def apply(store: Store, posts_dir: Path) -> int:
    """Make the database say what the file says; how many Accounts changed."""
    declared = read(posts_dir)
    if not declared:
        return 0
    with store.read() as session:
        rows = list(accounts.some_named(session, list(declared)).values())
        differing = [
            row.name
            for row in rows
            if tuple((s.weekday, s.local_time) for s in accounts.slots(session, row.id))
            != declared[row.name].slots
            or row.timezone != declared[row.name].zone
        ]
    if not differing:
        return 0
    with store.write() as session:
        for name in differing:
            row = accounts.named(session, name)
            accounts.replace_slots(session, row.id, declared[name].slots)
            row.timezone = declared[name].zone
    return len(differing)
