"""A week's report: read on a page, printed, downloaded, or mailed to whoever reads it now.

The report itself is in English in every language of the pages, as it is passed on outside them.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    flash,
    json,
    redirect,
    render_template,
    request,
    url_for,
)
from markupsafe import Markup
from werkzeug.wrappers import Response as Answer

from bot.errors import UsageError
from bot.flow import weekly
from bot.flow.weekly import Went
from bot.reports.weekly import page, plain
from bot.reports.weekly import week as weeks
from bot.reports.weekly.document import document, told_at
from bot.reports.weekly.facts import Report
from bot.reports.weekly.week import Week
from bot.store import engagement
from bot.web import turns
from bot.web.here import me, now, the_bot
from bot.web.kept import Kept
from bot.web.language import _
from bot.web.permissions import May, needs

pages = Blueprint("report", __name__)
KEPT, MOST_KEPT, KEPT_FOR = "reports kept", 500_000, timedelta(minutes=5)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass(frozen=True, slots=True)
class Asked:
    """Which week, of which campaign, and whether anybody may read it."""

    week: Week
    campaign: str | None
    is_public: bool

    def query(self, week: Week | None = None) -> dict[str, Any]:
        """The same as an address says it, or of another week."""
        asked = {"week": (week or self.week).name}
        asked |= {"campaign": self.campaign} if self.campaign else {}
        return asked | ({"public": "1"} if self.is_public else {})


@dataclass(frozen=True, slots=True)
class File:
    """How the report is written to a file of one kind."""

    mimetype: str
    write: Callable[[Report, bool], str | bytes]


FILES = {
    "html": File(
        "text/html",
        lambda told, public: page.whole(document(told, public=public), told_at(told)),
    ),
    "xlsx": File(XLSX, lambda told, public: plain.as_workbook(told, public=public)),
    "json": File(
        "application/json",
        lambda told, public: json.dumps(plain.as_json(told, public=public), ensure_ascii=False),
    ),
}


@dataclass(frozen=True, slots=True)
class Page:
    """A report as a page shows it, and when it was made."""

    body: Markup
    made: str


def _pages() -> Kept[Page]:
    """What was read in the last minutes: all there is of a week takes a while to gather."""
    made: Kept[Page] = current_app.extensions.setdefault(KEPT, Kept(MOST_KEPT, KEPT_FOR))
    return made


def _page(asked: Asked) -> Page:
    told = _told(asked)
    read = document(told, public=asked.is_public)
    # Made of escaped words by `reports.weekly.page`.
    return Page(Markup(page.fragment(read)), told_at(told))  # noqa: S704


@pages.get("/report")
@needs(May.EXPORT)
def show() -> str:
    asked, bot = _asked(request.args), the_bot()
    with bot.store.read() as session:
        key = (asked, engagement.newest_id(session))
    newest = Week.at(now(), bot.settings.zone)
    return render_template(
        "report.html",
        asked=asked,
        shown=_pages().get(key, now(), lambda: _page(asked)),
        after=asked.week.after if asked.week.monday < newest.monday else None,
        can_mail=weekly.can_mail(bot),
        files=tuple(FILES),
    )


@pages.get("/report.<kind>")
@needs(May.EXPORT)
def file(kind: str) -> Response:
    """The same as a file to keep, print or pass on."""
    if kind not in FILES:
        abort(404)
    asked = _asked(request.args)
    name = f"week-{asked.week.name}{'-public' if asked.is_public else ''}.{kind}"
    with turns.long_work():
        written = FILES[kind].write(_told(asked), asked.is_public)
    return Response(
        written,
        mimetype=FILES[kind].mimetype,
        headers={"Content-Disposition": f"attachment; filename={name}"},
    )


@pages.post("/report")
@needs(May.EXPORT)
def send() -> Answer:
    """Mail it to whoever asks, now; their Monday's mail comes all the same."""
    asked = _asked(request.form)
    if not weekly.can_mail(the_bot()):
        flash(_("No mail server is set, so nothing was sent. An admin can set MAIL_URL."), "bad")
        return redirect(url_for("report.show", **asked.query()))
    one = weekly.mailing(the_bot(), asked.week, asked.campaign, public=asked.is_public)
    posted = weekly.send_one(the_bot(), one, me().email)
    if posted.went == Went.SENT:
        flash(_("Sent to %(address)s.", address=me().email), "good")
    elif posted.went == Went.UNSURE:
        flash(_("It may not have reached you: the mail server gave no answer."), "bad")
    else:
        flash(_("The mail server did not take it. Try again in a while."), "bad")
    return redirect(url_for("report.show", **asked.query()))


def _asked(given: Mapping[str, str]) -> Asked:
    return Asked(_week(given.get("week", "")), given.get("campaign") or None, "public" in given)


def _week(typed: str) -> Week:
    """The week of an address; 404 for none, and for one that has not begun."""
    zone = the_bot().settings.zone
    if not typed:
        return weeks.last_whole(now(), zone)
    try:
        week = Week.of(typed)
    except UsageError:
        abort(404)
    if now() < week.start(zone):
        abort(404)
    return week


def _told(asked: Asked) -> Report:
    return weekly.report(the_bot(), asked.week, asked.campaign, public=asked.is_public)
