"""`bot backup`: a copy of the database, taken while the bot runs and read through."""

import shlex
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import click

from bot.cli import screen
from bot.cli.door import Door
from bot.clock import monotonic, system_now
from bot.errors import StoreError, UsageError
from bot.reports import words
from bot.settings import Settings
from bot.store import backup, backuplog
from bot.store.engine import Store

PATIENCE_SECONDS = 1
ON_A_SERVER = """This database is on PostgreSQL, which is copied by its own program. Type:
  pg_dump --format=custom --file={name}.dump {address}
It asks for the password. To put it back, stop the bot and type:
  pg_restore --clean --if-exists --dbname={address} {name}.dump
  bot restore --in-place"""


@click.command()
@click.argument("to", required=False, type=click.Path(path_type=Path))
@click.option("--keep", type=click.IntRange(1), metavar="N", help="Keep only the newest N there.")
@click.pass_obj
def command(door: Door, to: Path | None, keep: int | None) -> int:
    """Copy the database while the bot runs, and check the copy.

    TO is a new file or a folder; without it the copy goes to the folder backups beside the
    database, under a name with the time in it. The keys are not in it.

    Example: bot backup --keep 14
    """
    loaded = door.settings()
    door.refuse_missing(loaded)
    store = Store(loaded.database_url.get_secret_value(), system_now)
    source = store.path
    if source is None:
        raise UsageError(_elsewhere(store))
    target = _target(source, to, loaded)
    if keep is not None and to is not None and not to.is_dir():
        raise UsageError("--keep is for a folder of backups, not for one file.")
    try:
        with progress(door, "Copying") as move:
            contents = backup.take(source, target, move)
    except StoreError as error:
        _note(store, str(error))
        raise
    _note(store)
    door.say(f"Saved: {target} ({target.stat().st_size / 1e6:,.1f} MB)")
    door.say(f"It was read through and is sound: {said(contents)}.")
    for old in backup.thin_out(target.parent, source.stem, keep) if keep else ():
        door.say(f"Deleted an older one: {old.name}")
    door.say(f"To put it back: bot restore {target}")
    return 0


def _note(store: Store, error: str | None = None) -> None:
    """How it went, for doctor and alarms; a database that takes no note is copied all the same."""
    with suppress(StoreError), store.write() as session:
        backuplog.note(session, system_now(), error)


def said(contents: backup.Contents) -> str:
    """What a database holds, for a person."""
    posts = words.plural(contents.posts, "post")
    return f"{posts}; {contents.out:,} out, {contents.waiting:,} waiting or on hold"


def _elsewhere(store: Store) -> str:
    if store.is_sqlite:
        return "This database is in memory only; there is nothing to copy."
    name = f"bot-{system_now():%Y%m%d-%H%M%S}"
    return ON_A_SERVER.format(name=name, address=shlex.quote(address(store)))


def address(store: Store) -> str:
    """The address of a server's database as its own programs take it, without the password."""
    query = {name: value for name, value in store.url.query.items() if name != "password"}
    url = store.url.set(drivername="postgresql", query=query)
    return url._replace(password=None).render_as_string()


def _target(source: Path, to: Path | None, loaded: Settings) -> Path:
    now = system_now().astimezone(loaded.zone)
    if to is not None and not to.is_dir():
        return to
    folder = to or source.parent / "backups"
    if to is None:
        try:
            folder.mkdir(mode=0o700, exist_ok=True)
        except OSError:
            raise StoreError(f"The folder {folder} cannot be made.") from None
    return backup.dated(folder, source.stem, now)


@contextmanager
def progress(door: Door, what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar with the time left, drawn only once something takes over a second."""
    if door.quiet or screen.is_plain(door):
        yield backup.nothing
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    began = monotonic()
    shown: list[Any] = []
    bar = Progress(TextColumn(what), BarColumn(), TimeRemainingColumn(), transient=True)

    def move(done: int, total: int) -> None:
        if not shown and monotonic() - began > PATIENCE_SECONDS:
            bar.start()
            shown.append(bar.add_task(what, total=total))
        if shown:
            bar.update(shown[0], completed=done, total=total)

    try:
        yield move
    finally:
        bar.stop()
