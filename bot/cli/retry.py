"""`bot retry`: try a failed post again."""

import click

from bot.cli.deciding import actor_option, decide, reason_option, targets_argument
from bot.cli.door import Door
from bot.decisions.retry import retry


@click.command()
@targets_argument
@reason_option
@actor_option
@click.pass_obj
def command(door: Door, targets: tuple[str, ...], reason: str | None, actor: str | None) -> int:
    """Try a failed post again.

    POST is a post (P12: on every account) or one of its numbers (12: on one account). Put right
    first what the platform refused. What is out already is not sent again.

    Example: bot retry 12
    """
    return decide(
        door,
        targets,
        lambda _bot, decider, target: retry(decider, target),
        done="it is tried again",
        actor=actor,
        reason=reason,
    )
