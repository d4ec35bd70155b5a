"""Who decided what: the record that only grows."""

from flask import Blueprint, render_template

from bot.store import decisions
from bot.web import asking
from bot.web.here import the_bot
from bot.web.permissions import May, needs

pages = Blueprint("record", __name__)
A_PAGE = 60


@pages.get("/record")
@needs(May.AUDIT)
def show() -> str:
    before = asking.number("before")
    with the_bot().store.read() as session:
        rows = decisions.log(session, before, A_PAGE + 1)
    return render_template("record.html", rows=rows[:A_PAGE], more=len(rows) > A_PAGE)
