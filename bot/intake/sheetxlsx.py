"""Reads the sheets of a workbook (.xlsx), once it was found safe to be read.

Hidden sheets are not read, nor those whose name begins with `_`, nor the two that a template of
ours explains itself with. Of a formula, its shown value counts; nothing is calculated.
"""

import io
from collections.abc import Iterator, Mapping
from typing import Any

from bot.errors import PostInvalid
from bot.intake.sheetgrid import Cell, Grid, Line, refuse_long
from bot.intake.sheetxml import DAMAGED, TOO_MUCH
from bot.intake.sheetzip import repacked

MAX_SHEETS = 20
EXPLAINING = frozenset({"columns", "examples"})


def workbook_grids(content: bytes) -> tuple[Grid, ...]:
    """Every sheet that may hold posts; PostInvalid says what is wrong with the workbook."""
    from python_calamine import CalamineError, CalamineWorkbook

    safe = repacked(content)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(safe.content)) as book:
            names = _meant(book)
            return tuple(
                _grid(name, book.get_sheet_by_name(name).to_python(skip_empty_area=False), faults)
                for name, faults in ((name, safe.faults.get(name, {})) for name in names)
            )
    except CalamineError:
        raise PostInvalid(DAMAGED) from None
    except BaseException as error:
        # A fault inside the reader comes as an error that is no Exception.
        if type(error).__name__ != "PanicException":
            raise
        raise PostInvalid(DAMAGED) from None


def _meant(book: Any) -> list[str]:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    names = [
        str(one.name)
        for one in book.sheets_metadata
        if one.typ == SheetTypeEnum.WorkSheet
        and one.visible == SheetVisibleEnum.Visible
        and not one.name.startswith(("_", "."))
        and one.name.casefold() not in EXPLAINING
    ]
    if len(names) > MAX_SHEETS:
        raise PostInvalid(TOO_MUCH)
    return names


def _grid(name: str, rows: list[list[Cell]], faults: Mapping[tuple[int, int], str]) -> Grid:
    return Grid(name, tuple(_lines(rows, {row for row, _ in faults})), faults)


def _lines(rows: list[list[Cell]], faulty: set[int]) -> Iterator[Line]:
    for number, cells in enumerate(rows, 1):
        filled = [place for place, cell in enumerate(cells, 1) if str(cell).strip()]
        if not filled and number not in faulty:
            continue
        for place in filled:
            refuse_long(str(cells[place - 1]), number, place)
        yield Line(number, tuple(cells[: max(filled, default=0)]))
