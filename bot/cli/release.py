"""`bot release`: let what is on hold go out."""

import itertools
from collections.abc import Sequence

import click

from bot.cli.deciding import actor_option, decide, reason_option, targets_argument
from bot.cli.door import Door
from bot.decisions.record import Decider
from bot.decisions.release import release
from bot.model.delivery import Delivery
from bot.wiring import Bot


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
    time went by takes the next free one, unless --at gives another. Several posts each get a time
    of their own; with --at TIME the first goes at that time, the others one after the other.

    Example: bot release P12 P13 --at "2026-12-01 18:30"
    """
    later = itertools.count()

    def one(bot: Bot, decider: Decider, target: str) -> Sequence[Delivery]:
        after = bot.settings.min_spacing * next(later)
        return release(decider, target, bot.settings.zone, at, after)

    return decide(door, targets, one, done="released", actor=actor, reason=reason)
