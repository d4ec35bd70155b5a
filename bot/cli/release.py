"""`bot release`: let what is on hold go out."""

import click

from bot.cli.deciding import actor_option, decide, reason_option, targets_argument
from bot.cli.door import Door
from bot.decisions.release import release


@click.command()
@targets_argument
@click.option("--at", metavar="WHEN", help="A new time: 2026-12-01 18:30, next, or now.")
@reason_option
@actor_option
@click.pass_obj
def command(
    door: Door, targets: tuple[str, ...], at: str | None, reason: str | None, actor: str | None
) -> int:
    """Let a post on hold go out, at its own time or another.

    POST is a post (P12: on every account) or one of its numbers (12: on one account). A post whose
    time went by takes the next free one, unless --at gives another.

    Example: bot release P12 --at "2026-12-01 18:30"
    """
    return decide(
        door,
        targets,
        lambda bot, decider, target: release(decider, target, bot.settings.zone, at),
        done="released",
        actor=actor,
        reason=reason,
    )
