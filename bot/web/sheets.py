"""Spreadsheets of posts: hand one in, see every row as it would be queued, queue the good ones.

What was handed in is kept like a draft until then, so that looking twice needs no second upload.
"""

import base64
from collections.abc import Mapping

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from bot import flow
from bot.errors import BotError
from bot.flow.sheets import SheetPreview
from bot.intake.sheetgrid import MAX_BYTES
from bot.intake.sheetqueue import Change, Standing
from bot.intake.sheettemplate import template
from bot.model.person import Manuscript
from bot.web import manuscripts as drafts
from bot.web.here import author, now, the_bot
from bot.web.language import _
from bot.web.permissions import May, needs

pages = Blueprint("sheets", __name__)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@pages.get("/sheets")
@needs(May.WRITE)
def show() -> str:
    return render_template("sheets.html")


@pages.get("/sheets/template.xlsx")
@needs(May.WRITE)
def empty() -> Response:
    """An empty sheet to fill in."""
    return Response(
        template(now().date()),
        mimetype=XLSX,
        headers={"Content-Disposition": "attachment; filename=posts.xlsx"},
    )


@pages.post("/sheets")
@needs(May.WRITE)
def hand_in() -> Answer:
    """Take a file; nothing is queued by it."""
    file = request.files.get("file")
    if file is None or not file.filename:
        flash(_("Choose a file first."), "bad")
        return redirect(url_for("sheets.show"))
    content = file.stream.read(MAX_BYTES + 1)
    row = drafts.blank({"sheet": file.filename[:200], "content": _as_text(content)})
    try:
        _read(row)
    except BotError as error:
        flash(str(error), "bad")
        return redirect(url_for("sheets.show"))
    drafts.keep(row)
    return redirect(url_for("sheets.preview", key=row.key))


@pages.get("/sheets/<key>")
@needs(May.WRITE)
def preview(key: str) -> str:
    """Every row: what it would become, what is wrong beside its cell, and what it was before."""
    row = _kept(key)
    seen = _read(row)
    good = [one for one in seen.rows if one.standing == Standing.NEW]
    return render_template("sheet.html", row=row, seen=seen, good=len(good), Standing=Standing)


@pages.post("/sheets/<key>")
@needs(May.WRITE)
def queue(key: str) -> Answer:
    """Queue every good row, and changed ones as chosen."""
    row = _kept(key)
    seen = _read(row)
    taken = flow.queue_sheet(the_bot(), seen, _choices(seen, request.form), author())
    drafts.drop(key)
    queued = sum(one.news == "queued" for one in taken)
    edited = sum(one.news == "edited" for one in taken)
    bad = sum(one.news == "bad" for one in taken)
    flash(_("Queued: %(n)s. Changed: %(m)s.", n=queued, m=edited), "good")
    if bad:
        flash(_("Not queued, as something is wrong with them: %(n)s. See below.", n=bad), "bad")
    return redirect(url_for("today.show") if bad else url_for("queue.show"))


def _choices(seen: SheetPreview, form: Mapping[str, str]) -> dict[str, Change]:
    return {
        one.row.key: Change(form[f"change.{one.row.number}"])
        for one in seen.rows
        if one.standing == Standing.CHANGED and form.get(f"change.{one.row.number}") in set(Change)
    }


def _kept(key: str) -> Manuscript:
    row = drafts.mine(key)
    if row is None or "sheet" not in row.form:
        abort(404)
    return row


def _read(row: Manuscript) -> SheetPreview:
    content = base64.b85decode(row.form["content"])
    return flow.read_sheet(the_bot(), row.form["sheet"], content)


def _as_text(content: bytes) -> str:
    return base64.b85encode(content).decode()
