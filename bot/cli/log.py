"""`bot log`: the engagement log and its views, as a table, CSV, XLSX or JSON."""

import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import click

from bot.cli import logchart, logviews, screen
from bot.cli.door import Door, json_option
from bot.cli.logviews import Question, View
from bot.cli.teller import teller
from bot.clock.local import parse_typed, resolve
from bot.errors import UsageError
from bot.model.delivery import State
from bot.reports import log, words
from bot.reports.figures.figure import age_of
from bot.reports.figures.groups import GROUPINGS
from bot.reports.figures.workbook import as_xlsx
from bot.settings import duration
from bot.store import accounts, deliveries
from bot.store.engine import Session
from bot.store.figures import Asked
from bot.wiring import Bot

Rows = Sequence[Mapping[str, Any]]
FORMATS = ("table", "csv", "xlsx", "json")
SHOWN_COUNTS = ("views", "likes", "comments", "shares")
# Without this sign Excel takes a file for one of older times, and breaks Bogotá.
BOM = "\ufeff"
PLAIN = "Posts"
# What became of a post that is out, but for those that simply are.
AFTERWARDS = {State.SENT: "", State.CANCELLED: " (although withdrawn)"}
REVIEWED = {"yes": True, "no": False}
# What each option shows, given what was typed with it. An age alone is a view; beside others, a
# part of theirs.
VIEWS: dict[str, Callable[[Question, Any], View]] = {
    "by": logviews.by_group,
    "compare": lambda q, _: logviews.compare(q),
    "best_times": lambda q, _: logviews.best_times(q),
    "wordings": logviews.judged,
    "curve": logviews.curve_of,
    "age": lambda q, _: logviews.at_age(q),
}


@click.command()
@click.option("--since", metavar="WHEN", help="From a day on, or for a time: 2026-11-01, 7d.")
@click.option("--account", metavar="NAME", help="Only this account, such as x.")
@click.option("--label", metavar="LABEL", help="Only posts with this label.")
@click.option("--campaign", metavar="NAME", help="Only posts of this campaign.")
@click.option(
    "--reviewed", type=click.Choice(tuple(REVIEWED)), help="Only posts looked at, or not."
)
@click.option("--history", is_flag=True, help="Every count ever taken, not only the newest.")
@click.option("--by", type=click.Choice(tuple(GROUPINGS)), help="Medians of posts put together.")
@click.option("--age", type=click.Choice(("24h", "7d")), help="Counts at this age of each post.")
@click.option("--compare", type=click.Choice(("last",)), help="Against the time before.")
@click.option("--best-times", is_flag=True, help="Hours of the week, and how sure they are.")
@click.option("--wordings", nargs=2, metavar="P12 P15", help="Which of two wordings did better.")
@click.option("--curve", metavar="P12", help="Every reading of one post.")
@click.option("--chart", metavar="FILE", help="Draw it too, into FILE.svg or FILE.png.")
@click.option(
    "--format", "kind", type=click.Choice(FORMATS), default="table", help="How to print it."
)
@json_option
@click.pass_obj
def command(door: Door, /, kind: str, as_json: bool, chart: str | None, **typed: Any) -> int:
    """The engagement log: what went out and how it did.

    Each post that is out has a row, with the newest counts the platform gave. A dash means that it
    did not say; that is not zero. The views (by group, at an age, compared, best times, wordings,
    curve) give medians, say why a figure is missing, and never add up views of two platforms.

    Example: bot log --since 7d --format csv > week.csv
    """
    kind = "json" if as_json else kind
    chosen = _chosen(typed)
    file = logchart.file_of(chart, chosen) if chart else None
    if kind == "xlsx" and sys.stdout.isatty():
        raise UsageError("Say into which file: bot log --format xlsx > log.xlsx")
    bot = door.open()
    with bot.store.read() as session:
        q = _question(bot, session, typed)
        view = VIEWS[chosen](q, typed[chosen]) if chosen else _plain(q, typed)
        drawn = logchart.chart_of(q, chosen, typed[chosen]) if file and chosen else None
        _print(door, q, kind, view, is_whole=chosen is None)
    if file and drawn:
        logchart.write(drawn, file)
        if kind == "table":
            door.say(f"{drawn.sentence} The chart is in {file}.")
    return 0


def _chosen(typed: Mapping[str, Any]) -> str | None:
    """Which view was asked for; None for the log itself."""
    asked = [name for name in VIEWS if typed[name]]
    alone = [name for name in asked if name != "age"] or asked
    if len(alone) > 1 or (alone and (typed["history"] or typed["reviewed"])):
        raise UsageError("One view at a time: bot log --by campaign, or: bot log --best-times")
    return alone[0] if alone else None


def _question(bot: Bot, session: Session, typed: Mapping[str, Any]) -> Question:
    if typed["account"] is not None:
        accounts.named(session, typed["account"])
    asked = Asked(
        since=_since(bot, typed["since"]),
        account=typed["account"],
        label=typed["label"],
        campaign=typed["campaign"],
    )
    return logviews.question(bot, session, asked, age_of(typed["age"]))


def _plain(q: Question, typed: Mapping[str, Any]) -> View:
    """The log itself."""
    asked, history = q.asked, typed["history"]
    rows = log.rows(
        q.session,
        since=asked.since,
        account=asked.account,
        label=asked.label,
        campaign=asked.campaign,
        reviewed=REVIEWED.get(typed["reviewed"]),
        history=history,
    )
    return View(PLAIN, rows, lambda door: _draw(door, q.bot, rows, history=history))


def _print(door: Door, q: Question, kind: str, view: View, *, is_whole: bool) -> None:
    if kind == "json":
        door.print_json(view.rows)
    elif kind == "csv":
        columns = log.COLUMNS if is_whole else tuple(view.rows[0] if view.rows else ())
        text = log.as_csv(view.rows, columns)
        click.echo(f"{BOM}{text}".encode(), nl=False)
    elif kind == "xlsx":
        sheets = {view.title: view.rows, **(logviews.workbook(q) if is_whole else {})}
        click.echo(as_xlsx(sheets, q.bot.settings.zone, q.now), nl=False)
    else:
        view.draw(door)


def _since(bot: Bot, typed: str | None) -> datetime | None:
    if typed is None:
        return None
    try:
        back: timedelta = duration(typed)
    except ValueError:
        return resolve(parse_typed(typed, time_required=False), bot.settings.zone).at
    return bot.clock() - back


def _draw(door: Door, bot: Bot, rows: Rows, *, history: bool) -> None:
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


def _afterwards(row: Mapping[str, Any]) -> str:
    made = " (by hand)" if row["by_hand"] else ""
    if row["gone_at"]:
        return f"{made} (gone since)"
    return AFTERWARDS.get(row["state"], " (half out)") or made


def _anything_out(bot: Bot) -> bool:
    with bot.store.read() as session:
        return bool(deliveries.state_counts(session).get(State.SENT))


def _first_counts(bot: Bot) -> str:
    first = min(bot.settings.count_after, default=None)
    if first is None:
        return "Nothing is counted: COUNT_AFTER is empty."
    return f"First counts come {words.span(first)} after a post."
