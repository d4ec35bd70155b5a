"""One heartbeat on an SQLite file: an operating system lock beside it, gone with its process."""

import contextlib
import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from io import FileIO
from pathlib import Path

from bot.errors import AlreadyRunning, StoreError
from bot.store.engine import Store

NO_LOCK = (
    "The folder of the database may not be written to, or its disk is full. Nothing is sent. "
    "Check its permissions and space."
)


@contextmanager
def only_heartbeat(store: Store) -> Iterator[bool]:
    """Hold the lock; AlreadyRunning names who has it. Yields False where no file can be locked."""
    path = store.path
    if path is None:
        yield False
        return
    with _lock_file(path) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            owner = file.read(200).decode(errors="replace").strip() or "another process"
            raise AlreadyRunning(
                f"The bot already runs on this database ({owner}). Nothing was started."
            ) from None
        _sign(file)
        yield True


def _lock_file(path: Path) -> FileIO:
    try:
        return FileIO(path.with_name(path.name + ".lock"), "a+")
    except OSError:
        raise StoreError(NO_LOCK) from None


def _sign(file: FileIO) -> None:
    """Write who holds it; the lock holds without, but the next one could not say whose it is."""
    # On a full disk the name is what is missing; what sends finds out for itself.
    with contextlib.suppress(OSError):
        file.truncate(0)
        file.write(f"process {os.getpid()} on {socket.gethostname()}".encode())
