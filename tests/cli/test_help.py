"""What the command says of itself."""

import re
import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec

import click
import pytest

from bot.cli.verbs import VERBS, help_of
from tests.cli.conftest import Bot

NAMES = [name for verbs in VERBS.values() for name in verbs]
SLOW = ("sqlalchemy", "tweepy", "rich", "requests", "structlog", "werkzeug")
FORBIDDEN = re.compile(r"\b(delivery|deliveries|variant|lease|lint|quarantined?)\b", re.IGNORECASE)


def _command(name: str) -> click.Command:
    found: click.Command = import_module(f"bot.cli.{name.replace('-', '_')}").command
    return found


def _commands(command: click.Command, name: str) -> list[tuple[str, click.Command]]:
    found = [(name, command)]
    if isinstance(command, click.Group):
        for below, inner in command.commands.items():
            found += _commands(inner, f"{name} {below}")
    return found


@pytest.mark.parametrize("name", NAMES)
def test_the_table_says_what_each_command_says_of_itself(name: str) -> None:
    """`bot --help` loads no command, so its lines are held against the docstrings here."""
    command = _command(name)
    first_line = (command.help or "").split("\n\n")[0].replace("\n", " ")

    assert help_of(name) == first_line


@pytest.mark.parametrize("name", NAMES)
def test_every_command_has_an_example_and_plain_words(name: str) -> None:
    """A volunteer sees how to type it, and no word of the code."""
    for full_name, command in _commands(_command(name), name):
        text = command.get_help(click.Context(command, info_name=f"bot {full_name}"))

        assert f"Example: bot {name}" in text, full_name
        assert FORBIDDEN.search(text) is None, full_name
        assert all(len(line) <= 80 for line in text.splitlines()), full_name


def test_help_lists_every_command_under_a_heading(bot: Bot) -> None:
    """Help is grouped by what a person wants to do."""
    shown = bot("--help")

    assert shown.code == 0
    assert all(f"{title}:" in shown.out for title in VERBS)
    assert all(re.search(rf"^  {name} ", shown.out, re.MULTILINE) for name in NAMES)


def test_help_loads_nothing_slow() -> None:
    """What makes help fast is what it does not import."""
    code = (
        "import sys\nfrom bot.cli.group import cli\n"
        "try:\n    cli.main(['--help'], prog_name='bot')\n"
        f"except SystemExit:\n    print([name for name in {SLOW!r} if name in sys.modules])\n"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert ran.stdout.splitlines()[-1] == "[]"


def test_python_m_bot_is_the_same_command() -> None:
    """Both ways in lead to the same place."""
    assert find_spec("bot.__main__") is not None


@pytest.mark.parametrize(
    ("words", "hint"),
    [(("queu",), "bot queue"), (("aprove", "P1"), "bot approve"), (("xyzzy",), "bot --help")],
)
def test_a_misspelt_command_names_the_nearest_one(
    bot: Bot, words: tuple[str, ...], hint: str
) -> None:
    """Wrong usage ends with 2 and the right word."""
    ran = bot(*words)

    assert (ran.code, ran.out) == (2, "")
    assert hint in ran.err
