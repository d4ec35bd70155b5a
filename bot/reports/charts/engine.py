"""The drawing process: started when a chart is wanted, ended when none was for a while.

It takes seconds to start and a fraction of one to draw, so that it stays for the charts of a page.
It is given charts and no setting, answers one at a time, and is ended where it outlasts the clock
or says something odd; the next chart starts a new one.
"""

import atexit
import subprocess
import sys
import threading
from collections.abc import Callable

from bot.confined import answer, end, environment
from bot.errors import BotError

WALL_SECONDS = 30.0
# So long one waits for the charts of others.
WAIT_SECONDS = 60.0
IDLE_SECONDS = 20.0
MOST_BYTES = 2 * 1024 * 1024
CHILD = "bot.reports.charts.drawingchild"
BUSY = "The machine is too busy to draw just now. The table has every figure."
OVERRAN = "The chart could not be drawn within its limits. The table has every figure."


class NotDrawn(BotError):
    """There is no picture of a chart; its table and its sentence are there."""


class Engine:
    """Asks the drawing process; safe to share by threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._rest: threading.Timer | None = None

    def ask(self, question: bytes) -> bytes:
        """What it draws; NotDrawn where it cannot within its limits."""
        if not self._lock.acquire(timeout=WAIT_SECONDS):
            raise NotDrawn(BUSY)
        try:
            return self._drawn(question)
        finally:
            self._lock.release()

    def close(self) -> None:
        """End the process; the next question starts a new one."""
        with self._lock:
            self._end()

    @property
    def pid(self) -> int | None:
        """The drawing process, where there is one."""
        return self._child.pid if self._child else None

    def _drawn(self, question: bytes) -> bytes:
        child = self._started()
        alarm = _timer(WALL_SECONDS, child.kill)
        try:
            return answer(child, b"%d\n" % len(question) + question, MOST_BYTES)
        except (OSError, ValueError):
            self._end()
            raise NotDrawn(OVERRAN) from None
        finally:
            alarm.cancel()
            # It may be at it just now.
            alarm.join()
            self._rest = _timer(IDLE_SECONDS, self.close)

    def _started(self) -> "subprocess.Popen[bytes]":
        if self._rest is not None:
            self._rest.cancel()
        if self._child is None or self._child.poll() is not None:
            self._end()
            self._child = _start()
        return self._child

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is not None:
            end(child)


def _start() -> "subprocess.Popen[bytes]":
    try:
        return subprocess.Popen(  # noqa: S603  its words are ours
            [sys.executable, "-s", "-P", "-m", CHILD],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # The time zone of the machine is no part of a chart.
            env=environment() | {"TZ": "UTC"},
        )
    except OSError:
        raise NotDrawn(BUSY) from None


def _timer(seconds: float, then: Callable[[], None]) -> threading.Timer:
    timer = threading.Timer(seconds, then)
    timer.daemon = True
    timer.start()
    return timer


ENGINE = Engine()
atexit.register(ENGINE.close)
