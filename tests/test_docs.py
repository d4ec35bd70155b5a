"""Pages name what is there: commands, headings, settings, and what the bot really says."""

import re
from pathlib import Path

import pytest
from plainwords import ROOT, sentences
from typed import is_command, typed_in

from bot.settings import names

PAGES = [
    *ROOT.glob("*.md"),
    *(page for page in ROOT.glob("docs/*.md") if page.name != "glossary.md"),
    *ROOT.glob("posts/**/*.md"),
]
LINK = re.compile(r"\]\(([^)#]*)#([^)]+)\)")
SETTING = re.compile(r"`([A-Z][A-Z]+_[A-Z_]+)(?:=[^`]*)?`")
# Of the shell, make and the compose file; and what stands for any name.
NOT_OURS = {"BOT_PLAIN", "DEMO_FOR", "NEW_DATABASE_URL", "NAME", "POSTGRES_PASSWORD"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_of_a_page_is_one(page: Path) -> None:
    """A command that does not exist is worse than none."""
    found = list(typed_in(page.read_text(encoding="utf-8")))

    assert [" ".join(words) for words in found if not is_command(words)] == []


def test_commands_are_found_and_wrong_ones_told() -> None:
    """So that the test above has something to look at."""
    page = "Type `bot queue --json`, or `. venv; bot show P1`.\n\n    bot pause --reason  stops\n"

    assert [["queue", "--json"], ["show", "P1"], ["pause", "--reason"]] == list(typed_in(page))
    assert is_command(["pause", "--reason", "why"])
    assert not is_command(["pause", "--raisin"])
    assert not is_command(["people", "greet"])
    assert 100 < sum(len(list(typed_in(page.read_text(encoding="utf-8")))) for page in PAGES)


def test_every_heading_that_is_linked_to_is_there() -> None:
    """As GitHub names them."""
    dead = []
    for page in PAGES:
        for target, heading in LINK.findall(page.read_text(encoding="utf-8")):
            if "://" not in target and heading not in headings(page.parent / (target or page.name)):
                dead.append(f"{page.name}: {target}#{heading}")

    assert dead == []


def headings(page: Path) -> set[str]:
    """The names of a page's headings in links."""
    lines = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", line.lower()).strip().replace(" ", "-") for line in lines}


def test_every_setting_that_a_page_names_is_one() -> None:
    """A setting that does nothing is believed."""
    known = {name.upper() for name in names()} | NOT_OURS
    strange = [
        f"{page.name}: {name}"
        for page in PAGES
        for name in SETTING.findall(page.read_text(encoding="utf-8"))
        if name.removesuffix("_FILE") not in known
    ]

    assert strange == []


def test_what_troubleshooting_quotes_is_what_the_bot_says() -> None:
    """Whoever searches the page for the words on their screen finds them."""
    page = (ROOT / "docs/troubleshooting.md").read_text(encoding="utf-8")
    quoted = re.findall(r"^\| `([^`]+)` \|", page, re.MULTILINE)
    said = {
        re.sub(r"\{[^}]*\}|%\(\w+\)s", "…", sentence)
        for path in (ROOT / "bot").rglob("*.py")
        for sentence in sentences(path)
    }

    assert len(quoted) > 35
    # One word alone is a state; they stand in a table of their own.
    assert [one for one in quoted if " " in one and not any(one in text for text in said)] == []
