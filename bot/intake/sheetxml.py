"""Looks through the XML inside a workbook before the reader of workbooks sees it.

It counts what that reader would have to hold in memory, and finds the cells whose formula has no
value. A document type, which could define endless words, is refused, and so is what is no XML.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from xml.parsers import expat

from bot.errors import PostInvalid
from bot.intake.sheetgrid import MAX_CELL, letters, refuse_outside

MAX_ELEMENTS = 400_000
MAX_LETTERS = 4_000_000
MAX_DEPTH = 100
DAMAGED = "The workbook is damaged. Open it in your spreadsheet program and save it again."
TOO_MUCH = "The workbook holds too much. Copy the rows of posts into a new one."
NO_VALUE = "The formula has no value yet. Open the file, save it again, or type the words."
ERROR_VALUE = "The formula ends in an error. Put it right, or type the words."
PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


@dataclass(slots=True)
class Part:
    """What was found in one part of a workbook."""

    root: str = ""
    strings: list[int] = field(default_factory=list)
    sheets: list[tuple[str, str]] = field(default_factory=list)
    targets: dict[str, str] = field(default_factory=dict)
    faults: dict[tuple[int, int], str] = field(default_factory=dict)
    letters: int = 0


@dataclass(slots=True)
class _Place:
    """The cell the reader is in."""

    row: int = 0
    column: int = 0
    kind: str = ""
    text: str = ""
    has_formula: bool = False


def look_through(content: bytes, strings: Sequence[int] = ()) -> Part:
    """One part of a workbook; `strings` are the lengths of the texts its cells share.

    PostInvalid where it is damaged or holds too much.
    """
    scan = _Scan(strings)
    # Whatever a part says of itself: the reader of workbooks takes it for UTF-8, too.
    parser = expat.ParserCreate("UTF-8")
    parser.buffer_text = True
    parser.StartElementHandler = scan.start
    parser.EndElementHandler = scan.end
    parser.CharacterDataHandler = scan.words
    parser.StartDoctypeDeclHandler = _refuse
    try:
        parser.Parse(content, True)
    except expat.ExpatError:
        raise PostInvalid(DAMAGED) from None
    return scan.part


def _refuse(*_: object) -> None:
    raise PostInvalid(DAMAGED)


class _Scan:
    """Takes the elements of one part as they come."""

    def __init__(self, strings: Sequence[int]) -> None:
        self.part = Part()
        self._strings = strings
        self._count = 0
        self._path: list[str] = []
        self._cell = _Place()

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._count += 1
        if self._count > MAX_ELEMENTS or len(self._path) > MAX_DEPTH:
            raise PostInvalid(TOO_MUCH)
        local = name.rpartition(":")[2]
        self.part.root = self.part.root or local
        self._path.append(local)
        begin = getattr(self, f"_begin_{local}", None)
        if begin is not None:
            begin(attributes)

    def end(self, _name: str) -> None:
        if self._path.pop() == "c":
            self._end_cell()

    def words(self, text: str) -> None:
        if self.part.root == "sst":
            self._add_to_string(text)
        elif self._path[-1] in {"v", "t"} and "c" in self._path:
            self._cell.text += text
            if len(self._cell.text) > MAX_CELL:
                raise PostInvalid(TOO_MUCH)

    def _begin_si(self, _attributes: Mapping[str, str]) -> None:
        self.part.strings.append(0)

    def _begin_sheet(self, attributes: Mapping[str, str]) -> None:
        key = next((value for name, value in attributes.items() if name.endswith(":id")), "")
        self.part.sheets.append((attributes.get("name", ""), key))

    def _begin_Relationship(self, attributes: Mapping[str, str]) -> None:  # noqa: N802  its name
        self.part.targets[attributes.get("Id", "")] = attributes.get("Target", "")

    def _begin_row(self, attributes: Mapping[str, str]) -> None:
        typed = attributes.get("r", str(self._cell.row + 1))
        if not re.fullmatch(r"[0-9]{1,7}", typed):
            raise PostInvalid(DAMAGED)
        self._cell = _Place(row=int(typed))

    def _begin_c(self, attributes: Mapping[str, str]) -> None:
        row, column = self._cell.row, self._cell.column + 1
        if "r" in attributes:
            found = PLACE.fullmatch(attributes["r"])
            if found is None:
                raise PostInvalid(DAMAGED)
            row, column = int(found[2]), _number(found[1])
        self._cell = _Place(row, column, attributes.get("t", ""))

    def _begin_f(self, _attributes: Mapping[str, str]) -> None:
        self._cell.has_formula = True

    def _add_to_string(self, text: str) -> None:
        if not self.part.strings:
            return
        self.part.strings[-1] += len(text)
        if self.part.strings[-1] > MAX_CELL:
            raise PostInvalid(TOO_MUCH)

    def _end_cell(self) -> None:
        cell = self._cell
        if not (cell.text or cell.has_formula):
            return
        refuse_outside(cell.row, cell.column)
        self.part.letters += self._length(cell)
        if self.part.letters > MAX_LETTERS:
            raise PostInvalid(TOO_MUCH)
        if cell.kind == "e":
            self.part.faults[cell.row, cell.column] = ERROR_VALUE
        elif cell.has_formula and not cell.text and cell.kind != "str":
            self.part.faults[cell.row, cell.column] = NO_VALUE

    def _length(self, cell: _Place) -> int:
        if cell.kind != "s":
            return len(cell.text)
        number = int(cell.text) if re.fullmatch(r"[0-9]{1,9}", cell.text) else -1
        if not 0 <= number < len(self._strings):
            raise PostInvalid(DAMAGED)
        return self._strings[number]


def _number(name: str) -> int:
    """The inverse of `letters`."""
    number = 0
    for sign in name:
        number = number * 26 + ord(sign) - ord("A") + 1
    if letters(number) != name:
        raise PostInvalid(DAMAGED)
    return number
