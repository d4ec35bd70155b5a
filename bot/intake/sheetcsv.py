"""Reads a CSV file: finds out how its letters are written and what parts its cells.

UTF-8 with or without a mark, UTF-16 with one, and as a last resort what Windows calls ANSI. Cells
are parted by comma, semicolon or tab, whichever makes the most of the first row. Nothing is guessed
inside a cell: all cells are text.
"""

import csv
import io
from collections.abc import Iterator

from bot.errors import PostInvalid
from bot.intake.sheetcolumns import worth
from bot.intake.sheetgrid import Grid, Line, refuse_long, refuse_outside

MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
DELIMITERS = ",;\t"
SAVE_AS = "Save it as “CSV UTF-8” in your spreadsheet program."
ANSI = "This file is not UTF-8; it was read as Windows text. Check its accents and quotation marks."


def csv_grid(content: bytes) -> Grid:
    """The one sheet of a CSV file; PostInvalid names the row."""
    text, notes = _decoded(content)
    text, delimiter = _delimiter(text)
    return Grid("", tuple(_lines(text, delimiter)), notes=notes)


def _decoded(content: bytes) -> tuple[str, tuple[str, ...]]:
    marked = next((name for mark, name in MARKS if content.startswith(mark)), None)
    for name, notes in ((marked or "utf-8", ()), ("cp1252", (ANSI,))):
        try:
            text = content.decode(name)
        except UnicodeDecodeError:
            if marked:
                break
            continue
        if "\0" in text:
            break
        return text, notes
    raise PostInvalid(f"This file is no text that can be read. {SAVE_AS}")


def _delimiter(text: str) -> tuple[str, str]:
    """The text below a line such as `sep=;`, which Excel writes, and what parts its cells."""
    first, _, rest = text.partition("\n")
    told = first.strip().strip('"')
    if told.lower().startswith("sep=") and told[4:] in tuple(DELIMITERS):
        return "\n" + rest, told[4:]
    return text, max(DELIMITERS, key=lambda sign: _worth(text, sign))


def _worth(text: str, delimiter: str) -> tuple[int, int]:
    try:
        first = next(_records(text, delimiter), None)
    except PostInvalid:
        return (-1, 0)
    return (worth(Line(*first)), len(first[1])) if first else (0, 0)


def _lines(text: str, delimiter: str) -> Iterator[Line]:
    for number, cells in _records(text, delimiter):
        last = max(place for place, cell in enumerate(cells, 1) if cell.strip())
        refuse_outside(number, last)
        for place, cell in enumerate(cells[:last], 1):
            refuse_long(cell, number, place)
        yield Line(number, cells[:last])


def _records(text: str, delimiter: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The number and cells of each row in which something stands."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, 1):
            if any(cell.strip() for cell in cells):
                yield number, tuple(cells)
    except csv.Error:
        raise PostInvalid(
            'A quotation mark (") is out of place in or near this row, so that its cells cannot be '
            f"told apart. {SAVE_AS}",
            line=number + 1,
        ) from None
