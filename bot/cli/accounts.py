"""`bot accounts`: who we speak for, and how each account is."""

from typing import Any

import click

from bot.accounts import health
from bot.alerts import checks
from bot.cli import (
    accountadd,
    accounthistory,
    accountkeys,
    accountlabel,
    accountlist,
    accountset,
)
from bot.cli.door import Door, json_option
from bot.errors import UsageError
from bot.wiring import Bot

MOST_ASKED = 50


@click.group()
def command() -> None:
    """The X profiles and Facebook Pages we speak for.

    Example: bot accounts check
    """


@command.command("check")
@click.argument("name", required=False)
@json_option
@click.pass_obj
def check(door: Door, name: str | None, as_json: bool) -> int:
    """Ask the platforms how each account is.

    Example: bot accounts check x
    """
    bot = door.open()
    names = [name] if name else [one for one in bot.platforms if not _lacks(bot, one)]
    if len(names) > MOST_ASKED:
        raise UsageError(
            f"{len(names):,} accounts are on, and asking takes long and may cost. Name one, or "
            "see those that had trouble: bot accounts list --trouble"
        )
    found = []
    for one in names:
        platform = bot.platform_named(one)
        if platform.missing_settings:
            missing = ", ".join(platform.missing_settings)
            bot.credentials.look_into([one])
            says = bot.credentials.trouble(one) or f"It is off. Missing: {missing}."
            found.append(checks.Finding(bot.titles[one], False, says))
            continue
        checkup = health.check(bot.store, bot.clock, one, platform, bot.expected_imprint)
        found += checks.account(bot.titles[one], checkup.health, bot.clock())
    if as_json:
        door.print_json([vars_of(finding) for finding in found])
    else:
        for finding in found:
            (door.say if finding.ok else door.trouble)(f"{finding.check}: {finding.says}")
        door.say("Everything else: bot doctor" if found else "No account is on yet: bot init")
    return 0 if all(finding.ok for finding in found) else 1


def _lacks(bot: Bot, name: str) -> tuple[str, ...]:
    return bot.platforms[name].missing_settings


for _verb in (
    accountlist.list_,
    accountadd.add,
    accountset.set_,
    accountset.remove,
    accountkeys.key,
    accountkeys.rotate,
    accountkeys.disconnect,
    accounthistory.history,
    accountlabel.label,
):
    command.add_command(_verb)


def vars_of(finding: checks.Finding) -> dict[str, Any]:
    """A finding as plain data."""
    return {
        "check": finding.check,
        "ok": finding.ok,
        "note": finding.note,
        "says": finding.says,
    }
