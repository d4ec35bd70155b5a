"""`bot alerts`: what was alarmed, and whether alarms reach somebody."""

import click

from bot.alerts import notify
from bot.cli.door import Door, json_option
from bot.clock import iso
from bot.clock.local import in_words
from bot.flow import alarms as watching
from bot.model.alarm import Alarm
from bot.reports import words
from bot.store import alarms

SHOWN = 50
NO_RECEIVER = "No receiver is set, so nobody is told. Put ALERT_URLS into .env: docs/alarms.md"


@click.group()
def command() -> None:
    """See what was alarmed, and test whether alarms reach somebody.

    Example: bot alerts test
    """


@command.command("test")
@json_option
@click.pass_obj
def test(door: Door, as_json: bool) -> int:
    """Send a test to each receiver, and say which took it.

    Example: bot alerts test
    """
    bot = door.open()
    said = watching.try_out(bot).said
    if as_json:
        door.print_json([{"receiver": name, "error": why} for name, why in said.items()])
        return 0 if said and not any(said.values()) else 1
    if not said:
        door.trouble(NO_RECEIVER)
        return 1
    for name, why in said.items():
        (door.trouble if why else door.say)(f"{name}: {why or 'it took the test.'}")
    if any(said.values()):
        door.say("Next: put the address right in ALERT_URLS. See docs/alarms.md")
        return 1
    door.say("Look whether it arrived everywhere.")
    return 0


@command.command("list")
@json_option
@click.pass_obj
def list_(door: Door, as_json: bool) -> int:
    """What was wrong, who was told, and when it was over; what stands comes first.

    Example: bot alerts list
    """
    bot = door.open()
    with bot.store.read() as session:
        rows = alarms.recent(session, SHOWN)
    if as_json:
        door.print_json([_plain(row) for row in rows])
        return 0
    zone = bot.settings.zone
    for row in rows:
        since = in_words(row.began_at, zone)
        ended = f" Over since {in_words(row.ended_at, zone)}." if row.ended_at else ""
        door.say(f"{words.ALARMS[row.name]}, since {since}.{ended}")
        door.say(f"  {row.said}")
        door.say(f"  {_told(row)}")
    if not rows:
        door.say("Nothing was alarmed yet.")
    if not notify.places(bot.settings.alarm_addresses):
        door.say(NO_RECEIVER)
    else:
        door.say("Test whether alarms reach somebody: bot alerts test")
    return 0


def _told(row: Alarm) -> str:
    if row.told_at is not None:
        return f"Told through {row.told_to}."
    return f"Nobody was told. {row.error}" if row.error else "Nobody was told."


def _plain(row: Alarm) -> dict[str, object]:
    return {
        "alarm": row.id,
        "name": row.name,
        "said": row.said,
        "began_at": iso(row.began_at),
        "noticed_at": iso(row.noticed_at),
        "told_at": iso(row.told_at),
        "told_to": row.told_to,
        "ended_at": iso(row.ended_at),
        "end_told_at": iso(row.end_told_at),
        "error": row.error,
    }
