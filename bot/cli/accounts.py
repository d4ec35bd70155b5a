"""`bot accounts`: who we speak for, and how each account is."""

from typing import Any

import click

from bot.accounts import health
from bot.accounts.connect import Standing
from bot.accounts.credentials import Source
from bot.alerts import checks
from bot.cli import accounthistory, accountkeys, accountlabel, screen
from bot.cli.door import Door, json_option
from bot.cli.teller import Teller, teller
from bot.clock import iso
from bot.store import accounts
from bot.wiring import Bot


@click.group()
def command() -> None:
    """See the X profile and Facebook Page we speak for.

    Example: bot accounts check
    """


@command.command("list")
@json_option
@click.pass_obj
def list_(door: Door, as_json: bool) -> int:
    """Which accounts are on, and what the others lack.

    Example: bot accounts list
    """
    bot = door.open()
    found = _accounts(bot)
    if as_json:
        door.print_json(found)
        return 0
    told = teller(bot)
    screen.table(
        door,
        ("Account", "Is", "Speaks as", "Signs in", "State"),
        [
            (
                told.title(row["account"]),
                _is(row),
                row["name"] or row["remote_id"] or "not asked yet",
                _signs_in(row, told),
                _state(row, told.date(row["parked_until"])),
            )
            for row in found
        ],
    )
    door.say("Ask the platforms how they are: bot accounts check")
    return 0


@command.command("check")
@click.argument("name", required=False)
@json_option
@click.pass_obj
def check(door: Door, name: str | None, as_json: bool) -> int:
    """Ask the platforms how each account is.

    Example: bot accounts check x
    """
    bot = door.open()
    names = [name] if name else [row["account"] for row in _accounts(bot) if row["on"]]
    found = []
    for one in names:
        platform = bot.platform_named(one)
        if platform.missing_settings:
            missing = ", ".join(platform.missing_settings)
            says = bot.credentials.troubles.get(one) or f"It is off. Missing: {missing}."
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


for _verb in (
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


def _accounts(bot: Bot) -> list[dict[str, Any]]:
    with bot.store.read() as session:
        return [
            {
                "account": row.name,
                "platform": row.platform,
                "on": not bot.platforms[row.name].missing_settings,
                "missing_settings": list(bot.platforms[row.name].missing_settings),
                "live": bot.platforms[row.name].is_live,
                "remote_id": row.remote_id,
                "name": row.display_name,
                "approval": row.approval,
                "parked_until": iso(row.parked_until)
                if row.parked_until and row.parked_until > bot.clock()
                else None,
                "park_reason": row.park_reason,
                "paused": (pause := accounts.pause_over(session, row.id)) is not None,
                "pause_reason": pause.reason if pause else None,
                **_standing(bot.connections.standing(row.name)),
            }
            for row in accounts.all_of(session)
            if row.name in bot.platforms
        ]


def _standing(standing: Standing) -> dict[str, Any]:
    return {
        "credentials": standing.source.value,
        "connected_by": standing.connected_by,
        "connected_at": iso(standing.connected_at),
        "expires_at": iso(standing.expires_at),
        "trouble": standing.trouble or None,
    }


def _signs_in(row: dict[str, Any], told: Teller) -> str:
    if row["credentials"] != Source.STORED:
        return "from the environment" if row["credentials"] == Source.ENVIRONMENT else ""
    said = f"connected by {row['connected_by']}, {told.date(row['connected_at'])}"
    ends = row["expires_at"]
    return f"{said}; ends {told.date(ends)}" if ends else said


def _is(row: dict[str, Any]) -> str:
    if not row["on"]:
        return "off"
    return "on" if row["live"] else "on (simulated)"


def _state(row: dict[str, Any], until: str) -> str:
    if row["trouble"]:
        return str(row["trouble"])
    if not row["on"]:
        missing = ", ".join(row["missing_settings"])
        return f"Missing in .env: {missing}. Or connect it: docs/connecting.md"
    if row["paused"]:
        return f"paused: {row['pause_reason']}"
    if row["parked_until"]:
        return f"waits until {until}: {row['park_reason']}"
    return "ready"
