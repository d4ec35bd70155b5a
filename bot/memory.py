"""Has the C library give memory back, in a process that runs for months.

Python keeps small objects in pieces of a megabyte: one that stays holds a whole piece, and a page
that read a year of posts would be remembered to the end. Said before it starts, it leaves them to
the C library, which gives back every four free kilobytes. That one by default fills a heap for each
thread and raises the size up to which it keeps things, so these are set too. Where the library is
not glibc nothing is changed. Sources: mallopt(3), malloc_trim(3) and Python's manual on
PYTHONMALLOC, read 26 November 2026.
"""

import ctypes
import os
import sys
from typing import Any

TRIM_THRESHOLD, MMAP_THRESHOLD, ARENA_MAX = -1, -3, -8
KILOBYTE = 1024
SETTINGS = ((ARENA_MAX, 1), (MMAP_THRESHOLD, 64 * KILOBYTE), (TRIM_THRESHOLD, 128 * KILOBYTE))
NAME, PLAIN = "PYTHONMALLOC", "malloc"


def start_plain() -> None:
    """Start this very command again with plain memory, unless it was, or was told otherwise.

    It stays the same process to who started it, and has done nothing yet that would be done twice.
    """
    if _found("mallopt") is None or NAME in os.environ:
        return
    words = [sys.executable, *sys.orig_argv[1:]]
    os.execve(sys.executable, words, {**os.environ, NAME: PLAIN})  # noqa: S606  ourselves


def give_back() -> bool:
    """Set it for this process; whether it could be."""
    mallopt = _found("mallopt")
    return mallopt is not None and all(mallopt(name, value) == 1 for name, value in SETTINGS)


def trim() -> bool:
    """Give back now what lies free between what is used; whether anything was."""
    malloc_trim = _found("malloc_trim")
    return malloc_trim is not None and malloc_trim(0) == 1


def _found(name: str) -> Any:
    return getattr(ctypes.CDLL(None), name, None) if sys.platform == "linux" else None
