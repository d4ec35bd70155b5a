"""`bot` alone: home, in ten lines. Works without a database and without settings."""

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
    late = checks.overdue(bot.store, now, zone)
    wrong = trouble.standing(bot)
    if not running.ok:
        wrong.append(running)
    door.say(f"Running: {running.says}")
    if wrong:
        for finding in wrong:
            door.trouble(f"Not all right: {finding.says}")
    else:
        door.say(f"All right: {late.says if not late.ok else 'yes, nothing needs you.'}")
    paused = checks.pauses(bot.store)
    if paused.note:
        door.say(f"Paused: {words.sentence(paused.says)} End it with: bot resume")
    _next_out(door, bot)
    return _steps(door, _next_steps(bot, wrong=bool(wrong), running=not running.note), bool(wrong))


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
