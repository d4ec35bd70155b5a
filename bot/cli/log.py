"""`bot log`: the engagement log, as a table, CSV or JSON."""

from datetime import datetime, timedelta
from typing import Any

import click

from bot.cli import screen
from bot.cli.door import Door, json_option
from bot.cli.teller import Teller, teller
from bot.clock.local import parse_typed, resolve
from bot.errors import UsageError
from bot.reports import log, words
from bot.settings import duration
from bot.store import accounts
from bot.wiring import Bot

FORMATS = ("table", "csv", "json", "xlsx")
SHOWN_COUNTS = ("views", "likes", "comments", "shares", "link_clicks")


@click.command()
@click.option("--since", metavar="WHEN", help="From a day on, or for a time: 2026-11-01, 7d.")
@click.option("--account", metavar="NAME", help="Only this account, such as x.")
@click.option("--label", metavar="LABEL", help="Only posts with this label.")
@click.option("--campaign", metavar="NAME", help="Only posts of this campaign.")
@click.option("--history", is_flag=True, help="Every count ever taken, not only the newest.")
@click.option(
    "--format", "kind", type=click.Choice(FORMATS), default="table", help="How to print it."
)
@json_option
@click.pass_obj
def command(
    door: Door,
    since: str | None,
    account: str | None,
    label: str | None,
    campaign: str | None,
    history: bool,
    kind: str,
    as_json: bool,
) -> int:
    """The engagement log: what went out and how it did.

    Each post that is out has a row, with the newest counts the platform gave. A dash means that it
    did not say; that is not zero.

    Example: bot log --since 7d --format csv > week.csv
    """
    if kind == "xlsx":
        raise UsageError("Excel files cannot be written yet. A spreadsheet opens --format csv.")
    bot = door.open()
    with bot.store.read() as session:
        if account is not None:
            accounts.named(session, account)
        rows = log.rows(
            session,
            since=_since(bot, since),
            account=account,
            label=label,
            campaign=campaign,
            history=history,
        )
    if as_json or kind == "json":
        door.print_json(rows)
    elif kind == "csv":
        click.echo(log.as_csv(rows), nl=False)
    else:
        _draw(door, teller(bot), rows)
    return 0


def _since(bot: Bot, typed: str | None) -> datetime | None:
    if typed is None:
        return None
    try:
        back: timedelta = duration(typed)
    except ValueError:
        return resolve(parse_typed(typed, time_required=False), bot.settings.zone).at
    return bot.clock() - back


def _draw(door: Door, told: Teller, rows: list[dict[str, Any]]) -> None:
    if not rows:
        door.say("Nothing is out yet, or nothing fits what you asked for.")
        door.say("See what waits: bot queue")
        return
    short = not screen.is_plain(door)
    screen.table(
        door,
        ("Post", "Account", "Went out", "Views", "Likes", "Comments", "Shares", "Clicks"),
        [
            (
                row["post"],
                told.title(row["account"]),
                told.date(row["sent_at"], short=short)
                + (" (gone since)" if row["gone_at"] else ""),
                *(words.count(row[name]) for name in SHOWN_COUNTS),
            )
            for row in rows
        ],
        numbers=len(SHOWN_COUNTS),
    )
    door.say("Every count, for a spreadsheet: bot log --format csv > log.csv")
