"""Visits from the group's own web statistics, joined to posts: shown once, nothing kept."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from bot.errors import UsageError
from bot.reports.figures import visits
from bot.web import figurewords, turns
from bot.web.here import now, the_bot
from bot.web.language import _
from bot.web.permissions import May, needs

pages = Blueprint("visits", __name__)
MAX_NAME = 100
MOST_SHOWN = 1_000


@pages.get("/engagement/visits")
@needs(May.READ)
def show() -> str:
    return render_template("visits.html", rows=None)


@pages.post("/engagement/visits")
@needs(May.READ)
def read() -> str | Response:
    """Read a file and show what it says; it is gone with the answer."""
    file = request.files.get("file")
    if file is None or not file.filename:
        flash(_("Choose a file first."), "bad")
        return redirect(url_for("engagement.visits.show"))
    content = file.stream.read(visits.MAX_BYTES + 1)
    try:
        with turns.long_work(), the_bot().store.read() as session:
            rows = visits.rows(session, content, file.filename[:MAX_NAME], now())
    except UsageError as error:
        flash(str(error), "bad")
        return redirect(url_for("engagement.visits.show"))
    return render_template(
        "visits.html",
        rows=rows[:MOST_SHOWN],
        is_cut=len(rows) > MOST_SHOWN,
        words=figurewords,
    )
