"""`bot add`: queues post files and says when each goes out; adding again changes nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from bot import flow
from bot.cli.deciding import last_rounds
from bot.cli.door import Door, json_option
from bot.cli.failures import plain
from bot.cli.teller import Teller, teller
from bot.errors import BotError, PostInvalid, UsageError
from bot.intake.amendment import Admitted
from bot.model.account import Account
from bot.reports import words
from bot.reports.queue import row
from bot.store import deliveries, workers
from bot.wiring import Bot

NOT_YET = {".csv": "Spreadsheets", ".xlsx": "Spreadsheets", ".xls": "Spreadsheets"}


@dataclass(frozen=True, slots=True)
class Added:
    """One file's answer: what it became and whether that is news, or what is wrong with it."""

    path: Path
    admitted: Admitted | None = None
    news: str = ""
    error: BotError | None = None


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE…")
@json_option
@click.pass_obj
def command(door: Door, files: tuple[Path, ...], as_json: bool) -> int:
    """Queue post files and say when they go out.

    A post is a text file whose name ends in .md. Adding the same file again changes nothing; after
    you edited it, the edit replaces what has not gone out. Files you put into the posts folder are
    found without this command.

    Example: bot add posts/march.md
    """
    for path in files:
        _refuse_what_no_post_is(path)
    bot = door.open(create=True)
    answers = [_add(bot, path) for path in files]
    if as_json:
        door.print_json([_as_json(bot, answer) for answer in answers])
    else:
        told = teller(bot)
        for answer in answers:
            _tell(door, bot, told, answer)
        _last_line(door, bot, answers)
    return max(_exit_code(answer) for answer in answers)


def _refuse_what_no_post_is(path: Path) -> None:
    what = NOT_YET.get(path.suffix.lower())
    if what:
        raise UsageError(
            f"{path}: {what} cannot be queued yet. Write each post as a file ending in .md."
        )
    if path.is_dir():
        raise UsageError(f"{path} is a folder. Name the files in it, such as {path}/march.md")
    if path.suffix.lower() != ".md":
        raise UsageError(f"{path}: a post is a text file whose name ends in .md.")


def _add(bot: Bot, path: Path) -> Added:
    started = bot.clock()
    try:
        admitted = flow.add(bot, path)
    except (PostInvalid, UsageError) as error:
        return Added(path, error=error)
    return Added(path, admitted, _news(admitted, started))


def _news(admitted: Admitted, started: datetime) -> str:
    if admitted.post.created_at >= started:
        return "queued"
    edited_at = admitted.post.edited_at
    return "edited" if edited_at is not None and edited_at >= started else "known"


def _exit_code(answer: Added) -> int:
    if answer.error is not None:
        return answer.error.exit_code
    return 1 if answer.admitted and answer.admitted.errors else 0


def _rows(bot: Bot, admitted: Admitted) -> list[dict[str, Any]]:
    with bot.store.read() as session:
        parts = deliveries.parts_of(session, [one.id for one in admitted.deliveries])
        return [
            row(one, session.get_one(Account, one.account_id), parts[one.id])
            for one in last_rounds(admitted.deliveries)
        ]


def _as_json(bot: Bot, answer: Added) -> dict[str, Any]:
    if answer.admitted is None:
        error = answer.error
        line = error.line if isinstance(error, PostInvalid) else None
        return {"file": str(answer.path), "post": None, "line": line, "error": str(error)}
    return {
        "file": str(answer.path),
        "post": answer.admitted.post.name,
        "news": answer.news,
        "deliveries": _rows(bot, answer.admitted),
        "errors": list(answer.admitted.errors),
        "notes": list(answer.admitted.notes),
    }


def _tell(door: Door, bot: Bot, told: Teller, answer: Added) -> None:
    if answer.admitted is None:
        if answer.error is not None:
            door.complain(_located(answer.path, answer.error))
        return
    how = {
        "queued": "Queued",
        "edited": "Edited",
        "known": "Nothing changed: this was queued before",
    }[answer.news]
    post = answer.admitted.post
    rows = _rows(bot, answer.admitted)
    door.say(f"{post.name}, {answer.path}: {how}. “{words.excerpt(_text(answer.admitted, rows))}”")
    for one in rows:
        said = told.goes_out(one)
        door.say(f"  {told.title(one['account'])}: {said[:1].upper()}{said[1:]}")
    if post.recurs_until is not None:
        until = told.day(post.recurs_until.isoformat())
        door.say(f"  Repeated every {post.written['every']} until {until}, in turn")
    for note in answer.admitted.notes:
        door.say(f"  Note: {note}")
    for error in answer.admitted.errors:
        door.complain(f"{answer.path}: {error}")


def _text(admitted: Admitted, rows: Sequence[Mapping[str, Any]]) -> str:
    """As written; of a template, or of several wordings, what goes out."""
    written = admitted.post.written
    if rows and (written.get("template") or written.get("every")):
        return str(rows[0]["parts"][0])
    return str(written["body"] or next(iter(written["texts"].values()), ""))


def _located(path: Path, error: BotError) -> str:
    if isinstance(error, PostInvalid):
        line = f":{error.line}" if error.line else ""
        return f"{path}{line}: {error.reason}"
    return plain(error)


def _last_line(door: Door, bot: Bot, answers: list[Added]) -> None:
    last: Callable[[str], None] = door.say
    if not any(answer.admitted for answer in answers):
        if not bot.accounts_on:
            last("Nothing was queued. Put the keys of an account into .env first: bot init")
        else:
            last("Nothing was queued. Put the file right and add it again.")
        return
    with bot.store.read() as session:
        worker = workers.latest(session)
    if worker is None or worker.stopped_at is not None:
        last("The bot is not running. Start it: bot run (or once: bot run --once)")
    else:
        last("See all that waits: bot queue")
