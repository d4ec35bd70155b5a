"""The door to what the counts say: what worked, for which campaign, and when to post."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, abort, current_app, render_template, request

from bot.errors import UsageError
from bot.reports.charts import gallery
from bot.reports.figures.figure import AGES, FEW, SHOWN, age_of
from bot.reports.figures.groups import DAYS
from bot.store import engagement as readings
from bot.timetable import declared
from bot.web import (
    charts,
    dashboard,
    downloads,
    engagement,
    figurewords,
    spans,
    standing,
    visits,
    wordings,
)
from bot.web.dashboard import Board, Wanted
from bot.web.here import now, the_bot
from bot.web.kept import Kept
from bot.web.language import _
from bot.web.permissions import May, may, needs

pages = Blueprint("engagement", __name__)
for part in (engagement, downloads, visits, wordings):
    pages.register_blueprint(part.pages)
PERIOD = "30d"
# A board is packed to a kilobyte or a few.
KEPT, MOST_KEPT, KEPT_FOR = "engagement boards", 500_000, timedelta(minutes=5)
AGES_TYPED = ("24h", "7d", "now")
GROUPINGS = ("campaign", "label", "account", "author", "weekday", "hour", "link", "image")


@pages.get("/engagement")
@needs(May.READ)
def show() -> str:
    bot, span = the_bot(), spans.asked(PERIOD)
    want = _wanted(span)
    shown = {row.id: row for row in standing.few(want.account)}
    # What an account cost is not the cost of some of its posts.
    priced = may(May.EXPORT) and want.campaign is None and want.label is None
    with bot.store.read() as session:
        # Counts that came since then make another page of it.
        key = (readings.newest_id(session), span.key, span.first, span.last, want.chosen, priced)
        board = _boards().get(
            key, now(), lambda: dashboard.read(bot, session, want, shown, priced=priced)
        )
        heats = board.heats(dashboard.timetables(session, shown))
        choices = engagement.choices(session)
    return render_template(
        "engagement.html",
        board=board,
        heats=heats,
        want=want,
        span=span,
        owned=_declared(),
        age_typed=_age_typed(),
        groupings=grouping_words(),
        days=[_(day) for day in DAYS],
        shown=SHOWN,
        words=figurewords,
        few=FEW,
        compared_age=AGES[want.compared_at],
        priced=priced,
        kept=engagement.kept(),
        is_part=want.account is None and len(bot.platforms) > standing.FEW,
        **choices,
    )


@pages.get("/engagement/picture/<name>")
@needs(May.READ)
def picture(name: str) -> str:
    """One chart of what was chosen, for the board to take up, or as a page of its own."""
    if name not in gallery.NAMES:
        abort(404)
    is_piece = request.headers.get("HX-Request")
    with the_bot().store.read() as session:
        one = charts.shown(session, name, days=spans.PERIODS_TYPED.get(request.args.get("period")))
    return render_template("_picture.html" if is_piece else "picture.html", one=one)


def _boards() -> Kept[Board]:
    """What was shown in the last minutes: a long time of a busy group takes a while to read."""
    made: Kept[Board] = current_app.extensions.setdefault(KEPT, Kept(MOST_KEPT, KEPT_FOR))
    return made


def _wanted(span: spans.Span) -> Wanted:
    args, by = request.args, request.args.get("by", "")
    # All that ever went out is no time that could be compared with one before it.
    since = span.since or span.until - spans.PERIODS[PERIOD]
    return Wanted(
        since=since,
        until=span.until,
        by=by if by in GROUPINGS else GROUPINGS[0],
        age_hours=age_of({"now": None}.get(_age_typed(), _age_typed())),
        account=args.get("account") or None,
        campaign=args.get("campaign") or None,
        label=args.get("label") or None,
    )


def _age_typed() -> str:
    typed = request.args.get("age", "")
    return typed if typed in AGES_TYPED else AGES_TYPED[0]


def grouping_words() -> dict[str, str]:
    """What posts can be put together by, in the page's language."""
    return {
        "campaign": _("Campaign"),
        "label": _("Label"),
        "account": _("Account"),
        "author": _("Author"),
        "weekday": _("Weekday"),
        "hour": _("Hour"),
        "link": _("With or without a link"),
        "image": _("With or without an image"),
    }


def _declared() -> dict[str, Any]:
    """Whose timetable is a file's, so that a page cannot change it."""
    try:
        return dict(declared.read(the_bot().settings.posts_dir))
    except UsageError:
        return {}
