"""`bot upgrade`: the database comes to this version, with a copy and a way back."""

import click

from bot.cli.backup import elsewhere
from bot.cli.door import Door
from bot.clock import system_now
from bot.errors import StoreError, UsageError
from bot.flow.upgrading import Upgraded, upgrade
from bot.store import schema
from bot.store.engine import Store


@click.command()
@click.option(
    "--backed-up", is_flag=True, help="PostgreSQL was copied by its own program: go ahead."
)
@click.pass_obj
def command(door: Door, backed_up: bool) -> int:
    """Bring the database to this version, with a way back.

    For when a new version of the bot was installed. The bot must be stopped. The database is
    copied first; the way back is printed at the end.

    Example: bot upgrade
    """
    loaded = door.settings()
    door.refuse_missing(loaded)
    store = Store(loaded.database_url.get_secret_value(), system_now)
    try:
        before = schema.revision(store)
        if before is None:
            raise StoreError("There is nothing in the database yet. Run: bot init")
        if before >= schema.HEAD:
            schema.require_current(store)
            door.say(f"The database is of this version already ({before}). Nothing was changed.")
            return 0
        if store.path is None and not backed_up:
            raise UsageError(f"{elsewhere(store)}\nThen type: bot upgrade --backed-up")
        done = upgrade(store, before, loaded.zone)
    finally:
        store.close()
    _tell(door, done)
    return 0


def _tell(door: Door, done: Upgraded) -> None:
    door.say(f"The database was upgraded from {done.before} to {done.after}.")
    if done.kept is None:
        door.say("The way back: install the version you had before, and put your copy back.")
        return
    door.say(f"How it was is kept for 30 days: {done.kept}")
    door.say("The way back: install the version of the bot you had before, then type:")
    door.say(f"  bot restore {done.kept}")
    door.say("Nothing is sent twice by that: what went out since is found on the accounts' pages.")
    door.say("Next: bot doctor, then start it again: bot run")
