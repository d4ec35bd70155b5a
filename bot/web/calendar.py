"""The week and the month: posts on their days, free slots to fill, moved by dragging or by form."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime
from operator import itemgetter
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from bot import flow
from bot.decisions.release import release
from bot.errors import BotError
from bot.model.delivery import Delivery
from bot.reports import listing
from bot.store import deliveries, people, posts
from bot.store import listing as lists
from bot.store.engine import Session
from bot.store.listing import Wanted
from bot.web import asking, month, slips, standing, subscription, wording
from bot.web.deciding import back
from bot.web.here import decider, me, now, the_bot
from bot.web.language import _
from bot.web.permissions import May, may_change, needs, require_change, require_movable
from bot.web.teller import Teller

pages = Blueprint("calendar", __name__)
# Of what is out, and of what is ahead. A page with more takes long, and nobody finds anything.
MOST = 300
OK, CONFLICT = 200, 409
# Further away a week has days that no calendar can write.
SHOWN_YEARS = range(2000, 2200)


@pages.get("/calendar")
@needs(May.READ)
def show() -> str:
    bot, zone = the_bot(), the_bot().settings.zone
    shown = month.range_of(_day(), is_week=request.args.get("by") == "week")
    since, until = shown.moments(zone)
    account = request.args.get("account") or None
    as_list = me().likes_list
    with bot.store.read() as session:
        between = [
            Wanted(which, account=account, since=since, until=until)
            for which in (lists.OUT, lists.AHEAD)
        ]
        rows = _entries(session, between) if as_list else slips.found(session, between, MOST)
        known = [
            row for row in standing.few(account) if not bot.platforms[row.name].missing_settings
        ]
        is_cut = any(
            sum(row["is_out"] == is_out for _, row in rows) >= MOST for is_out in (True, False)
        )
        free = month.free_slots(session, bot.planner, known, max(now(), since), until)
        quiet = month.quiet_between(session, since, until)
        told = Teller.plain(now(), zone, bot.platforms)
    today = now().astimezone(zone).date()
    is_short = request.args.get("gone") == "hide"
    days = month.days(shown, rows, free, quiet, zone)
    return render_template(
        "calendar.html",
        shown=shown,
        days=month.without_weeks_before(days, today) if is_short else days,
        today=today,
        is_short=is_short,
        is_cut=is_cut,
        account=account,
        accounts=[name for name in standing.offered() if not bot.platforms[name].missing_settings],
        as_list=as_list,
        movable=[row["move"] for _, row in rows if row["move"]],
        told=told,
        subscription=subscription.address(me()),
    )


def _entries(session: Session, between: Sequence[Wanted]) -> list[tuple[datetime, dict[str, Any]]]:
    """As lists show them, in their order, each with its moment."""
    found = [lists.found(session, wanted, MOST) for wanted in between]
    rows = [row for entries in listing.entries(session, *found) for row in entries]
    return [
        (
            datetime.fromisoformat(row["at"]),
            row | {"is_out": slips.is_out(row["state"]), "move": _move(row)},
        )
        for row in sorted(rows, key=itemgetter("at"))
    ]


def _move(row: dict[str, Any]) -> tuple[str, str] | None:
    """The number by which it is moved, and how the list of what may be calls it."""
    if row["state"] not in slips.MOVABLE or not may_change(row["written_by"]):
        return None
    return row["delivery"], slips.named(row["due_at"], row["account"], row["parts"][0])


def _day() -> date:
    with suppress(ValueError):
        asked = date.fromisoformat(request.args.get("day", ""))
        if asked.year in SHOWN_YEARS:
            return asked
    return now().astimezone(the_bot().settings.zone).date()


@pages.post("/calendar/view")
@needs(May.READ)
def view() -> Answer:
    """Remember whether somebody likes the days as a list."""
    with the_bot().store.write() as session:
        people.get(session, me().id).likes_list = request.form.get("as") == "list"
    day = request.form.get("day", "")[:10]
    return redirect(url_for("calendar.show", day=day, by=request.form.get("by") or None))


@pages.post("/calendar/move")
@needs(May.WRITE)
def move() -> tuple[str, int] | Answer:
    """Another day, at the same time of day: asked for by a drag, or by the form below the days."""
    said, code = _moved()
    flash(said, "good" if code == OK else "bad")
    if request.headers.get("HX-Request"):
        return said, code
    return redirect(back(request.form.get("back", "")))


def _moved() -> tuple[str, int]:
    bot, zone = the_bot(), the_bot().settings.zone
    number = asking.number("delivery")
    try:
        day = date.fromisoformat(request.form.get("day", ""))
    except ValueError:
        abort(400)
    if number is None:
        abort(400)
    with bot.store.read() as session:
        row: Delivery = deliveries.get(session, number)
        require_change(posts.get(session, row.post_id))
    if row.due_at is None:
        return _("It has no time yet."), CONFLICT
    at = f"{day} {row.due_at.astimezone(zone):%H:%M}"
    try:
        require_movable([row])
        release(decider(), str(number), zone, at)
    except BotError as error:
        return str(error), CONFLICT
    flow.plan(bot)
    with bot.store.read() as session:
        due_at = deliveries.get(session, number).due_at
    return _("Moved to %(when)s.", when=wording.moment(due_at) if due_at else at), OK
