"""`bot log` and its views at the terminal, over a seeded year."""

import csv
import io
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import busyyear
import pytest
import time_machine
from python_calamine import CalamineWorkbook
from world import QUICK_DISK

from bot.reports.charts import drawing
from bot.store import schema
from bot.store.engine import Store
from bot.timetable.slots import parse_timetable
from tests.cli.conftest import Bot

VIEWS = {
    "by": ("--by", "campaign"),
    "age": ("--age", "24h"),
    "compare": ("--compare", "last"),
    "best times": ("--best-times",),
    "wordings": ("--wordings", "P1", "P2"),
    "curve": ("--curve", "P1"),
}


@pytest.fixture(scope="module")
def year_file() -> Iterator[Path]:
    """A database with a small year in it, to be copied."""
    with tempfile.TemporaryDirectory(prefix="bot-year-", dir=QUICK_DISK) as folder:
        path = Path(folder) / "bot.db"
        store = Store(f"sqlite:///{path}", lambda: busyyear.NOW)
        schema.upgrade(store)
        busyyear.fill(store, seed=3, posts=40)
        store.close()
        yield path


@pytest.fixture
def log(bot: Bot, folder: Path, year_file: Path) -> Iterator[Any]:
    """`bot log` with these words, over a year that ends now."""
    (folder / "var").mkdir()
    shutil.copy(year_file, folder / "var/bot.db")
    with time_machine.travel(busyyear.NOW, tick=False):
        yield lambda *words: bot("log", *words)


@pytest.mark.parametrize("view", VIEWS.values(), ids=list(VIEWS))
def test_each_view_speaks_plainly_and_ends_with_what_to_do(log: Any, view: tuple[str, ...]) -> None:
    """Its last line names a command or the option for more."""
    ran = log(*view)

    assert (0, "") == (ran.code, ran.err)
    assert "bot " in ran.out.splitlines()[-1] or "--json" in ran.out.splitlines()[-1]
    assert "None" not in ran.out
    assert "=press" not in log(*view, "--format", "csv").out.replace("'=press", "")


@pytest.mark.parametrize("view", [(), *VIEWS.values()], ids=["log", *VIEWS])
def test_each_view_says_the_same_in_every_format(log: Any, view: tuple[str, ...]) -> None:
    """As many rows as JSON, with the same figures."""
    rows = log(*view, "--json").json
    plain = log(*view, "--format", "csv").result.stdout_bytes
    assert plain.startswith(b"\xef\xbb\xbf")
    sheet = list(csv.DictReader(io.StringIO(plain.decode("utf-8-sig"))))
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(log(*view, "--format", "xlsx").result.stdout_bytes)
    )
    head, *cells = book.get_sheet_by_index(0).to_python()

    assert rows
    assert len(rows) == len(sheet) == len(cells)
    assert list(rows[0]) == list(sheet[0]) == head
    for name, value in rows[0].items():
        if isinstance(value, int | float) and not isinstance(value, bool):
            assert value == float(sheet[0][name]) == cells[0][head.index(name)]


def test_the_whole_log_as_a_workbook_has_a_sheet_a_view(log: Any) -> None:
    """Posts first, then what they have in common."""
    content = log("--format", "xlsx").result.stdout_bytes
    names = CalamineWorkbook.from_filelike(io.BytesIO(content)).sheet_names

    assert ["Posts", "By campaign", "By label", "By account"] == names[:4]
    assert ["Compared", "Best times"] == names[-2:]


def test_groups_name_both_accounts_and_what_each_cost(log: Any) -> None:
    """Views of X and of Facebook stand in rows of their own, and only X costs anything."""
    rows = log("--by", "account", "--json").json
    said = log("--by", "account").out

    assert [("facebook", "facebook"), ("x", "x")] == [(r["account"], r["platform"]) for r in rows]
    assert rows[0]["cost_reason"] == "it cost nothing"
    assert float(rows[1]["cost_per_thousand_views_usd"]) > 0
    assert "Facebook cost nothing." in said
    assert "no more than a hint" not in said
    assert "cost_usd" not in log("--by", "account", "--campaign", "rivers", "--json").json[0]


def test_filters_narrow_every_view(log: Any) -> None:
    """Account, campaign, label and time."""
    by_account = log("--by", "campaign", "--account", "x", "--json").json
    by_campaign = log("--age", "24h", "--campaign", "rivers", "--since", "365d", "--json").json
    recent = log("--by", "account", "--since", "30d", "--json").json
    year = log("--by", "account", "--json").json

    assert {"x"} == {row["account"] for row in by_account}
    assert 0 < len(by_campaign) < sum(row["posts"] for row in year)
    assert sum(row["posts"] for row in recent) < sum(row["posts"] for row in year)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--by", "campaign", "--best-times"), "One view at a time"),
        (("--history", "--age", "24h"), "One view at a time"),
        (("--wordings", "P1", "12"), "“12” is no post. Write P12"),
        (("--wordings", "P1", "P999"), "P999 has not gone out"),
        (("--by", "moon"), "moon"),
    ],
)
def test_what_cannot_be_asked_is_said(log: Any, words: tuple[str, ...], said: str) -> None:
    """Exit 2, and what to write."""
    ran = log(*words)

    assert 2 == ran.code
    assert said in ran.err


def test_an_empty_log_says_where_to_look(bot: Bot) -> None:
    """Every view, before anything went out."""
    bot("init")
    for view in ("--by", "label"), ("--age", "7d"), ("--compare", "last"), ("--best-times",):
        assert "bot queue" in bot("log", *view).out.splitlines()[-1]


def test_visits_are_listed_by_post(log: Any, bot: Bot, tmp_path: Path) -> None:
    """`bot report --visits`, and one report at a time."""
    file = tmp_path / "stats.csv"
    file.write_text("utm_content,visits\npost-1,12\nnobody,3\n")
    rows = bot("report", "--visits", str(file), "--json").json
    said = bot("report", "--visits", str(file))

    assert {"visits", "posts", "accounts", "reason"} < set(rows[0])
    assert 12 in [row["visits"] for row in rows if row["posts"]]
    assert "no post of the last year has these tags" in said.out
    assert 2 == bot("report", "--visits", str(file), "--costs").code
    assert "is not there" in bot("report", "--visits", "none.csv").err


def test_suggested_times_are_a_timetable(bot: Bot, folder: Path) -> None:
    """What is printed can be typed as it stands."""
    with time_machine.travel(busyyear.NOW, tick=False):
        bot("init")
        store = Store(f"sqlite:///{folder}/var/bot.db", lambda: busyyear.NOW)
        busyyear.fill_hours(store, good=12, poor=30)
        store.close()
        said = bot("log", "--best-times").out
        (line,) = [one for one in said.splitlines() if "bot timetable set x" in one]
        typed = line.split('"')[1]

        assert "+ Monday 09:15: " in said
        assert (0, "09:15") in parse_timetable(typed)
        assert (0, "08:30") in parse_timetable(typed)
        assert 0 == bot("timetable", "set", "x", typed).code


@pytest.mark.parametrize("name", ["by", "best times", "compare", "curve"])
def test_a_view_is_drawn_into_a_file(
    log: Any, monkeypatch: pytest.MonkeyPatch, folder: Path, name: str
) -> None:
    """Its sentence is told beside the table; with --json only the file is written."""
    drawn: list[Any] = []
    monkeypatch.setattr(drawing, "draw", lambda chart, kind: drawn.append((chart, kind)) or b"it")
    said = log(*VIEWS[name], "--chart", "chart.svg").out
    rows = log(*VIEWS[name], "--chart", "chart.PNG", "--json").json

    assert ["svg", "png"] == [kind for _, kind in drawn]
    assert " ".join(said.split()).endswith(f"{drawn[0][0].sentence} The chart is in chart.svg.")
    assert len(drawn[1][0].rows) >= len(rows) // 5
    assert b"it" == (folder / "chart.svg").read_bytes() == (folder / "chart.PNG").read_bytes()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--by", "campaign", "--chart", "a.pdf"), "A chart is an .svg or a .png file: a.svg"),
        (("--chart", "a.svg"), "bot log --by campaign --chart a.svg"),
        (("--wordings", "P1", "P2", "--chart", "a.svg"), "These have a chart: --by"),
        (("--by", "campaign", "--chart", "no/such/a.svg"), "no/such/a.svg cannot be written"),
    ],
)
def test_what_cannot_be_drawn_is_said(
    log: Any, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    """Before anything is, where that can be known."""
    monkeypatch.setattr(drawing, "draw", lambda *_: b"it")
    ran = log(*words)

    assert 2 == ran.code
    assert said in ran.err
