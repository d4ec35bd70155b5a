"""Queues the rows of a sheet: new ones, and changed ones as a person chose. Each stands alone.

The same row again changes nothing. A changed row replaces what has not gone out, is added beside
it, or is skipped. A row that cannot become a post is quarantined with its row and column; adding
the file again, put right or without that row, takes it out.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bot.errors import PostInvalid
from bot.intake.admission import Admission
from bot.intake.amendment import Admitted
from bot.intake.rows import Source
from bot.intake.sheetrows import SOURCE, SheetRow, told
from bot.model.post import Post
from bot.model.written import Written
from bot.store import deliveries, posts, quarantine
from bot.store.engine import Session, Store


class Standing(StrEnum):
    """What a row is to what was queued from this file before."""

    NEW = "new"
    UNCHANGED = "unchanged"
    CHANGED = "changed"
    BAD = "bad"


class Change(StrEnum):
    """What a person wants of a changed row."""

    REPLACE = "replace"
    ADD = "add"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one row: its Post, or what is wrong; neither where it was skipped.

    `news` is queued, edited, known, skipped or bad.
    """

    row: SheetRow
    news: str
    admitted: Admitted | None = None
    errors: tuple[tuple[str, str], ...] = ()


def added_key(row: SheetRow) -> str:
    """By what a changed row is known that was queued beside the old one."""
    return f"{row.key}#+{row.digest[:12]}"


def standing(session: Session, row: SheetRow) -> tuple[Standing, Post | None]:
    """What the row is to the Post it is known by, and that Post."""
    post = posts.by_key(session, SOURCE, row.key)
    if row.written is None:
        return Standing.BAD, post
    if post is None:
        return Standing.NEW, None
    if post.content_digest == row.digest:
        return Standing.UNCHANGED, post
    beside = posts.by_key(session, SOURCE, added_key(row))
    return (Standing.UNCHANGED, beside) if beside is not None else (Standing.CHANGED, post)


def column_of(row: SheetRow, said: str) -> str:
    """The column that a mistake of the whole post belongs to, as far as its words tell."""
    first = said.partition(":")[0]
    if first in row.cells:
        return first
    named = [
        name for name, typed in row.cells.items() if name.startswith("media") and typed in said
    ]
    return named[0] if named else "text"


def in_column(row: SheetRow, said: str) -> tuple[str, str]:
    """The column and the words of a mistake, its name said once."""
    column = column_of(row, said)
    return column, said.removeprefix(f"{column}: ")


@dataclass(frozen=True, slots=True)
class Sheets:
    """Queues the rows of one file, by one author; `folder` is where its pictures may lie."""

    store: Store
    admission: Admission
    author: str
    folder: Path | None = None
    first_run: frozenset[str] = frozenset()
    on_row: Callable[[], object] = lambda: None
    by_approver: bool = False

    def take(
        self, file: str, rows: Iterable[SheetRow], choices: Mapping[str, Change]
    ) -> list[Taken]:
        """Queue what can be queued; `choices` say by a row's key what becomes of a change."""
        taken = []
        for row in rows:
            taken.append(self._take(row, choices.get(row.key, Change.SKIP)))
            self.on_row()
        self._tidy(file, taken)
        return taken

    def _take(self, row: SheetRow, choice: Change) -> Taken:
        with self.store.read() as session:
            stands, post = standing(session, row)
            if stands == Standing.UNCHANGED and post is not None:
                return _known(session, row, post)
        if row.written is None:
            return Taken(row, "bad", errors=row.errors)
        if stands == Standing.CHANGED and choice == Change.SKIP:
            return Taken(row, "skipped")
        try:
            written = self.admission.illustrated(row.written, self.folder)
            with self.store.write() as session:
                return self._apply(session, row, written, choice)
        except PostInvalid as error:
            return Taken(row, "bad", errors=(in_column(row, error.reason),))

    def _apply(self, session: Session, row: SheetRow, written: Written, choice: Change) -> Taken:
        """Queue it as it stands now: another door may have been faster."""
        stands, post = standing(session, row)
        if post is None:
            source = self._source(row, row.key)
            return Taken(row, "queued", self.admission.admit(session, written, source))
        if stands == Standing.UNCHANGED:
            return _known(session, row, post)
        if choice == Change.REPLACE:
            source = self._source(row, row.key)
            return Taken(row, "edited", self.admission.amend(session, post, written, source))
        if choice == Change.ADD:
            source = self._source(row, added_key(row))
            return Taken(row, "queued", self.admission.admit(session, written, source))
        return Taken(row, "skipped")

    def _source(self, row: SheetRow, key: str) -> Source:
        return Source(
            SOURCE,
            key,
            row.digest,
            self.author,
            first_run=self.first_run,
            by_approver=self.by_approver,
        )

    def _tidy(self, file: str, taken: list[Taken]) -> None:
        """Quarantine what is bad now, and take out what was bad in this file before."""
        bad = {one.row.key: one for one in taken if _words(one)}
        with self.store.write() as session:
            for key in quarantine.keys(session, SOURCE):
                if key not in bad and key.partition("#")[0] == file:
                    quarantine.lift(session, SOURCE, key)
            for key, one in bad.items():
                quarantine.put(
                    session,
                    source=SOURCE,
                    key=key,
                    line=one.row.number,
                    reason=_words(one),
                    now=self.admission.clock(),
                )


def _known(session: Session, row: SheetRow, post: Post) -> Taken:
    return Taken(row, "known", Admitted(post, tuple(deliveries.of_post(session, post.id))))


def _words(taken: Taken) -> str:
    """All that is wrong with a row, or with it on some of its accounts."""
    partly = taken.admitted.errors if taken.admitted is not None else ()
    return " ".join((*(told(taken.row, *pair) for pair in taken.errors), *partly))
