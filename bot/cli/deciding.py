"""What the verbs that decide have in common: targets, who decides and why, and the answer."""

from collections.abc import Callable, Sequence
from typing import Any

import click

from bot import flow
from bot.cli.door import Door
from bot.cli.failures import plain
from bot.cli.teller import Teller, teller
from bot.decisions.record import Decider
from bot.errors import BotError
from bot.model.account import Account
from bot.model.delivery import Delivery, State
from bot.reports.queue import row
from bot.store import deliveries
from bot.wiring import Bot

Decide = Callable[[Bot, Decider, str], Sequence[Delivery]]

targets_argument = click.argument("targets", nargs=-1, required=True, metavar="POST…")
reason_option = click.option("--reason", metavar="WORDS", help="Why; kept with the decision.")
actor_option = click.option(
    "--as", "actor", metavar="NAME", help="Who decides; else whoever is signed in here."
)


def decide(
    door: Door,
    targets: Sequence[str],
    decision: Decide,
    *,
    done: str,
    actor: str | None = None,
    reason: str | None = None,
) -> int:
    """Decide on each target by itself: one that cannot be decided on stops no other."""
    bot = door.open()
    decider = bot.decider(actor, reason)
    code, first = 0, ""
    for target in targets:
        try:
            rows = decision(bot, decider, target)
        except BotError as error:
            door.complain(plain(error))
            code = max(code, error.exit_code)
            continue
        flow.plan(bot)
        tell(door, bot, rows, done)
        first = first or (f"P{rows[0].post_id}" if rows else "")
    if first:
        door.say(f"The whole story: bot show {first}")
    return code


def tell(door: Door, bot: Bot, rows: Sequence[Delivery], done: str) -> None:
    """How each post stands after a decision."""
    told = teller(bot)
    for one in plain_rows(bot, [delivery.id for delivery in last_rounds(rows)]):
        name = f"{one['post']} on {told.title(one['account'])} (number {one['delivery']})"
        over = one["state"] in (State.SENT, State.CANCELLED)
        door.say(f"{name}: {told.goes_out(one) if over or not done else _both(done, one, told)}.")


def last_rounds(rows: Sequence[Delivery]) -> list[Delivery]:
    """Of a post that recurs, the newest round on each account."""
    last = {(row.post_id, row.account_id): row.round for row in sorted(rows, key=lambda r: r.round)}
    return [row for row in rows if row.round == last[row.post_id, row.account_id]]


def _both(done: str, one: dict[str, Any], told: Teller) -> str:
    return f"{done}; it {_stands(told.goes_out(one))}"


def _stands(said: str) -> str:
    return said if said.startswith(("goes", "has", "is ")) else f"is {said}"


def plain_rows(bot: Bot, ids: Sequence[int]) -> list[dict[str, Any]]:
    """These posts' rows as they are now, read again."""
    with bot.store.read() as session:
        parts = deliveries.parts_of(session, ids)
        found = [deliveries.get(session, key) for key in ids]
        return [row(one, session.get_one(Account, one.account_id), parts[one.id]) for one in found]
