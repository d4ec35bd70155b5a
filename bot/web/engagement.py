"""The door to the engagement log, made for reviewing: filter, sort, tick what was looked at.

Views of one Platform and of another are counted differently, so that sums stand by Account alone.
"""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from bot.decisions import review
from bot.errors import BotError
from bot.model.review import MAX_NOTE
from bot.reports import seenlog
from bot.reports.figures.figure import SHOWN
from bot.store import listing as lists
from bot.store import logged
from bot.store.logged import ORDERS, Sought
from bot.web import asking, spans, standing
from bot.web.deciding import MOST_AT_ONCE, back
from bot.web.here import decider, the_bot
from bot.web.language import _
from bot.web.permissions import May, needs

pages = Blueprint("log", __name__)
A_PAGE = 40
PERIOD = "1y"
# Sums of more posts take long, and tell nobody anything.
MOST_SUMMED = 2_000
MAX_WORDS = 100
YES_NO = {"yes": True, "no": False}


@pages.get("/engagement/log")
@needs(May.READ)
def show() -> str:
    page = asking.page(A_PAGE)
    span, want = sought()
    with the_bot().store.read() as session:
        total = logged.count(session, want, lists.COUNTED)
        rows = seenlog.page(session, want, A_PAGE, (page - 1) * A_PAGE)
        return render_template(
            "engagement_log.html",
            rows=rows,
            span=span,
            want=want,
            total=total,
            is_many=total >= lists.COUNTED,
            sums=logged.sums(session, want) if total <= MOST_SUMMED else None,
            page=page,
            pages_in_all=max(1, -(-total // A_PAGE)),
            shown=SHOWN,
            kept=kept(),
            max_note=MAX_NOTE,
            **choices(session),
        )


def sought(**more: Any) -> tuple[spans.Span, Sought]:
    """What the address asks for; the same for the page and for what is exported."""
    args, span = request.args, spans.asked(PERIOD)
    order = args.get("sort", "")
    return span, Sought(
        since=span.since,
        until=span.until,
        account=args.get("account") or None,
        campaign=args.get("campaign") or None,
        label=args.get("label") or None,
        by_hand={"hand": True, "ours": False}.get(args.get("made", "")),
        reviewed=YES_NO.get(args.get("reviewed", "")),
        words=args.get("words", "").strip()[:MAX_WORDS] or None,
        order=order if order in ORDERS else "sent_at",
        falling=args.get("way") != "up",
        **more,
    )


def choices(session: Any) -> dict[str, Any]:
    """What the filters offer."""
    campaigns, labels = lists.filed_under(session)
    return {"campaigns": campaigns, "labels": labels, "accounts": standing.offered()}


def kept() -> dict[str, str]:
    """What of the address a link keeps."""
    return {name: value for name, value in request.args.items() if value and name != "page"}


@pages.post("/engagement/log")
@needs(May.REVIEW)
def mark() -> Response:
    """Mark what is ticked as reviewed, with a note; or take the mark back."""
    numbers = {int(one) for one in request.form.getlist("target")[:MOST_AT_ONCE] if one.isdecimal()}
    numbers = {number for number in numbers if number <= asking.LARGEST}
    where = back(request.form.get("back", ""))
    if not numbers:
        flash(_("Tick the posts first, then say what to do with them."), "bad")
        return redirect(where)
    try:
        if request.form.get("verb") == "unmark":
            done = review.unmark(decider(), numbers)
            flash(_("Not reviewed any more: %(n)s.", n=done), "good")
        else:
            done = review.mark(decider(), numbers, request.form.get("note", "").strip())
            flash(_("Marked as reviewed: %(n)s.", n=done), "good")
    except BotError as error:
        flash(str(error), "bad")
    return redirect(where)
