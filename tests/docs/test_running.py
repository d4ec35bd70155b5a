"""The commands of the pages that are safe are really run, each in a fresh copy of a bot's folder.

What is not run stands in a table here, each with its reason.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import click
import pytest
import time_machine
from click.testing import CliRunner, Result
from plainwords import ROOT
from world import QUICK_DISK

from bot.cli.group import cli
from bot.sandbox import Sandbox
from bot.store.engine import Store
from docs.reading import PAGES, commands, words_of

# Verbs, with one word after them where they have verbs of their own.
NOT_RUN = {
    "run": "it lasts for months; `run --once` is run",
    "web": "it lasts; tests/web starts it",
    "demo": "it lasts; tests/acceptance runs it",
    "sandbox": "it lasts; one is under every command here",
    "migrate-to": "it wants a second database: tests/cli/test_migrate_to.py",
    "restore": "it wants a copy of a name nobody knows beforehand: tests/cli/test_backup.py",
    "resolve": "it wants an answer that was lost: tests/cli/test_resolve.py",
    "retry": "it wants a post that failed: tests/cli/test_verbs.py",
    "takedown": "it wants a post that is out: tests/cli/test_verbs.py",
    "approve": "it wants a post that waits for approval: tests/cli/test_verbs.py",
    "accounts add": "it asks for keys: tests/cli/test_accounts.py",
    "accounts disconnect": "it wants an account connected on a page: tests/cli/test_accounts.py",
    "accounts history": "it asks a platform for money: tests/cli/test_accounts.py",
    "accounts label": "it wants a live account: tests/cli/test_accounts.py",
    "accounts remove": "it wants an account that was added: tests/cli/test_accounts.py",
    "accounts rotate": "it wants a key that encrypts: tests/cli/test_accounts.py",
    "feeds post": "it wants an article: tests/cli/test_forms.py",
    "feeds set": "it wants a feed of that name: tests/cli/test_forms.py",
    "forget": "it wants keys that are gone: tests/accounts/test_forget.py",
    "log --curve": "it wants counts: tests/cli/test_log_views.py",
    "log --wordings": "it wants posts that are out: tests/cli/test_log_views.py",
    "add --template": "the others are run with what it makes",
    "alerts test": "nobody is to be told: tests/cli/test_alerts.py",
    "backup /mnt/usb/": "that disk is not here",
    "report --week --send": "it sends mails: tests/cli/test_weekly.py",
    "cancel P12 --this-one": "it wants a post that recurs: tests/cli/test_forms.py",
}
# The times that pages give are to come by then.
TODAY = "2026-12-01T12:00Z"
HERE = click.Context(cli)
ONCE = ("run", "--once")
# What must have been typed before.
FIRST = {
    "release 12": "hold 12 --reason why",
    "resume": "pause --reason why",
    "resume x": "pause x --reason why",
}
# These look for trouble, and may find some: 1 is an answer of theirs.
MAY_FIND_TROUBLE = {"doctor", "queue", "fleet status", "check"}
NAMED = ("march.md", "my-first.md", "first.md", "that-file.md", "your-file.md")
QUIET_TIMES = ("2027-01-01", "2028-01-01", "2029-01-01")
KEPT = ("X_", "FACEBOOK_", "BOT_", "DATABASE_", "IMPRINT_", "ALERT_", "PUBLIC_", "MAIL_")


def longest(table: Iterable[str], words: tuple[str, ...]) -> str:
    """The entry of a table that holds for a command; empty when none does."""
    said = " ".join(words)
    return max((one for one in table if f"{said} ".startswith(f"{one} ")), key=len, default="")


def to_run() -> list[tuple[str, ...]]:
    """The whole commands of the pages; of those that differ in their values alone, one."""
    whole = {typed.words for page in PAGES for typed in commands(page) if typed.is_whole}
    chosen = {words for words in whole - {()} if words == ONCE or not longest(NOT_RUN, words)}
    return [(), *sorted({shape(words): words for words in sorted(chosen)}.values())]


def shape(words: tuple[str, ...]) -> tuple[object, ...]:
    """A command without its values: its verbs, its options, and how many words it has."""
    verbs = words[:2] if isinstance(cli.get_command(HERE, words[0]), click.Group) else words[:1]
    return verbs, frozenset(word for word in words if word.startswith("--")), len(words)


def ends_well(words: tuple[str, ...]) -> set[int]:
    """The exit codes with which a command may end."""
    verbs = {words[0], " ".join(words[:2])} if words else set()
    return {0, 1} if verbs & MAY_FIND_TROUBLE else {0}


Fresh = Callable[..., Result]


@pytest.fixture(scope="module")
def fresh() -> Iterator[Fresh]:
    """Runs a command in a copy of a folder with thirteen posts, on simulated platforms."""
    disk = tempfile.TemporaryDirectory(prefix="bot-docs-", dir=QUICK_DISK)
    patching, day = pytest.MonkeyPatch.context(), time_machine.travel(TODAY)
    with disk as place, patching as patch, day, Sandbox() as sandbox:
        folder = Path(place) / "bot"
        for name in [one for one in os.environ if one.startswith(KEPT)]:
            patch.delenv(name)
        for name, value in {**sandbox.settings(), "FETCH_ALLOW_HOSTS": "127.0.0.1"}.items():
            patch.setenv(name, value)
        patch.setenv("SECRET_KEY", "a-key-of-the-tests-that-is-long-enough")
        opened = stores(patch)

        def run(at: Path, words: tuple[str, ...]) -> Result:
            patch.chdir(at)
            result = CliRunner().invoke(cli, list(words), prog_name="bot", input="y\n")
            while opened:
                opened.pop().close()
            return result

        furnish(folder, lambda words: run(folder, words))
        copy = folder.with_name("copy")

        def in_copy(*words: str) -> Result:
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(folder, copy)
            if before := longest(FIRST, words):
                run(copy, words_of(FIRST[before]))
            site = {"https://example.org": sandbox.feed_url}
            return run(copy, tuple(site.get(word, word) for word in words))

        yield in_copy


def stores(patch: pytest.MonkeyPatch) -> list[Store]:
    """Databases as they are opened, to be let go of as a process does at its end."""
    opened: list[Store] = []
    begin = Store.__init__

    def noted(self: Store, *words: object) -> None:
        begin(self, *words)
        opened.append(self)

    patch.setattr(Store, "__init__", noted)
    return opened


def furnish(folder: Path, run: Callable[[tuple[str, ...]], Result]) -> None:
    """The files that pages name, a database, thirteen posts, three quiet times, and two admins."""
    shutil.copytree(ROOT / "posts", folder / "posts")
    for number, name in enumerate((*NAMED, *(f"p{one:02}.md" for one in range(8)))):
        text = f"Meet us at noon in the square of the {number} lions."
        (folder / "posts" / name).write_text(text, encoding="utf-8")
    (folder / "visits.csv").write_text("visits,utm_content\n12,post-7\n", encoding="utf-8")
    posts = [path.name for path in sorted((folder / "posts").glob("[!R]*.md"))]
    for said in (
        "init",
        "add " + " ".join(f"posts/{name}" for name in posts),
        "add --template posts/january.xlsx",
        *(f"blackout add --from {day} --until {day} --reason rest" for day in QUIET_TIMES),
        "people add ana@example.org --role admin",
        "people add bea@example.org --role admin",
    ):
        result = run(words_of(said))
        assert result.exit_code == 0, f"{said}: {result.output}"


def test_what_is_safe_is_run_and_ends_well(fresh: Fresh) -> None:
    """A command that is understood and then fails would leave a reader stuck."""
    wrong = {}
    for words in to_run():
        result = fresh(*words)
        if result.exit_code not in ends_well(words) or "did not foresee" in result.output:
            wrong[" ".join(words)] = f"{result.exit_code}: {result.output[-300:]}"

    assert len(to_run()) > 40
    assert wrong == {}


def test_each_command_that_is_not_run_stands_in_a_page() -> None:
    """An entry that holds for nothing would hide the next command of that name."""
    whole = {typed.words for page in PAGES for typed in commands(page)}

    assert {longest(NOT_RUN, words) for words in whole} - {""} == set(NOT_RUN)
