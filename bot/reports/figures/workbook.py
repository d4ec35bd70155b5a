"""Writes views as one XLSX file: a sheet a view, with real numbers, money and dates.

Nothing a post says can become a formula or a link: every text is written as text.
"""

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

Rows = Sequence[Mapping[str, Any]]
MAX_TEXT = 32_767
MAX_NAME = 31
MOMENT = "_at"
WIDTHS = {"text": 60, "sentence": 80, "url": 30}
WIDTH = 14
SAFE = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}


def as_xlsx(views: Mapping[str, Rows], zone: ZoneInfo, now: datetime) -> bytes:
    """The file's bytes; times are local ones of `zone`, as Excel knows no zones."""
    # Slow to import and wanted only here.
    import xlsxwriter

    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, SAFE)
    book.set_properties({"created": now.replace(tzinfo=None)})
    formats = _formats(book)
    for name, rows in views.items():
        _fill(book.add_worksheet(name[:MAX_NAME]), rows, formats, zone)
    book.close()
    return file.getvalue()


def _formats(book: Any) -> dict[str, Any]:
    return {
        "head": book.add_format({"bold": True, "bottom": 1}),
        "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        "money": book.add_format({"num_format": "$#,##0.000"}),
    }


def _head(sheet: Any, columns: Sequence[str], formats: Mapping[str, Any]) -> None:
    sheet.freeze_panes(1, 0)
    for place, column in enumerate(columns):
        sheet.set_column(place, place, WIDTHS.get(column, WIDTH))
        sheet.write_string(0, place, column, formats["head"])


def _fill(sheet: Any, rows: Rows, formats: Mapping[str, Any], zone: ZoneInfo) -> None:
    columns = list(rows[0]) if rows else ["nothing fits what was asked for"]
    _head(sheet, columns, formats)
    for line, row in enumerate(rows, 1):
        for place, column in enumerate(columns):
            _write(sheet, line, place, column, row[column], formats, zone)
    if rows:
        sheet.autofilter(0, 0, len(rows), len(columns) - 1)


def _write(
    sheet: Any,
    line: int,
    place: int,
    column: str,
    value: Any,
    formats: Mapping[str, Any],
    zone: ZoneInfo,
) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(line, place, value)
    elif isinstance(value, int | float):
        sheet.write_number(line, place, value)
    elif isinstance(value, Decimal):
        sheet.write_number(line, place, float(value), formats["money"])
    elif column.endswith(MOMENT):
        local = datetime.fromisoformat(value).astimezone(zone).replace(tzinfo=None)
        sheet.write_datetime(line, place, local, formats["moment"])
    else:
        text = ", ".join(value) if isinstance(value, list) else str(value)
        sheet.write_string(line, place, text[:MAX_TEXT])


def write_sheet(
    file: BinaryIO,
    name: str,
    columns: Sequence[str],
    rows: Iterable[Mapping[str, Any]],
    zone: ZoneInfo,
) -> None:
    """One sheet, written row by row, so that years of them never lie in memory together."""
    import xlsxwriter

    book = xlsxwriter.Workbook(file, {**SAFE, "in_memory": False, "constant_memory": True})
    formats = _formats(book)
    sheet = book.add_worksheet(name[:MAX_NAME])
    _head(sheet, columns, formats)
    for line, row in enumerate(rows, 1):
        for place, column in enumerate(columns):
            _write(sheet, line, place, column, row[column], formats, zone)
    book.close()
