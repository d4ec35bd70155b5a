"""A sheet of posts through the real command to both simulated platforms."""

import os
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from album import photo
from sheets import as_csv, as_xlsx

from tests.acceptance.conftest import Desk

HEAD = ("id", "text", "at", "x", "media", "alt", "link")


def _put(path: Path, content: bytes) -> None:
    """In the folder, old enough to be taken at once."""
    path.write_bytes(content)
    settled = path.stat().st_mtime - 10
    os.utime(path, (settled, settled))


def test_a_workbook_in_the_posts_folder_goes_out_and_never_twice(desk: Desk) -> None:
    """With a date cell, a picture and a row that is wrong; copied and read again, nothing more."""
    (desk.posts / "media").mkdir()
    (desk.posts / "media" / "march.jpg").write_bytes(photo())
    due = datetime.now(ZoneInfo("Europe/London")).replace(tzinfo=None) - timedelta(minutes=5)
    rows = (
        ("1", "Señoras, “the river” is ours.", due, "The river is ours.", "", "", ""),
        ("2", "See the march.", "now", "", "media/march.jpg", "Marchers fill the square", ""),
        ("3", "A mistake.", "tomorrow", "", "", "", ""),
    )
    _put(desk.posts / "jan.xlsx", as_xlsx([HEAD, *rows]))
    first = desk.bot("run", "--once")
    second = desk.bot("run", "--once")
    log = desk.bot("log", "--json").json

    assert "./jan.xlsx#3:4: Row 4, at: “tomorrow” is not a date." in first.out
    assert sorted(["The river is ours.", "See the march."]) == sorted(desk.texts("x"))
    assert sorted(["Señoras, “the river” is ours.", "See the march."]) == sorted(
        desk.texts("facebook")
    )
    assert "Went out: nothing was due." in second.out
    assert 4 == len(log)
    shown = desk.bot("show", log[0]["post"])
    assert "From a spreadsheet (jan.xlsx#" in shown.out


def test_a_sheet_handed_in_is_checked_shown_and_queued_once(desk: Desk) -> None:
    """As exported by another program: semicolons, Windows letters, no headings."""
    path = desk.folder / "plan.csv"
    rows = [("1/12/2099 18:30", "Bogotá speaks.", "https://example.org/a"), ("x", "Not a date.")]
    path.write_bytes(as_csv(rows, ";", "cp1252"))
    previewed, added = desk.together(("preview", "plan.csv"), ("check", "plan.csv"))
    queued, again = desk.bot("add", "plan.csv"), desk.bot("add", "plan.csv")

    assert "  | Bogotá speaks." in previewed.out
    assert "Hootsuite" in added.out
    assert "P1, plan.csv, row 1: Queued. “Bogotá speaks.”" in queued.out
    assert "plan.csv:2: Row 2, at: “x” is not a date." in queued.err
    assert "1 row as before, 1 row cannot become a post." in again.out
    assert 2 == len(desk.queue())


def test_what_a_sheet_says_is_exactly_what_goes_out(desk: Desk) -> None:
    """The parts that preview shows, as the platforms have them."""
    long = "A sentence of some length, said again and again. " * 9
    path = desk.folder / "plan.csv"
    head = ("text", "at", "thread", "link")
    path.write_bytes(as_csv([head, (long, "now", "yes", "https://example.org/report")]))
    shown = desk.bot("preview", "plan.csv", "--json").json["rows"][0]["accounts"]
    wanted = {one["account"]: [part["text"] for part in one["parts"]] for one in shown}
    added = desk.bot("add", "plan.csv")
    desk.once()

    assert 0 == added.code
    assert len(wanted["x"]) > 1
    assert wanted["x"] == desk.texts("x")
    assert wanted["facebook"] == desk.texts("facebook")
