"""`bot resume`: ends a pause, after showing the new times of what it kept back, and asking."""

import sys
from collections.abc import Sequence

import click

from bot import flow
from bot.cli.deciding import actor_option, reason_option
from bot.cli.door import Door
from bot.cli.teller import Row, Teller, teller
from bot.clock import iso
from bot.model.account import Account
from bot.reports import queue, words
from bot.store import accounts, deliveries
from bot.wiring import Bot


@click.command()
@click.argument("account", required=False)
@click.option("--yes", is_flag=True, help="Do not ask; for scripts.")
@reason_option
@actor_option
@click.pass_obj
def command(
    door: Door, account: str | None, yes: bool, reason: str | None, actor: str | None
) -> int:
    """End a pause and give new times to what it kept back.

    Shows first which post gets which time, and asks when a person sits at the terminal. Nothing is
    sent in a heap: each takes a free time of its own, and a typed time that went by too long ago
    waits for you.

    Example: bot resume --yes
    """
    bot = door.open()
    decider = bot.decider(actor, reason)
    kept = _rows(bot, flow.resume_shown(bot, decider, account))
    told = teller(bot)
    for was, row in kept:
        door.say(f"{row['post']} on {told.title(row['account'])} {_line(told, was, row)}.")
    if kept and not yes and sys.stdin.isatty():
        click.confirm("Go on?", default=True, abort=True)
    flow.resume(bot, decider, account)
    _tell_end(door, bot, told, account)
    door.say("See all that waits: bot queue")
    return 0


def _rows(bot: Bot, kept: Sequence[flow.Shown]) -> list[tuple[str | None, Row]]:
    """Each post's old time and how it would stand."""
    with bot.store.read() as session:
        parts = deliveries.parts_of(session, [one.delivery.id for one in kept])
        return [
            (
                iso(one.was_due_at),
                queue.row(
                    one.delivery,
                    session.get_one(Account, one.delivery.account_id),
                    parts[one.delivery.id],
                ),
            )
            for one in kept
        ]


def _line(told: Teller, was: str | None, row: Row) -> str:
    before = f"was due {told.date(was)}" if was else "had no time yet"
    said = told.goes_out(row)
    if row["due_at"] == was:
        return f"{before}: {said}"
    return f"{before} and gets a new time: {said}"


def _tell_end(door: Door, bot: Bot, told: Teller, account: str | None) -> None:
    with bot.store.read() as session:
        wider = (
            accounts.pause_over(session, accounts.named(session, account).id) if account else None
        )
    if wider is None:
        door.say(f"{told.title(account) if account else 'Everything'} goes on.")
        return
    door.say(
        f"{told.title(account or '')} has no pause of its own any more, but everything is paused: "
        f"{words.sentence(wider.reason)} End that with: bot resume"
    )
