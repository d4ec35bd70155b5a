"""`bot accounts list`: which accounts there are, a page at a time, and what the others lack."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import click

from bot.accounts.connect import Standing
from bot.accounts.credentials import Source
from bot.cli import screen
from bot.cli.door import Door, json_option
from bot.cli.teller import Teller, teller
from bot.clock import iso
from bot.model.account import Account, Pause
from bot.store import accountpages
from bot.store.accountpages import PER_PAGE, Sought
from bot.store.charges import MICROS
from bot.wiring import Bot


@click.command("list")
@click.argument("words", required=False, default="")
@click.option("--platform", metavar="NAME", help="Only those of x, or of facebook.")
@click.option("--trouble", is_flag=True, help="Only those that need somebody.")
@click.option("--page", type=click.IntRange(1), default=1, help="Fifty at a time.")
@json_option
@click.pass_obj
def list_(
    door: Door, words: str, platform: str | None, trouble: bool, page: int, as_json: bool
) -> int:
    """Which accounts are on, and what the others lack.

    WORDS looks for a name. --json gives all of them at once.

    Example: bot accounts list --trouble
    """
    bot = door.open()
    sought = Sought(platform, words, trouble, _stuck(bot) if trouble else frozenset())
    found, total = rows(bot, sought, page, None if as_json else PER_PAGE)
    if as_json:
        door.print_json(found)
        return 0
    if not found:
        door.say("No account is like that." if page == 1 else "There is no such page.")
        return 0
    _show(door, bot, found, teller(bot))
    if total > PER_PAGE:
        first = (page - 1) * PER_PAGE + 1
        door.say(f"{first:,} to {first + len(found) - 1:,} of {total:,}. More: --page {page + 1}")
    door.say("Ask the platforms how they are: bot accounts check")
    return 0


def _show(door: Door, bot: Bot, found: Sequence[dict[str, Any]], told: Teller) -> None:
    screen.table(
        door,
        ("Account", "Is", "Speaks as", "Signs in", "State"),
        [
            (
                told.title(row["account"]),
                _is(row),
                row["name"] or row["remote_id"] or "not asked yet",
                _signs_in(row, told),
                _state(
                    row,
                    told.date(row["parked_until"]),
                    given=row["account"] in bot.credentials.environment,
                ),
            )
            for row in found
        ],
    )


def _stuck(bot: Bot) -> frozenset[int]:
    """Those whose credentials cannot be opened; each is tried."""
    credentials = bot.credentials
    credentials.look_into(list(credentials.roster.by_name))
    return frozenset(credentials.roster.by_name[name].id for name in credentials.troubles)


def rows(
    bot: Bot, sought: Sought, page: int = 1, per_page: int | None = None
) -> tuple[list[dict[str, Any]], int]:
    """The Accounts as plain data, and how many there are in all."""
    with bot.store.read() as session:
        found, total = accountpages.page(session, sought, page, per_page)
        found = [row for row in found if row.name in bot.platforms]
        pauses = accountpages.pauses_over(session, [row.id for row in found])
    standings = bot.connections.standings([row.name for row in found])
    return [_plain(bot, row, pauses[row.id], standings[row.name]) for row in found], total


def _plain(bot: Bot, row: Account, pauses: Sequence[Pause], standing: Standing) -> dict[str, Any]:
    platform = bot.platforms[row.name]
    parked = row.parked_until if row.parked_until and row.parked_until > bot.clock() else None
    budget = row.monthly_budget_micros
    return {
        "account": row.name,
        "platform": row.platform,
        "on": not platform.missing_settings,
        "missing_settings": list(platform.missing_settings),
        "live": platform.is_live,
        "remote_id": row.remote_id,
        "name": row.display_name,
        "default": row.by_default,
        "approval": row.approval,
        "timezone": row.timezone,
        "budget_usd": None if budget is None else float(Decimal(budget) / MICROS),
        "parked_until": iso(parked),
        "park_reason": row.park_reason,
        "paused": bool(pauses),
        "pause_reason": pauses[0].reason if pauses else None,
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


def _state(row: dict[str, Any], until: str, *, given: bool) -> str:
    if row["trouble"]:
        return str(row["trouble"])
    if not row["on"]:
        missing = ", ".join(row["missing_settings"])
        if not given:
            return f"not connected: bot accounts add {row['account']}"
        return f"Missing in .env: {missing}. Or connect it: docs/connecting.md"
    if row["paused"]:
        return f"paused: {row['pause_reason']}"
    if row["parked_until"]:
        return f"waits until {until}: {row['park_reason']}"
    return "ready"
