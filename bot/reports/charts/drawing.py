"""Has a chart drawn by the drawing process, and keeps what was drawn for who asks next.

The same chart gives the same bytes, so that a small store by digest saves most drawings.
"""

import hashlib
import json
import threading
from collections import OrderedDict

from bot.reports.charts.chart import Chart
from bot.reports.charts.engine import ENGINE, OVERRAN, NotDrawn

__all__ = ["KINDS", "NotDrawn", "digest", "draw"]

KINDS = {"svg": "image/svg+xml", "png": "image/png"}
BEGINS = {"svg": b"<svg ", "png": b"\x89PNG\r\n\x1a\n"}
KEPT_BYTES = 4 * 1024 * 1024
MOST_ROWS = 5_000
_kept: OrderedDict[str, bytes] = OrderedDict()
_keeping = threading.Lock()


def draw(chart: Chart, kind: str, *, dark: bool = False) -> bytes:
    """The chart as `svg` or `png`; NotDrawn says why there is none."""
    if not chart.has_picture:
        raise NotDrawn(chart.sentence)
    if len(chart.rows) > MOST_ROWS:
        raise NotDrawn(f"{len(chart.rows):,} rows are too many for a picture. Ask for less.")
    question = _question(chart, kind, dark=dark)
    name = hashlib.sha256(question).hexdigest()
    found = _found(name)
    return _keep(name, _asked(question, kind)) if found is None else found


def digest(chart: Chart) -> str:
    """What the chart shows, in 16 letters: another where a figure moved."""
    return hashlib.sha256(_question(chart, "svg", dark=False)).hexdigest()[:16]


def _question(chart: Chart, kind: str, *, dark: bool) -> bytes:
    theme = "dark" if dark else "light"
    asked = {"chart": chart.as_plain(), "kind": kind, "theme": theme}
    return json.dumps(asked, allow_nan=False).encode()


def _asked(question: bytes, kind: str) -> bytes:
    answer = ENGINE.ask(question)
    if not answer.startswith(BEGINS[kind]):
        raise NotDrawn(OVERRAN)
    return answer


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
