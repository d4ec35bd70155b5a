"""What pages quote and name is what there is: messages, buttons, settings."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from plainwords import ROOT

from bot.settings import names
from docs.reading import PAGES

TROUBLE = ROOT / "docs/troubleshooting.md"
QUOTED = re.compile(r"^\| (?:`([^`]+)`|\*([^*]+)\*) \|", re.MULTILINE)
FILLED = re.compile(r"\{[^{}]*\}|%\(\w+\)s")
IN_TEMPLATE = re.compile(r"""_\(\s*(?:"([^"]+)"|'([^']+)')""")
SETTING = re.compile(r"(?<![\w./-])([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?![\w-])")
# Of make, the shell, the compose file and the tests; the rest stands for names of the reader's own.
NOT_OURS = {
    *("BOT_DEBUG", "BOT_PLAIN", "DEMO_FOR", "PYTHON", "POSTGRES_PASSWORD", "NEW_DATABASE_URL"),
    *("NAME_FILE", "BOGOTA_TOKEN", "BOGOTA_SECRET"),
}
# What people press and see there, in italics, on the pages about the web app.
ABOUT_THE_APP = ("first-hour.md", "approvers.md", "staff.md", "taking-over.md")
# A button that says which time.
NOT_FIXED = {"Queue for Tuesday 1 December 2026, 08:30"}


@cache
def said() -> frozenset[str]:
    """Every string of the bot and its pages, with … for what is filled in."""
    python = (text for path in (ROOT / "bot").rglob("*.py") for text in strings(path))
    templates = (
        "".join(found)
        for path in (ROOT / "bot/web/templates").rglob("*.html")
        for found in IN_TEMPLATE.findall(path.read_text(encoding="utf-8"))
    )
    return frozenset(FILLED.sub("…", text) for text in (*python, *templates))


def strings(path: Path) -> Iterator[str]:
    """The strings of a module; of one made of pieces, all of it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        elif isinstance(node, ast.JoinedStr):
            pieces = (getattr(one, "value", "…") for one in node.values)
            yield "".join(one if isinstance(one, str) else "…" for one in pieces)


def is_said(words: str) -> bool:
    """Whether the bot says these words: one alone as it stands, several as a part."""
    return words in said() or (" " in words and any(words in text for text in said()))


def test_what_troubleshooting_quotes_is_what_the_bot_says() -> None:
    """Whoever searches the page for the words on their screen finds them."""
    quoted = ["".join(one) for one in QUOTED.findall(TROUBLE.read_text(encoding="utf-8"))]

    assert len(quoted) > 70
    assert [one for one in quoted if not is_said(one)] == []


def test_every_symptom_has_why_and_what_to_do() -> None:
    """A row without an end leaves a reader where they were."""
    rows = re.findall(r"^\| [`*].*\|$", TROUBLE.read_text(encoding="utf-8"), re.MULTILINE)
    cells = [[cell.strip() for cell in row.strip("|").split(" | ")] for row in rows]

    assert [row for row in cells if len(row) != 3 or not all(row)] == []
    assert len({row[0] for row in cells}) == len(cells)


@pytest.mark.parametrize("words", ["The Page's token has expire", "failure", "Please sign out"])
def test_words_that_nobody_says_are_found(words: str) -> None:
    """So that the tests above can fail."""
    assert not is_said(f"{words}!")


@pytest.mark.parametrize("name", ABOUT_THE_APP)
def test_what_a_page_tells_to_press_is_there(name: str) -> None:
    """A button that has another name now is looked for in vain."""
    page = (ROOT / "docs" / name).read_text(encoding="utf-8")
    named = [" ".join(one.split()) for one in re.findall(r"(?<!\*)\*([^*]+)\*(?!\*)", page)]

    assert named
    assert [one for one in named if one not in NOT_FIXED and not is_said(one)] == []


def test_every_setting_that_a_page_names_is_one() -> None:
    """A setting that does nothing is believed. A file's name may stand for any of them."""
    known = {name.upper() for name in names()} | NOT_OURS
    strange = {
        f"{page.name}: {name}"
        for page in PAGES
        for name in SETTING.findall(page.read_text(encoding="utf-8"))
        if name not in known and name.removesuffix("_FILE") not in known
    }

    assert strange == set()
