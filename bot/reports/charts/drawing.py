"""Has a chart drawn in a short-lived process of its own, one at a time, and keeps what was drawn.

The engine that draws is large and would stay in a process that runs for months. The child is given
the chart and no setting; it is ended at the deadline, and its answer is cut where it grows too
long. The same chart gives the same bytes, so that a small store by digest saves most drawings.
"""

import hashlib
import json
import subprocess
import sys
import threading
from collections import OrderedDict

from bot.confined import environment
from bot.errors import BotError
from bot.reports.charts.chart import Chart

KINDS = {"svg": "image/svg+xml", "png": "image/png"}
BEGINS = {"svg": b"<", "png": b"\x89PNG\r\n\x1a\n"}
WALL_SECONDS = 30.0
# So long one waits for others' charts.
WAIT_SECONDS = 60.0
MOST_BYTES = 2 * 1024 * 1024
KEPT_BYTES = 4 * 1024 * 1024
MOST_ROWS = 5_000
CHILD = (sys.executable, "-s", "-P", "-m", "bot.reports.charts.drawingchild")
_one_at_a_time = threading.Lock()
_kept: OrderedDict[str, bytes] = OrderedDict()
_keeping = threading.Lock()


class NotDrawn(BotError):
    """There is no picture of a chart; its table and its sentence are there."""


def draw(chart: Chart, kind: str, *, dark: bool = False) -> bytes:
    """The chart as `svg` or `png`; NotDrawn says why there is none."""
    if not chart.has_picture:
        raise NotDrawn(chart.sentence)
    if len(chart.rows) > MOST_ROWS:
        raise NotDrawn(f"{len(chart.rows):,} rows are too many for a picture. Ask for less.")
    question = _question(chart, kind, dark)
    name = hashlib.sha256(question).hexdigest()
    found = _found(name)
    if found is not None:
        return found
    if not _one_at_a_time.acquire(timeout=WAIT_SECONDS):
        raise NotDrawn("The machine is too busy to draw just now. The table has every figure.")
    try:
        return _found(name) or _keep(name, _asked(question, kind))
    finally:
        _one_at_a_time.release()


def digest(chart: Chart) -> str:
    """What the chart shows, in 16 letters: another where a figure moved."""
    return hashlib.sha256(_question(chart, "svg", dark=False)).hexdigest()[:16]


def _question(chart: Chart, kind: str, dark: bool) -> bytes:
    theme = "dark" if dark else "light"
    asked = {"chart": chart.as_plain(), "kind": kind, "theme": theme}
    return json.dumps(asked, allow_nan=False).encode()


def _asked(question: bytes, kind: str) -> bytes:
    try:
        child = subprocess.Popen(  # noqa: S603  its words are ours
            CHILD,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # The time zone of the machine is no part of a chart.
            env=environment() | {"TZ": "UTC"},
        )
    except OSError:
        raise NotDrawn("The machine is too busy to draw just now. Try again.") from None
    alarm = threading.Timer(WALL_SECONDS, child.kill)
    alarm.daemon = True
    alarm.start()
    try:
        answer = _spoken(child, question)
        # What it said is whole only if it came to its end.
        ended_well = len(answer) <= MOST_BYTES and child.wait() == 0
    finally:
        alarm.cancel()
        child.kill()
        child.wait()
    if not ended_well or not answer.startswith(BEGINS[kind]):
        raise NotDrawn("The chart could not be drawn within its limits. The table has its figures.")
    return answer


def _spoken(child: "subprocess.Popen[bytes]", question: bytes) -> bytes:
    """What it says, to one byte more than it may; nothing where it ended too early."""
    if child.stdin is None or child.stdout is None:
        return b""
    with child.stdout:
        try:
            with child.stdin:
                child.stdin.write(question)
        except BrokenPipeError:
            return b""
        return child.stdout.read(MOST_BYTES + 1)


def _found(name: str) -> bytes | None:
    with _keeping:
        if name in _kept:
            _kept.move_to_end(name)
        return _kept.get(name)


def _keep(name: str, made: bytes) -> bytes:
    """Kept with the newest; the ones that were asked for longest ago make room."""
    with _keeping:
        _kept[name] = made
        while sum(map(len, _kept.values())) > KEPT_BYTES:
            _kept.popitem(last=False)
    return made
