"""Which column of a sheet is what: the names of a post file, and of what others export.

Case, spaces and underscores do not matter. A heading that nobody knows is a mistake, told with the
nearest right one, so that nothing a person wrote is left out in silence; a column that is meant to
be left out is headed `notes`, or begins with `_`.

Known exports. Google Sheets writes the headings as they stand. Buffer's bulk upload has the
headings Text, Image URL, Tags and Posting Time, as its users describe it; no page of Buffer's own
could be read. Hootsuite's has no headings: date, words, link, with the date in an order chosen on
upload, as two of its users describe it (pages of July 2015 and August 2016, read 26 November 2026).
"""

import difflib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.errors import PostInvalid
from bot.intake.sheetgrid import Cell, Line, letters
from bot.platforms import REGISTRY

MOST_PICTURES = 10
PICTURE_PARTS = ("media", "alt", "credit", "people", "part")
NAMES = (
    *("id", "text", "to", "at", "date", "time", "expires", "too_late", "campaign", "labels"),
    *("link", "link_part", "media", "alt", "credit", "people", "part", "thread", "numbering"),
    *("urgent", "election", "again", "lang", "utm", "template", "every", "until", *REGISTRY),
)
MEANT = {
    **dict.fromkeys(("message", "post", "body", "words", "content"), "text"),
    **dict.fromkeys(("image", "picture", "photo", "video", "file"), "media"),
    **dict.fromkeys(("alt_text", "image_alt", "media_alt"), "alt"),
    **dict.fromkeys(("posting_time", "when", "date_and_time", "date_time"), "at"),
    **dict.fromkeys(("tags", "label"), "labels"),
    **dict.fromkeys(("account", "accounts"), "to"),
    **dict.fromkeys(("url", "web_link"), "link"),
    **dict.fromkeys(("image_url", "image_urls"), "image_url"),
}
LEFT_OUT = frozenset({"notes", "note"})
DATE_FIRST = re.compile(r"\d{1,4}[-/]\d{1,2}[-/]\d{1,4}[ T,]+\d{1,2}:\d{2}(?::\d{2})?")
WITHOUT_HEADINGS = ("at", "text", "link")
HOOTSUITE = (
    "This sheet has no headings; its columns were taken for date (day first), words and link, as "
    "Hootsuite has them. Look at each date."
)


@dataclass(frozen=True, slots=True)
class Columns:
    """The name of each column by its number, and on which row the posts begin."""

    names: dict[int, str]
    first_row: int
    notes: tuple[str, ...] = ()


def columns_of(first: Line) -> Columns:
    """What the columns are, by the first row; PostInvalid for a heading nobody knows."""
    if _is_without_headings(first.cells):
        places = range(1, len(WITHOUT_HEADINGS) + 1)
        names = dict(zip(places, WITHOUT_HEADINGS, strict=True))
        return Columns(names, first.number, (HOOTSUITE,))
    names = dict(_named(first))
    _refuse_twice(names, first.number)
    return Columns(names, first.number + 1)


def worth(line: Line) -> int:
    """How much of a sheet's first row is understood."""
    if _is_without_headings(line.cells):
        return 2
    return sum(1 for cell in line.cells if _known(_folded(cell)))


def _is_without_headings(cells: Sequence[Cell]) -> bool:
    is_dated = bool(cells) and DATE_FIRST.fullmatch(str(cells[0]).strip()) is not None
    return is_dated and 2 <= len(cells) <= len(WITHOUT_HEADINGS)


def _folded(heading: Cell) -> str:
    """`Too late ` as too_late."""
    plain = unicodedata.normalize("NFKC", str(heading)).strip().lstrip("\ufeff").casefold()
    return re.sub(r"[\s_\-:*]+", "_", plain).rstrip("_")


def _named(first: Line) -> Iterator[tuple[int, str]]:
    for place, heading in enumerate(first.cells, 1):
        folded = _folded(heading)
        if not folded or folded.startswith("_") or folded in LEFT_OUT:
            continue
        name = _known(folded)
        if name is None:
            raise PostInvalid(
                f"Column {letters(place)}: “{str(heading).strip()[:60]}” is not known. "
                f"{_hint(folded)}",
                line=first.number,
            )
        yield place, name


def _known(folded: str) -> str | None:
    name = MEANT.get(folded, folded)
    if name in NAMES or name == "image_url":
        return name
    if found := re.fullmatch(r"fields?[._]([a-z][a-z0-9_]*)", name):
        return f"fields.{found[1]}"
    found = re.fullmatch(r"([a-z_]+?)_?([0-9]{1,2})", name)
    if found is None:
        return None
    kind, number = MEANT.get(found[1], found[1]), int(found[2])
    if kind not in PICTURE_PARTS or not 1 <= number <= MOST_PICTURES:
        return None
    return f"{kind} {number}" if number > 1 else kind


def _hint(folded: str) -> str:
    near = difflib.get_close_matches(folded, (*NAMES, *MEANT), 1, 0.7)
    if near:
        return f"Did you mean {MEANT.get(near[0], near[0])}? Head it “notes” to leave it out."
    return f"Known: {', '.join(NAMES)}. Head it “notes” to leave it out."


def _refuse_twice(names: dict[int, str], row: int) -> None:
    seen: dict[str, int] = {}
    for place, name in names.items():
        if name in seen:
            both = f"{letters(seen[name])} and {letters(place)}"
            raise PostInvalid(f"Columns {both} are both the column {name}.", line=row)
        seen[name] = place
    if "at" in seen and ("date" in seen or "time" in seen):
        raise PostInvalid("Have either a column at, or the columns date and time.", line=row)
