"""What the group's site got from each post: its own web statistics, joined by the links' tags.

Reads a CSV with a column of visits and one of utm_content, utm_campaign or utm_source. Counts only:
any other column is left unread. Where several posts carry the same tags, their visits are shown
together, never dealt out by guess.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from bot.errors import UsageError
from bot.store import figures
from bot.store.engine import Session
from bot.store.figures import Asked

MAX_BYTES = 5 * 1024 * 1024
MAX_ROWS = 100_000
MAX_TAG = 200
POSTS_OF = timedelta(days=365)
TAGS = ("utm_source", "utm_campaign", "utm_content")
# What exports call them, small, with _ for spaces.
COLUMNS: dict[str, tuple[str, ...]] = {
    "utm_source": ("utm_source", "source", "session_source", "session_manual_source"),
    "utm_campaign": (
        "utm_campaign",
        "campaign",
        "session_campaign",
        "session_manual_campaign_name",
    ),
    "utm_content": ("utm_content", "content", "ad_content", "session_manual_ad_content"),
    "visits": ("visits", "sessions", "visitors", "unique_visitors", "users", "total_users"),
}
ADDRESS = re.compile(r"https?://\S+")
DELIMITERS = (",", ";", "\t")
Key = tuple[str, ...]


def rows(session: Session, content: bytes, name: str, now: datetime) -> list[dict[str, Any]]:
    """One row for each set of tags, most visits first, of posts of the last year.

    UsageError says what the file lacks.
    """
    tags, visits = _read(content, name)
    posts = _tagged(session, tags, now - POSTS_OF)
    keys = sorted({*visits, *posts}, key=lambda key: (-visits.get(key, -1), key))
    return [_row(tags, key, visits.get(key), posts.get(key, {})) for key in keys]


def _row(
    tags: Sequence[str], key: Key, visits: int | None, posts: Mapping[tuple[int, str], None]
) -> dict[str, Any]:
    named = sorted({post_id for post_id, _ in posts})
    return {
        "posts": [f"P{post_id}" for post_id in named],
        "accounts": sorted({account for _, account in posts}),
        "visits": visits,
        **dict.fromkeys(TAGS),
        **dict(zip(tags, key, strict=True)),
        "reason": _reason(visits, named),
    }


def _reason(visits: int | None, posts: Sequence[int]) -> str | None:
    if visits is None:
        return "your statistics do not name it"
    if not posts:
        return "no post of the last year has these tags"
    return "several posts have these tags" if len(posts) > 1 else None


def _tagged(
    session: Session, tags: Sequence[str], since: datetime
) -> dict[Key, dict[tuple[int, str], None]]:
    """Post and Account of every tagged link that is out, by the tags the file has."""
    found: dict[Key, dict[tuple[int, str], None]] = {}
    for post_id, account, text, link in figures.links_out(session, Asked(since), containing="utm_"):
        for key in _keys_in(f"{text} {link or ''}", tags):
            found.setdefault(key, {})[post_id, account] = None
    return found


def _keys_in(text: str, tags: Sequence[str]) -> Iterator[Key]:
    for address in ADDRESS.findall(text):
        try:
            query = dict(parse_qsl(urlsplit(address).query, max_num_fields=100))
        except ValueError:
            continue
        given = {name.casefold(): value.casefold() for name, value in query.items()}
        if any(name in given for name in TAGS):
            yield tuple(given.get(name, "") for name in tags)


def _read(content: bytes, name: str) -> tuple[list[str], dict[Key, int]]:
    """The tags the file has, and the visits of each set of them."""
    lines = iter(_lines(content, name))
    head = next(lines, None)
    if head is None:
        raise UsageError(f"{name} is empty. Export it once more as CSV.")
    number, titles = head
    places = _places(titles, f"{name}, line {number}")
    tags = [tag for tag in TAGS if tag in places]
    visits: dict[Key, int] = {}
    for number, cells in lines:
        key = tuple(_cell(cells, places[tag])[:MAX_TAG].casefold() for tag in tags)
        if any(key):
            count = _number(_cell(cells, places["visits"]), f"{name}, line {number}")
            visits[key] = visits.get(key, 0) + count
    return tags, visits


def _lines(content: bytes, name: str) -> Iterable[tuple[int, list[str]]]:
    """Rows with their line; empty ones and remarks (#), with which some begin, are left out."""
    if len(content) > MAX_BYTES:
        raise UsageError(f"{name} is larger than 5 MB. Export a shorter time.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(f"{name} is not UTF-8 text. Export it once more as CSV.") from None
    plain = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    delimiter = max(DELIMITERS, key=(plain[0] if plain else "").count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for count, cells in enumerate(reader):
            if count > MAX_ROWS:
                raise UsageError(f"{name} has more than {MAX_ROWS:,} rows. Export a shorter time.")
            if any(cells) and not cells[0].startswith("#"):
                yield reader.line_num, cells
    except csv.Error as error:
        raise UsageError(f"{name}, line {reader.line_num}: this is no CSV ({error}).") from None


def _places(titles: Sequence[str], where: str) -> dict[str, int]:
    known = ["_".join(title.casefold().split()) for title in titles]
    places = {
        column: next(known.index(alias) for alias in aliases if alias in known)
        for column, aliases in COLUMNS.items()
        if any(alias in known for alias in aliases)
    }
    if "visits" not in places or len(places) == 1:
        raise UsageError(
            f"{where}: name one column visits, and another utm_content (utm_campaign and "
            "utm_source may stand beside it)."
        )
    return places


def _cell(cells: Sequence[str], place: int) -> str:
    return cells[place].strip() if place < len(cells) else ""


def _number(typed: str, where: str) -> int:
    digits = re.sub(r"[,.\s](?=\d{3}\b)", "", typed)
    if not re.fullmatch(r"[0-9]{1,12}", digits):
        raise UsageError(f"{where}: “{typed[:20]}” is no count of visits.")
    return int(digits)
