"""One heartbeat on an SQLite file: an operating system lock beside it, gone with its process."""

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from bot.errors import AlreadyRunning
from bot.store.engine import Store


@contextmanager
def only_heartbeat(store: Store) -> Iterator[bool]:
    """Hold the lock; AlreadyRunning names who has it. Yields False where no file can be locked."""
    path = store.path
    if path is None:
        yield False
        return
    with open(path.with_name(path.name + ".lock"), "a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            owner = file.read(200).strip() or "another process"
            raise AlreadyRunning(
                f"The bot already runs on this database ({owner}). Nothing was started."
            ) from None
        file.truncate(0)
        file.write(f"process {os.getpid()} on {socket.gethostname()}")
        file.flush()
        yield True
