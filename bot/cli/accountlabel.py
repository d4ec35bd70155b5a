"""`bot accounts label`: notes that somebody saw the label for automated accounts, who and when."""

import click

from bot.cli.deciding import actor_option
from bot.cli.door import Door
from bot.decisions.rules import confirm_label
from bot.errors import UsageError


@click.command("label")
@click.argument("account")
@actor_option
@click.pass_obj
def label(door: Door, account: str, actor: str | None) -> int:
    """Say that you saw the account shown as automated.

    X asks accounts that a program posts for to carry its Automated label. The bot cannot see it:
    look at the profile, then type this. Who said so and when stands in bot doctor.

    Example: bot accounts label x
    """
    bot = door.open()
    platform = bot.platform_named(account)
    title = platform.rules.title
    if not platform.rules.labels_automation:
        raise UsageError(f"{title} has no such label.")
    confirm_label(bot.decider(actor), account)
    door.say(f"Noted: {title} shows the account as automated. See: bot doctor")
    return 0
