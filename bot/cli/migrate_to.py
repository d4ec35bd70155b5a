"""`bot migrate-to`: moves everything into another database, and closes the one it came from."""

import sys
from dataclasses import dataclass, field
from typing import Any

import click
from click.core import ParameterSource

from bot import wiring
from bot.cli import screen
from bot.cli.door import Door
from bot.clock import system_now
from bot.errors import SettingsError, UsageError
from bot.flow import moving as flow
from bot.reports import words
from bot.settings import Settings
from bot.store import alone, moving
from bot.store.engine import Store, parse_url

VARIABLE = "NEW_DATABASE_URL"
NO_ADDRESS = (
    "That is no address of a database. Write postgresql://NAME@HOST/DATABASE or "
    "sqlite:///FOLDER/bot.db"
)
SEEN = (
    "Note: others on this machine can read a password in a command while it runs. Next time leave "
    f"the address out, and you are asked for it; or set {VARIABLE}."
)
REPLACE = (
    "{place} is the database this one was moved from. What it holds is older, and is replaced by "
    "what is here."
)
UNDO = (
    "This database does not know what went out since it was moved. It comes back paused, like a "
    "backup, and what may be out waits for you. To keep what the other one knows, set DATABASE_URL "
    "to that and move back instead (see docs/moving.md)."
)
LOST = "If the other one is not lost after all, never let it run: posts would go out twice."


@click.command()
@click.argument("url", required=False, envvar=VARIABLE)
@click.option("--undo", is_flag=True, help="Let a database count again after it was moved.")
@click.option("--lost", is_flag=True, help="With --undo: the new database is gone.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def command(door: Door, url: str | None, undo: bool, lost: bool, yes: bool) -> int:
    """Move everything into another database, such as PostgreSQL.

    Stop bot run and bot web first. Everything is copied and compared; then the old database is
    closed, so that nothing is ever sent from both. Interrupted, it goes on when you type it again.
    Without URL you are asked for the address; it may also stand in NEW_DATABASE_URL.

    Example: bot migrate-to postgresql://bot@localhost/bot
    """
    loaded = door.settings()
    door.refuse_missing(loaded)
    source = Store(loaded.database_url.get_secret_value(), system_now)
    if lost and not undo:
        raise UsageError("--lost goes with --undo.")
    if undo:
        return _undo(door, source, None if lost else _target(door, url), loaded, yes=yes)
    target = _target(door, url)
    shown = _Shown(door)
    ask = moving.Ask(
        actor=wiring.terminal_actor(),
        now=system_now(),
        listener=shown,
        may_replace=lambda place: yes or _agreed(door, REPLACE.format(place=place)),
    )
    try:
        moved = flow.move_to(source, target, ask)
    finally:
        shown.end()
    _tell(door, source, moved)
    return 0


def _target(door: Door, url: str | None) -> Store:
    typed = url
    if not typed:
        if not sys.stdin.isatty():
            raise UsageError(f"Name the new database: bot migrate-to URL, or set {VARIABLE}.")
        typed = str(click.prompt("Address of the new database (not shown)", hide_input=True))
    try:
        parsed = parse_url(typed.strip())
    except SettingsError:
        raise UsageError(NO_ADDRESS) from None
    secrets = [str(parsed.password or ""), str(parsed.query.get("password", ""))]
    found = tuple(secret for secret in secrets if secret)
    door.secrets += found
    source = click.get_current_context().get_parameter_source("url")
    if found and source == ParameterSource.COMMANDLINE:
        door.complain(SEEN)
    return Store(typed.strip(), system_now)


def _agreed(door: Door, said: str) -> bool:
    if not sys.stdin.isatty():
        raise UsageError(f"{said} To do it without being asked, add --yes.")
    door.say(said)
    return click.confirm("Go on?", default=False, abort=True)


def _undo(door: Door, source: Store, other: Store | None, loaded: Settings, *, yes: bool) -> int:
    if not yes:
        _agreed(door, UNDO if other else f"{UNDO} {LOST}")
    place = flow.undo_move(source, other, loaded.zone, wiring.terminal_actor())
    door.say(f"{alone.place(source)} counts again. Everything is paused.")
    door.say(f"Let nothing run on {place} any more." if other is None else f"{place} is closed.")
    door.say("Next: bot restore --in-place, which looks at what is out; then: bot queue")
    return 0


def _tell(door: Door, source: Store, moved: moving.Moved) -> None:
    begun = " (begun earlier)" if moved.resumed else ""
    door.say(
        f"Moved{begun}: {words.plural(moved.rows, 'row')} in {moved.tables} tables to {moved.place}"
    )
    door.say("Both sides were compared, row by row: they are equal.")
    door.say(
        f"{alone.place(source)} is closed: nothing is sent from it any more. Keep it until you "
        "are content."
    )
    # There `bot init` also makes what many workers need.
    first = "" if moved.place.startswith("sqlite") else "bot init, "
    door.say(f"Next: set DATABASE_URL to the new address, then: {first}bot doctor, and bot run")


@dataclass
class _Shown:
    """A bar for each stage in a terminal, a line for each stage and table everywhere else."""

    door: Door
    bar: Any = None
    shown: Any = field(default=None)

    def begins(self, what: str, rows: int) -> None:
        if self.door.quiet:
            return
        if screen.is_plain(self.door):
            self.door.say(f"{what}: {words.plural(rows, 'row')}")
            return
        self.end()
        self.bar = _bar()
        self.bar.start()
        self.shown = self.bar.add_task(what, total=rows)

    def step(self, rows: int) -> None:
        if self.bar is not None:
            self.bar.advance(self.shown, rows)

    def copied(self, table: str, rows: int) -> None:
        if not self.door.quiet and screen.is_plain(self.door):
            self.door.say(f"  Copied: {table}; rows: {rows:,}")

    def end(self) -> None:
        if self.bar is not None:
            self.bar.stop()
            self.bar = None


def _bar() -> Any:
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    label = TextColumn("{task.description}")
    return Progress(label, BarColumn(), TimeRemainingColumn(), transient=True)
