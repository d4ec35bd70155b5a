"""Makes a post of the words of one row, read setting by setting as in a post file.

Each mistake is kept with the column it stands in; all of a row are told at once.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from bot.errors import PostInvalid
from bot.formatting.text import tidy
from bot.intake.forms import refuse_odd_forms
from bot.intake.postfile import SETTINGS, scalar, setting, words_of
from bot.intake.postmedia import media_of
from bot.intake.sheetcells import NO_PICTURE_YET
from bot.intake.sheetcolumns import MOST_PICTURES, PICTURE_PARTS
from bot.model.written import Picture, Written

# In a file they belong together under one name; in a sheet each has a column.
APART = frozenset({"text", "id", "date", "time", "media", "fields"})
NO_TEXT = "There is no text."
NEEDS_BOTH = "The columns date and time go together: fill both, or neither."


@dataclass(slots=True)
class Row:
    """What is known of one row so far: its values, and its mistakes by column."""

    line: int
    values: dict[str, Any] = field(default_factory=lambda: {"texts": {}, "lines": {}})
    mistakes: dict[str, str] = field(default_factory=dict)

    def blame(self, column: str, said: str) -> None:
        """Note a mistake; the first of a column is told."""
        self.mistakes.setdefault(column, said.removeprefix(f"{column}: "))


def written_of(
    cells: Mapping[str, str], line: int
) -> tuple[Written | None, tuple[tuple[str, str], ...]]:
    """The post in these words by column, or None and what is wrong in which column."""
    row = Row(line)
    for name, typed in cells.items():
        if name in SETTINGS - APART:
            _take(row, name, name, typed)
    _take_date(row, cells)
    _take_text(row, cells)
    _take_pictures(row, cells)
    _take_fields(row, cells)
    if "image_url" in cells:
        row.blame("image_url", NO_PICTURE_YET)
    written = None if row.mistakes else _whole(row)
    return written, tuple(row.mistakes.items())


def _take(row: Row, column: str, name: str, typed: str) -> None:
    try:
        found = setting(name, typed, row.line)
    except PostInvalid as error:
        row.blame(column, error.reason.removeprefix(f"{name}: "))
        return
    row.values["texts"] |= found.pop("texts")
    row.values["lines"] |= found.pop("lines")
    row.values |= found


def _take_date(row: Row, cells: Mapping[str, str]) -> None:
    day, hour = cells.get("date", ""), cells.get("time", "")
    if not day and not hour:
        return
    if not day or not hour:
        row.blame("time" if day else "date", NEEDS_BOTH)
        return
    _take(row, "date", "at", f"{day} {hour}")


def _take_text(row: Row, cells: Mapping[str, str]) -> None:
    row.values["body"] = ""
    row.values["lines"]["body"] = row.line
    try:
        row.values["body"] = words_of(scalar(cells.get("text", ""), row.line))
    except PostInvalid as error:
        row.blame("text", error.reason)
        return
    if not (row.values["body"] or row.values["texts"] or "template" in cells):
        row.blame("text", NO_TEXT)


def _take_pictures(row: Row, cells: Mapping[str, str]) -> None:
    pictures: list[Picture] = []
    for number in range(1, MOST_PICTURES + 1):
        given = dict(_of_picture(cells, number))
        if not given:
            continue
        column = next(iter(given))
        if column.partition(" ")[0] != "media":
            row.blame(column, f"No file is named beside it in the column {_column(number)}.")
            continue
        pictures += _picture(row, given)
        row.values["lines"][f"media {len(pictures)}"] = row.line
    row.values["media"] = tuple(pictures)


def _column(number: int, part: str = "media") -> str:
    return f"{part} {number}" if number > 1 else part


def _of_picture(cells: Mapping[str, str], number: int) -> Iterator[tuple[str, str]]:
    for part in PICTURE_PARTS:
        column = _column(number, part)
        if cells.get(column):
            yield column, cells[column]


def _picture(row: Row, given: Mapping[str, str]) -> tuple[Picture, ...]:
    pairs = []
    for column, typed in given.items():
        part = column.partition(" ")[0].replace("media", "file")
        pairs.append((scalar(part, row.line), scalar(typed, row.line)))
    node = yaml.MappingNode("tag:yaml.org,2002:map", pairs, pairs[0][0].start_mark)
    try:
        found: tuple[Picture, ...] = media_of(node, lambda one: tidy(words_of(one)))["media"]
    except PostInvalid as error:
        said = error.reason.removeprefix("media: ")
        blamed = next((c for c in given if said.startswith(f"{c.partition(' ')[0]}:")), None)
        row.blame(blamed or next(iter(given)), said)
        return ()
    return found


def _take_fields(row: Row, cells: Mapping[str, str]) -> None:
    found: dict[str, str] = {}
    for column, typed in cells.items():
        name = column.removeprefix("fields.")
        if name == column:
            continue
        try:
            found[name] = words_of(scalar(typed, row.line))
        except PostInvalid as error:
            row.blame(column, error.reason)
    row.values["fields"] = found
    if found:
        row.values["lines"]["fields"] = row.line


def _whole(row: Row) -> Written | None:
    written = Written(**row.values)
    try:
        refuse_odd_forms(written)
    except PostInvalid as error:
        row.blame(error.reason.partition(":")[0], error.reason)
        return None
    return written
