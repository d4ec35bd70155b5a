"""Has the C library give memory back, in a process that runs for months.

By default each thread fills a heap of its own, and one large answer raises the size up to which
memory is kept for the next. Where the library is not glibc nothing is changed.
Source: mallopt(3), read 26 November 2026.
"""

import ctypes
import sys

TRIM_THRESHOLD, MMAP_THRESHOLD, ARENA_MAX = -1, -3, -8
KILOBYTE = 1024
SETTINGS = ((ARENA_MAX, 1), (MMAP_THRESHOLD, 64 * KILOBYTE), (TRIM_THRESHOLD, 128 * KILOBYTE))


def give_back() -> bool:
    """Set it for this process; whether it could be."""
    if sys.platform != "linux":
        return False
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    return mallopt is not None and all(mallopt(name, value) == 1 for name, value in SETTINGS)
