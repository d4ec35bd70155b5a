"""`bot cancel`: withdraw a post that is not out yet."""

import click

from bot.cli.deciding import actor_option, decide, reason_option, targets_argument
from bot.cli.door import Door
from bot.decisions.cancel import cancel


@click.command()
@targets_argument
@reason_option
@actor_option
@click.pass_obj
def command(door: Door, targets: tuple[str, ...], reason: str | None, actor: str | None) -> int:
    """Withdraw a post that is not out yet.

    POST is a post (P12: on every account) or one of its numbers (12: on one account). A
    cancelled post never comes back. What is out already stays out.

    Example: bot cancel P12 --reason "the march is off"
    """
    return decide(
        door,
        targets,
        lambda _bot, decider, target: cancel(decider, target),
        done="",
        actor=actor,
        reason=reason,
    )
