"""`bot restore`: puts a backup back, paused, and finds out what went out since."""

import sys
from pathlib import Path
from typing import Any

import click

from bot import flow, wiring
from bot.alerts import copies
from bot.cli import screen
from bot.cli.backup import address, said
from bot.cli.door import Door, make_room
from bot.cli.teller import Teller, teller
from bot.clock import system_now
from bot.clock.local import in_words
from bot.errors import UsageError
from bot.reports import queue, words
from bot.settings import Settings
from bot.store import schema
from bot.store.engine import Store
from bot.store.lock import only_heartbeat
from bot.store.stopped import refuse_running
from bot.wiring import Bot

NOT_HERE = """This database is on PostgreSQL. Put its backup back with PostgreSQL's own program:
  pg_restore --clean --if-exists --dbname={address} FILE
and then type: bot restore --in-place"""
LOST = (
    "What was decided after the backup (cancelled, approved, put on hold, written on the page) is "
    "not in it: look through the queue before you resume."
)


@click.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.option("--in-place", is_flag=True, help="It was put back by other means: only look.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def command(door: Door, file: Path | None, in_place: bool, yes: bool) -> int:
    """Put a backup back; paused, and nothing is sent twice.

    The bot must be stopped. The database that is here is kept under a dated name. What went out
    since the backup is looked up on the accounts' own pages; what cannot be found there waits for
    you.

    Example: bot restore var/backups/bot-20261201-083000.db
    """
    if (file is None) is not in_place:
        raise UsageError("Name the backup: bot restore var/backups/bot-20261201-083000.db")
    loaded = door.settings()
    make_room(loaded)
    store = Store(loaded.database_url.get_secret_value(), system_now)
    with only_heartbeat(store):
        if file is None:
            _mark(store, loaded)
        else:
            _put_back(door, store, file, loaded, yes=yes)
        wiring.configure_log(loaded, quiet=True)
        bot = wiring.build(loaded)
        found = flow.reconcile(bot)
    _tell(door, bot, found)
    return 0


def _mark(store: Store, loaded: Settings) -> None:
    refuse_running(store)
    schema.upgrade(store, is_alone=True)
    flow.mark_restored(store, loaded.zone, wiring.terminal_actor())


def _put_back(door: Door, store: Store, file: Path, loaded: Settings, *, yes: bool) -> None:
    if store.path is None:
        where = NOT_HERE.format(address=address(store))
        raise UsageError("This database is in memory only." if store.is_sqlite else where)
    if file.exists() and store.path.exists() and file.samefile(store.path):
        raise UsageError(f"{file} is the database itself. Name a backup.")
    if store.path.exists() and not yes and sys.stdin.isatty():
        door.say(f"{file} takes the place of {store.path}, which is kept under another name.")
        click.confirm("Go on?", default=True, abort=True)
    put = flow.put_back(store, store.path, file, loaded.zone, wiring.terminal_actor())
    when = in_words(put.taken_at, loaded.zone)
    door.say(f"Put back: the database as it was on {when} ({said(put.contents)}).")
    if put.kept is not None:
        door.say(f"The one that was here is kept: {put.kept}")


def _tell(door: Door, bot: Bot, found: flow.Reconciled) -> None:
    told = teller(bot)
    door.say("Everything is paused. Nothing goes out until you resume.")
    for finding in copies.behind(bot.store, bot.titles):
        door.trouble(finding.says)
    if found.out:
        screen.heading(door, "Out since the backup, and known again")
    for (post, account), links in found.out.items():
        door.say(f"  {post} on {told.title(account)}: {', '.join(links)}")
    with bot.store.read() as session:
        rows = queue.rows(session)
    _asks(door, told, [row for row in rows if row["trouble"]])
    if found.new_files:
        door.say(
            f"{words.plural(found.new_files, 'file')} in the posts folder came after the backup "
            "and may be out already: on hold until you release them."
        )
    door.say(LOST)
    door.say("Next: bot queue, and when all is right: bot resume")


def _asks(door: Door, told: Teller, rows: list[dict[str, Any]]) -> None:
    if rows:
        screen.heading(door, "Not found there, or not all of it: these wait for you")
    for row in rows:
        why = words.sentence(row["reason"]) if row["reason"] else ""
        door.say(f"  {row['post']} on {told.title(row['account'])}: {why}")
