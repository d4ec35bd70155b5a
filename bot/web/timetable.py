"""The weekly times at which each account goes out."""

from collections.abc import Callable, Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from bot.decisions.rules import set_timetable
from bot.errors import BotError, UsageError
from bot.model.account import Slot
from bot.store import accountpages, accounts
from bot.store.accountpages import Sought
from bot.timetable import declared
from bot.timetable.slots import DEFAULT_TIMETABLE, in_plain_words, parse_timetable
from bot.web import asking, wording
from bot.web.deciding import back
from bot.web.here import decider, the_bot
from bot.web.language import _
from bot.web.permissions import May, needs

pages = Blueprint("timetable", __name__)
A_PAGE = 20
MAX_TIMES, MAX_SLOT = 4000, 40
Timetable = Sequence[tuple[int, str]]


@pages.get("/timetable")
@needs(May.RUN)
def show() -> str:
    bot = the_bot()
    owned, wrong = _declared()
    words, page = request.args.get("words", ""), asking.page(A_PAGE)
    with bot.store.read() as session:
        rows, total = accountpages.page(session, Sought(words=words), page, A_PAGE)
        own = accounts.slots_of(session, [row.id for row in rows])
    found = [
        {
            "name": row.name,
            "zone": wording.zone_name(bot.planner.zone_of(row)),
            "lines": in_plain_words(_slots(own[row.id])),
            "owner": owned.get(row.name),
        }
        for row in rows
        if row.name in bot.platforms
    ]
    return render_template(
        "timetable.html",
        found=found,
        wrong=wrong,
        words=words,
        page=page,
        pages_in_all=max(1, -(-total // A_PAGE)),
    )


def _slots(own: Sequence[Slot]) -> Timetable:
    return [(slot.weekday, slot.local_time) for slot in own] or DEFAULT_TIMETABLE


def _declared() -> tuple[dict[str, declared.Declared], str]:
    try:
        return declared.read(the_bot().settings.posts_dir), ""
    except UsageError as error:
        return {}, str(error)


@pages.post("/timetable/<name>")
@needs(May.RUN)
def change(name: str) -> Response:
    """Other times; posts that have theirs keep them."""
    _keep(name, lambda _has: parse_timetable(request.form.get("times", "")[:MAX_TIMES]))
    return redirect(url_for("timetable.show"))


@pages.post("/timetable/<name>/add")
@needs(May.RUN)
def add(name: str) -> Response:
    """One more time, such as the engagement page offers."""
    slot = request.form.get("slot", "")[:MAX_SLOT]
    _keep(name, lambda has: sorted({*has, *parse_timetable(slot)}))
    return redirect(back(request.form.get("back", "")))


def _keep(name: str, wanted: Callable[[Timetable], Timetable]) -> None:
    """Give the account the times that become of those it has, and say so."""
    bot, (owned, _wrong) = the_bot(), _declared()
    if name in owned:
        flash(_("A file says when it goes out; change it there."), "bad")
        return
    try:
        with bot.store.read() as session:
            has = bot.planner.timetable_of(session, accounts.named(session, name))
        set_timetable(decider(), name, wanted(has))
        flash(_("Kept. Posts that have their time keep it."), "good")
    except BotError as error:
        flash(str(error), "bad")
