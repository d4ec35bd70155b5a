"""Reads the posts folder: new files, edits, moves and deletions, each applied once.

The folder is only ever read. A file that cannot become a Post is quarantined with its line and
reason and the rest go on. A folder that is missing, or has lost many of its waiting files at once,
cancels nothing: what waited is held as "file gone".
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bot.errors import PostInvalid
from bot.intake import filekinds
from bot.intake.admission import Admission
from bot.intake.amendment import Admitted
from bot.intake.plainfile import read_plain
from bot.intake.postfile import MAX_FILE_BYTES, parse
from bot.intake.rows import Source
from bot.model.delivery import EDITABLE_STATES, Delivery, Hold, State
from bot.model.post import Post
from bot.model.written import Written
from bot.store import accounts, decisions, deliveries, posts, quarantine
from bot.store.engine import Session, Store

SOURCE = "folder"
SETTLED_AFTER_SECONDS = 2.0
MAX_FILES = 10_000
SKIPPED_FOLDERS = frozenset({"examples", "templates", "media"})
SKIPPED_NAMES = frozenset({"readme.md", "feeds.toml", "timetable.toml", "thumbs.db", "desktop.ini"})
MAX_KEY = 500
DELETED = "Its file was deleted."
BACK_AGAIN = (
    "{} was cancelled when this file was deleted, and stays so. To queue it again, save it under "
    "another name."
)
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
class File:
    """A file as found: its path inside the folder with forward slashes, its bytes and digest."""

    key: str
    content: bytes

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Folder:
    """One posts folder and what its files become."""

    root: Path
    store: Store
    admission: Admission
    author: str

    def read(self, *, everything: bool = False) -> Reading:
        """Apply what changed since the last reading; `everything` takes files still settling."""
        reading = Reading()
        if not self._is_readable():
            self._hold_all(reading, f"The folder {self.root} is missing or cannot be read.")
            return reading
        files, found = self._files(reading, everything)
        with self.store.read() as session:
            known = {post.key: post for post in posts.by_source(session, SOURCE)}
            waiting = posts.with_open_deliveries(session, SOURCE)
            failed = deliveries.failed_posts(session) & {post.id for post in known.values()}
            first_run = self._first_run(session)
            odd = set(quarantine.keys(session, SOURCE))
            missed = {row.post_id for row in deliveries.held_for(session, Hold.FILE_GONE)}
            dropped = posts.cancelled_because(session, SOURCE, DELETED)
        gone = {key: post for key, post in known.items() if key not in found}
        movable = {key: post for key, post in gone.items() if post.id not in dropped}
        for file in files:
            post = known.get(file.key) or self._moved(file, movable, gone, reading)
            if post is not None and post.id in dropped:
                self._quarantine(file.key, PostInvalid(BACK_AGAIN.format(post.name)), reading)
            elif post is None or post.content_digest != file.digest:
                self._take(file, first_run, reading)
            elif post.id in missed:
                self._is_back(post)
        lost = [post for key, post in gone.items() if post.id in waiting]
        kept = {post.id for post in lost if post.id in missed and post.key not in odd}
        if not kept:
            # Else files are missing for a reason nobody knows yet; what failed can wait for it.
            lost += [post for post in gone.values() if post.id in failed - waiting]
            waiting |= failed
        if reading.alarm:
            self._hold_lost(lost, reading.alarm)
        else:
            self._vanished([post for post in lost if post.id not in kept], waiting - kept, reading)
            self._tidy_quarantine(odd - found)
        if not reading.unsettled:
            # Else what still settles would miss being held as found at the first run.
            self._met(first_run)
        return reading

    def take_one(self, path: Path) -> Admitted:
        """Queue one file inside the folder now, as `bot add` asks; else PostInvalid."""
        mistake = mistake_in(path.relative_to(self.root))
        if mistake is not None:
            raise PostInvalid(mistake)
        file = File(path.relative_to(self.root).as_posix(), read_inside(path, self.root))
        with self.store.read() as session:
            first_run = self._first_run(session)
        taken = self._take(file, first_run, Reading())
        if isinstance(taken, PostInvalid):
            raise taken
        return taken

    def _is_readable(self) -> bool:
        try:
            return self.root.is_dir() and os.access(self.root, os.R_OK | os.X_OK)
        except OSError:
            return False

    def _files(self, reading: Reading, everything: bool) -> tuple[list[File], set[str]]:
        """Post files in path order, and every path that is there, good or bad."""
        now = self.admission.clock().timestamp()
        files: list[File] = []
        found: set[str] = set()
        closed: list[OSError] = []
        for path in sorted(walk(self.root, closed.append)):
            whole = path.relative_to(self.root).as_posix()
            key = whole.encode("utf-8", "replace").decode()[:MAX_KEY]
            found.add(key)
            try:
                mistake = mistake_in(Path(whole))
                if mistake is not None:
                    raise PostInvalid(mistake)
                if not everything and 0 <= now - path.lstat().st_mtime < SETTLED_AFTER_SECONDS:
                    reading.unsettled += 1
                    continue
                files.append(File(key, read_inside(path, self.root)))
            except PostInvalid as error:
                self._quarantine(key, error, reading)
            except (OSError, RuntimeError):  # RuntimeError: links that lead in a circle
                self._quarantine(key, PostInvalid("The file cannot be read."), reading)
        if closed:
            reading.alarm = "A folder inside it cannot be read. Nothing was cancelled."
        if len(found) >= MAX_FILES:
            reading.alarm = f"It holds {MAX_FILES:,} files or more; the rest is not read."
        return files, found

    def _first_run(self, session: Session) -> frozenset[str]:
        """Live Accounts this database has never met, and any that came back from a backup: every
        file it does not know is held for a person."""
        return frozenset(
            row.name
            for row in accounts.all_of(session)
            if row.name in self.admission.platforms
            and row.met_live_at is None
            and (self.admission.platforms[row.name].is_live or row.restored_at is not None)
            and not self.admission.platforms[row.name].missing_settings
        )

    def _met(self, names: frozenset[str]) -> None:
        if not names:
            return
        with self.store.write() as session:
            for name in names:
                accounts.named(session, name).met_live_at = self.admission.clock()

    def _take(
        self, file: File, first_run: frozenset[str], reading: Reading
    ) -> Admitted | PostInvalid:
        """What the file became, or why it cannot become anything; the reading notes what is new."""
        source = Source(SOURCE, file.key, file.digest, self.author, first_run=first_run)
        try:
            written = self._written(file)
            with self.store.write() as session:
                post = posts.by_key(session, SOURCE, file.key)
                if post is None:
                    taken = self.admission.admit(session, written, source)
                    reading.new.append(taken)
                elif post.content_digest != file.digest:
                    version = post.version
                    taken = self.admission.amend(session, post, written, source)
                    if post.version != version or post.content_digest == file.digest:
                        reading.edited.append(taken)
                else:
                    return Admitted(post, tuple(deliveries.of_post(session, post.id)))
                if not taken.errors:
                    quarantine.lift(session, SOURCE, file.key)
        except PostInvalid as error:
            self._quarantine(file.key, error, reading)
            self._hold_bad_edit(file.key, error)
            return error
        if taken.errors:
            self._quarantine(file.key, PostInvalid(" ".join(taken.errors)), reading)
        return taken

    def _written(self, file: File) -> Written:
        return self.admission.illustrated(parse(file.content), (self.root / file.key).parent)

    def _moved(
        self, file: File, movable: dict[str, Post], gone: dict[str, Post], reading: Reading
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
            quarantine.lift(session, SOURCE, file.key)
        return post

    def _is_back(self, post: Post) -> None:
        """A file that was gone is there again, unchanged."""
        with self.store.write() as session:
            for row in deliveries.of_post(session, post.id, lock=True):
                row.clear(Hold.FILE_GONE)
            quarantine.lift(session, SOURCE, post.key)

    def _vanished(self, lost: list[Post], waiting: set[int], reading: Reading) -> None:
        """Deleted files cancel their Posts, unless so many went that it looks like a fault."""
        if not lost:
            return
        if len(lost) >= MASS_LOSS_FLOOR and len(lost) > len(waiting) * MASS_LOSS_SHARE:
            reading.alarm = (
                f"{len(lost)} of {len(waiting)} waiting files are gone at once. Nothing was "
                "cancelled; the posts are on hold. Put the files back, or cancel the posts."
            )
            self._hold_lost(lost, reading.alarm)
            return
        for post in lost:
            with self.store.write() as session:
                rows = deliveries.of_post(session, post.id, lock=True)
                withdrawn = [row.id for row in rows if self._withdraw(session, row)]
            if withdrawn:
                reading.cancelled.append(post.key)

    def _withdraw(self, session: Session, row: Delivery) -> bool:
        parts = deliveries.parts(session, row.id)
        if row.state == State.FAILED and any(part.remote_id for part in parts):
            return False  # Half of it is out; a person decides about the rest.
        if row.state not in EDITABLE_STATES or row.is_in_doubt:
            return False
        row.move(State.CANCELLED)
        row.holds, row.slot_start, row.reason = frozenset(), None, DELETED
        decisions.record(
            session,
            made_at=self.admission.clock(),
            actor=self.author,
            verb="cancel",
            reason=DELETED,
            post_id=row.post_id,
            delivery_id=row.id,
            account_id=row.account_id,
        )
        return True

    def _hold_all(self, reading: Reading, why: str) -> None:
        with self.store.read() as session:
            waiting = posts.with_open_deliveries(session, SOURCE)
            lost = [post for post in posts.by_source(session, SOURCE) if post.id in waiting]
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

    def _hold_bad_edit(self, key: str, error: PostInvalid) -> None:
        """A good file edited into a bad one: nothing of it goes out until it is put right."""
        with self.store.read() as session:
            post = posts.by_key(session, SOURCE, key)
        if post is not None:
            self._hold_lost([post], f"Its file has a mistake: {error.reason}")

    def _quarantine(self, key: str, error: PostInvalid, reading: Reading) -> None:
        now, line, reason = self.admission.clock(), error.line, error.reason
        with self.store.read() as session:
            if quarantine.has(session, source=SOURCE, key=key, line=line, reason=reason):
                return
        with self.store.write() as session:
            quarantine.put(session, source=SOURCE, key=key, line=line, reason=reason, now=now)
        reading.quarantined.append((key, error.line, error.reason))

    def _tidy_quarantine(self, stale: set[str]) -> None:
        if not stale:
            return
        with self.store.write() as session:
            for key in stale:
                quarantine.lift(session, SOURCE, key)


def _can_lose_its_file(row: Delivery) -> bool:
    """Whether it would go out without its file, and no person knows of that yet."""
    waits = row.state in (State.WAITING, State.HELD) and not row.is_in_doubt
    return waits and Hold.FILE_GONE not in row.holds


def mistake_in(path: Path) -> str | None:
    """What is wrong with a file of the folder by its name alone, given its path inside it."""
    try:
        path.as_posix().encode("utf-8")
    except UnicodeEncodeError:
        return "The file's name is not UTF-8. Give it a plain name."
    if len(path.as_posix()) > MAX_KEY:
        return f"The file's path has more than {MAX_KEY} characters."
    if path.suffix.lower() != ".md":
        return f"Only .md files become posts for now; this is a {path.suffix or 'plain'} file."
    return None


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


def read_inside(path: Path, root: Path) -> bytes:
    """The bytes, capped, of a plain file that lies inside the folder; opened once."""
    real = path.resolve()
    if not real.is_relative_to(root.resolve()):
        raise PostInvalid("This is a link to a place outside the posts folder. Copy the file in.")
    return read_plain(real, MAX_FILE_BYTES, "a post file")
