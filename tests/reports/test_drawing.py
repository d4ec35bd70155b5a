"""Drawing for real, in the process that draws: what comes out, and what ends it."""

import io
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET
from zoneinfo import ZoneInfo

import pytest
from PIL import Image

from bot.reports.charts import (
    besttimes,
    compare,
    curve,
    drawing,
    drawingchild,
    engine,
    followers,
    groups,
    weeks,
)
from bot.reports.charts.chart import Chart
from bot.reports.charts.engine import ENGINE, NotDrawn
from bot.reports.charts.style import THEMES
from bot.reports.figures import besttimes as times
from bot.reports.figures import periods
from bot.reports.figures.counted import Counted
from bot.reports.figures.groups import DAYS

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
MONDAY = datetime(2026, 11, 2, 9, tzinfo=UTC)
TITLES = {"x": "X", "facebook": "Facebook"}
SVG = "{http://www.w3.org/2000/svg}"


def post(account: str, at: datetime, views: int | None, campaign: str) -> Counted:
    counts = dict.fromkeys(("likes", "comments", "shares", "link_clicks")) | {"views": views}
    return Counted(
        1, 1, 0, 1, account, account, ZoneInfo("UTC"), campaign, "ana", at, None, False, False,
        "Words", {0: counts},
    )  # fmt: skip


def made() -> dict[str, Chart]:
    """One of each, of two accounts, with a gap, a small sample and words that mean harm."""
    posts = [
        post(name, MONDAY + timedelta(days=n % 3, weeks=n // 12), 100 * k + n * n, campaign)
        for k, name in enumerate(TITLES, 1)
        for n, campaign in enumerate(["rivers", "<script>alert(1)</script>", "Bogotá & more"] * 12)
    ]
    posts.append(post("x", MONDAY + timedelta(days=5), None, "http://127.0.0.1:9/a.png"))
    hours = times.weeks([one for one in posts if one.totals[0]["views"] is not None], 0, NOW)
    readings = [
        {"account": name, "age_hours": age, "views": views, "views_gained": None}
        for name in TITLES.values()
        for age, views in ((1, 10), (6, None), (24, 70), (48, 90))
    ]
    day = MONDAY.date()
    days = [(day + timedelta(days=n), None if n == 4 else 1_000 + n) for n in range(9)]
    charts = [
        curve.told(readings, 1, "views"),
        weeks.told(posts, "views", 0, NOW, TITLES),
        groups.told(posts, "campaign", "views", 0, NOW, TITLES),
        besttimes.told(hours, 0, TITLES),
        followers.told({"X": days}),
        compare.told(periods.compare(posts[:9], posts[9:20], 0, NOW, TITLES), "views", 0, TITLES),
    ]
    return {chart.name: chart for chart in charts}


CHARTS = made()
SOME = CHARTS["groups"]


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    """What was drawn before is drawn again."""
    drawing._kept.clear()


@pytest.fixture(scope="module", autouse=True)
def ended() -> Iterator[None]:
    """A process that began with a secret in its parent's environment; none stays behind."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("X_API_SECRET", "never to be seen")
        yield
    ENGINE.close()


@pytest.mark.parametrize("name", CHARTS)
def test_a_chart_is_drawn_for_light_and_for_dark_paper(name: str) -> None:
    """A picture with its sentence as its name, that runs nothing and loads nothing."""
    pair = [drawing.draw(CHARTS[name], "svg", dark=dark) for dark in (False, True)]

    for content, other, theme in zip(pair, reversed(pair), THEMES.values(), strict=True):
        root = ET.fromstring(content)
        assert ("img", CHARTS[name].sentence) == (root.get("role"), root.get("aria-label"))
        assert f"{SVG}svg" == root.tag
        assert theme["paper"] in content.decode()
        assert theme["paper"] not in other.decode()
        tags = {one.tag.removeprefix(SVG) for one in root.iter()}
        assert tags <= {"svg", "g", "path", "rect", "text", "line", "defs", "clipPath",
                        "linearGradient", "stop", "title", "tspan"}  # fmt: skip
        assert not [key for one in root.iter() for key in one.attrib if key.endswith("href")]


def test_words_are_words_whatever_they_say() -> None:
    """What a campaign is called is shown, not run."""
    content = drawing.draw(SOME, "svg").decode()

    assert "&lt;script&gt;" in content
    assert "<script" not in content
    assert "Bogotá &amp; more" in content


def test_a_png_decodes_and_is_twice_as_fine_as_the_page() -> None:
    """With the same paper."""
    drawn = Image.open(io.BytesIO(drawing.draw(SOME, "png", dark=True)))
    root = ET.fromstring(drawing.draw(SOME, "svg", dark=True))

    assert (2 * int(root.get("width", 0)), 2 * int(root.get("height", 0))) == drawn.size
    assert tuple(bytes.fromhex(THEMES["dark"]["paper"][1:])) == drawn.convert("RGB").getpixel(
        (1, 1)
    )


def test_in_grey_an_hour_with_more_is_brighter_and_its_cross_is_seen() -> None:
    """As a print shows it; a cross is black or white, whichever has a contrast of 3."""
    row = {"account": "X", "weekday": "Monday", "measure": "views", "standing": "better"}
    rows = [row | {"hour": hour, "median": hour * 50} for hour in range(24)]
    names = {"hours": "Hour on the clock", "days": ",".join(DAYS)}
    chart = Chart("best-times", "Best", "Best.", {}, rows, names)
    root = ET.fromstring(drawing.draw(chart, "svg"))
    marks = {
        kind: {
            int(found[1]): brightness(one.get("fill", ""))
            for one in root.iter(f"{SVG}path")
            if one.get("aria-roledescription") == kind
            and (found := re.search(r"clock: (\d+)", one.get("aria-label", "")))
        }
        for kind in ("rect mark", "point")
    }
    greys, crosses = marks["rect mark"], marks["point"]

    assert list(range(24)) == sorted(greys) == sorted(crosses)
    assert sorted(greys.values()) == [greys[hour] for hour in range(24)]
    assert {0.0, 1.0} == set(crosses.values())
    for hour, grey in greys.items():
        low, high = sorted((grey, crosses[hour]))
        assert (high + 0.05) / (low + 0.05) >= 3


def brightness(colour: str) -> float:
    """The luminance of `rgb(1, 2, 3)` or `#010203`."""
    if colour.startswith("#"):
        shares = [part / 255 for part in bytes.fromhex(colour[1:])]
    else:
        shares = [int(part) / 255 for part in re.findall(r"\d+", colour)]
    lit = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in shares]
    return round(sum(a * b for a, b in zip(lit, (0.2126, 0.7152, 0.0722), strict=True)), 6)


def test_the_same_chart_is_the_same_bytes_also_from_another_process() -> None:
    """So that what was drawn can be kept by its digest; another figure is another digest."""
    first = drawing.draw(CHARTS["weeks"], "svg")
    drawing._kept.clear()
    drawing.draw(SOME, "svg")
    again = drawing.draw(CHARTS["weeks"], "svg")
    ENGINE.close()
    drawing._kept.clear()

    assert first == again == drawing.draw(CHARTS["weeks"], "svg")
    assert drawing.digest(SOME) != drawing.digest(CHARTS["weeks"])


def test_what_was_drawn_is_not_drawn_again_until_it_made_room(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The one that was asked for longest ago goes first."""
    asked: list[bytes] = []

    def ask(question: bytes) -> bytes:
        asked.append(question)
        return b"<svg " + b"a" * 40

    monkeypatch.setattr(ENGINE, "ask", ask)
    monkeypatch.setattr(drawing, "KEPT_BYTES", 100)
    for name in ("weeks", "groups", "weeks", "curve", "weeks", "groups"):
        drawing.draw(CHARTS[name], "svg")

    assert 4 == len(asked)
    assert 90 == sum(map(len, drawing._kept.values()))


def test_the_process_knows_no_secret_and_talks_to_nobody() -> None:
    """Neither its environment nor any open connection."""
    drawing.draw(SOME, "png")
    folder = Path(f"/proc/{ENGINE.pid}")
    if not folder.exists():
        pytest.skip("this system shows no processes")
    open_now = {str(one.readlink()) for one in (folder / "fd").iterdir()}
    talking = {
        f"socket:[{line.split()[9]}]"
        for kind in ("tcp", "tcp6", "udp", "udp6")
        for line in (folder / "net" / kind).read_text().splitlines()[1:]
    }

    assert b"never to be seen" not in (folder / "environ").read_bytes()
    assert not open_now & talking


@pytest.mark.parametrize(
    "spec",
    [
        {"vconcat": [{"layer": [{"data": {"url": "http://127.0.0.1:9/a.json"}}]}]},
        {"mark": {"type": "image", "url": "http://127.0.0.1:9/a.png"}},
        {"mark": "point", "encoding": {"href": {"field": "link"}}},
    ],
)
def test_a_specification_that_names_an_address_is_not_drawn(
    monkeypatch: pytest.MonkeyPatch, spec: dict[str, Any]
) -> None:
    """Although none of ours does."""
    monkeypatch.setattr(Chart, "spec", spec)
    with pytest.raises(ValueError, match="asks for something"):
        drawingchild.svg(SOME, "light")


STUCK = "import time\ntime.sleep(600)"
LONG = (
    "import sys\nsys.stdin.buffer.readline()\nprint(10**9, flush=True)\nimport time\ntime.sleep(60)"
)
SHORT = "import sys\nsys.stdin.buffer.readline()\nprint('100\\n<svg ', end='')"
OTHER = "import sys\nsys.stdin.buffer.readline()\nprint('4\\nabcd', end='')"
GREEDY = (
    "from bot.reports.charts import drawingchild as d\n"
    "d.drawn = lambda asked: b'<svg '[: len(b'a' * (1 << 31))]\nd.main()"
)


QUICK = "import sys\nsys.stdin.buffer.readline()\nprint('5\\n<svg ', end='', flush=True)\n" + STUCK


def child_of(code: str) -> "subprocess.Popen[bytes]":
    """A process in place of the real one."""
    pipe, silent = subprocess.PIPE, subprocess.DEVNULL
    words = [sys.executable, "-c", code]
    return subprocess.Popen(words, stdin=pipe, stdout=pipe, stderr=silent, env=engine.environment())


@pytest.mark.parametrize("code", [STUCK, LONG, SHORT, OTHER, GREEDY, "import os\nos._exit(1)"])
def test_whatever_overruns_or_answers_oddly_is_ended_and_replaced(
    monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    """By the clock, by memory, or by what it says; the table is told to be there."""
    ENGINE.close()
    child = child_of(code)
    with monkeypatch.context() as patched:
        patched.setattr(engine, "_start", lambda: child)
        patched.setattr(engine, "WALL_SECONDS", 0.5 if code == STUCK else 60.0)
        with pytest.raises(NotDrawn, match="The table has every figure"):
            drawing.draw(SOME, "svg")
    ENGINE.close()

    assert child.returncode is not None
    assert not drawing._kept


def test_a_chart_without_rows_or_with_too_many_is_no_picture() -> None:
    """And says why."""
    with pytest.raises(NotDrawn, match="has not been counted yet"):
        drawing.draw(curve.told([], 7, "views"), "svg")
    with pytest.raises(NotDrawn, match="6,000 rows are too many"):
        drawing.draw(Chart("weeks", "", "", {}, [{}] * 6_000), "svg")


def test_an_idle_process_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """It holds memory that others need."""
    monkeypatch.setattr(engine, "IDLE_SECONDS", 0.0)
    monkeypatch.setattr(engine, "_start", lambda: child_of(QUICK))
    drawing.draw(SOME, "svg")
    rest = ENGINE._rest
    assert rest is not None
    rest.join()

    assert ENGINE.pid is None
