"""The weekly times at which each account goes out."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from bot.decisions.rules import set_timetable
from bot.errors import BotError, UsageError
from bot.store import accounts
from bot.timetable import declared
from bot.timetable.slots import in_plain_words, parse_timetable
from bot.web import wording
from bot.web.here import decider, the_bot
from bot.web.language import _
from bot.web.permissions import May, needs

pages = Blueprint("timetable", __name__)


@pages.get("/timetable")
@needs(May.RUN)
def show() -> str:
    bot = the_bot()
    owned, wrong = _declared()
    with bot.store.read() as session:
        found = [
            {
                "name": row.name,
                "zone": wording.zone_name(bot.planner.zone_of(row)),
                "lines": in_plain_words(bot.planner.timetable_of(session, row)),
                "owner": owned.get(row.name),
            }
            for row in accounts.all_of(session)
            if row.name in bot.platforms
        ]
    return render_template("timetable.html", found=found, wrong=wrong)


def _declared() -> tuple[dict[str, declared.Declared], str]:
    try:
        return declared.read(the_bot().settings.posts_dir), ""
    except UsageError as error:
        return {}, str(error)


@pages.post("/timetable/<name>")
@needs(May.RUN)
def change(name: str) -> Response:
    """Other times; posts that have theirs keep them."""
    owned, _wrong = _declared()
    if name in owned:
        flash(_("A file says when it goes out; change it there."), "bad")
        return redirect(url_for("timetable.show"))
    try:
        wanted = parse_timetable(request.form.get("times", "")[:4000])
        set_timetable(decider(), name, wanted)
        flash(_("Kept. Posts that have their time keep it."), "good")
    except BotError as error:
        flash(str(error), "bad")
    return redirect(url_for("timetable.show"))
