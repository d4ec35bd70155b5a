"""The feeds whose new articles become posts: add one, see how each is, read it now."""

import re
from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_security.decorators import auth_required
from werkzeug.wrappers import Response

from bot import flow
from bot.alerts import feeds as silent_feeds
from bot.errors import BotError
from bot.intake.feedfind import SeveralFeeds
from bot.store import articles, feeds
from bot.web.here import now, the_bot
from bot.web.language import _
from bot.web.permissions import May, needs

pages = Blueprint("feeds", __name__)


@pages.get("/feeds")
@needs(May.RUN)
def show() -> str:
    return _page()


def _page(several: SeveralFeeds | None = None, url: str = "") -> str:
    bot = the_bot()
    quiet = silent_feeds.silent(bot.store, now(), bot.settings.zone)
    lines = bot.feeds.lines()
    with bot.store.read() as session:
        rows = feeds.all_of(session)
        waiting = articles.unreviewed_counts(session)
    return render_template(
        "feeds.html",
        rows=rows,
        silent=quiet,
        lines=lines,
        waiting=waiting,
        several=several,
        url=url,
    )


@pages.post("/feeds")
@auth_required("session", within=30, grace=5)
@needs(May.RUN)
def add() -> str | Response:
    """Read the feed at or behind an address from now on; nothing is posted by adding it."""
    bot, url = the_bot(), request.form.get("url", "").strip()[:2000]
    if not url.startswith(("https://", "http://")):
        flash(_("Write the address in full: https://example.org/"), "bad")
        return redirect(url_for("feeds.show"))
    name = request.form.get("name", "").strip() or _name_from(url)
    options = {} if request.form.get("review", "yes") == "yes" else {"mode": "queue"}
    try:
        result = bot.feeds.add(name, url, options)
    except SeveralFeeds as several:
        return _page(several, url)
    except BotError as error:
        flash(str(error), "bad")
        return redirect(url_for("feeds.show"))
    flash(
        _(
            "%(name)s is read from now on. What stands there now (%(n)s) is only remembered.",
            name=name,
            n=result.skipped,
        ),
        "good",
    )
    return redirect(url_for("feeds.show"))


@pages.post("/feeds/<name>/read")
@needs(May.RUN)
def read(name: str) -> Response:
    """Read it now, not at its next time."""
    result = the_bot().feeds.poll(name)
    flow.plan(the_bot())
    if result.error:
        flash(result.error, "bad")
    else:
        flash(_("Read. New articles: %(n)s.", n=result.new), "good")
    return redirect(url_for("feeds.show"))


def _name_from(url: str) -> str:
    host = (urlsplit(url).hostname or "feed").removeprefix("www.")
    return re.sub(r"[^\w.-]", "-", host)[:60]
