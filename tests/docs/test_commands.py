"""Every command of a page is one: the bot's own commands read all of them.

What is safe is run, too, in `test_running`. Other people's programs are not, and are named here.
"""

import re
import subprocess
import sys

import pytest
from plainwords import ROOT

from docs.reading import PAGES, Typed, blocks, commands, refused, words_of

# Programs of other people, by their first word; the machine or host that has them is not here.
OF_OTHERS = {"sudo", "heroku", "dokku", "docker", "git"}
OURS = {"bot", "make", "python3", "cp", "mv", "cd", ".", "echo", ".venv/bin/pytest", "uv"}
SETS = re.compile(r"^[A-Z_]+=")
REMARK_ALONE = re.compile(r"^\(.*\)$|^\d+ \d+ ")
TYPED = [typed for page in PAGES for typed in commands(page)]


def test_every_command_is_one_with_all_it_needs() -> None:
    """A verb, an option or a word too many that the bot does not know is found here."""
    wrong = {str(typed): why for typed in TYPED if (why := refused(typed))}

    assert len(TYPED) > 200
    assert wrong == {}


@pytest.mark.parametrize(
    "said",
    ["greet", "queue --jason", "people greet", "show", "cancel", "blackout remove x", "init now"],
)
def test_a_command_that_is_none_is_found(said: str) -> None:
    """So that the test above can fail."""
    assert refused(Typed("a page", words_of(said), is_whole=True))


def test_a_block_to_type_has_only_programs_that_are_known() -> None:
    """A program nobody looked at is neither run nor on the list of those that are not."""
    strange = []
    for page in PAGES:
        for lines in blocks(page.read_text(encoding="utf-8")):
            first = {line.split()[0] for line in lines if line}
            if first & (OURS | OF_OTHERS) - {"."}:
                strange += [f"{page.name}: {line}" for line in lines if not is_known(line)]

    assert strange == []


def is_known(line: str) -> bool:
    """Whether somebody looked at what a line of a shell begins with."""
    word = line.split(maxsplit=1)[0] if line else ""
    is_file = word.startswith("bench/") and (ROOT / word).exists()
    known = word in OURS | OF_OTHERS or is_file
    return not line or known or bool(SETS.match(line) or REMARK_ALONE.match(line))


def test_what_make_is_asked_for_is_in_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    pages = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)
    asked = set(re.findall(r"(?:^    |`)(?:\w+=\S+ )?make ([a-z-]+)", pages, re.MULTILINE))

    assert {"install", "test", "demo", "docs"} <= asked
    assert [name for name in sorted(asked) if f"\n{name}:" not in makefile] == []


def test_the_line_that_makes_a_secret_key_makes_one() -> None:
    page = (ROOT / "docs/web.md").read_text(encoding="utf-8")
    (code,) = re.findall(r'python3 -c "(.*)" >> \.env', page)
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout

    assert re.fullmatch(r"SECRET_KEY=[\w-]{60,}\n", said)
