"""`bot blackout`: quiet times, in which nothing goes out; what each does to the posts is told."""

import sys
from collections.abc import Mapping

import click

from bot import flow
from bot.cli.deciding import actor_option, reason_option
from bot.cli.door import Door, json_option
from bot.cli.teller import Row, Teller, teller
from bot.clock import iso
from bot.decisions import blackout as deciding
from bot.errors import UsageError
from bot.model.account import Blackout
from bot.model.delivery import Hold, State
from bot.reports import queue, words
from bot.store import accounts, blackouts, deliveries
from bot.wiring import Bot


@click.group()
def command() -> None:
    """Set quiet times, in which nothing goes out.

    A post whose typed time falls inside is put on hold at once, and you pick another time for it;
    posts for the next free time move by themselves. Nothing is sent in a heap afterwards.

    Example: bot blackout add --from 2026-12-24 --until 2026-12-26 --reason "Christmas"
    """


@command.command("add")
@click.argument("account", required=False)
@click.option(
    "--from", "typed_from", default="now", metavar="WHEN", help="Its beginning; else now."
)
@click.option("--until", "typed_until", required=True, metavar="WHEN", help="Its end.")
@click.option("--reason", metavar="WORDS", help="Why; everyone will see it.")
@actor_option
@click.pass_obj
def add(
    door: Door,
    account: str | None,
    typed_from: str,
    typed_until: str,
    reason: str | None,
    actor: str | None,
) -> int:
    """Set a quiet time for one account, or for all without ACCOUNT.

    WHEN is 2026-12-24 18:00 or 24/12/2026 18:00, in the bot's own zone; a day alone is the whole
    day. To stop this very moment, whatever the hour: bot pause

    Example: bot blackout add x --from "24/12/2026 18:00" --until 27/12/2026 --reason "Christmas"
    """
    bot = door.open()
    hours = deciding.hours(typed_from, typed_until, bot.settings.zone, bot.clock())
    before = _open_rows(bot)
    row = deciding.add(bot.decider(actor, reason or _asked()), account, hours)
    told = teller(bot)
    door.say(f"{_whose(bot, told, row)} is quiet {_span(told, row)}: {words.sentence(row.reason)}")
    for note in hours.notes:
        door.say(f"Note: {note}")
    _tell_changes(door, bot, before)
    _under_way(door, bot, row)
    door.say(f"Take it back with: bot blackout remove {row.id}")
    return 0


@command.command("list")
@click.option("--all", "everything", is_flag=True, help="Those that are over, too.")
@json_option
@click.pass_obj
def list_(door: Door, everything: bool, as_json: bool) -> int:
    """The quiet times in force and to come.

    Example: bot blackout list
    """
    bot = door.open()
    with bot.store.read() as session:
        rows = blackouts.all_of(session) if everything else blackouts.standing(session, bot.clock())
        names = accounts.names_of(session, [row.account_id for row in rows if row.account_id])
    if as_json:
        door.print_json([_as_json(bot, row, names) for row in rows])
        return 0
    told = teller(bot)
    for row in rows:
        door.say(f"{row.id}  {_whose(bot, told, row)} {_span(told, row)}: {row.reason}")
        door.say(f"   {_standing(bot, row)}; set by {words.actor(row.actor)}")
    none = 'No quiet time is set. Set one: bot blackout add --from WHEN --until WHEN --reason "..."'
    door.say("Take one back: bot blackout remove NUMBER" if rows else none)
    return 0


@command.command("remove")
@click.argument("number", type=click.IntRange(min=1), metavar="NUMBER")
@reason_option
@actor_option
@click.pass_obj
def remove(door: Door, number: int, reason: str | None, actor: str | None) -> int:
    """Take a quiet time back, before it begins or while it is.

    What has its typed time still ahead goes out then. What has gone by stays on hold as missed, for
    you to pick a new time.

    Example: bot blackout remove 3
    """
    bot = door.open()
    before = _open_rows(bot)
    row = deciding.remove(bot.decider(actor, reason), number)
    told = teller(bot)
    door.say(f"{_whose(bot, told, row)} is no longer quiet {_span(told, row)}.")
    _tell_changes(door, bot, before)
    door.say("See all that waits: bot queue")
    return 0


def _asked() -> str:
    if not sys.stdin.isatty():
        raise UsageError('Say why, everyone will see it: --reason "Christmas"')
    said: str = click.prompt("Why? (everyone will see it)")
    return said


def _whose(bot: Bot, told: Teller, row: Blackout) -> str:
    with bot.store.read() as session:
        names = accounts.names_of(session, [row.account_id] if row.account_id else [])
    return told.title(names[row.account_id]) if row.account_id else "Everything"


def _span(told: Teller, row: Blackout) -> str:
    return f"from {told.date(iso(row.starts_at))} until {told.date(iso(row.ends_at))}"


def _standing(bot: Bot, row: Blackout) -> str:
    now = bot.clock()
    if row.removed_at is not None:
        return "taken back"
    if row.ends_at <= now:
        return "over"
    if row.starts_at <= now:
        return f"in force, ends {words.away(row.ends_at, now)}"
    return f"begins {words.away(row.starts_at, now)}"


def _as_json(bot: Bot, row: Blackout, names: Mapping[int, str]) -> dict[str, object]:
    now = bot.clock()
    return {
        "blackout": row.id,
        "account": names.get(row.account_id) if row.account_id else None,
        "starts_at": iso(row.starts_at),
        "ends_at": iso(row.ends_at),
        "reason": row.reason,
        "actor": row.actor,
        "removed_at": iso(row.removed_at),
        "in_force": row.removed_at is None and row.starts_at <= now < row.ends_at,
    }


def _open_rows(bot: Bot) -> dict[str, Row]:
    """What waits or is on hold, planned as of now, by its number."""
    flow.plan(bot)
    with bot.store.read() as session:
        rows = queue.rows(session)
    return {row["delivery"]: row for row in rows if row["state"] in (State.WAITING, State.HELD)}


def _tell_changes(door: Door, bot: Bot, before: Mapping[str, Row]) -> None:
    """What became of each post that the change touched."""
    after, told = _open_rows(bot), teller(bot)
    changed = [
        (before[key], row)
        for key, row in after.items()
        if key in before and _stand(before[key]) != _stand(row)
    ]
    for was, row in changed:
        door.say(f"  {row['post']} on {told.title(row['account'])}: {_became(told, was, row)}")
    if not changed:
        door.say("No post that waits is touched by it.")
    held = [row["delivery"] for _, row in changed if Hold.BLACKOUT in row["holds"]]
    missed = [row["delivery"] for _, row in changed if Hold.MISSED in row["holds"]]
    if held or missed:
        door.say(f"Give them new times: bot release {' '.join(held + missed)} --at next")


def _stand(row: Row) -> tuple[object, ...]:
    return row["state"], tuple(row["holds"]), row["due_at"]


def _became(told: Teller, was: Row, row: Row) -> str:
    due = told.date(was["due_at"])
    if Hold.MISSED in row["holds"]:
        return f"was due {due}. That has gone by, so it is missed and waits for you"
    if Hold.BLACKOUT in row["holds"]:
        rest = "; its first part is out, the rest follows afterwards" if row["half_out"] else ""
        return f"was to go out {due}. It is on hold until you give it another time{rest}"
    return told.goes_out(row)


def _under_way(door: Door, bot: Bot, row: Blackout) -> None:
    if row.starts_at > bot.clock():
        return
    with bot.store.read() as session:
        going = [
            one
            for one, _ in deliveries.in_flight(session)
            if row.account_id in (None, one.account_id)
        ]
    for one in going:
        door.say(f"P{one.post_id} is on its way this moment and may still go out: bot queue")
