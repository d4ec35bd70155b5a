"""`bot log`: the engagement log, as a table, CSV or JSON."""

from datetime import datetime, timedelta
from typing import Any

import click

from bot.cli import screen
from bot.cli.door import Door, json_option
from bot.cli.teller import teller
from bot.clock.local import parse_typed, resolve
from bot.model.delivery import State
from bot.reports import log, words
from bot.settings import duration
from bot.store import accounts, deliveries
from bot.wiring import Bot

FORMATS = ("table", "csv", "json")
SHOWN_COUNTS = ("views", "likes", "comments", "shares")


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
        _draw(door, bot, rows, history=history)
    return 0


def _since(bot: Bot, typed: str | None) -> datetime | None:
    if typed is None:
        return None
    try:
        back: timedelta = duration(typed)
    except ValueError:
        return resolve(parse_typed(typed, time_required=False), bot.settings.zone).at
    return bot.clock() - back


def _draw(door: Door, bot: Bot, rows: list[dict[str, Any]], *, history: bool) -> None:
    if not rows and history and _anything_out(bot):
        door.say("No counts yet.")
        door.say(_first_counts(bot))
        return
    if not rows:
        door.say("Nothing is out yet, or nothing fits what you asked for.")
        door.say("See what waits: bot queue")
        return
    told = teller(bot)
    short = not screen.is_plain(door)
    taken = ("Counted",) if history else ()
    screen.table(
        door,
        ("Post", "Account", "Went out", *taken, "Text", "Views", "Likes", "Comments", "Shares"),
        [
            (
                row["post"],
                told.title(row["account"]),
                told.date(row["sent_at"], short=short) + _afterwards(row),
                *([told.date(row["taken_at"], short=short)] if history else []),
                words.excerpt(row["text"], 16 if short else 60),
                *(words.count(row[name]) for name in SHOWN_COUNTS),
            )
            for row in rows
        ],
        numbers=len(SHOWN_COUNTS),
    )
    if any(row["taken_at"] is None for row in rows):
        door.say(_first_counts(bot))
    door.say("Every count, for a spreadsheet: bot log --format csv > log.csv")


def _afterwards(row: dict[str, Any]) -> str:
    if row["gone_at"]:
        return " (gone since)"
    return " (although withdrawn)" if row["state"] == State.CANCELLED else ""


def _anything_out(bot: Bot) -> bool:
    with bot.store.read() as session:
        return bool(deliveries.state_counts(session).get(State.SENT))


def _first_counts(bot: Bot) -> str:
    first = min(bot.settings.count_after, default=None)
    if first is None:
        return "Nothing is counted: COUNT_AFTER is empty."
    return f"First counts come {words.span(first)} after a post."
