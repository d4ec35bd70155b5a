"""One file of the posts folder: what its name may be, and its bytes, read once and capped."""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from bot.errors import PostInvalid
from bot.intake import sheetrows
from bot.intake.foldersheets import is_of_folder, key_of
from bot.intake.plainfile import read_plain
from bot.intake.postfile import MAX_FILE_BYTES, parse
from bot.intake.sheetgrid import MAX_BYTES
from bot.intake.sheetrows import SUFFIXES
from bot.model.post import Post
from bot.model.written import Written

SOURCE = "folder"
MAX_KEY = 500
DELETED = "Its file was deleted."
BACK_AGAIN = (
    "{} was cancelled when this file was deleted, and stays so. To queue it again, save it under "
    "another name."
)


@dataclass(frozen=True, slots=True)
class File:
    """A file as found: its path inside the folder with forward slashes, its bytes and digest."""

    key: str
    content: bytes
    source: str = SOURCE
    deleted: str = DELETED
    back_again: str = BACK_AGAIN

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()

    @property
    def path(self) -> str:
        return self.key

    def written(self) -> Written:
        return parse(self.content)

    def refuse_edit(self, post: Post) -> None:
        """A file is known by its name, so that an edit of it is always meant."""

    def told(self, error: PostInvalid) -> PostInvalid:
        return error


def is_sheet_of_folder(path: Path) -> bool:
    """Whether a file of the folder holds a sheet of posts, by its name."""
    return path.suffix.lower() in SUFFIXES


def key_inside(path: Path) -> str:
    """By what a file is known, given its path inside the folder."""
    plain = path.as_posix().encode("utf-8", "replace").decode()[:MAX_KEY]
    return key_of(plain) if is_sheet_of_folder(path) else plain


def source_of(key: str) -> str:
    """Whether a key of the folder names a file, or a sheet or row."""
    return sheetrows.SOURCE if is_of_folder(key) else SOURCE


def mistake_in(path: Path) -> str | None:
    """What is wrong with a file of the folder by its name alone, given its path inside it."""
    try:
        path.as_posix().encode("utf-8")
    except UnicodeEncodeError:
        return "The file's name is not UTF-8. Give it a plain name."
    if len(path.as_posix()) > MAX_KEY:
        return f"The file's path has more than {MAX_KEY} characters."
    if path.suffix.lower() != ".md" and not is_sheet_of_folder(path):
        kind = path.suffix or "plain"
        return f"Only .md, .csv and .xlsx files become posts; this is a {kind} file."
    return None


def read_inside(path: Path, root: Path) -> bytes:
    """The bytes, capped, of a plain file that lies inside the folder; opened once."""
    real = path.resolve()
    if not real.is_relative_to(root.resolve()):
        raise PostInvalid("This is a link to a place outside the posts folder. Copy the file in.")
    if is_sheet_of_folder(path):
        return read_plain(real, MAX_BYTES, "a sheet")
    return read_plain(real, MAX_FILE_BYTES, "a post file")
