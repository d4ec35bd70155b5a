"""Commands as pages and files name them, held against the command itself."""

import re
from collections.abc import Iterator

import click

from bot.cli.group import cli

OF_ALL = {"--quiet", "--help", "--plain", "--debug", "--version"}
CODE = re.compile(r"`([^`\n]+)`")
TYPED = re.compile(r"(?:^ *|[/;&] ?)bot(?= |$)([^|;&)]*)")


def typed_in(page: str) -> Iterator[list[str]]:
    """The words of each `bot …` that a page gives to type, up to what it says of it."""
    indented = [line for line in page.splitlines() if line.startswith("    ")]
    for code in (*CODE.findall(page), *indented):
        for words in TYPED.findall(code):
            # Two spaces or more part a command from what a page says of it.
            yield re.split(r"\s{2,}|\s#", words)[0].split()


def is_command(words: list[str]) -> bool:
    """Whether the bot takes these words: its verbs and options; what is given to them is free."""
    command: click.Command = cli
    known = set(OF_ALL)
    for word in words:
        known |= {option for one in command.params for option in (*one.opts, *one.secondary_opts)}
        if word.startswith("--"):
            if word.partition("=")[0] not in known:
                return False
        elif isinstance(command, click.Group):
            found = command.get_command(click.Context(command), word)
            if found is None:
                return False
            command = found
    return True
