"""Reads the posts folder: new files, edits, moves and deletions, each applied once.

A row of a sheet is as good as a file here. The folder is only ever read. What cannot become a Post
is quarantined with its line and reason and the rest go on. A folder that is missing, or has lost
many of its waiting files at once, cancels nothing: what waited is held as "file gone".
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bot.errors import PostInvalid
from bot.intake import filekinds
from bot.intake.admission import Admission
from bot.intake.amendment import Admitted
from bot.intake.folderfiles import (
    SOURCE,
    File,
    is_sheet_of_folder,
    key_inside,
    mistake_in,
    read_inside,
    source_of,
)
from bot.intake.folderknown import DELETED, Here, Known, known_of, posts_of, waiting_of
from bot.intake.foldersheets import FolderSheets, Row, sheet_of
from bot.intake.rows import Source
from bot.model.delivery import EDITABLE_STATES, Delivery, Hold, State
from bot.model.post import Post
from bot.model.written import Written
from bot.store import accounts, decisions, deliveries, posts, quarantine
from bot.store.engine import Session, Store

SETTLED_AFTER_SECONDS = 2.0
MAX_FILES = 10_000
SKIPPED_FOLDERS = frozenset({"examples", "templates", "media"})
SKIPPED_NAMES = frozenset({"readme.md", "feeds.toml", "timetable.toml", "thumbs.db", "desktop.ini"})
MASS_LOSS_FLOOR = 3
MASS_LOSS_SHARE = 1 / 3


@dataclass(slots=True)
class Reading:
    """What one reading of the folder changed."""

    new: list[Admitted] = field(default_factory=list)
    edited: list[Admitted] = field(default_factory=list)
    quarantined: list[tuple[str, int | None, str]] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    moved: list[str] = field(default_factory=list)
    unsettled: int = 0
    alarm: str = ""

    @property
    def changed(self) -> bool:
        return bool(self.new or self.edited or self.quarantined or self.cancelled or self.moved)


@dataclass(frozen=True, slots=True)
class Folder:
    """One posts folder and what its files become."""

    root: Path
    store: Store
    admission: Admission
    author: str
    sheets: FolderSheets = field(default_factory=FolderSheets)

    def read(self, *, everything: bool = False) -> Reading:
        """Apply what changed since the last reading; `everything` takes files still settling."""
        reading = Reading()
        if not self._is_readable():
            self._hold_all(reading, f"The folder {self.root} is missing or cannot be read.")
            return reading
        here = self._files(reading, everything)
        with self.store.read() as session:
            known = known_of(session)
            first_run = self.first_run(session)
        found, waiting = here.found(known), known.waiting
        self._hold_unreadable(here, known)
        gone = {key: post for key, post in known.posts.items() if key not in found}
        movable = {key: post for key, post in gone.items() if post.id not in known.dropped}
        for file in here.all(known):
            post = known.posts.get(file.key) or self._moved(file, movable, gone, reading)
            if post is not None and post.id in known.dropped:
                said = PostInvalid(file.back_again.format(post.name))
                self._quarantine(file.key, file.told(said), reading)
            elif post is None or post.content_digest != file.digest:
                self._try(file, first_run, reading)
            elif post.id in known.missed:
                self._is_back(post)
        lost = [post for key, post in gone.items() if post.id in waiting]
        kept = {post.id for post in lost if post.id in known.missed and post.key not in known.odd}
        if not kept:
            # Else files are missing for a reason nobody knows yet; what failed can wait for it.
            lost += [post for post in gone.values() if post.id in known.failed - waiting]
            waiting |= known.failed
        if reading.alarm:
            self._hold_lost(lost, reading.alarm)
        else:
            self._vanished([post for post in lost if post.id not in kept], waiting - kept, reading)
            self._tidy_quarantine(known.odd - found)
        if not reading.unsettled:
            # Else what still settles would miss being held as found at the first run.
            self._met(first_run)
        return reading

    def _try(self, file: File | Row, first_run: frozenset[str], reading: Reading) -> None:
        now = self.admission.clock()
        if isinstance(file, Row) and self.sheets.rests(file, now):
            return
        taken = self._take(file, first_run, reading)
        if isinstance(file, Row) and isinstance(taken, PostInvalid):
            self.sheets.refused(file, now)

    def take_one(self, path: Path) -> Admitted:
        """Queue one file inside the folder now, as `bot add` asks; else PostInvalid."""
        mistake = mistake_in(path.relative_to(self.root))
        if mistake is not None:
            raise PostInvalid(mistake)
        if is_sheet_of_folder(path):
            raise PostInvalid("This is a sheet; its rows are queued one by one.")
        file = File(path.relative_to(self.root).as_posix(), read_inside(path, self.root))
        with self.store.read() as session:
            first_run = self.first_run(session)
        taken = self._take(file, first_run, Reading())
        if isinstance(taken, PostInvalid):
            raise taken
        return taken

    def _is_readable(self) -> bool:
        try:
            return self.root.is_dir() and os.access(self.root, os.R_OK | os.X_OK)
        except OSError:
            return False

    def _files(self, reading: Reading, everything: bool) -> Here:
        """Post files and rows in path order, and by name every file that is there, good or bad."""
        now = self.admission.clock().timestamp()
        here = Here()
        closed: list[OSError] = []
        for count, path in enumerate(sorted(walk(self.root, closed.append)), 1):
            inside = path.relative_to(self.root)
            key = key_inside(inside)
            try:
                mistake = mistake_in(inside)
                if mistake is not None:
                    raise PostInvalid(mistake)
                if not everything and 0 <= now - path.lstat().st_mtime < SETTLED_AFTER_SECONDS:
                    reading.unsettled += 1
                    here.settling.add(key)
                    continue
                self._find(here, inside, key)
            except PostInvalid as error:
                self._broken(here, key, error, reading)
            except (OSError, RuntimeError):  # RuntimeError: links that lead in a circle
                self._broken(here, key, PostInvalid("The file cannot be read."), reading)
            if count >= MAX_FILES:
                reading.alarm = f"It holds {MAX_FILES:,} files or more; the rest is not read."
        if closed:
            reading.alarm = "A folder inside it cannot be read. Nothing was cancelled."
        return here

    def _find(self, here: Here, inside: Path, key: str) -> None:
        content = read_inside(self.root / inside, self.root)
        if is_sheet_of_folder(inside):
            here.rows += self.sheets.rows(key, content)
        else:
            here.files.append(File(key, content))

    def _broken(self, here: Here, key: str, error: PostInvalid, reading: Reading) -> None:
        here.broken[key] = error
        self._quarantine(key, error, reading)

    def first_run(self, session: Session) -> frozenset[str]:
        """Live Accounts this database has never met, and any that came back from a backup: every
        file it does not know is held for a person."""
        return frozenset(
            name
            for name, is_restored in accounts.never_met(session)
            if name in self.admission.platforms
            and (self.admission.platforms[name].is_live or is_restored)
            and not self.admission.platforms[name].missing_settings
        )

    def _met(self, names: frozenset[str]) -> None:
        if not names:
            return
        with self.store.write() as session:
            for name in names:
                accounts.named(session, name).met_live_at = self.admission.clock()

    def _take(
        self, file: File | Row, first_run: frozenset[str], reading: Reading
    ) -> Admitted | PostInvalid:
        """What the file became, or why it cannot become anything; the reading notes what is new."""
        source = Source(file.source, file.key, file.digest, self.author, first_run=first_run)
        try:
            written = self._written(file)
            with self.store.write() as session:
                post = posts.by_key(session, file.source, file.key)
                if post is None:
                    taken = self.admission.admit(session, written, source)
                    reading.new.append(taken)
                elif post.content_digest != file.digest:
                    file.refuse_edit(post)
                    version = post.version
                    taken = self.admission.amend(session, post, written, source)
                    if post.version != version or post.content_digest == file.digest:
                        reading.edited.append(taken)
                else:
                    return Admitted(post, tuple(deliveries.of_post(session, post.id)))
                if not taken.errors:
                    quarantine.lift(session, file.source, file.key)
        except PostInvalid as mistake:
            error = file.told(mistake)
            self._quarantine(file.key, error, reading)
            self._hold_bad_edit(file, error)
            return error
        if taken.errors:
            partly = PostInvalid(" ".join(taken.errors))
            self._quarantine(file.key, file.told(partly), reading)
        return taken

    def _written(self, file: File | Row) -> Written:
        return self.admission.illustrated(file.written(), (self.root / file.path).parent)

    def _moved(
        self, file: File | Row, movable: dict[str, Post], gone: dict[str, Post], reading: Reading
    ) -> Post | None:
        """The Post whose path vanished and whose content this file has, now under its new path."""
        twin = next((post for post in movable.values() if post.content_digest == file.digest), None)
        if twin is None:
            return None
        del movable[twin.key], gone[twin.key]
        with self.store.write() as session:
            post = posts.get(session, twin.id)
            reading.moved.append(f"{post.key} → {file.key}")
            post.key = file.key
            quarantine.lift(session, file.source, file.key)
        return post

    def _is_back(self, post: Post) -> None:
        """A file that was gone is there again, unchanged."""
        with self.store.write() as session:
            for row in deliveries.of_post(session, post.id, lock=True):
                row.clear(Hold.FILE_GONE)
            quarantine.lift(session, post.source, post.key)

    def _vanished(self, lost: list[Post], waiting: set[int], reading: Reading) -> None:
        """Deleted files cancel their Posts, unless so many went that it looks like a fault."""
        if not lost:
            return
        what = "files and rows" if any(one.source != SOURCE for one in lost) else "files"
        if len(lost) >= MASS_LOSS_FLOOR and len(lost) > len(waiting) * MASS_LOSS_SHARE:
            reading.alarm = (
                f"{len(lost)} of {len(waiting)} waiting {what} are gone at once. Nothing was "
                f"cancelled; the posts are on hold. Put the {what} back, or cancel the posts."
            )
            self._hold_lost(lost, reading.alarm)
            return
        for post in lost:
            reason = DELETED[post.source]
            with self.store.write() as session:
                rows = deliveries.of_post(session, post.id, lock=True)
                withdrawn = [row.id for row in rows if self._withdraw(session, row, reason)]
            if withdrawn:
                reading.cancelled.append(post.key)

    def _withdraw(self, session: Session, row: Delivery, reason: str) -> bool:
        parts = deliveries.parts(session, row.id)
        if row.state == State.FAILED and any(part.remote_id for part in parts):
            return False  # Half of it is out; a person decides about the rest.
        if row.state not in EDITABLE_STATES or row.is_in_doubt:
            return False
        row.move(State.CANCELLED)
        row.holds, row.slot_start, row.reason = frozenset(), None, reason
        decisions.record(
            session,
            made_at=self.admission.clock(),
            actor=self.author,
            verb="cancel",
            reason=reason,
            post_id=row.post_id,
            delivery_id=row.id,
            account_id=row.account_id,
        )
        return True

    def _hold_all(self, reading: Reading, why: str) -> None:
        with self.store.read() as session:
            waiting = waiting_of(session)
            lost = [post for post in posts_of(session) if post.id in waiting]
        reading.alarm = f"{why} Nothing was cancelled." if lost else why
        self._hold_lost(lost, why)

    def _hold_lost(self, lost: list[Post], why: str) -> None:
        for post in lost:
            with self.store.read() as session:
                if not any(_can_lose_its_file(row) for row in deliveries.of_post(session, post.id)):
                    continue
            with self.store.write() as session:
                for row in deliveries.of_post(session, post.id, lock=True):
                    if _can_lose_its_file(row):
                        row.hold(Hold.FILE_GONE, reason=why[:1000])

    def _hold_bad_edit(self, file: File | Row, error: PostInvalid) -> None:
        """A good file edited into a bad one: nothing of it goes out until it is put right."""
        with self.store.read() as session:
            post = posts.by_key(session, file.source, file.key)
        if post is not None:
            self._hold_lost([post], f"Its file has a mistake: {error.reason}")

    def _hold_unreadable(self, here: Here, known: Known) -> None:
        """What came from a sheet that cannot be read any more waits until it can."""
        for name, error in here.broken.items():
            lost = [post for key, post in known.posts.items() if sheet_of(key) == name != key]
            self._hold_lost(lost, f"Its sheet cannot be read: {error.reason}")

    def _quarantine(self, key: str, error: PostInvalid, reading: Reading) -> None:
        now, line, reason = self.admission.clock(), error.line, error.reason
        source = source_of(key)
        with self.store.read() as session:
            if quarantine.has(session, source=source, key=key, line=line, reason=reason):
                return
        with self.store.write() as session:
            quarantine.put(session, source=source, key=key, line=line, reason=reason, now=now)
        reading.quarantined.append((key, error.line, error.reason))

    def _tidy_quarantine(self, stale: set[str]) -> None:
        if not stale:
            return
        with self.store.write() as session:
            for key in stale:
                quarantine.lift(session, source_of(key), key)


def _can_lose_its_file(row: Delivery) -> bool:
    """Whether it would go out without its file, and no person knows of that yet."""
    waits = row.state in (State.WAITING, State.HELD) and not row.is_in_doubt
    return waits and Hold.FILE_GONE not in row.holds


def walk(root: Path, on_closed: Callable[[OSError], object] | None = None) -> Iterator[Path]:
    """Files that may be posts, below the folder; links to folders are not followed."""
    count = 0
    for folder, names, files in os.walk(root, onerror=on_closed, followlinks=False):
        names[:] = sorted(
            name
            for name in names
            if name not in SKIPPED_FOLDERS and not name.startswith((".", "_"))
        )
        for name in files:
            if name.lower() in SKIPPED_NAMES or name.startswith((".", "_")):
                continue
            if Path(name).suffix.lower() in filekinds.SUFFIXES:
                continue
            count += 1
            if count > MAX_FILES:
                return
            yield Path(folder, name)
