"""`bot check`: what is wrong with post files, as `file:line: words`; nothing is queued."""

from collections.abc import Mapping, Set
from pathlib import Path
from typing import Any

import click

from bot import wiring
from bot.cli import files
from bot.cli.door import Door, json_option
from bot.clock import system_now
from bot.flow import Checked
from bot.platforms.contract import Platform
from bot.reports import words


@click.command()
@click.argument("path", required=False, type=click.Path(path_type=Path))
@json_option
@click.pass_obj
def command(door: Door, path: Path | None, as_json: bool) -> int:
    """Check post files; nothing is queued.

    Checks one file, or every file of a folder; without PATH, the posts folder. Each mistake is
    named with its file and line. Ends with exit code 1 when there is one.

    Example: bot check posts/march.md
    """
    settings = door.settings()
    store = door.memory(settings)
    platforms = door.platforms(settings, store)
    admission = wiring.admission_of(settings, system_now, platforms)
    paths = files.found(path or settings.posts_dir)
    checked = files.checked(admission, paths, settings.posts_dir, store)
    wrong = [one for one in checked if one.errors]
    if as_json:
        door.print_json([_as_json(one) for one in checked])
        return 1 if wrong else 0
    for one in checked:
        for said in files.mistakes(one):
            door.trouble(said)
        shown = [*files.sizes(one), *files.pictures_sent(one, platforms), *files.prices(one)]
        for said in (*files.remarks(one), *(f"{files.place(one)}: {size}" for size in shown)):
            door.say(said)
    off = {name for name, platform in platforms.items() if platform.missing_settings}
    obstacle = "" if wrong else _obstacle(checked, off, platforms)
    door.say(obstacle or _last_line(checked, wrong, path or settings.posts_dir))
    return 1 if wrong else 0


def _last_line(checked: list[Checked], wrong: list[Checked], path: Path) -> str:
    if not checked:
        return (
            f"There is no post in {path}. A post is a text file ending in .md, or a row of a sheet."
        )
    if wrong:
        size = words.plural(len(checked), files.kind(checked))
        return f"{len(wrong):,} of {size} cannot become a post yet. Put it right and check again."
    one = f"bot preview {checked[0].path}" if len(checked) == 1 else "bot preview FILE"
    count = words.plural(len(checked), files.kind(checked))
    return f"{count} checked, nothing is wrong. See it: {one}"


def _obstacle(checked: list[Checked], off: Set[str], platforms: Mapping[str, Platform]) -> str:
    """Why what is right cannot be queued yet: the accounts it is for are off."""
    if not checked:
        return ""
    right = f"{words.plural(len(checked), files.kind(checked))} checked, nothing is wrong"
    if len(off) == len(platforms):
        said = "but no account is on yet, so nothing can be queued"
        return f"{right}, {said}. See: bot accounts list"
    meant = {name for one in checked if one.written for name in one.written.to or ()}
    names = " and ".join(platforms[name].rules.title for name in platforms if name in meant & off)
    if not names:
        return ""
    return (
        f"{right}, but {names} is off, so what is for it cannot be queued. See: bot accounts list"
    )


def _as_json(one: Checked) -> dict[str, Any]:
    return {
        "file": str(one.path),
        "row": one.row,
        "ok": not one.errors,
        "errors": [{"line": line, "message": said} for line, said in one.errors],
        "warnings": [said for _, said in one.warnings],
        "notes": [{"line": line, "message": said} for line, said in one.warnings],
        "parts": {name: list(drawn.weights) for name, drawn in one.rendered.items()},
        "prices_usd": {name: str(drawn.price) for name, drawn in one.rendered.items()},
    }
