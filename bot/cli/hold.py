"""`bot hold`: hold a post back until you release it."""

import click

from bot.cli.deciding import actor_option, decide, reason_option, targets_argument
from bot.cli.door import Door
from bot.decisions.hold import hold


@click.command()
@targets_argument
@reason_option
@actor_option
@click.pass_obj
def command(door: Door, targets: tuple[str, ...], reason: str | None, actor: str | None) -> int:
    """Hold a post back until you release it.

    POST is a post (P12: on every account) or one of its numbers (12: on one account). It keeps
    its place; nothing of it goes out meanwhile.

    Example: bot hold P12 --reason "wait for the statement"
    """
    return decide(
        door,
        targets,
        lambda _bot, decider, target: hold(decider, target),
        done="",
        actor=actor,
        reason=reason,
    )
