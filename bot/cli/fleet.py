"""`bot fleet`: what runs on this database, on one machine or many."""

import socket
from collections.abc import Iterable
from datetime import datetime

import click

from bot.cli import screen
from bot.cli.door import Door, json_option
from bot.cli.teller import Teller, teller
from bot.model.delivery import SILENT_AFTER, Standing
from bot.reports import fleetstatus, words
from bot.reports.fleetstatus import FleetStatus, Lateness, WorkerSeen
from bot.store import fleetstatus as rows
from bot.wiring import Bot

COLUMNS = ("Worker", "State", "Started", "Seen", "Sends now")
HOLDINGS_SHOWN = 3


@click.group()
def command() -> None:
    """What runs, what waits and how late posts were.

    On one machine or many that share one database.

    Example: bot fleet status
    """


@command.command("status")
@json_option
@click.option("--here", is_flag=True, help="Only ask whether bot run is alive on this machine.")
@click.pass_obj
def status(door: Door, as_json: bool, here: bool) -> int:
    """Every worker, what it sends now, what waits, and how late posts were.

    Ends with 1 when something is due and no worker is alive. With --here it ends with 1 when no
    worker of this machine gave a sign of life within two minutes: a health check for containers.

    Example: bot fleet status --json
    """
    bot = door.open()
    if here:
        return _here(door, bot)
    found = fleetstatus.status(bot.store, bot.clock())
    if as_json:
        door.print_json(found.as_json)
    else:
        _tell(door, teller(bot), found)
    return 0 if found.ok else 1


def _here(door: Door, bot: Bot) -> int:
    host = socket.gethostname()
    with bot.store.read() as session:
        since = bot.store.lease_now(session) - SILENT_AFTER
        is_here = rows.is_here(session, host, since)
    if is_here:
        door.say(f"bot run is alive on this machine ({host}).")
        return 0
    length = words.span(SILENT_AFTER)
    door.trouble(f"Nothing gave a sign of life on this machine ({host}) for {length}: bot run")
    return 1


def _tell(door: Door, told: Teller, found: FleetStatus) -> None:
    screen.heading(door, "Workers")
    screen.table(door, COLUMNS, [_row(told, one) for one in found.seen], whole="State")
    if not found.seen:
        door.say("  None since yesterday.")
    screen.heading(door, "What waits")
    door.say(f"  {_backlog(told, found)}")
    screen.heading(door, "How late posts were, over the last hour")
    for line in lateness_lines(found.lateness):
        door.say(f"  {line}")
    if found.parked:
        screen.heading(door, "Accounts of which nothing goes out")
    for one in found.parked:
        until = f" until {words.moment(one.until, told.zone)}" if one.until else ""
        door.say(f"  {told.title(one.account)}{until}: {words.sentence(one.reason)}")
    _end(door, found)


def _row(told: Teller, one: WorkerSeen) -> tuple[str, ...]:
    row = one.worker
    version = f", version {row.version}" if row.version else ""
    return (
        f"{row.id} on {row.host} (process {row.pid}{version})",
        words.STANDINGS[one.standing],
        _ago(told, row.started_at),
        _ago(told, row.seen_at),
        _sends(told, one),
    )


def _ago(told: Teller, at: datetime) -> str:
    """The clocks of bot and database may differ by moments: nothing was seen in the future."""
    said = words.away(min(at, told.now), told.now)
    return "just now" if said == "now" else said


def _sends(told: Teller, one: WorkerSeen) -> str:
    named = [f"P{held.post_id} on {told.title(held.account)}" for held in one.holds]
    more = len(named) - HOLDINGS_SHOWN
    shown = ", ".join(named[:HOLDINGS_SHOWN])
    if more > 0:
        return f"{shown} and {more:,} more"
    return shown or ("nothing" if one.standing is Standing.ALIVE else "")


def _backlog(told: Teller, found: FleetStatus) -> str:
    waits = found.backlog
    in_all = f"{words.plural(waits.waiting, 'post')} in all"
    if not waits.due or waits.oldest_due_at is None:
        return f"{in_all}; none is due yet."
    since = words.moment(waits.oldest_due_at, told.zone)
    return f"{in_all}; {waits.due:,} due and not out, the first since {since}."


def lateness_lines(late: Lateness) -> Iterable[str]:
    """Half, 95 and 99 in a hundred, and what is counted."""
    if late.counted:
        half, most, nearly_all = (
            f"{seconds:,.1f}" for seconds in late.seconds.values() if seconds is not None
        )
        yield (
            f"Half went out within {half} seconds of their time, 95 in 100 within {most}, 99 in "
            f"100 within {nearly_all}."
        )
        counted = words.plural(late.counted, "post")
        yield f"Counted: {counted}, each from its time until its first part was public."
    else:
        yield "Nothing went out that counts."
    if late.left_out:
        yield (
            f"Not counted: {late.left_out:,} that a person, a pause, a quiet time, a platform's "
            "limit or the distance between posts kept back."
        )


def _end(door: Door, found: FleetStatus) -> None:
    if not found.ok:
        door.trouble("Posts are due and nothing is alive to send them. Start it: bot run")
    elif not found.alive:
        door.say("Nothing runs. Start it: bot run")
    else:
        door.say("Is everything else all right? bot doctor")
