"""What a process of our own is given: what Python needs to start, no setting, and hard limits.

Rooms that read strangers' bytes or load large libraries do it in such a process. It is started
with this environment, and takes its own limits down before it does anything.
"""

import contextlib
import os
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
