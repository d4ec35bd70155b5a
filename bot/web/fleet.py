"""What runs, what waits and how late posts were, for admins."""

from flask import Blueprint, render_template

from bot.reports import fleetstatus, words
from bot.web.here import now, the_bot
from bot.web.permissions import May, needs

pages = Blueprint("fleet", __name__)


@pages.get("/fleet")
@needs(May.RUN)
def show() -> str:
    found = fleetstatus.status(the_bot().store, now())
    return render_template("fleet.html", found=found, standings=words.STANDINGS)
