"""Connecting an account: out to the platform, back with what it granted, and which Page is meant.

The way back is a GET, as the platforms lead people by a link. It is bound to the person's sign-in
and works once, so that a link somebody else made connects nothing.
"""

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_security.decorators import auth_required
from werkzeug.wrappers import Response

from bot.accounts.adding import Adding
from bot.accounts.connect import Choice
from bot.decisions import removal
from bot.errors import BotError, NotAllowed
from bot.store import accounts
from bot.web import sessions
from bot.web.here import decider, me, now, the_bot
from bot.web.invitations import address
from bot.web.language import _, plural
from bot.web.permissions import May, needs

pages = Blueprint("connecting", __name__)
# Neither platform lists what is older.
MOST_DAYS = 9_999


def _mark() -> str:
    """What a sign-in under way is bound to."""
    return sessions.digest(session.get(sessions.SECRET, ""))


@pages.post("/accounts/<name>/connect")
@auth_required("session", within=30, grace=5)
@needs(May.RUN)
def begin(name: str) -> str | Response:
    """Begin; the page that follows has the link, since a form may lead nowhere but to us."""
    return _begun(name)


def _begun(name: str) -> str | Response:
    back = f"{address()}{url_for('connecting.finish', name=name)}"
    try:
        link = the_bot().connections.begin(name, session_mark=_mark(), return_to=back)
    except BotError as error:
        flash(str(error), "bad")
        return redirect(url_for("accounts.show"))
    return render_template("connect.html", name=name, link=link)


@pages.post("/accounts/new")
@auth_required("session", within=30, grace=5)
@needs(May.RUN)
def another() -> str | Response:
    """Begin with an account that is not here yet, under the name that posts will give it."""
    name, platform = request.form.get("name", "").strip(), request.form.get("platform", "")
    bot = the_bot()
    try:
        Adding(bot.credentials, bot.clock, decider().actor).reserve(name, platform)
    except BotError as error:
        flash(str(error), "bad")
        return redirect(url_for("accounts.show"))
    return _begun(name)


@pages.post("/accounts/<name>/remove")
@auth_required("session", within=30, grace=5)
@needs(May.RUN)
def remove(name: str) -> Response:
    """Wipe its keys and withdraw what waits; the log stays."""
    bot = the_bot()
    try:
        if name in bot.credentials.environment:
            raise NotAllowed(_("It is given by the environment, and cannot be removed here."))
        withdrawn = removal.remove(decider(request.form.get("reason", "").strip()[:500]), name)
        bot.credentials.refresh()
        said = plural("%(num)s post was withdrawn.", "%(num)s posts were withdrawn.", withdrawn)
        flash(_("Removed. %(posts)s The log of what went out stays.", posts=said), "good")
    except BotError as error:
        flash(str(error), "bad")
    return redirect(url_for("accounts.show"))


@pages.get("/accounts/<name>/connected")
@needs(May.RUN)
def finish(name: str) -> str | Response:
    """Take up what the platform granted, or ask which Page is meant."""
    try:
        found = the_bot().connections.finish(
            name, request.args.to_dict(), session_mark=_mark(), actor=me().actor
        )
    except BotError as error:
        flash(str(error), "bad")
        return redirect(url_for("accounts.show"))
    if isinstance(found, Choice):
        return render_template("connect_choose.html", name=name, choice=found)
    return _done(name, found.name, found.warning)


@pages.post("/accounts/<name>/choose")
@needs(May.RUN)
def choose(name: str) -> Response:
    """Connect the Page that was chosen."""
    form = request.form
    try:
        found = the_bot().connections.choose(
            name,
            form.get("remote_id", ""),
            mark=form.get("mark", ""),
            session_mark=_mark(),
            actor=me().actor,
        )
    except BotError as error:
        flash(str(error), "bad")
        return redirect(url_for("accounts.show"))
    return _done(name, found.name, found.warning)


@pages.post("/accounts/<name>/past")
@auth_required("session", within=30, grace=5)
@needs(May.RUN)
def read_past(name: str) -> Response:
    """Read in what the account published before, so that totals match its page."""
    bot, days = the_bot(), request.form.get("days", "")
    platform = bot.platform_named(name)
    if platform.missing_settings or not (days.isdecimal() and 1 <= int(days[:5]) <= MOST_DAYS):
        flash(_("Nothing was read: give a number of days, and let the account be on."), "bad")
        return redirect(url_for("accounts.show"))
    try:
        with bot.store.read() as session:
            account_id = accounts.named(session, name).id
        past = bot.by_hand.read_past(account_id, now() - timedelta(days=int(days)), me().actor)
    except BotError as error:
        flash(str(error), "bad")
        return redirect(url_for("accounts.show"))
    seen = plural("%(num)s post was seen", "%(num)s posts were seen", past.found)
    said = _(
        "%(seen)s, %(logged)s of them new here: logged as made by hand, and counted soon.",
        seen=seen,
        logged=past.logged,
    )
    flash(said, "good")
    return redirect(url_for("accounts.show"))


@pages.post("/accounts/<name>/disconnect")
@auth_required("session", within=30, grace=5)
@needs(May.RUN)
def disconnect(name: str) -> Response:
    """Wipe what is stored; posts for it wait."""
    reason = request.form.get("reason", "").strip()[:500] or None
    try:
        the_bot().connections.disconnect(name, actor=decider().actor, reason=reason)
        flash(_("Disconnected. Posts for it wait until it is connected again."), "good")
    except BotError as error:
        flash(str(error), "bad")
    return redirect(url_for("accounts.show"))


def _done(account: str, name: str, warning: str) -> Response:
    flash(_("Connected as %(name)s.", name=name), "good")
    if warning:
        flash(warning, "bad")
    # The page then offers to read in the past, with its price.
    return redirect(url_for("accounts.show", past=account))
