"""Reads a file of posts row by row: each becomes a post, or says beside the cell what is wrong.

A row is known by the file and its `id`; without an `id` by the file, the sheet and its first words.
A file that cannot be read at all is a PostInvalid; a bad row stops only itself.
"""

import hashlib
import json
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from bot.errors import PostInvalid
from bot.intake.folding import words_of as folded_words
from bot.intake.sheetcells import DAYS, month_first, refuse_two_ways, words_of
from bot.intake.sheetcolumns import Columns, columns_of, worth
from bot.intake.sheetcsv import csv_grid
from bot.intake.sheetgrid import MAX_BYTES, Grid, Line, letters
from bot.intake.sheetpost import written_of
from bot.intake.sheetxlsx import workbook_grids
from bot.intake.sheetzip import OLD_CONTAINER
from bot.model.written import Written
from bot.platforms import REGISTRY

SOURCE = "sheet"
SUFFIXES = (".csv", ".xlsx")
FIRST_WORDS = 6
MAX_ID = 100
MAX_FILE_KEY = 300
MAX_WORDS_KEY = 80
OTHER_SUFFIXES = frozenset({".xls", ".xlsm", ".xlsb", ".ods", ".numbers", ".tsv"})
SAVE_AS = "Save it as an Excel workbook (.xlsx) or as CSV (.csv)."
NO_HEADING = "Something stands here, but the column has no heading."


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row with its number, its words by column, and the post they make.

    `key` is unique in all files. `digest` is equal for rows that say the same, however their cells
    are typed. `errors` are pairs of column and words; then `written` is None. `is_alone` unless
    other sheets of the file hold posts too.
    """

    file: str
    sheet: str
    number: int
    cells: Mapping[str, str]
    id: str = ""
    key: str = ""
    digest: str = ""
    written: Written | None = None
    errors: tuple[tuple[str, str], ...] = ()
    is_alone: bool = True

    @property
    def place(self) -> str:
        """Where a person finds it: the row, and the sheet where the file has several."""
        return f"row {self.number}" if self.is_alone else f"row {self.number} of {self.sheet}"


@dataclass(frozen=True, slots=True)
class Sheet:
    """All rows of one file, and what its author should know of the file as a whole."""

    file: str
    rows: tuple[SheetRow, ...]
    notes: tuple[str, ...] = field(default=())


def told(row: SheetRow, column: str, said: str) -> str:
    """What is wrong with a row, with its place and column."""
    where = f"{row.place}, {column}" if column else row.place
    return f"{where[:1].upper()}{where[1:]}: {said}"


def is_printable(name: str) -> bool:
    """Whether a name can be stored and shown: no control signs, no halves of signs."""
    return not any(unicodedata.category(sign) in {"Cc", "Cs"} for sign in name)


def is_sheet(name: str) -> bool:
    """Whether a file's name says that it holds a sheet of posts, or some other spreadsheet."""
    return PurePosixPath(name).suffix.lower() in {*SUFFIXES, *OTHER_SUFFIXES}


def rows_of(file: str, content: bytes) -> Sheet:
    """The rows of a file by the name it is known by; PostInvalid where it cannot be read."""
    _refuse_name(file)
    grids = _grids(file, content)
    meant, notes = _meant(grids)
    rows: list[SheetRow] = []
    for grid in meant:
        columns = _columns(grid, several=len(meant) > 1)
        notes += columns.notes
        rows += _rows(file, grid, columns)
    if len(meant) > 1:
        rows = [replace(row, is_alone=False) for row in rows]
    return Sheet(file, tuple(_each_once(rows)), tuple(notes))


def _meant(grids: Sequence[Grid]) -> tuple[list[Grid], list[str]]:
    """The sheets that hold posts: the first, and others that have a column of one."""
    meant: list[Grid] = []
    notes = [note for grid in grids for note in grid.notes]
    for place, grid in enumerate(grids):
        if grid.lines and (place == 0 or worth(grid.lines[0])):
            meant.append(grid)
        elif grid.lines:
            notes.append(f"The sheet “{grid.sheet}” has no column of a post; it was left out.")
    return meant, notes


def _columns(grid: Grid, *, several: bool) -> Columns:
    try:
        return columns_of(grid.lines[0])
    except PostInvalid as error:
        where = f"Sheet “{grid.sheet}”: " if several else ""
        raise PostInvalid(f"{where}{error.reason}", line=error.line) from None


def _refuse_name(file: str) -> None:
    suffix = PurePosixPath(file).suffix.lower()
    if suffix not in SUFFIXES:
        raise PostInvalid(f"A {suffix or 'plain'} file is not read. {SAVE_AS}")
    if not is_printable(file):
        raise PostInvalid("The file's name has signs nobody can read. Give it a plain name.")
    if "#" in file:
        raise PostInvalid("Take the # out of the file's name.")
    if len(file) > MAX_FILE_KEY:
        raise PostInvalid(f"The file's path has more than {MAX_FILE_KEY} characters.")


def _grids(file: str, content: bytes) -> Sequence[Grid]:
    if len(content) > MAX_BYTES:
        raise PostInvalid(f"The file has more than {MAX_BYTES:,} bytes. Split it into two.")
    if not content:
        raise PostInvalid("The file is empty.")
    if PurePosixPath(file).suffix.lower() == ".xlsx":
        return workbook_grids(content)
    if content.startswith((b"PK\x03\x04", OLD_CONTAINER)):
        raise PostInvalid("This is a workbook, but its name says CSV. Give it its right ending.")
    return (csv_grid(content),)


def _rows(file: str, grid: Grid, columns: Columns) -> Iterator[SheetRow]:
    lines = [line for line in grid.lines if line.number >= columns.first_row]
    found = [_row(file, grid, columns, line) for line in lines]
    typed = [(row.number, row.cells[name]) for row in found for name in DAYS & row.cells.keys()]
    odd = month_first(typed)
    for row in found:
        if row.cells or row.errors:
            yield _read(row, odd)


def _row(file: str, grid: Grid, columns: Columns, line: Line) -> SheetRow:
    cells: dict[str, str] = {}
    errors: list[tuple[str, str]] = []
    headed = columns.first_row - 1
    for place, cell in enumerate(line.cells, 1):
        name = columns.names.get(place)
        if name is None:
            errors += _unheaded(grid, headed, place, str(cell))
            continue
        try:
            typed = words_of(cell, name)
        except PostInvalid as error:
            errors.append((name, error.reason))
            continue
        if typed:
            cells[name] = typed
    errors += [
        (columns.names[column], said)
        for (row, column), said in grid.faults.items()
        if row == line.number and column in columns.names
    ]
    return SheetRow(file, grid.sheet, line.number, cells, errors=tuple(errors))


def _unheaded(grid: Grid, headed: int, place: int, cell: str) -> list[tuple[str, str]]:
    """A cell below nothing; below a heading that leaves its column out, it is no mistake."""
    heads = next((line.cells for line in grid.lines if line.number == headed), ())
    has_heading = place <= len(heads) and bool(str(heads[place - 1]).strip())
    return [] if has_heading or not cell.strip() else [(letters(place), NO_HEADING)]


def _read(row: SheetRow, odd: int | None) -> SheetRow:
    """The row with its key, and with its post or all its mistakes."""
    written, mistakes = written_of(row.cells, row.number)
    errors = dict(mistakes)
    for name in DAYS & row.cells.keys():
        try:
            refuse_two_ways(row.cells[name], odd)
        except PostInvalid as error:
            errors.setdefault(name, error.reason)
    errors |= dict(row.errors)
    name = row.cells.get("id", "").casefold()
    if "#" in name or len(name) > MAX_ID or not is_printable(name):
        errors["id"] = f"An id is one line of at most {MAX_ID} characters without a #."
        name = ""
    digest = _digest(row.cells, written)
    key = f"{row.file}#{name}" if name else f"{row.file}#{row.sheet}#{_beginning(row)}"
    return replace(
        row,
        id=name,
        key=key,
        digest=digest,
        written=None if errors else written,
        errors=tuple(errors.items()),
    )


def _beginning(row: SheetRow) -> str:
    """The first words of the post, as a reader hears them; of one without any, its row."""
    texts = [row.cells.get(name, "") for name in ("text", *REGISTRY)]
    filled = [typed for name, typed in row.cells.items() if name.startswith("fields.")]
    words = folded_words(next((text for text in texts if text), " ".join(filled)))
    start = " ".join(words[:FIRST_WORDS])[:MAX_WORDS_KEY]
    return start or f"row {row.number}"


def _digest(cells: Mapping[str, str], written: Written | None) -> str:
    said = {name: typed for name, typed in cells.items() if name != "id"}
    if written is not None:
        # However a time was typed, or a spreadsheet program wrote it anew, it is the same time.
        for name in ("at", "date", "time"):
            said.pop(name, None)
        said["at"] = str(written.at or written.timing)
        said |= {"expires": str(written.expires)} if written.expires else {}
        said |= {"until": written.until} if written.until else {}
    plain = json.dumps(said, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()


def _each_once(rows: Sequence[SheetRow]) -> Iterator[SheetRow]:
    """A second row of the same key is a mistake: nobody could tell them apart later."""
    first: dict[str, SheetRow] = {}
    for row in rows:
        twin = first.setdefault(row.key, row)
        if twin is row:
            yield row
        elif row.id:
            said = f"The id “{row.id}” stands in {twin.place} already. Each row needs its own."
            yield _spoilt(row, "id", said)
        else:
            said = (
                f"It begins with the same words as {twin.place}. Give both an id in a column id, "
                "so that they can be told apart."
            )
            yield _spoilt(row, "text", said)


def _spoilt(row: SheetRow, column: str, said: str) -> SheetRow:
    """Its key is its place, as its own belongs to another row."""
    key = f"{row.file}#{row.sheet}#row {row.number}"
    errors = ((column, said), *row.errors)
    return replace(row, id="", key=key, written=None, errors=errors)
