"""Opens the container of a workbook, refuses what is dangerous in it, and packs the rest anew.

A workbook is a ZIP file. What is unpacked is counted on the way, so that a small file cannot become
an enormous one, and only XML that was looked through is handed on, unpacked: the reader of
workbooks never sees the file as it came. Passwords and macros are refused in plain words.
"""

import io
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from bot.errors import PostInvalid
from bot.intake.sheetxml import DAMAGED, TOO_MUCH, Part, look_through

MAX_UNPACKED_BYTES = 20_000_000
MAX_MEMBERS = 500
WORKBOOK = "xl/workbook.xml"
TARGETS = "xl/_rels/workbook.xml.rels"
OLD_CONTAINER = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LOCKED = (
    "The workbook has a password, or is in the old .xls format. Take the password off and save it "
    "as .xlsx."
)
MACROS = "The workbook has macros. Save it as .xlsx without them."
NO_WORKBOOK = "This is no workbook, whatever its name says. Save it as .xlsx."
FAULTS = (
    *(zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, NotImplementedError),
    *(RuntimeError, OSError, EOFError, ValueError, OverflowError),
)


@dataclass(frozen=True, slots=True)
class Repacked:
    """A workbook that is safe to read, and by sheet which cells show no value."""

    content: bytes
    faults: Mapping[str, Mapping[tuple[int, int], str]]


def repacked(content: bytes) -> Repacked:
    """The workbook as it may be read; PostInvalid says what is wrong with it."""
    if content.startswith(OLD_CONTAINER):
        raise PostInvalid(LOCKED)
    if not content.startswith(b"PK"):
        raise PostInvalid(NO_WORKBOOK)
    members = _unpacked(content)
    if WORKBOOK not in members or TARGETS not in members:
        raise PostInvalid(NO_WORKBOOK)
    if b"macroEnabled" in members.get("[Content_Types].xml", b""):
        raise PostInvalid(MACROS)
    return Repacked(_packed(members), _faults(_looked_through(members)))


def _unpacked(content: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as opened:
            return _members(opened)
    except FAULTS:
        raise PostInvalid(DAMAGED) from None


def _members(opened: zipfile.ZipFile) -> dict[str, bytes]:
    listed = opened.infolist()
    names = [one.filename.casefold() for one in listed]
    if len(listed) > MAX_MEMBERS:
        raise PostInvalid(TOO_MUCH)
    if any(name.endswith("vbaproject.bin") for name in names):
        raise PostInvalid(MACROS)
    if any(one.flag_bits & 1 for one in listed):
        raise PostInvalid(LOCKED)
    if len(set(names)) < len(names):
        raise PostInvalid(DAMAGED)
    members: dict[str, bytes] = {}
    left = MAX_UNPACKED_BYTES
    for one in listed:
        if one.filename.casefold().endswith((".xml", ".rels")):
            with opened.open(one) as member:
                members[one.filename] = member.read(left + 1)
            left -= len(members[one.filename])
            if left < 0:
                raise PostInvalid(TOO_MUCH)
    return members


def _looked_through(members: Mapping[str, bytes]) -> dict[str, Part]:
    texts = [name for name in members if name.casefold().endswith("sharedstrings.xml")]
    parts = {name: look_through(members[name]) for name in texts}
    shared = [part for part in parts.values() if part.strings]
    strings = shared[0].strings if shared else []
    parts |= {
        name: look_through(content, strings)
        for name, content in members.items()
        if name not in parts
    }
    roots = [part.root for part in parts.values()]
    if roots.count("sst") > 1 or any(
        part.root == "sst" for name, part in parts.items() if name not in texts
    ):
        raise PostInvalid(DAMAGED)
    return parts


def _faults(parts: Mapping[str, Part]) -> dict[str, Mapping[tuple[int, int], str]]:
    targets = parts[TARGETS].targets
    found: dict[str, Mapping[tuple[int, int], str]] = {}
    for sheet, key in parts[WORKBOOK].sheets:
        target = targets.get(key, "")
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if path not in parts:
            raise PostInvalid(DAMAGED)
        found[sheet] = parts[path].faults
    return found


def _packed(members: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as packed:
        for name, content in members.items():
            packed.writestr(zipfile.ZipInfo(name), content)
    return out.getvalue()
