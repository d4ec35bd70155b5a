"""Has feeds and pages read in a process of their own, so that none of them can hurt the bot.

One such process serves a whole sweep. Whoever outlasts the clock, the processor or the memory it is
given, or gives an odd answer, is ended, and the next question starts a new one.
"""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from bot.confined import answer, end, environment
from bot.errors import FetchFailed
from bot.intake.answers import rebuilt
from bot.intake.entry import Parsed
from bot.intake.feedlinks import Links
from bot.intake.plainwords import plain
from bot.intake.readerchild import READY

if TYPE_CHECKING:
    from bot.intake.articlepage import Page

WALL_SECONDS = 4.0
# Starting it is nobody's fault but a busy machine's.
START_SECONDS = 30.0
MAX_ANSWER = 30_000_000
MAX_REFUSAL = 300
NOT_STARTED = "This machine is too busy to read feeds just now. We try again later."
OVERRAN = "What is at this address takes too much time or memory to read, so it was left."
ODD = "What is at this address could not be read."

T = TypeVar("T")


class Reader:
    """Asks the reading process; safe to share by threads. Use it in a `with`, or close it."""

    def __init__(self, wall_seconds: float = WALL_SECONDS) -> None:
        self.wall_seconds = wall_seconds
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Reader":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def feed(self, body: bytes, content_type: str, url: str) -> Parsed:
        """The feed in these bytes; FetchFailed where there is none or it takes too much."""
        return self._ask("feed", Parsed, body, content_type, url)

    def page(self, body: bytes, content_type: str, url: str) -> "Page":
        """The article on this page; FetchFailed where there is none or it takes too much."""
        from bot.intake.articlepage import Page

        return self._ask("page", Page, body, content_type, url)

    def links(self, body: bytes, content_type: str, url: str) -> Links:
        """The feeds this page names; FetchFailed where it takes too much."""
        return self._ask("links", Links, body, content_type, url)

    @property
    def pid(self) -> int | None:
        """The reading process, where there is one."""
        return self._child.pid if self._child else None

    def close(self) -> None:
        """End the process; the next question starts a new one."""
        with self._lock:
            self._end()

    def _ask(self, question: str, kind: type[T], body: bytes, content_type: str, url: str) -> T:
        head = {
            "question": question,
            "content_type": content_type[:200],
            "url": url[:2000],
            "size": len(body),
        }
        with self._lock:
            answer = self._exchange(json.dumps(head).encode() + b"\n" + body)
        if set(answer) == {"refused"} and isinstance(answer["refused"], str):
            raise FetchFailed(plain(answer["refused"], MAX_REFUSAL))
        try:
            return rebuilt(kind, answer.get("found"))
        except (ValueError, TypeError, KeyError):
            raise FetchFailed(ODD) from None

    def _exchange(self, question: bytes) -> dict[str, Any]:
        """One question and its answer; whatever goes wrong ends the process."""
        child = self._started()
        try:
            with self._watched(child, self.wall_seconds):
                return _spoken(child, question)
        except (OSError, ValueError, RecursionError):
            self._end()
            raise FetchFailed(OVERRAN) from None

    def _started(self) -> "subprocess.Popen[bytes]":
        if self._child is not None and self._child.poll() is None:
            return self._child
        self._end()
        self._child = child = _start()
        with self._watched(child, START_SECONDS):
            if child.stdout is not None and child.stdout.readline(len(READY)) == READY:
                return child
        self._end()
        raise FetchFailed(NOT_STARTED)

    @contextmanager
    def _watched(self, child: "subprocess.Popen[bytes]", seconds: float) -> Iterator[None]:
        """End the process after that time, even where the answer just got through."""
        overran = threading.Event()

        def give_up() -> None:
            overran.set()
            child.kill()

        alarm = threading.Timer(seconds, give_up)
        alarm.daemon = True
        alarm.start()
        try:
            yield
        finally:
            alarm.cancel()
            if overran.is_set():
                self._end()

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            end(child)


def _start() -> "subprocess.Popen[bytes]":
    try:
        return subprocess.Popen(
            [sys.executable, "-s", "-P", "-m", "bot.intake.readerchild"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(),
            start_new_session=True,  # else Ctrl-C in a terminal would end it first
        )
    except OSError:
        raise FetchFailed("No further process can be started on this machine.") from None


def _spoken(child: "subprocess.Popen[bytes]", question: bytes) -> dict[str, Any]:
    """Write and read; ValueError or OSError where the answer is none."""
    told = json.loads(answer(child, question, MAX_ANSWER))
    if not isinstance(told, dict):
        raise ValueError("the answer is no answer")  # noqa: TRY004  one kind for all bad answers
    return told
