"""Sheets as tests write them: CSV by every dialect, workbooks, and workbooks that were tampered."""

import csv
import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from typing import Any

import xlsxwriter

Rows = Sequence[Sequence[Any]]
SHEET = "xl/worksheets/sheet1.xml"


def as_csv(rows: Rows, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode(encoding)


def as_xlsx(rows: Rows, **sheets: Rows) -> bytes:
    """A workbook whose first sheet is called Posts, and others by name."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        kinds = {
            datetime: book.add_format({"num_format": "dd/mm/yyyy hh:mm"}),
            date: book.add_format({"num_format": "dd/mm/yyyy"}),
            time: book.add_format({"num_format": "hh:mm"}),
        }
        for name, cells in {"Posts": rows, **sheets}.items():
            _fill(book.add_worksheet(name), cells, kinds)
    return out.getvalue()


def _fill(sheet: Any, rows: Rows, kinds: dict[type, Any]) -> None:
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(number, place, cell)
            elif type(cell) in kinds:
                sheet.write_datetime(number, place, cell, kinds[type(cell)])
            else:
                sheet.write(number, place, cell)


def tampered(workbook: bytes, **changes: Callable[[str], str]) -> bytes:
    """A workbook in which parts are changed: `sheet`, `strings` or `types`."""
    paths = {
        "sheet": SHEET,
        "strings": "xl/sharedStrings.xml",
        "types": "[Content_Types].xml",
    }
    wanted = {paths[name]: change for name, change in changes.items()}
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name in wanted:
                content = wanted[name](content.decode()).encode()
            new.writestr(name, content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def with_member(workbook: bytes, name: str, content: bytes) -> bytes:
    """A workbook with one more file in it."""
    out = io.BytesIO(workbook)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as opened:
        opened.writestr(name, content)
    return out.getvalue()
