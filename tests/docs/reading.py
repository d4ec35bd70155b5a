"""What a page gives to type, and where it stands: in blocks of indented lines, or within a line."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
from plainwords import ROOT

from bot.cli.group import cli

PAGES = [
    *sorted(ROOT.glob("*.md")),
    *sorted(page for page in ROOT.glob("docs/*.md")),
    *sorted(ROOT.glob("posts/**/*.md")),
]
SPAN = re.compile(r"`([^`\n]+)`")
# Two spaces, or a number sign, part a command from what a page says of it.
REMARK = re.compile(r"\s{2,}|\s#")
BOT = re.compile(r"(?:^|[/:;]\s*|python -m |exec worker )bot(?P<words>(?: [^;]*)?)(?=;|$)")
COMPOSED = re.compile(r"run --rm worker (?P<words>.*)$")
ENDS = {">", "<", "|", "&&", "\\"}
# What pages write for something of the reader's own, and one such thing.
STANDS_FOR = {
    "ACCOUNT": "x",
    "ADDRESS": "you@example.org",
    "FILE": "posts/march.md",
    "FILE.csv": "visits.csv",
    "LINK": "https://x.com/a/status/1",
    "NAME": "x",
    "WHEN": "2026-12-24",
    "WORDS": "why",
    "bogota-x": "x",
}


@dataclass(frozen=True, slots=True)
class Typed:
    """A `bot` command of a page; within a line it may be named without what it needs."""

    page: str
    words: tuple[str, ...]
    is_whole: bool

    def __str__(self) -> str:
        return f"{self.page}: bot {' '.join(self.words)}"


def blocks(page: str) -> Iterator[list[str]]:
    """The lines of each block of code, without what is said of them."""
    block: list[str] = []
    for line in [*page.splitlines(), ""]:
        if line.startswith("    ") and not line.strip().startswith(("-", "*")):
            block.append(line.strip())
        elif block:
            yield list(joined(block))
            block = []


def joined(lines: list[str]) -> Iterator[str]:
    """Lines that end with a backslash go on in the next."""
    whole = ""
    for line in lines:
        said = REMARK.split(line)[0]
        if said.endswith("\\"):
            whole += said[:-1]
            continue
        yield whole + said
        whole = ""


def commands(path: Path) -> Iterator[Typed]:
    """Every `bot …` of a page."""
    page = path.read_text(encoding="utf-8")
    for lines in blocks(page):
        for line in lines:
            yield from _in(path.name, line, is_whole=True)
    for span in SPAN.findall(page):
        yield from _in(path.name, span, is_whole=False)


def _in(page: str, code: str, *, is_whole: bool) -> Iterator[Typed]:
    for found in (*BOT.finditer(code), *COMPOSED.finditer(code)):
        yield Typed(page, words_of(found["words"]), is_whole)


def words_of(said: str) -> tuple[str, ...]:
    """The words as a shell parts them, with real things for the placeholders."""
    words = []
    for word in shlex.split(said):
        if word in ENDS:
            break
        bare = word.removeprefix("[").removesuffix("]")
        words.append(STANDS_FOR.get(bare, bare))
    return tuple(word for word in words if word not in {"...", "…"})


def refused(typed: Typed) -> str:
    """Why the bot does not take these words; empty when it does. Nothing is run."""
    command: click.Command = cli
    words = [word for word in typed.words if word != "--quiet"]
    parent = None
    try:
        while True:
            context = command.make_context(command.name, words, parent=parent)
            if not isinstance(command, click.Group):
                return ""
            rest = [*context._protected_args, *context.args]
            if not rest:
                return ""
            _, found, words = command.resolve_command(context, rest)
            command, parent = found or command, context
    except click.exceptions.Exit:
        return ""
    except click.exceptions.NoArgsIsHelpError:
        return "it needs more words" if typed.is_whole else ""
    except (click.MissingParameter, click.BadOptionUsage) as error:
        return error.format_message() if typed.is_whole else ""
    except click.UsageError as error:
        return error.format_message()
