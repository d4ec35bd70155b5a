"""Runs the real `bot run` and stops it by a signal to itself at a named point of a delivery.

`python killed.py POINT N [SIGNAL]`: the N-th time POINT is passed, the whole of it gets SIGKILL, or
SIGNAL. The bot has no hooks for this: its functions are wrapped here, and only here.
"""

import itertools
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from bot.cli import main
from bot.delivery import outcomes
from bot.delivery.confirm import Confirmer
from bot.delivery.deliver import Deliverer
from bot.store import claims
from bot.wire import exchange

Stop = Callable[[], None]


def stop_at(n: int, number: int) -> Stop:
    """What a wrapped function calls when it passes its point."""
    passed = itertools.count(1)  # one step of it is never shared by two threads

    def stop() -> None:
        if next(passed) == n:
            os.kill(os.getpid(), number)

    return stop


def after(owner: Any, name: str, *, with_answer: bool = False) -> Callable[[Stop], None]:
    """Stop when the function has returned, or only when it has returned something."""

    def install(stop: Stop) -> None:
        real = getattr(owner, name)

        def wrapped(*given: Any, **named: Any) -> Any:
            answer = real(*given, **named)
            if answer is not None or not with_answer:
                stop()
            return answer

        setattr(owner, name, wrapped)

    return install


class Line:
    """The line of a request that publishes, which stops at one point of its way."""

    def __init__(self, line: Any, point: str, stop: Stop) -> None:
        self._line, self._point, self._stop = line, point, stop

    @property
    def ended(self) -> bool:
        return bool(self._line.ended)

    def sendall(self, given: bytes) -> None:
        """Heads and bodies are given one after the other; each is a pass of its own."""
        half = len(given) // 2 if self._point == "mid-send" else 0
        if half:
            self._line.sendall(given[:half])
            self._stop()
        self._line.sendall(given[half:])

    def makefile(self, mode: str) -> Any:
        if self._point == "request out":
            self._stop()
        return self._line.makefile(mode)

    def close(self) -> None:
        self._line.close()


def on_the_line(point: str) -> Callable[[Stop], None]:
    """Stop between dialling and reading the reply."""

    def install(stop: Stop) -> None:
        speak = exchange._speak

        def spoken(call: Any, line: Any, limits: Any) -> Any:
            if call.method != "POST":
                return speak(call, line, limits)
            if point == "before send":
                stop()
            return speak(call, Line(line, point, stop), limits)

        exchange._speak = spoken  # type: ignore[assignment]

    return install


def in_the_reply(stop: Stop) -> None:
    """Stop when the head of the reply to a write is there and its body is not."""
    read = exchange.read_body

    def wrapped(response: Any, limit: int) -> bytes:
        if response._method == "POST":
            stop()
        return read(response, limit)

    exchange.read_body = wrapped  # type: ignore[attr-defined]


POINTS: dict[str, Callable[[Stop], None]] = {
    "after claim": after(Deliverer, "_claim", with_answer=True),
    "in attempt": after(claims, "begin_attempt"),
    "after attempt": after(Deliverer, "_begin", with_answer=True),
    "before send": on_the_line("before send"),
    "mid-send": on_the_line("mid-send"),
    "request out": on_the_line("request out"),
    "in reply": in_the_reply,
    "after send": after(Deliverer, "_request"),
    "before commit": after(outcomes, "record"),
    "after commit": after(Deliverer, "_end"),
    "after look": after(Confirmer, "_find"),
}


if __name__ == "__main__":
    at, passes, *how = sys.argv[1:]
    POINTS[at](stop_at(int(passes), int(how[0]) if how else signal.SIGKILL))
    sys.argv[:] = ["bot", "run"]
    main()
