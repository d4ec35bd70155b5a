"""Turns the cells of a row into words as a post file would have them.

What a spreadsheet made of a cell by itself is told where it matters: words that became a number or
a date, a date that can be read in two ways. Pure.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from bot.errors import PostInvalid
from bot.intake.sheetgrid import Cell
from bot.platforms import REGISTRY

DAYS = frozenset({"at", "date", "expires", "until"})
EXACT = frozenset({"text", "alt", "credit", *REGISTRY})
SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/\d{4}\b.*", re.DOTALL)
AS_TEXT = "Format the cell as text and type the words again."
NO_NUMBER = f"Words are expected here, and the cell holds a number or a date. {AS_TEXT}"
MADE_A_DATE = f"Your spreadsheet program made a date of this. {AS_TEXT}"
NO_PICTURE_YET = (
    "A picture cannot be taken from a web address. Save it into the posts folder and name it in a "
    "column media, such as media/march.jpg"
)


def words_of(cell: Cell, name: str) -> str:
    """A cell as its author would have typed it; PostInvalid where that cannot be known."""
    if isinstance(cell, str):
        return cell.replace("\r\n", "\n").replace("\r", "\n").strip()
    if name.partition(" ")[0] in EXACT or name.startswith("fields."):
        raise PostInvalid(NO_NUMBER)
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, int | float):
        return f"{cell:.15g}"
    return _moment(cell, name)


def _moment(cell: datetime | date | time | timedelta, name: str) -> str:
    if name == "time" and isinstance(cell, time | timedelta):
        return _time_of_day(cell)
    if name not in DAYS or not isinstance(cell, date):
        raise PostInvalid(MADE_A_DATE)
    if isinstance(cell, datetime):
        # A fraction of a day is not always a whole number of seconds.
        whole = (cell + timedelta(milliseconds=500)).replace(microsecond=0)
        return f"{whole:%Y-%m-%d %H:%M:%S}".removesuffix(":00")
    return f"{cell:%Y-%m-%d}"


def _time_of_day(cell: time | timedelta) -> str:
    if isinstance(cell, timedelta):
        if not timedelta() <= cell < timedelta(days=1):
            raise PostInvalid("This is no time of day. Write it as 18:30.")
        minutes, second = divmod(round(cell.total_seconds()), 60)
        cell = time(minutes // 60 % 24, minutes % 60, second)
    return f"{cell:%H:%M:%S}".removesuffix(":00")


def month_first(typed: Iterable[tuple[int, str]]) -> int | None:
    """The first row whose date makes sense only with the month first, such as 12/31/2026."""
    for row, words in typed:
        found = SLASHED.fullmatch(words)
        if found and int(found[1]) <= 12 < int(found[2]) <= 31:
            return row
    return None


def refuse_two_ways(words: str, row: int | None) -> None:
    """PostInvalid for a date that means two days, in a sheet where a row has the month first."""
    found = SLASHED.fullmatch(words)
    if row is not None and found and found[1] != found[2] and int(found[2]) <= 12:
        raise PostInvalid(
            f"Row {row} of this sheet writes the month first, so this date can be meant in two "
            "ways. Write it such as 2026-12-01 18:30."
        )
