"""`bot` alone: home, in ten lines. Works without a database and without settings."""

from pathlib import Path

from bot import __version__
from bot.alerts import checks
from bot.cli import trouble
from bot.cli.door import Door, database_file
from bot.cli.failures import plain
from bot.cli.teller import teller
from bot.errors import BotError
from bot.model.delivery import State
from bot.reports import queue, words
from bot.wiring import Bot

ABOUT = (
    f"Campaign bot {__version__}: publishes a group's approved posts to X and its",
    "Facebook Page, once, on time, and says so when it cannot.",
)
FIRST_STEPS = (
    ("bot demo", "watch it work on simulated platforms"),
    ("bot init", "set it up"),
    ("bot --help", "see every command"),
)
MENDING = (
    ("bot doctor", "see everything that is wrong"),
    ("bot init", "create or upgrade the database"),
    ("bot --help", "see every command"),
)

WRONG_SHOWN = 2

Steps = tuple[tuple[str, str], ...]


def home(door: Door) -> int:
    """What this is, whether it runs and is all right, and the next three things to do."""
    for line in ABOUT:
        door.say(line)
    door.say()
    try:
        loaded = door.settings()
        file = database_file(loaded)
        if file is not None and not file.exists():
            door.say("Running: no. It is not set up here yet.")
            return _steps(door, FIRST_STEPS, 0)
        return _of(door, door.open())
    except BotError as error:
        door.trouble(f"Not all right: {plain(error)}")
        return _steps(door, MENDING, 1)


def _of(door: Door, bot: Bot) -> int:
    now, zone = bot.clock(), bot.settings.zone
    running = checks.heartbeat(bot.store, now, zone)
    found = trouble.standing(bot, asked_of_the_bot=False)
    wrong = bool(found) or not running.ok
    (door.say if running.ok else door.trouble)(f"Running: {running.says}")
    for finding in found[:WRONG_SHOWN]:
        door.trouble(f"Not all right: {finding.says}")
    if len(found) > WRONG_SHOWN:
        door.trouble(f"And {len(found) - WRONG_SHOWN} more: bot doctor")
    if not wrong:
        door.say("All right: yes, nothing needs you.")
    closed = (checks.pauses(bot.store, bot.titles), checks.quiet(bot.store, now, zone, bot.titles))
    for finding, end in zip(closed, ("bot resume", "bot blackout list"), strict=True):
        if finding.note:
            door.say(f"{words.sentence(finding.says)} End it with: {end}")
    _next_out(door, bot)
    door.say(_where(bot))
    return _steps(door, _next_steps(bot, wrong=wrong, running=not running.note), wrong)


def _where(bot: Bot) -> str:
    """Where everything lies, in one line, for who has only the machine."""
    database = bot.store.path or "on PostgreSQL"
    settings = ".env" if Path(".env").exists() else "the environment"
    return (
        f"Here ({Path.cwd()}): database {database}, posts {bot.settings.posts_dir}, settings "
        f"{settings}. Taking over: bot handover"
    )


def _next_out(door: Door, bot: Bot) -> None:
    told = teller(bot)
    with bot.store.read() as session:
        rows = [row for row in queue.rows(session, 50) if row["state"] == State.WAITING]
    if rows:
        row = rows[0]
        door.say(f"Next out: {row['post']} on {told.title(row['account'])} {told.goes_out(row)}.")
    else:
        door.say("Next out: nothing is waiting.")


def _next_steps(bot: Bot, *, wrong: bool, running: bool) -> Steps:
    off = all(platform.missing_settings for platform in bot.platforms.values())
    steps = [
        ("bot queue", "see what needs you") if wrong else None,
        ("bot init", "see which keys are missing") if off else None,
        ("bot run", "start it") if not running else None,
        ("bot add FILE", "queue a post"),
        ("bot queue", "see what waits") if not wrong else None,
        ("bot log", "see how posts did"),
    ]
    return tuple(step for step in steps if step)[:3]


def _steps(door: Door, steps: Steps, code: int) -> int:
    door.say()
    door.say("Next:")
    for name, what in steps:
        door.say(f"  {name:<14}{what}")
    return code
