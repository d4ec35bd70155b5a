"""The process that draws charts, one after the other, within hard limits.

Started by `engine`, told nothing but the chart. What it draws asks for nothing: its numbers are in
it, an address anywhere in it is refused, and so is a picture that could run or load something. What
cannot be drawn ends it.
"""

import io
import json
import os
import sys
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

from bot.confined import limit
from bot.reports.charts.chart import Chart
from bot.reports.charts.style import config, parameters

# Memory that holds something; the engine sets aside far more addresses than it ever uses.
MEMORY_BYTES = 1_000 * 1024 * 1024
CPU_SECONDS = 40
PIXELS = 2
DPI = 72 * PIXELS
COLOURS = 128
LOADING = frozenset({"script", "foreignObject", "image", "use", "iframe", "style", "a"})


def main() -> None:
    """Draw until there are no more questions; each comes, and is answered, after its length."""
    limit("RLIMIT_DATA", MEMORY_BYTES)
    limit("RLIMIT_FSIZE", 0)
    limit("RLIMIT_CORE", 0)
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    while head := questions.readline(20):
        limit("RLIMIT_CPU", int(sum(os.times()[:2])) + CPU_SECONDS)
        made = drawn(json.loads(questions.read(int(head))))
        answers.write(b"%d\n" % len(made) + made)
        answers.flush()


def drawn(asked: dict[str, Any]) -> bytes:
    """A chart of that kind in that theme."""
    return KINDS[asked["kind"]](Chart(**asked["chart"]), asked["theme"])


def svg(chart: Chart, theme: str) -> bytes:
    """A picture with the sentence as its name, for who cannot see it."""
    import vl_convert

    text: str = vl_convert.vegalite_to_svg(_closed(chart, theme), **_look(theme, chart.locale))
    root = ET.fromstring(text)  # noqa: S314  the engine wrote it, here
    if any(_loads(one) for one in root.iter()):
        raise ValueError("a picture that loads something")
    ET.register_namespace("", "http://www.w3.org/2000/svg")
    root.set("role", "img")
    root.set("aria-label", chart.sentence)
    made: bytes = ET.tostring(root, encoding="utf-8")
    return made


def png(chart: Chart, theme: str) -> bytes:
    """The same as points, two for each of the page's; few colours, so that a mail stays small."""
    import vl_convert
    from PIL import Image

    drawn = vl_convert.vegalite_to_png(
        _closed(chart, theme), scale=PIXELS, **_look(theme, chart.locale)
    )
    whole = Image.open(io.BytesIO(drawn)).convert("RGB")
    small = whole.quantize(COLOURS, dither=Image.Dither.NONE)
    file = io.BytesIO()
    small.save(file, "PNG", optimize=True, dpi=(DPI, DPI))
    return file.getvalue()


KINDS = {"svg": svg, "png": png}


def _look(theme: str, locale: str) -> dict[str, Any]:
    """The theme, the names of months, and that no address may be read."""
    return {"config": config(theme), "allowed_base_urls": [], "time_format_locale": locale}


def _closed(chart: Chart, theme: str) -> dict[str, Any]:
    """The specification in that theme; ValueError where it names an address."""
    spec = chart.spec | {"params": parameters(theme)}
    shape = {name: value for name, value in spec.items() if name not in ("datasets", "$schema")}
    if any(name in ("url", "href", "datasets") for name in _names(shape)):
        raise ValueError("a chart that asks for something")
    return spec


def _names(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
        for inner in value.values():
            yield from _names(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _names(inner)


def _loads(one: ET.Element) -> bool:
    addresses = [value for name, value in one.attrib.items() if name.endswith("href")]
    tag = one.tag.rpartition("}")[2]
    return tag in LOADING or any(not address.startswith("#") for address in addresses)


if __name__ == "__main__":
    main()
