"""Sheets at the command: added, checked and previewed row by row."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook
from sheets import as_csv, as_xlsx

from bot import flow, wiring
from bot.errors import PostInvalid
from bot.flow import Author
from bot.intake.sheetcolumns import NAMES
from bot.intake.sheetqueue import Change, Standing
from bot.intake.sheettemplate import COLUMNS, EXAMPLES, HEADINGS, POSTS
from bot.settings import load
from tests.cli.conftest import SETTINGS, Bot

HEAD = ("id", "text", "to", "at")
LATER = "1/12/2099 18:30"
GOOD = ("1", "The first", "x", LATER)
BAD = ("2", "The second", "x", "31/11/2099 10:00")
Sheet = Callable[..., Path]

ANA = Author("web:ana", is_approver=False)


@pytest.fixture
def sheet(folder: Path) -> Sheet:
    """A sheet beside the posts folder, or in it."""

    def made(*rows: Any, name: str = "jan.csv", head: tuple[str, ...] = HEAD) -> Path:
        content = as_xlsx([head, *rows]) if name.endswith(".xlsx") else as_csv([head, *rows])
        (folder / name).write_bytes(content)
        return folder / name

    return made


@pytest.mark.parametrize("name", ["jan.csv", "posts/jan.xlsx"])
def test_good_rows_are_queued_and_a_bad_one_stops_only_itself(
    bot: Bot, sheet: Sheet, name: str
) -> None:
    """Named with its row and column; the same sheet again changes nothing."""
    sheet(GOOD, BAD, name=name)
    first, again = bot("add", name), bot("add", name)

    assert (1, 1) == (first.code, again.code)
    assert f"P1, {name}, row 2: Queued. “The first”" in first.out
    assert "  X: Goes out Tuesday 1 December 2099 at 18:30 (London time), in" in first.out
    assert f"{name}:3: Row 3, at: 31 November 2099 does not exist." in first.err
    assert f"{name}: 1 row queued, 1 row cannot become a post." in first.out
    assert f"{name}: 1 row as before, 1 row cannot become a post." in again.out
    assert 1 == len(bot("queue", "--json").json)


def test_a_bad_row_is_shown_in_the_queue_until_it_is_put_right(bot: Bot, sheet: Sheet) -> None:
    """Nothing is lost in silence, and nothing nags for ever."""
    sheet(GOOD, BAD)
    bot("add", "jan.csv")
    shown = bot("queue")
    sheet(GOOD)
    bot("add", "jan.csv")

    assert "jan.csv#2:3: Row 3, at: 31 November 2099 does not exist." in shown.out
    assert "add it again" in shown.out
    assert "jan.csv" not in bot("queue").out


def test_add_prints_every_row_as_json(bot: Bot, sheet: Sheet) -> None:
    """For machines, with row, id and news."""
    sheet(GOOD, BAD)
    rows = bot("add", "jan.csv", "--json").json

    assert [(2, "1", "queued", "P1"), (3, "2", "bad", None)] == [
        (row["row"], row["id"], row["news"], row["post"]) for row in rows
    ]
    assert "31 November" in rows[1]["error"]


@pytest.mark.parametrize(
    ("choice", "texts", "said"),
    [
        ("replace", ["The first, new"], "Edited"),
        ("add", ["The first", "The first, new"], "Queued"),
        ("skip", ["The first"], "changed but skipped"),
        (None, ["The first"], "The posts of changed rows were left as they were."),
    ],
)
def test_a_changed_row_is_taken_as_it_is_meant(
    bot: Bot, sheet: Sheet, choice: str | None, texts: list[str], said: str
) -> None:
    """Without a word for it, it is skipped and said."""
    sheet(GOOD)
    bot("add", "jan.csv")
    sheet(("1", "The first, new", "x", LATER))
    ran = bot("add", "jan.csv", *(("--changed", choice) if choice else ()))

    assert 0 == ran.code
    assert said in ran.out
    assert texts == sorted(row["parts"][0] for row in bot("queue", "--json").json)


def test_check_and_preview_work_row_by_row(bot: Bot, sheet: Sheet) -> None:
    """Nothing is queued; without a database as well."""
    sheet(GOOD, BAD, ("3", "Same", "x", ""), ("4", "Same!", "x", ""), ("5", "x" * 300, "x", ""))
    checked, shown = bot("check", "jan.csv"), bot("preview", "jan.csv")
    plain, seen = bot("check", "jan.csv", "--json").json, bot("preview", "jan.csv", "--json").json

    assert (1, 1) == (checked.code, shown.code)
    assert "jan.csv:3: Row 3, at: 31 November 2099" in checked.out
    assert "jan.csv:5: Row 5, text: Same as row 4 on X." in checked.out
    assert "3 of 5 rows cannot become a post yet." in checked.out
    assert "Row 2: new\nX: 9 of 280 characters\n  | The first" in shown.out
    assert "Row 3: cannot be queued" in shown.out
    assert [True, False, True, False, False] == [row["ok"] for row in plain]
    assert ["new", "bad", "new", "bad", "bad"] == [row["standing"] for row in seen["rows"]]
    assert [2, 3, 4, 5, 6] == [row["row"] for row in seen["rows"]]


def test_preview_says_what_queueing_would_do_to_each_row(bot: Bot, sheet: Sheet) -> None:
    """New, as before, changed."""
    sheet(GOOD, ("2", "The second", "x", LATER), head=HEAD)
    bot("add", "jan.csv")
    sheet(GOOD, ("2", "The second, new", "x", LATER), ("3", "The third", "x", LATER))
    shown = bot("preview", "jan.csv")

    assert 0 == shown.code
    assert "Row 2: nothing changed since it was queued as P1" in shown.out
    assert "Row 3: changed since it was queued as P2" in shown.out
    assert "Row 4: new" in shown.out


def test_a_folder_is_checked_with_its_sheets(bot: Bot, sheet: Sheet, write: Any) -> None:
    """`bot check` without a path."""
    write("a.md", "A file.", to="x")
    sheet(GOOD, BAD, name="posts/jan.csv")
    ran = bot("check")

    assert "posts/jan.csv:3: Row 3, at:" in ran.out
    assert "1 of 3 posts cannot become a post yet." in ran.out


def test_a_file_that_cannot_be_read_is_said_at_every_door(bot: Bot, folder: Path) -> None:
    """With exit code 1 and the row."""
    (folder / "jan.csv").write_text("text,campain\nA,b\n", encoding="utf-8")
    (folder / "jan.xlsx").write_bytes(b"no workbook")
    (folder / "old.xls").write_bytes(b"old")
    ran = [bot(verb, "jan.csv") for verb in ("add", "check", "preview")]

    assert [1, 1, 1] == [one.code for one in ran]
    assert all("jan.csv:1: Column B: “campain” is not known." in one.out + one.err for one in ran)
    assert "This is no workbook" in bot("add", "jan.xlsx").err
    assert "Save it as an Excel workbook" in bot("add", "old.xls").err


def test_notes_about_the_whole_sheet_are_said(bot: Bot, folder: Path) -> None:
    """Such as a guess at its letters."""
    (folder / "jan.csv").write_bytes("text,to\nBogotá,x\n".encode("cp1252"))

    assert all("Check its accents" in bot(verb, "jan.csv").out for verb in ("check", "add"))


def test_show_names_the_sheet_a_post_is_from(bot: Bot, sheet: Sheet) -> None:
    """So that it is found again."""
    sheet(GOOD, name="posts/jan.csv")
    bot("add", "posts/jan.csv")

    assert "From a spreadsheet (jan.csv#1)" in bot("show", "P1").out


def test_the_template_has_typed_cells_and_sheets_that_are_never_read(
    bot: Bot, folder: Path
) -> None:
    """It can lie in the posts folder as it is; nothing of it is queued."""
    ran = bot("add", "--template", "posts/jan.xlsx")
    again = bot("add", "--template", "posts/jan.xlsx")
    book = CalamineWorkbook.from_filelike(io.BytesIO((folder / "posts/jan.xlsx").read_bytes()))
    explained = {row[0] for row in book.get_sheet_by_name(COLUMNS).to_python()[1:]}
    examples = book.get_sheet_by_name(EXAMPLES).to_python()

    assert (0, 2) == (ran.code, again.code)
    assert "is there already" in again.err
    assert [POSTS, COLUMNS, EXAMPLES] == book.sheet_names
    assert [list(HEADINGS)] == book.get_sheet_by_name(POSTS).to_python()
    assert {*NAMES, "notes"} == explained
    assert "id" == HEADINGS[0]
    assert "datetime" == type(examples[1][HEADINGS.index("at")]).__name__
    added = bot("add", "posts/jan.xlsx")
    assert (0, []) == (added.code, bot("queue", "--json").json)
    assert "there is no row with a post in it" in added.out


def test_a_sheet_among_the_examples_is_checked_but_never_queued(
    bot: Bot, folder: Path, sheet: Sheet
) -> None:
    """As with files."""
    (folder / "posts" / "examples").mkdir()
    sheet(GOOD, name="posts/examples/jan.csv")
    checked, added = bot("check", "posts/examples/jan.csv"), bot("add", "posts/examples/jan.csv")

    assert (0, 2) == (checked.code, added.code)
    assert "is not queued: examples" in added.err
    assert [] == bot("queue", "--json").json


def test_the_examples_of_the_template_would_become_posts(bot: Bot, folder: Path) -> None:
    """Copied into the sheet of posts, each but the one whose picture is not there."""
    bot("add", "--template", "jan.xlsx")
    book = CalamineWorkbook.from_filelike(io.BytesIO((folder / "jan.xlsx").read_bytes()))
    (folder / "copied.xlsx").write_bytes(as_xlsx(book.get_sheet_by_name(EXAMPLES).to_python()))
    rows = bot("preview", "copied.xlsx", "--json").json["rows"]

    assert ["new", "new", "bad"] == [row["standing"] for row in rows]
    assert "Row 4, media: media/march.jpg is not there." in rows[2]["errors"][0]["message"]


@pytest.mark.parametrize("words", [("--template", "jan.csv"), ("--template", "a.xlsx", "b.md"), ()])
def test_wrong_usage_is_said(bot: Bot, words: tuple[str, ...]) -> None:
    """With an example of what to type."""
    ran = bot("add", *words)

    assert 2 == ran.code
    assert "such as: bot add" in ran.err


def test_a_page_reads_shows_and_queues_a_sheet_without_the_command(folder: Path, bot: Bot) -> None:
    """By the same two functions; the name it was sent under is all of its path that counts."""
    opened = wiring.build(load(SETTINGS, None), create=True)
    content = as_csv([HEAD, GOOD, BAD])
    preview = flow.read_sheet(opened, "C:\\fakepath/../posts\\jan.csv", content)
    taken = flow.queue_sheet(opened, preview, {}, ANA)
    changed = as_csv([HEAD, ("1", "The first, new", "x", LATER)])
    later = flow.read_sheet(opened, "jan.csv", changed)
    (row,) = later.those(Standing.CHANGED)
    (edited,) = flow.queue_sheet(opened, later, {row.row.key: Change.REPLACE}, ANA)

    assert [Standing.NEW, Standing.BAD] == [one.standing for one in preview.rows]
    assert "at" == preview.rows[1].errors[0][0]
    assert ["queued", "bad"] == [one.news for one in taken]
    assert "web:ana" == taken[0].admitted.post.author
    assert ("jan.csv", "edited") == (preview.file, edited.news)
    assert taken[0].admitted.deliveries[0].due_at is not None
    with pytest.raises(PostInvalid, match="no workbook"):
        flow.read_sheet(opened, "jan.xlsx", b"words")


def test_an_account_that_is_off_is_a_mistake_when_queueing_is_looked_at(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the page would promise what queueing refuses."""
    opened = wiring.build(load({**SETTINGS, "X_API_KEY": ""}, None), create=True)
    preview = flow.read_sheet(opened, "jan.csv", as_csv([HEAD, GOOD]))

    assert ("to", True) == (
        preview.rows[0].errors[0][0],
        "is off" in preview.rows[0].errors[0][1],
    )
