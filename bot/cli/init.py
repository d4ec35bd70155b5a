"""`bot init`: creates or upgrades the database, and says what is configured and what is missing."""

from collections.abc import Mapping
from pathlib import Path

import click

from bot import fleet, settings, wiring
from bot.cli import screen, setupquestions
from bot.cli.deciding import actor_option
from bot.cli.door import Door, database_file, make_room
from bot.clock import system_now
from bot.platforms.contract import Platform
from bot.reports import words
from bot.settings import Settings
from bot.store import schema
from bot.store.engine import Store

# Remarks stand on lines of their own: behind an empty value a .env file would take them for it.
IMPRINT_LINES = (
    "# always, election (only posts that may sway a vote) or never",
    "IMPRINT_MODE=always",
    "# who promotes the posts, usually the group, and its postal address or PO box",
    "IMPRINT_PROMOTER=",
    "IMPRINT_ADDRESS=",
)


@click.command()
@click.option(
    "--answer", "given", multiple=True, metavar="KEY=WORDS", help="Answer a question of set-up."
)
@actor_option
@click.pass_obj
def command(door: Door, given: tuple[str, ...], actor: str | None) -> int:
    """Create or upgrade the database, and say what is missing.

    Asks the questions that must be answered before anything goes to a live account. Safe to run
    again at any time: nothing that is there is lost.

    Example: bot init --answer registered=no
    """
    loaded = door.settings()
    typed = dict(setupquestions.read(one) for one in given)
    _database(door, loaded)
    wiring.configure_log(loaded, quiet=True)
    bot = wiring.build(loaded)
    platforms = bot.platforms
    _folder(door, loaded)
    missing = _accounts(door, {name: platforms[name] for name in bot.credentials.environment})
    more = len(platforms) - len(bot.credentials.environment)
    if more:
        door.say(f"  And {words.plural(more, 'account')} added here: bot accounts list")
    is_on = any(p.is_live and not p.missing_settings for p in platforms.values())
    setupquestions.ask(door, bot, bot.decider(actor), typed, is_needed=is_on)
    is_open = is_on and not wiring.build(loaded).admission.imprint.is_answered
    if is_open:
        _imprint(door)
    for _, said in wiring.imprint_slips(loaded, bot.kinds):
        door.trouble(said)
    for said in settings.likely_typos():
        door.trouble(f"Perhaps a slip: {said}")
    door.say()
    door.say(_next_step(missing, is_open))
    return 0


def _database(door: Door, loaded: Settings) -> None:
    make_room(loaded)
    store = Store(loaded.database_url.get_secret_value(), system_now)
    before, after = schema.upgrade(store)
    file = database_file(loaded)
    place = f" ({file})" if file else ""
    if before is None:
        door.say(f"The database was created{place}.")
    elif before == after:
        door.say(f"The database is there and up to date{place}.")
    else:
        door.say(f"The database was upgraded from {before} to {after}{place}.")
    if fleet.is_at_hand(store) and (said := fleet.prepare(store)):
        door.say(said)
    store.close()


def _folder(door: Door, loaded: Settings) -> None:
    folder = loaded.posts_dir
    if not folder.is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        door.say(f"The posts folder was made: {folder}")
    else:
        door.say(f"The posts folder is {folder}.")


def _accounts(door: Door, platforms: Mapping[str, Platform]) -> list[str]:
    missing: list[str] = []
    screen.heading(door, "Accounts")
    for platform in platforms.values():
        title = platform.rules.title
        if platform.missing_settings:
            missing += platform.missing_settings
            door.say(f"  {title}: off. To switch it on, put into .env:")
            for name in platform.missing_settings:
                door.say(f"    {name}=")
            if not platform.missing_to_connect:
                door.say("  Or connect it in the web app, under Accounts: docs/connecting.md")
        else:
            where = "" if platform.is_live else ", a simulated one on this machine"
            door.say(f"  {title}: on{where}.")
    return missing


def _imprint(door: Door) -> None:
    """What a live account still waits for."""
    screen.heading(door, "Posts to live accounts are on hold")
    door.say(
        "  Until the questions above are answered, and until .env says who promotes the posts:"
    )
    for line in IMPRINT_LINES:
        door.say(f"    {line}")


def _next_step(missing: list[str], questions: bool) -> str:
    if questions:
        return "Next: answer the questions, fill in .env, then run again: bot init"
    if missing and not Path(".env").exists():
        return "Next: cp config.example.env .env, fill in the keys, then: bot doctor"
    if missing:
        return "Next: fill in the keys in .env, then: bot doctor"
    return "Next: bot doctor, then write a post and queue it: bot add FILE"
