"""`bot doctor`: settings, database, heartbeat, queue, accounts, upkeep and alarms, in sentences."""

import platform
from collections.abc import Callable

import click

from bot import __version__, settings, wiring
from bot.accounts import health
from bot.alerts import checks, copies, money, notify, upkeep
from bot.alerts import feeds as silent_feeds
from bot.alerts import letters as undelivered
from bot.alerts.checks import Finding
from bot.alerts.sight import Sight
from bot.cli import screen, trouble
from bot.cli.accounts import vars_of
from bot.cli.door import Door, json_option
from bot.cli.failures import plain
from bot.clock import system_now
from bot.errors import BotError
from bot.flow import alarms, pinging
from bot.settings import Settings
from bot.store import accounts, schema
from bot.store.engine import Store
from bot.wiring import Bot

# Asking costs money on some platforms, and time on all.
MOST_ASKED = 20


@click.command()
@json_option
@click.pass_obj
def command(door: Door, as_json: bool) -> int:
    """Check everything and say what is wrong.

    Looks at the settings, the database, whether the bot runs, what waits, backups, the disk and
    whom alarms reach, and asks X and Facebook whether we are still signed in. One thing that is
    wrong does not hide the next.

    Example: bot doctor
    """
    found = _findings(door)
    wrong = [finding for finding in found if not finding.ok]
    if as_json:
        door.print_json([vars_of(finding) for finding in found])
        return 1 if wrong else 0
    screen.heading(door, "What the bot found")
    for finding in found:
        sign = "WRONG" if not finding.ok else "note " if finding.note else "ok   "
        (door.say if finding.ok else door.trouble)(f"  {sign}  {finding.check}: {finding.says}")
    if wrong:
        door.say(f"Next: see to the first line marked WRONG ({wrong[0].check}).")
    else:
        door.say(_nothing_wrong(door))
    return 1 if wrong else 0


def _nothing_wrong(door: Door) -> str:
    loaded = door.settings()
    platforms = door.platforms(loaded, door.memory(loaded)).values()
    if all(platform.missing_settings for platform in platforms):
        return (
            "Nothing is wrong, but nothing can go out: no account is on. Next: docs/credentials.md"
        )
    return "All is well. See what waits: bot queue"


def _findings(door: Door) -> list[Finding]:
    try:
        loaded = door.settings()
    except BotError as error:
        return [Finding("settings", False, plain(error))]
    found = [_settings(), _versions()]
    found += _guarded("database", lambda: [_database(door, loaded)])
    if not found[-1].ok:
        return found
    try:
        bot = door.open()
    except BotError as error:
        return [*found, Finding("accounts", False, plain(error))]
    now, zone, around = bot.clock(), bot.settings.zone, alarms.sight(bot)
    rooms: dict[str, Callable[[], list[Finding]]] = {
        "database": lambda: [checks.database(bot.store)],
        "imprint": lambda: _imprint(bot),
        "heartbeat": lambda: [checks.heartbeat(bot.store, now, zone)],
        "the bot itself": lambda: [checks.own_trouble(bot.store, now, zone)],
        "due posts": lambda: [checks.overdue(trouble.silences(bot), bot.titles, zone)],
        "queue": lambda: [checks.troubles(bot.store)],
        "feeds": lambda: silent_feeds.silence(bot.store, now, zone),
        undelivered.CHECK: lambda: undelivered.undelivered(bot.store, now, zone),
        "pauses": lambda: [checks.pauses(bot.store, bot.titles)],
        "quiet times": lambda: [checks.quiet(bot.store, now, zone, bot.titles)],
        "platforms": lambda: [checks.parked(bot.store, now, zone, bot.titles)],
        "pages": lambda: copies.behind(bot.store, bot.titles),
        "money": lambda: [
            money.spent(bot.store, now, zone, bot.budgets.limits, bot.titles),
        ],
        "second copies": lambda: [copies.twice(bot.store, now)],
        "accounts": lambda: _accounts(bot),
        "labels": lambda: _labels(bot, around),
        "posts": lambda: upkeep.next_and_last(bot.store, around),
        "timetable": lambda: upkeep.gaps(bot.store, around),
        "backups": lambda: [upkeep.backups(bot.store, around)],
        "disk": lambda: [upkeep.disk(around)],
        "alarms": lambda: _alarms(bot, around),
    }
    for name, look in rooms.items():
        found += _guarded(name, look)
    return found


def _guarded(name: str, look: Callable[[], list[Finding]]) -> list[Finding]:
    try:
        return look()
    except BotError as error:
        return [Finding(name, False, plain(error))]


def _settings() -> Finding:
    slips = settings.likely_typos()
    return Finding("settings", True, " ".join(slips) or "All can be read.", note=bool(slips))


def _database(door: Door, loaded: Settings) -> Finding:
    door.refuse_missing(loaded)
    store = Store(loaded.database_url.get_secret_value(), system_now)
    try:
        schema.require_current(store)
    finally:
        store.close()
    return Finding("version", True, f"The database is up to date ({schema.HEAD}).")


def _versions() -> Finding:
    running = f"Campaign bot {__version__} on Python {platform.python_version()}."
    return Finding("program", True, running)


def _imprint(bot: Bot) -> list[Finding]:
    slips = wiring.imprint_slips(bot.settings, bot.kinds)
    if slips:
        return [Finding("imprint", not wrong, said, note=True) for wrong, said in slips]
    live = any(p.is_live and not p.missing_settings for p in bot.platforms.values())
    if not live or bot.admission.imprint.is_answered:
        return []
    says = "Its questions are open, so posts to live accounts are on hold. Answer them: bot init"
    return [Finding("imprint", False, says)]


def _accounts(bot: Bot) -> list[Finding]:
    found: list[Finding] = []
    bot.credentials.look_into(list(bot.platforms))
    troubles = bot.credentials.troubles
    asked = 0
    for name, one in bot.platforms.items():
        if name in troubles:
            found.append(Finding(bot.titles[name], False, troubles[name]))
            continue
        if one.missing_settings:
            missing = ", ".join(one.missing_settings)
            given = name in bot.credentials.environment
            says = f"It is off. Missing{' in .env' if given else ''}: {missing}."
            found.append(Finding(bot.titles[name], True, says, note=True))
            continue
        asked += 1
        if asked <= MOST_ASKED:
            found += _guarded(bot.titles[name], lambda name=name: _asked(bot, name))  # type: ignore[misc]
    if asked > MOST_ASKED:
        says = f"{asked - MOST_ASKED:,} more were not asked: bot accounts check NAME"
        found.append(Finding("accounts", True, says, note=True))
    return found


def _asked(bot: Bot, name: str) -> list[Finding]:
    checkup = health.check(bot.store, bot.clock, name, bot.platforms[name], bot.expected_imprint)
    return checks.account(bot.titles[name], checkup.health, bot.clock())


def _labels(bot: Bot, around: Sight) -> list[Finding]:
    """Of live accounts: the label for automated ones, and where the imprint was seen."""
    found: list[Finding] = []
    with bot.store.read() as session:
        rows, last = accounts.all_of(session), accounts.last_checks(session)
    for row in rows:
        one = bot.platforms.get(row.name)
        if one is None or not one.is_live or one.missing_settings:
            continue
        if one.rules.labels_automation:
            found.append(upkeep.label(row, bot.titles[row.name], around))
        if one.rules.imprint_elsewhere and bot.expected_imprint.line:
            found.append(upkeep.imprint_place(bot.titles[row.name], last.get(row.id), around))
    return found


def _alarms(bot: Bot, around: Sight) -> list[Finding]:
    found = upkeep.reachable(bot.store, notify.places(bot.settings.alarm_addresses), around)
    if bot.settings.ping_url.get_secret_value():
        found.append(upkeep.switch(bot.store, pinging.LABEL, around))
    return found
