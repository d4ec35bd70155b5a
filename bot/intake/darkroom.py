"""Has a file that somebody uploaded made ready in a short-lived process of its own.

A large photograph fills memory that a process which runs for months does not give back, and a
decoder meets bytes of strangers. The child is given the open file, the Rules and no setting; what
it answers is looked at before it is believed. It stores nothing.
"""

import base64
import hashlib
import json
import pickle
import subprocess
import sys
import threading
from collections.abc import Sequence
from typing import IO, Any

from bot.confined import environment
from bot.errors import PostInvalid
from bot.intake.renditions import MEGABYTE, MOST_BYTES_OF_VIDEO
from bot.model.written import Rendition
from bot.platforms.contract import Rules

WALL_SECONDS = 60.0
MOST_SAID = 300
WORDS = ("mime_type", "note", "problem")
OVERRAN = "takes too long or too much memory to read. Make it smaller, then save it again."
# Several at once would fill the memory of a small machine.
_one_at_a_time = threading.Lock()


def developed(file: IO[bytes], rules: Sequence[Rules]) -> dict[str, Rendition]:
    """What each Platform gets, by its name; PostInvalid where no Platform can get anything.

    The file is one of the system's, or becomes one when asked for its number: it is not read here.
    """
    with _one_at_a_time:
        answer = _asked(file, base64.b64encode(pickle.dumps(tuple(rules))).decode())
    head, _, made = answer.partition(b"\n")
    try:
        said = json.loads(head)
        if "refused" in said:
            raise PostInvalid(str(said["refused"])[:MOST_SAID])
        return _believed(said["found"], made, {one.platform for one in rules})
    except (ValueError, TypeError, KeyError):
        raise PostInvalid(OVERRAN) from None


def _asked(file: IO[bytes], rules: str) -> bytes:
    file.seek(0)
    try:
        done = subprocess.run(  # noqa: S603  a fixed command, with Rules of our own
            [sys.executable, "-s", "-P", "-m", "bot.intake.darkroomchild", rules],
            stdin=file.fileno(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(),
            timeout=WALL_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise PostInvalid(OVERRAN) from None
    except OSError:
        raise PostInvalid("cannot be read just now: the machine is too busy. Try again.") from None
    return done.stdout


def _believed(
    found: list[dict[str, Any]], made: bytes, platforms: set[str]
) -> dict[str, Rendition]:
    """Each as a Rendition of the bytes that came with it; ValueError where something is odd."""
    renditions: dict[str, Rendition] = {}
    start = 0
    for one in found:
        content = made[start : start + int(one["size_bytes"])]
        start += len(content)
        renditions[str(one["platform"])] = _rendition(one, content)
    if set(renditions) != platforms or start != len(made):
        raise ValueError("not what was asked for")
    return renditions


def _rendition(one: dict[str, Any], content: bytes) -> Rendition:
    if len(content) != one["size_bytes"] or len(content) > MOST_BYTES_OF_VIDEO + MEGABYTE:
        raise ValueError("not as long as it says")
    return Rendition(
        sha256=hashlib.sha256(content).hexdigest() if content else "",
        size_bytes=len(content),
        width=int(one["width"]),
        height=int(one["height"]),
        alone=one["alone"] is True,
        content=content,
        **{name: str(one[name])[:MOST_SAID] for name in WORDS},
    )
