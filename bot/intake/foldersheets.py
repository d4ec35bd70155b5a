"""The sheets of a posts folder: each row is to the folder as a file of its own.

A sheet is read again only when its bytes changed. A row with an id that was edited is an edited
file; one without is quarantined, since nobody can tell whether another post is meant.
"""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.errors import PostInvalid
from bot.intake.sheetqueue import added_key, in_column
from bot.intake.sheetrows import SOURCE, Sheet, SheetRow, rows_of, told
from bot.model.post import Post
from bot.model.written import Written

RESTS_FOR = timedelta(minutes=1)
MARK = "./"  # before the name of a sheet that lies in the posts folder
TAKEN_OUT = "Its row was taken out of the sheet."
BACK_AGAIN = (
    "{} was cancelled when this row was taken out, and stays so. To queue it again, give it "
    "another id."
)
WITHOUT_ID = (
    "{post} was queued from this row with other words or settings, and is on hold. Give the sheet "
    "a column id, put the row back, or say what is meant: bot add posts/{file} --changed replace "
    "(or add)."
)


def key_of(path: str) -> str:
    """By what a sheet is known, given its path inside the folder with forward slashes."""
    return f"{MARK}{path}"


def is_of_folder(key: str) -> bool:
    """Whether a sheet or row of that key lies in the posts folder; others were handed in."""
    return key.startswith(MARK)


def sheet_of(key: str) -> str:
    """The key of the sheet that a row is in; no sheet's own name has a #."""
    return key.partition("#")[0]


@dataclass(frozen=True, slots=True)
class Row:
    """A row as the folder takes it: as a file whose content is the row."""

    row: SheetRow
    key: str
    source: str = SOURCE
    deleted: str = TAKEN_OUT
    back_again: str = BACK_AGAIN

    @property
    def digest(self) -> str:
        return self.row.digest

    @property
    def path(self) -> str:
        """The sheet's path inside the folder."""
        return self.row.file.removeprefix(MARK)

    def written(self) -> Written:
        """The post of the row; PostInvalid with all that is wrong with it."""
        if self.row.written is None:
            said = " ".join(told(self.row, *pair) for pair in self.row.errors)
            raise PostInvalid(said, line=self.row.number)
        return self.row.written

    def refuse_edit(self, post: Post) -> None:
        """PostInvalid where nobody can tell whether the row still means the same post."""
        if not self.row.id:
            said = WITHOUT_ID.format(post=post.name, file=self.path)
            raise PostInvalid(said, line=self.row.number)

    def told(self, error: PostInvalid) -> PostInvalid:
        """A mistake with the row and the column it stands in."""
        if self.row.written is None:
            return error
        return PostInvalid(told(self.row, *in_column(self.row, error.reason)), line=self.row.number)


@dataclass(slots=True)
class FolderSheets:
    """The sheets read so far, and which rows were refused when; a row rests before it is tried
    again, as a long sheet of refused ones would keep the heartbeat busy."""

    _read: dict[str, tuple[str, Sheet | PostInvalid]] = field(default_factory=dict)
    _refused: dict[str, tuple[str, datetime]] = field(default_factory=dict)

    def rests(self, row: Row, now: datetime) -> bool:
        """Whether exactly this row was refused a moment ago."""
        digest, tried_at = self._refused.get(row.key, ("", now))
        return digest == row.digest and timedelta() <= now - tried_at < RESTS_FOR

    def refused(self, row: Row, now: datetime) -> None:
        """Remember that the row could not become a post."""
        self._refused[row.key] = row.digest, now

    def rows(self, file: str, content: bytes) -> tuple[SheetRow, ...]:
        """The rows of a sheet as it is now; PostInvalid where it cannot be read."""
        digest = hashlib.sha256(content).hexdigest()
        known = self._read.get(file)
        if known is None or known[0] != digest:
            known = self._read[file] = digest, _read(file, content)
        if isinstance(known[1], PostInvalid):
            raise known[1]
        return known[1].rows


def _read(file: str, content: bytes) -> Sheet | PostInvalid:
    try:
        return rows_of(file, content)
    except PostInvalid as error:
        return error


def resolved(row: SheetRow, known: dict[str, Post]) -> Row:
    """The row under the key it is known by: its own, or that of one queued beside an older one."""
    beside = added_key(row)
    return Row(row, beside if beside in known else row.key)
