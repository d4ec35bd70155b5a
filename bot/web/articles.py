"""Articles that wait for a review: where from, why these words, and accept, change or dismiss."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from bot import flow
from bot.decisions.approve import approve
from bot.decisions.cancel import cancel
from bot.errors import BotError
from bot.reports import queue
from bot.store import articles
from bot.web.here import decider, now, the_bot
from bot.web.language import _
from bot.web.permissions import May, needs

pages = Blueprint("articles", __name__)
SHOWN = 30
SOON = timedelta(seconds=1)


@pages.get("/articles")
@needs(May.DECIDE)
def show() -> str:
    with the_bot().store.read() as session:
        waiting = articles.unreviewed(session, now() + SOON)
        shown = waiting[-SHOWN:][::-1]
        stories = queue.outlines(session, [article.post_id or 0 for article, _ in shown])
        found = [
            {
                "article": article,
                "feed": feed,
                "post": stories[article.post_id or 0]["post"],
                "source": (article.chosen or {}).get("source"),
                "deliveries": stories[article.post_id or 0]["deliveries"],
            }
            for article, feed in shown
        ]
    return render_template("articles.html", found=found, total=len(waiting))


@pages.post("/articles/<int:post_id>/<verb>")
@needs(May.DECIDE)
def decide(post_id: int, verb: str) -> Response:
    """Accept it as it is, or dismiss it."""
    target = f"P{post_id}"
    try:
        if verb == "accept":
            approve(decider(), target)
            flow.plan(the_bot())
            flash(_("Accepted; it goes out at the next free time."), "good")
        elif verb == "dismiss":
            cancel(decider("Dismissed at its review."), target)
            flash(_("Dismissed. It does not come again."), "good")
    except BotError as error:
        flash(str(error), "bad")
    return redirect(url_for("articles.show"))
