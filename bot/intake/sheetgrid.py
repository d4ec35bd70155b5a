"""A sheet as it was found, in whatever file: its cells row by row, and how much it may hold.

Nothing is understood here. Rows and columns are counted from 1, as a spreadsheet shows them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from bot.errors import PostInvalid

MAX_BYTES = 5_000_000
MAX_ROWS = 1_000
LAST_ROW = MAX_ROWS + 1  # below the headings
MAX_COLUMNS = 60
MAX_CELL = 32_767  # what Excel itself allows

Cell = str | int | float | bool | datetime | date | time | timedelta


@dataclass(frozen=True, slots=True)
class Line:
    """One row in which something stands: its number, and its cells from the first column on."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet of a file; its name is empty in a CSV file.

    `faults` says of a cell, by row and column, why what it shows is no value.
    """

    sheet: str
    lines: tuple[Line, ...]
    faults: Mapping[tuple[int, int], str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def letters(column: int) -> str:
    """A column's name as a spreadsheet shows it: A for 1, AA for 27."""
    name = ""
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def refuse_outside(row: int, column: int) -> None:
    """PostInvalid where a cell with something in it lies beyond what a sheet may hold."""
    if row > LAST_ROW:
        raise PostInvalid(
            f"Something stands in cell {letters(column)}{row}. A sheet may have {MAX_ROWS:,} rows "
            "below its headings: take out what is below, or split it into two files.",
            line=row,
        )
    if column > MAX_COLUMNS:
        raise PostInvalid(
            f"Something stands in cell {letters(column)}{row}. A sheet may have {MAX_COLUMNS} "
            "columns: take out what is to the right.",
            line=row,
        )


def refuse_long(text: str, row: int, column: int) -> None:
    """PostInvalid where a cell holds more than any spreadsheet program puts into one."""
    if len(text) > MAX_CELL:
        raise PostInvalid(
            f"Cell {letters(column)}{row} has {len(text):,} characters; {MAX_CELL:,} at most.",
            line=row,
        )
