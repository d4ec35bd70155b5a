"""The stop switch, and quiet times: one button each, with a reason that everybody sees."""

from contextlib import suppress

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from bot import flow
from bot.decisions import blackout, pause
from bot.errors import BotError, NotAllowed
from bot.model.delivery import State
from bot.store import accounts, blackouts, deliveries
from bot.web import standing, wording
from bot.web.deciding import back
from bot.web.here import decider, now, the_bot
from bot.web.language import _
from bot.web.permissions import May, needs

pages = Blueprint("pausing", __name__)
MAX_SHOWN = 50


@pages.get("/pause")
@needs(May.DECIDE)
def show() -> str:
    bot = the_bot()
    with bot.store.read() as session:
        quiet = list(blackouts.standing(session, now()))
        known = accounts.names_of(session, [row.account_id for row in quiet if row.account_id])
        in_flight = deliveries.state_counts(session).get(State.SENDING, 0)
    shown = []
    with suppress(NotAllowed):  # nothing is paused, so nothing would change
        shown = flow.resume_shown(bot, decider(), None)[:MAX_SHOWN]
    return render_template(
        "pause.html",
        names=standing.offered(),
        quiet=quiet,
        known=known,
        in_flight=in_flight,
        shown=shown,
    )


@pages.post("/pause")
@needs(May.DECIDE)
def stop() -> Response:
    """Stop one account or all, from this moment."""
    reason = request.form.get("reason", "").strip()[:500]
    account = request.form.get("account") or None
    if not reason:
        flash(_("Say why: everybody sees it at the top of every page."), "bad")
        return redirect(url_for("pausing.show"))
    pause.pause(decider(reason), account)
    flash(_("Paused. Nothing leaves until somebody goes on."), "good")
    return redirect(back(request.form.get("back", url_for("pausing.show"))))


@pages.post("/resume")
@needs(May.DECIDE)
def go_on() -> Response:
    """End a pause; what it kept back gets new times, none at once."""
    flow.resume(the_bot(), decider(), request.form.get("account") or None)
    flash(_("Going on. What waited has new times; nothing is sent in one rush."), "good")
    return redirect(url_for("queue.show"))


@pages.post("/quiet-times")
@needs(May.DECIDE)
def quiet() -> Response:
    """Set hours in which nothing goes out."""
    bot, form = the_bot(), request.form
    try:
        wanted = blackout.hours(
            form.get("from", ""), form.get("until", ""), bot.settings.zone, now()
        )
        row = blackout.add(
            decider(form.get("reason", "").strip()), form.get("account") or None, wanted
        )
    except BotError as error:
        flash(str(error), "bad")
        return redirect(url_for("pausing.show"))
    flow.plan(bot)
    ends = wording.moment(row.ends_at)
    flash(_("Set. Nothing goes out until %(when)s.", when=ends), "good")
    return redirect(url_for("pausing.show"))


@pages.post("/quiet-times/<int:blackout_id>/remove")
@needs(May.DECIDE)
def unquiet(blackout_id: int) -> Response:
    """Take a quiet time back."""
    blackout.remove(decider(), blackout_id)
    flow.plan(the_bot())
    flash(_("Taken back."), "good")
    return redirect(url_for("pausing.show"))
