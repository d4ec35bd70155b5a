"""The rows of a sheet at the command line: what is asked about changes, and what became of each."""

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import click

from bot import flow
from bot.cli.door import Door
from bot.errors import BotError, PostInvalid, UsageError
from bot.flow import RowPreview, SheetPreview
from bot.intake.amendment import Admitted
from bot.intake.sheetqueue import Change, Standing, Taken
from bot.intake.sheetrows import SheetRow, told
from bot.reports import words
from bot.wiring import Bot

EACH = "each"
MANY_ROWS = 50
COUNTED = {
    "queued": "queued",
    "edited": "changed",
    "known": "as before",
    "skipped": "changed but skipped",
    "bad": "cannot become a post",
}


@dataclass(frozen=True, slots=True)
class Added:
    """One answer: what a file or row became and whether that is news, or what is wrong with it."""

    path: Path
    admitted: Admitted | None = None
    news: str = ""
    error: BotError | None = None
    row: SheetRow | None = None


def add(door: Door, bot: Bot, path: Path, changed: str | None, *, asks: bool) -> list[Added]:
    """Queue the rows of a sheet; one answer a row, or one for a file that cannot be read."""
    try:
        preview = flow.read_sheet_file(bot, path)
    except (PostInvalid, UsageError) as error:
        return [Added(path, error=error)]
    if asks:
        for note in preview.notes:
            door.say(f"{path}: Note: {note}")
    choices = _choices(door, path, preview, changed, asks=asks and sys.stdin.isatty())
    with _progress(len(preview.rows), hidden=not asks or door.quiet) as bar:
        author, tick = bot.folder.author, partial(bar.update, 1)
        taken = flow.queue_sheet(
            bot, preview, choices, flow.Author(author, is_approver=False), tick
        )
    return [_answer(path, one) for one in taken]


def summary(path: Path, answers: list[Added]) -> str:
    """`january.csv: 12 rows queued, 3 as before.`"""
    counts = {news: sum(1 for one in answers if one.news == news) for news in COUNTED}
    parts = [f"{words.plural(n, 'row')} {COUNTED[news]}" for news, n in counts.items() if n]
    return f"{path}: {', '.join(parts) or 'there is no row with a post in it'}."


def _progress(rows: int, *, hidden: bool) -> Any:
    """How far it is, with the time left, where that takes more than a moment."""
    return click.progressbar(
        length=rows,
        label="Queueing",
        file=sys.stderr,
        hidden=hidden or rows < MANY_ROWS or not sys.stderr.isatty(),
    )


def _answer(path: Path, taken: Taken) -> Added:
    error = None
    if taken.errors:
        said = " ".join(told(taken.row, *pair) for pair in taken.errors)
        error = PostInvalid(said, line=taken.row.number)
    return Added(path, taken.admitted, taken.news, error, taken.row)


def _choices(
    door: Door, path: Path, preview: SheetPreview, changed: str | None, *, asks: bool
) -> Mapping[str, Change]:
    """What is wanted of each changed row: as typed, as asked, else to be skipped."""
    rows = preview.those(Standing.CHANGED)
    if not rows:
        return {}
    choice = changed
    if choice is None and asks:
        choice = _asked_of_all(door, path, rows)
    if choice == EACH:
        return {one.row.key: Change(_asked(door, path, one)) for one in rows}
    return {one.row.key: Change(choice or Change.SKIP) for one in rows}


def _asked_of_all(door: Door, path: Path, rows: tuple[RowPreview, ...]) -> str:
    if len(rows) == 1:
        return EACH
    door.say(f"{path}: {len(rows):,} rows changed since they were queued.")
    door.say("  replace puts the new words in place of the old ones, add queues them beside them,")
    door.say("  skip leaves all as it is, each asks about every row.")
    choices = click.Choice([EACH, *(one.value for one in Change)])
    return str(click.prompt("What is meant?", type=choices, default=EACH, show_choices=True))


def _asked(door: Door, path: Path, one: RowPreview) -> str:
    text = next(iter(_texts(one.row)), "")
    door.say(f"{path}, {one.row.place}: changed since it was queued as {one.post}.")
    door.say(f"  It now says: “{words.excerpt(text)}”")
    choices = click.Choice([one.value for one in Change])
    return str(click.prompt("  What is meant?", type=choices, default=Change.SKIP.value))


def _texts(row: SheetRow) -> list[str]:
    if row.written is None:
        return []
    return [text for text in (row.written.body, *row.written.texts.values()) if text]
