"""`bot preview`: the exact text of every part an account would get, with counts and price."""

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from bot import flow, wiring
from bot.cli import files, screen
from bot.cli.door import Door, json_option
from bot.clock import iso, system_now
from bot.flow import Checked
from bot.formatting import imprint
from bot.formatting.rendered import Rendered
from bot.intake.admission import Admission
from bot.intake.sheetrows import is_sheet
from bot.reports import pictures, words

STANDS = {
    "new": "new",
    "unchanged": "nothing changed since it was queued as {post}",
    "changed": "changed since it was queued as {post}; bot add asks what is meant",
    "bad": "cannot be queued",
}


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@json_option
@click.pass_obj
def command(door: Door, file: Path, as_json: bool) -> int:
    """Show exactly what each account would get.

    Every part with its text as it will be sent, how long it is, its link, the imprint and what it
    costs; of a sheet, row by row. Nothing is queued.

    Example: bot preview posts/march.md
    """
    settings = door.settings()
    memory = door.memory(settings)
    admission = wiring.admission_of(settings, system_now, door.platforms(settings, memory))
    if is_sheet(file.name):
        rows = flow.check_sheet(admission, file, settings.posts_dir, memory)
        return _show_rows(door, admission, file, rows, as_json)
    checked = flow.check(admission, file, settings.posts_dir, memory)
    if as_json:
        door.print_json(_as_json(admission, checked))
        return 1 if checked.errors else 0
    _show_one(door, admission, checked)
    door.say(_last_line(admission, checked))
    return 1 if checked.errors else 0


def _show_rows(
    door: Door, admission: Admission, file: Path, rows: list[Checked], as_json: bool
) -> int:
    """Every row of a sheet, one after the other, and how many are wrong."""
    wrong = [one for one in rows if one.errors]
    if as_json:
        whole = [one for one in rows if one.row is None]
        door.print_json(
            {
                "file": str(file),
                "rows": [_as_json(admission, one) for one in rows if one.row is not None],
                "errors": [_error(*pair) for one in whole for pair in one.errors],
            }
        )
        return 1 if wrong else 0
    for one in rows:
        if one.row is not None:
            screen.heading(door, f"Row {one.row}: {STANDS[one.standing].format(post=one.post)}")
        _show_one(door, admission, one)
    count = words.plural(sum(1 for one in rows if one.row is not None), "row")
    if wrong:
        door.say(f"{len(wrong):,} of {count} cannot be queued yet; nothing was queued.")
    else:
        door.say(f"{count}, nothing is wrong. Queue what is new: bot add {file}")
    return 1 if wrong else 0


def _show_one(door: Door, admission: Admission, checked: Checked) -> None:
    for name, rendered in checked.rendered.items():
        _show(door, rendered, _pictures(admission, checked, name))
    for n, rendered in enumerate(checked.later):
        if n == 0:
            door.say("In later rounds:")
        _show(door, rendered, [])
    for said in files.remarks(checked):
        door.say(said)
    for said in files.mistakes(checked):
        door.trouble(said)


def _show(door: Door, rendered: Rendered, pictured: list[str]) -> None:
    parts = rendered.variant.parts
    for n, part in enumerate(parts, 1):
        place = f", part {n} of {len(parts)}" if len(parts) > 1 else ""
        weight = rendered.weights[n - 1]
        screen.heading(
            door,
            f"{rendered.title}{place}: {weight:,} of {rendered.max_weight:,} characters",
        )
        for line in part.text.split("\n"):
            door.say(f"  | {line}".rstrip())
        if part.link:
            door.say(f"  Link card: {part.link}")
    for line in pictured:
        door.say(f"  {line}")
    price = words.money(rendered.price) if rendered.price else "nothing"
    door.say(f"  Imprint: {_imprint(rendered)}. Costs {price}.")
    door.say()


def _pictures(admission: Admission, checked: Checked, name: str) -> list[str]:
    if checked.written is None:
        return []
    parts = len(checked.rendered[name].variant.parts)
    return pictures.lines(checked.written, admission.platforms[name].rules.platform, parts)


def _imprint(rendered: Rendered) -> str:
    if not rendered.imprint:
        return "none"
    if rendered.imprint_place in imprint.ELSEWHERE:
        return f"{imprint.ELSEWHERE[rendered.imprint_place]}, for want of room"
    where = "the last line of part 1" if len(rendered.variant.parts) > 1 else "the last line above"
    return f"{where}, {len(rendered.imprint):,} characters"


def _when(admission: Admission, checked: Checked) -> datetime | None:
    if checked.written is None or checked.errors:
        return None
    return admission.times(checked.written).due_at


def _last_line(admission: Admission, checked: Checked) -> str:
    if checked.is_template and not checked.errors:
        return (
            "This is a template with its examples. A post names it: template: " + checked.path.stem
        )
    if checked.errors:
        return "Put this right, then look again. Nothing was queued."
    due_at = _when(admission, checked)
    if due_at is None:
        return f"Nothing was queued. Queue it: bot add {checked.path}"
    when = words.goes_out(due_at, admission.zone, admission.clock())
    return f"Once queued it {when}. Queue it: bot add {checked.path}"


def _as_json(admission: Admission, checked: Checked) -> dict[str, Any]:
    return {
        "file": str(checked.path),
        **_row(checked),
        "due_at": iso(_when(admission, checked)),
        "accounts": [
            {**_one(name, rendered), "media": _media(admission, checked, name)}
            for name, rendered in checked.rendered.items()
        ],
        "later": [[part.text for part in rendered.variant.parts] for rendered in checked.later],
        "errors": [_error(*pair) for pair in checked.errors],
        "warnings": [said for _, said in checked.warnings],
        "notes": [{"line": line, "message": said} for line, said in checked.warnings],
    }


def _row(checked: Checked) -> dict[str, Any]:
    """Of a row, which it is and what it is to what was queued before."""
    if checked.row is None:
        return {}
    return {"row": checked.row, "standing": checked.standing, "post": checked.post}


def _error(line: int | None, said: str) -> dict[str, Any]:
    return {"line": line, "message": said}


def _media(admission: Admission, checked: Checked, name: str) -> list[dict[str, Any]]:
    if checked.written is None:
        return []
    parts = len(checked.rendered[name].variant.parts)
    return pictures.as_json(checked.written, admission.platforms[name].rules.platform, parts)


def _one(name: str, rendered: Rendered) -> dict[str, Any]:
    parts = zip(rendered.variant.parts, rendered.weights, strict=True)
    return {
        "account": name,
        "max_weight": rendered.max_weight,
        "parts": [
            {"text": part.text, "link": part.link, "weight": weight} for part, weight in parts
        ],
        "imprint": rendered.imprint,
        "imprint_place": rendered.imprint_place,
        "price_usd": str(rendered.price),
    }
