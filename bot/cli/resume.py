"""`bot resume`: ends a pause, after showing what will get a new time."""

import sys

import click

from bot import flow
from bot.cli.deciding import actor_option, plain_rows, reason_option
from bot.cli.door import Door
from bot.cli.teller import teller
from bot.decisions.pause import kept_back
from bot.decisions.record import Decider
from bot.errors import NotAllowed
from bot.model.delivery import Hold
from bot.store import accounts, deliveries
from bot.wiring import Bot


@click.command()
@click.argument("account", required=False)
@click.option("--yes", is_flag=True, help="Do not ask.")
@reason_option
@actor_option
@click.pass_obj
def command(
    door: Door, account: str | None, yes: bool, reason: str | None, actor: str | None
) -> int:
    """End a pause and give new times to what it kept back.

    Shows first which posts get a new time, and asks when a person sits at the terminal. Nothing is
    sent in a heap: each takes a free time.

    Example: bot resume --yes
    """
    bot = door.open()
    decider = bot.decider(actor, reason)
    ids = _kept_back(bot, decider, account)
    _refuse_when_nothing_is_paused(bot)
    told = teller(bot)
    for row in plain_rows(bot, ids):
        was = f"was due {told.date(row['due_at'])}" if row["due_at"] else "had no time yet"
        door.say(f"{row['post']} on {told.title(row['account'])} {was} and gets a new time.")
    if ids and not yes and sys.stdin.isatty():
        click.confirm("Go on?", default=True, abort=True)
    flow.resume(bot, decider, account)
    door.say(f"{told.title(account) if account else 'Everything'} goes on.")
    for row in plain_rows(bot, ids):
        door.say(f"{row['post']} on {told.story_line(row)}.")
    door.say("See all that waits: bot queue")
    return 0


def _refuse_when_nothing_is_paused(bot: Bot) -> None:
    with bot.store.read() as session:
        paused = accounts.open_pauses(session) or deliveries.held_for(session, Hold.PAUSED)
    if not paused:
        raise NotAllowed("Nothing is paused. See what waits: bot queue")


def _kept_back(bot: Bot, decider: Decider, account: str | None) -> list[int]:
    with bot.store.read() as session:
        wanted = [accounts.named(session, account)] if account else accounts.all_of(session)
        return [
            delivery.id
            for row in wanted
            for delivery in kept_back(session, decider, row)
            if delivery.due_at is not None and delivery.due_at <= bot.clock()
        ]
