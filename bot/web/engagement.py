"""The door to the engagement log: what went out and how it did, newest first."""

from collections.abc import Iterator
from itertools import islice

from flask import Blueprint, Response, render_template, request

from bot.reports import listing, log
from bot.store import listing as lists
from bot.store.engine import Store
from bot.store.listing import Wanted
from bot.web import asking
from bot.web.here import the_bot
from bot.web.permissions import May, needs

pages = Blueprint("engagement", __name__)
A_PAGE = 40
LINES_AT_ONCE = 500
# Views of one platform and of another are counted differently, so that they are never added up.
SHOWN = ("views", "likes", "comments", "shares", "link_clicks")


@pages.get("/engagement")
@needs(May.READ)
def show() -> str:
    page = asking.page(A_PAGE)
    want = Wanted(
        lists.OUT,
        account=request.args.get("account") or None,
        campaign=request.args.get("campaign") or None,
    )
    with the_bot().store.read() as session:
        found, total = lists.page(session, want, A_PAGE, (page - 1) * A_PAGE)
        return render_template(
            "engagement.html",
            rows=listing.entries(session, found, counted=True)[0],
            want=want,
            page=page,
            pages_in_all=max(1, -(-total // A_PAGE)),
            campaigns=lists.campaigns(session),
            accounts=list(the_bot().platforms),
            shown=SHOWN,
        )


@pages.get("/engagement.csv")
@needs(May.EXPORT)
def export() -> Response:
    """The whole log, safe to open in a spreadsheet."""
    return Response(
        _lines(the_bot().store),
        mimetype="text/csv",
        headers={"Content-Disposition": "attachment; filename=engagement.csv"},
    )


def _lines(store: Store) -> Iterator[str]:
    """As it is read, some lines at a time: ten years of it do not fit into memory."""
    with store.read() as session:
        lines = log.csv_lines(log.each(session))
        while some := "".join(islice(lines, LINES_AT_ONCE)):
            yield some
