"""`bot takedown`: delete what is out on each platform, and look that it is gone."""

import sys

import click

from bot import flow
from bot.cli.deciding import actor_option, reason_option
from bot.cli.door import Door
from bot.cli.failures import plain
from bot.cli.teller import teller
from bot.errors import BotError, UsageError
from bot.wiring import Bot


@click.command()
@click.argument("targets", nargs=-1, required=True, metavar="POST…")
@reason_option
@actor_option
@click.option("--yes", is_flag=True, help="Do not ask; for scripts.")
@click.pass_obj
def command(
    door: Door, targets: tuple[str, ...], reason: str | None, actor: str | None, yes: bool
) -> int:
    """Take a post that is out down again.

    Deletes it on each platform now, looks whether it is gone, and withdraws what is not out yet.
    Its words, counts and your reason are kept, and it is never posted again by itself. POST is a
    post (P12: on every account) or one of its numbers (12: on one account).

    Example: bot takedown P12 --reason "the wrong date"
    """
    bot = door.open()
    if not reason:
        raise UsageError('Say why, it is kept with the post: bot takedown P12 --reason "..."')
    if not yes and sys.stdin.isatty():
        click.confirm(f"Delete {' and '.join(targets)} for everybody, now?", abort=True)
    codes = [_one(door, bot, target, reason, actor) for target in targets]
    return max(codes)


def _one(door: Door, bot: Bot, target: str, reason: str, actor: str | None) -> int:
    try:
        taken = flow.takedown(bot, bot.decider(actor, reason), target)
    except BotError as error:
        door.complain(f"{target}: {plain(error)}")
        return error.exit_code
    told = teller(bot)
    for one in taken:
        said = f"{target} on {told.title(one.account)}: {_ending(one)}"
        (door.say if _is_down(one) else door.trouble)(said)
    if not taken:
        door.say(f"{target} was not out yet; it is withdrawn and stays so.")
    else:
        door.say(f"What is kept of it: bot show {target}")
    return 0 if all(_is_down(one) for one in taken) else 1


def _is_down(one: flow.TakenDown) -> bool:
    return bool(one.is_gone) or (one.deletion.done and one.is_gone is None)


def _ending(one: flow.TakenDown) -> str:
    if one.is_gone:
        return "it is gone; we have looked."
    where = f" Look yourself, and delete it there if need be: {one.url}"
    if not one.deletion.done:
        why = one.deletion.reason or "The platform did not confirm it."
        return f"it is NOT taken down. {why}{where}"
    if one.is_gone is None:
        return f"the platform says it is deleted; we could not look again.{where}"
    return f"the platform says it is deleted, but still shows it.{where}"
