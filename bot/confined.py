"""What a process of our own is given: what Python needs to start, no setting, and hard limits.

Rooms that read strangers' bytes or load large libraries do it in such a process. It is started
with this environment, and takes its own limits down before it does anything.
"""

import contextlib
import os
import subprocess
from pathlib import Path

import bot

try:
    import resource
except ImportError:  # Windows has no such limits; the wall clock of who started it still holds.
    resource = None  # type: ignore[assignment]

NEEDED_TO_START = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT", "LANG", "LC_ALL")


def environment() -> dict[str, str]:
    """What a Python needs to start, and no setting of the bot."""
    kept = {name: os.environ[name] for name in NEEDED_TO_START if name in os.environ}
    return {**kept, "PYTHONPATH": str(Path(bot.__file__).parent.parent)}


def limit(name: str, amount: int) -> None:
    """Take the limit as far down as the system lets us."""
    with contextlib.suppress(AttributeError, ValueError, OSError):
        kind = getattr(resource, name)
        resource.setrlimit(kind, (amount, resource.getrlimit(kind)[1]))


def answer(child: "subprocess.Popen[bytes]", question: bytes, most_bytes: int) -> bytes:
    """What it answers, after its length on a line; ValueError or OSError where that is none."""
    if child.stdin is None or child.stdout is None:
        raise ValueError("the process has no pipes")
    child.stdin.write(question)
    child.stdin.flush()
    length = int(child.stdout.readline(20))
    if not 0 < length <= most_bytes:
        raise ValueError("the answer is too long")
    found = child.stdout.read(length)
    if len(found) != length:
        raise ValueError("the answer ends early")
    return found


def end(child: "subprocess.Popen[bytes]") -> None:
    """Kill it and leave nothing of it behind."""
    child.kill()
    for pipe in (child.stdin, child.stdout):
        with contextlib.suppress(OSError):
            pipe.close()  # type: ignore[union-attr]
    child.wait()
