"""`bot approve`: approve exactly these words."""

import click

from bot.cli.deciding import actor_option, decide, reason_option, targets_argument
from bot.cli.door import Door
from bot.decisions.approve import approve


@click.command()
@targets_argument
@reason_option
@actor_option
@click.option(
    "--alone", is_flag=True, help="Your own words, where nobody else could; needs --reason."
)
@click.pass_obj
def command(
    door: Door, targets: tuple[str, ...], reason: str | None, actor: str | None, alone: bool
) -> int:
    """Approve exactly these words.

    POST is a post (P12: on every account) or one of its numbers (12: on one account). If the
    words change afterwards, they wait for approval again.

    Example: bot approve P12 --as Ana
    """
    return decide(
        door,
        targets,
        lambda _bot, decider, target: approve(decider, target, alone=alone),
        done="approved",
        actor=actor,
        reason=reason,
    )
