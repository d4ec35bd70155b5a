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
from bot.reports import pictures, words


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@json_option
@click.pass_obj
def command(door: Door, file: Path, as_json: bool) -> int:
    """Show exactly what each account would get.

    Every part with its text as it will be sent, how long it is, its link, the imprint and what it
    costs. Nothing is queued.

    Example: bot preview posts/march.md
    """
    settings = door.settings()
    store = door.memory(settings)
    admission = wiring.admission_of(settings, system_now, door.platforms(settings, store))
    checked = flow.check(admission, file, settings.posts_dir, store)
    if as_json:
        door.print_json(_as_json(admission, checked))
        return 1 if checked.errors else 0
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
    door.say(_last_line(admission, checked))
    return 1 if checked.errors else 0


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
        "due_at": iso(_when(admission, checked)),
        "accounts": [
            {**_one(name, rendered), "media": _media(admission, checked, name)}
            for name, rendered in checked.rendered.items()
        ],
        "later": [[part.text for part in rendered.variant.parts] for rendered in checked.later],
        "errors": [{"line": line, "message": said} for line, said in checked.errors],
        "warnings": [said for _, said in checked.warnings],
        "notes": [{"line": line, "message": said} for line, said in checked.warnings],
    }


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
