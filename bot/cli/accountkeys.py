"""`bot accounts key`, `rotate` and `disconnect`: the keys that encrypt, and what they encrypt."""

import click

from bot.accounts import rotation
from bot.accounts.roster import listed
from bot.accounts.vault import new_key
from bot.cli.backup import progress
from bot.cli.deciding import actor_option, reason_option
from bot.cli.door import Door
from bot.reports import words
from bot.wiring import terminal_actor


@click.command("key")
def key() -> int:
    """Print a new key for ENCRYPTION_KEYS.

    It is kept nowhere: put it into .env, and a copy where the backups are not. Without it, what
    is stored cannot be read and the accounts must be connected again.

    Example: bot accounts key
    """
    click.echo(new_key())
    return 0


@click.command("rotate")
@click.pass_obj
def rotate(door: Door) -> int:
    """Encrypt what is stored with the first of ENCRYPTION_KEYS.

    To change the key: put a new one first, a comma, then the old one. Start the bot again, run
    this, and take the old key out. Stopped halfway it loses nothing: run it again.

    Example: bot accounts rotate
    """
    bot = door.open()
    vault = bot.credentials.vault
    wanted = rotation.left(bot.store, vault)
    if not wanted:
        door.say("Nothing is stored that the first key does not encrypt already.")
        return 0
    with progress(door, "Encrypting") as move:
        found = rotation.rotate(bot.store, vault, lambda done: move(done, wanted))
    if found.done:
        says = words.plural(len(found.done), "account")
        door.say(f"Encrypted with the first key of ENCRYPTION_KEYS: {says}.")
    if found.locked:
        door.complain(
            f"Not opened by any key, and left as they are: {listed(dict.fromkeys(found.locked))}. "
            "Put the lost key back behind the new one, or connect the account again."
        )
        return 1
    door.say("The older keys may be taken out now, but old backups can be read with them only.")
    return 0


@click.command("disconnect")
@click.argument("name", metavar="ACCOUNT")
@reason_option
@actor_option
@click.pass_obj
def disconnect(door: Door, name: str, reason: str | None, actor: str | None) -> int:
    """Wipe what is stored for an account that was connected.

    Its posts wait until it is connected again; a bot that runs notices within seconds. What the
    platform itself allowed is withdrawn there, in the account's settings.

    Example: bot accounts disconnect facebook --reason "Ana has left"
    """
    bot = door.open()
    bot.connections.disconnect(name, actor=actor or terminal_actor(), reason=reason)
    door.say(f"{bot.titles[name]} is disconnected. Its posts wait, none is lost.")
    door.say("Connect it again in the web app, under Accounts. See: docs/connecting.md")
    return 0
