"""The door to charts: their pictures, by the same filters as the page they stand on.

A page calls `shown(session, name)` and gives what it gets to the macro of `_chart.html`. Filters in
the address, all of them optional: account, campaign, label; days (7, 30, 90, 365), or since and
until (2026-12-01, days on the group's clock, until inclusive); by, age (24h, 7d), count, post.
What cannot be understood is left out, as by every list. Nothing is drawn in this process.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, abort, request, url_for
from werkzeug.wrappers import Response as Answer

from bot.clock.local import parse_edge, resolve
from bot.errors import UsageError
from bot.reports.charts import drawing, gallery
from bot.reports.charts.chart import Chart
from bot.reports.charts.gallery import Wish
from bot.reports.figures.figure import SHOWN, age_of
from bot.reports.figures.groups import GROUPINGS
from bot.store.engine import Session
from bot.web import turns
from bot.web.asking import LARGEST
from bot.web.charttongue import OfThePage
from bot.web.here import now, the_bot
from bot.web.permissions import May, needs

pages = Blueprint("charts", __name__)
FILTERS = (
    "account", "campaign", "label", "days", "since", "until", "by", "age", "count", "post"
)  # fmt: skip
DAYS = ("7", "30", "90", "365")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
POST = re.compile(r"[Pp]?(\d{1,10})")
AGES = ("24h", "7d")
NO_OTHER_LOADS = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


@dataclass(frozen=True, slots=True)
class Shown:
    """A chart with the addresses of its picture; empty where it has none."""

    chart: Chart
    light_url: str
    dark_url: str


@pages.get("/engagement/charts/<name>.<any(svg, png):kind>")
@needs(May.READ)
def picture(name: str, kind: str) -> Answer:
    """The picture; 404 where there is none, 503 where it could not be drawn."""
    if name not in gallery.NAMES:
        abort(404)
    with turns.long_work(), the_bot().store.read() as session:
        chart = gallery.chart(session, wish(name))
    if not chart.has_picture:
        abort(404)
    try:
        made = drawing.draw(chart, kind, dark=request.args.get("dark") == "1")
    except drawing.NotDrawn as error:
        return Response(str(error), 503, mimetype="text/plain")
    return _kept(Response(made, mimetype=drawing.KINDS[kind]), chart)


def _kept(answer: Response, chart: Chart) -> Answer:
    """With its headers. An address that names the figures it shows can never mean another."""
    is_named = request.args.get("v") == drawing.digest(chart)
    answer.headers["Cache-Control"] = (
        "private, max-age=86400, immutable" if is_named else "private, no-cache"
    )
    answer.headers["Content-Security-Policy"] = NO_OTHER_LOADS
    answer.add_etag()
    return answer.make_conditional(request)


def shown(session: Session, name: str, **more: Any) -> Shown:
    """A chart for a page, by its filters; `more` are filters that win over the address."""
    with turns.long_work():
        chart = gallery.chart(session, wish(name, **more))
    if not chart.has_picture:
        return Shown(chart, "", "")
    given = {key: value for key, value in _given(more).items() if value}
    address: dict[str, Any] = {"name": name, "kind": "svg", **given, "v": drawing.digest(chart)}
    return Shown(
        chart, url_for("charts.picture", **address), url_for("charts.picture", **address, dark=1)
    )


def _given(more: Mapping[str, Any]) -> dict[str, str]:
    found = {key: request.args.get(key, "") for key in FILTERS}
    return found | {key: str(value) for key, value in more.items() if value is not None}


def wish(name: str, **more: Any) -> Wish:
    """What the address asks for."""
    bot, given = the_bot(), _given(more)
    post = POST.fullmatch(given["post"])
    rules = [platform.rules for platform in bot.kinds.values()]
    since, until = _span(given)
    return Wish(
        name=name,
        zone=bot.settings.zone,
        now=now(),
        titles={**{one.platform: one.title for one in rules}, **bot.titles},
        since=since,
        until=until,
        account=given["account"] or None,
        campaign=given["campaign"] or None,
        label=given["label"] or None,
        age_hours=age_of(given["age"] if given["age"] in AGES else None),
        by=given["by"] if given["by"] in GROUPINGS else "campaign",
        count=given["count"] if given["count"] in SHOWN else "views",
        tongue=OfThePage(),
        post_id=int(post[1]) if post and int(post[1]) <= LARGEST else None,
    )


def _span(given: Mapping[str, str]) -> tuple[datetime | None, datetime | None]:
    """From and to, in UTC; days that are typed win over a number of days."""
    since, until = _edge(given["since"]), _edge(given["until"], is_end=True)
    if since is None and given["days"] in DAYS:
        since = (until or now()) - timedelta(days=int(given["days"]))
    return (None, None) if since and until and since >= until else (since, until)


def _edge(typed: str, *, is_end: bool = False) -> datetime | None:
    if not DAY.fullmatch(typed):
        return None
    try:
        return resolve(parse_edge(typed, is_end=is_end), the_bot().settings.zone).at
    except (UsageError, OverflowError, ValueError):
        return None
