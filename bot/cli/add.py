"""`bot add`: queues post files and says when each goes out; adding again changes nothing."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from bot import flow
from bot.cli import addsheet
from bot.cli.addsheet import Added
from bot.cli.deciding import last_rounds
from bot.cli.door import Door, json_option
from bot.cli.failures import plain
from bot.cli.teller import Teller, teller
from bot.clock import system_now
from bot.errors import BotError, PostInvalid, UsageError
from bot.intake import sheettemplate
from bot.intake.amendment import Admitted
from bot.intake.sheetqueue import Change
from bot.intake.sheetrows import is_sheet
from bot.model.account import Account
from bot.reports import words
from bot.reports.queue import row
from bot.store import deliveries, workers
from bot.wiring import Bot

HOW = {
    "queued": "Queued",
    "edited": "Edited",
    "known": "Nothing changed: this was queued before",
}


@click.command()
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="FILE…")
@click.option(
    "--changed",
    type=click.Choice([one.value for one in Change]),
    help="What becomes of a row of a sheet that changed since it was queued.",
)
@click.option(
    "--template",
    type=click.Path(path_type=Path),
    metavar="NEW.xlsx",
    help="Write an empty sheet to fill in, and queue nothing.",
)
@json_option
@click.pass_obj
def command(
    door: Door, files: tuple[Path, ...], changed: str | None, template: Path | None, as_json: bool
) -> int:
    """Queue post files and say when they go out.

    A post is a text file whose name ends in .md, or a row of a sheet (.csv or .xlsx). Adding the
    same again changes nothing; after you edited a file, the edit replaces what has not gone out,
    and of a row you are asked. Files you put into the posts folder are found without this command.

    Example: bot add posts/march.md
    """
    if template is not None:
        return _write_template(door, template, files)
    if not files:
        raise UsageError("Name the files to queue, such as: bot add posts/march.md")
    for path in files:
        _refuse_what_no_post_is(path)
    bot = door.open(create=True)
    answers = [
        answer for path in files for answer in _answers(door, bot, path, changed, not as_json)
    ]
    if as_json:
        door.print_json([_as_json(bot, answer) for answer in answers])
    else:
        told = teller(bot)
        for answer in answers:
            _tell(door, bot, told, answer)
        for path in dict.fromkeys(path for path in files if is_sheet(path.name)):
            _tell_whole(door, path, answers)
        _last_line(door, bot, answers)
    return max((_exit_code(answer) for answer in answers), default=0)


def _write_template(door: Door, path: Path, files: tuple[Path, ...]) -> int:
    if files or path.suffix.lower() != sheettemplate.ENDING:
        raise UsageError("Write it such as: bot add --template posts/january.xlsx")
    try:
        with path.open("xb") as file:
            file.write(sheettemplate.template(system_now().date()))
    except FileExistsError:
        raise UsageError(f"{path} is there already. Give the new sheet another name.") from None
    except OSError:
        raise UsageError(f"{path} cannot be written. Does its folder exist?") from None
    door.say(f"{path} is an empty sheet with a heading for each thing a post can have.")
    door.say(f"Write a post in each row, then look: bot preview {path}")
    return 0


def _answers(door: Door, bot: Bot, path: Path, changed: str | None, is_told: bool) -> list[Added]:
    if is_sheet(path.name):
        return addsheet.add(door, bot, path, changed, asks=is_told)
    return [_add(bot, path)]


def _tell_whole(door: Door, path: Path, answers: list[Added]) -> None:
    """How many rows of a sheet became what, and what is meant by one that was skipped."""
    own = [one for one in answers if one.path == path and (one.row is not None or one.error)]
    if any(one.row is None for one in own):
        return
    door.say(addsheet.summary(path, own))
    if any(one.news == "skipped" for one in own):
        door.say(
            f"The posts of changed rows were left as they were. To take the rows over: bot add "
            f"{path} --changed replace (or add)"
        )


def _refuse_what_no_post_is(path: Path) -> None:
    if path.is_dir():
        raise UsageError(f"{path} is a folder. Name the files in it, such as {path}/march.md")
    if path.suffix.lower() != ".md" and not is_sheet(path.name):
        raise UsageError(
            f"{path}: a post is a text file whose name ends in .md, or a row of a .csv or .xlsx "
            "sheet."
        )


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
    place: dict[str, Any] = {"file": str(answer.path)}
    if answer.row is not None:
        place |= {"row": answer.row.number, "id": answer.row.id or None, "news": answer.news}
    if answer.admitted is None:
        error = answer.error
        line = error.line if isinstance(error, PostInvalid) else None
        return {**place, "post": None, "line": line, "error": str(error) if error else None}
    return {
        **place,
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
    if answer.row is not None and answer.news == "known":
        return  # a long sheet would hide what is new
    how = HOW[answer.news]
    post = answer.admitted.post
    rows = _rows(bot, answer.admitted)
    where = f"{answer.path}, {answer.row.place}" if answer.row is not None else answer.path
    door.say(f"{post.name}, {where}: {how}. “{words.excerpt(_text(answer.admitted, rows))}”")
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
    if answers and not any(answer.admitted or answer.news == "skipped" for answer in answers):
        if not bot.ids_on:
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
