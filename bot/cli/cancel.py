"""`bot cancel`: withdraw a post that is not out yet."""

import click

from bot.cli.deciding import actor_option, decide, reason_option, targets_argument
from bot.cli.door import Door
from bot.decisions.cancel import cancel, skip
from bot.decisions.record import Decider
from bot.model.delivery import Delivery
from bot.store import posts
from bot.wiring import Bot


@click.command()
@targets_argument
@click.option("--this-one", is_flag=True, help="Of a post that recurs, only the next round.")
@reason_option
@actor_option
@click.pass_obj
def command(
    door: Door, targets: tuple[str, ...], this_one: bool, reason: str | None, actor: str | None
) -> int:
    """Withdraw a post that is not out yet.

    POST is a post (P12: on every account) or one of its numbers (12: on one account). A
    cancelled post never comes back. What is out already stays out. A post that recurs is not
    repeated any more, unless you say --this-one.

    Example: bot cancel P12 --reason "the march is off"
    """
    recurring: list[str] = []

    def withdraw(bot: Bot, decider: Decider, target: str) -> list[Delivery]:
        rows = skip(decider, target) if this_one else cancel(decider, target)
        recurring.extend(_recurring(bot, rows))
        return rows

    code = decide(door, targets, withdraw, done="", actor=actor, reason=reason)
    for name in recurring:
        still = "is repeated all the same" if this_one else "is not repeated any more"
        door.say(f"{name} {still}.")
    return code


def _recurring(bot: Bot, rows: list[Delivery]) -> list[str]:
    """The posts among them that recur, each with its accounts: `P12 on X and Facebook`."""
    with bot.store.read() as session:
        found = posts.some(session, {row.post_id for row in rows})
    accounts: dict[int, dict[str, None]] = {}
    for row in rows:
        title = bot.by_id[row.account_id].rules.title
        accounts.setdefault(row.post_id, {})[title] = None
    return [
        f"{post.name} on {' and '.join(accounts[post.id])}"
        for post in found
        if post.recurs_until is not None
    ]
