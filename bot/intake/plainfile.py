"""Reads a plain file once, whatever stands in its place: no pipe, no device, no link, no giant."""

import os
import stat
from pathlib import Path

from bot.errors import PostInvalid


def read_plain(real: Path, max_bytes: int, what: str) -> bytes:
    """The bytes of the file at a resolved path; `what` names its kind where it is too large."""
    descriptor = os.open(real, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise PostInvalid("This is not a plain file.")
        if status.st_size > max_bytes:
            raise PostInvalid(
                f"The file has {status.st_size:,} bytes; {what} may have {max_bytes:,}."
            )
        with os.fdopen(os.dup(descriptor), "rb") as file:
            return file.read(max_bytes + 1)
    finally:
        os.close(descriptor)
