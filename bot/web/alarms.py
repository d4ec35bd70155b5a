"""What was alarmed and who was told, how each receiver took it last, and a test of them all.

No address is shown here or anywhere: a receiver has a number and a kind.
"""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_security.decorators import auth_required
from werkzeug.wrappers import Response

from bot.alerts import notify
from bot.flow import alarms as watching
from bot.flow import pinging
from bot.model.alarm import Receiver
from bot.reports import words
from bot.store import alarms, receivers
from bot.store.engine import Session
from bot.web.here import the_bot
from bot.web.language import _
from bot.web.permissions import May, needs

pages = Blueprint("alarms", __name__)
SHOWN = 50


@pages.get("/alarms")
@needs(May.READ)
def show() -> str:
    with the_bot().store.read() as session:
        rows = alarms.recent(session, SHOWN)
        known = _known(session)
    return render_template(
        "alarms.html",
        rows=rows,
        heads=words.ALARMS,
        steps=words.ALARM_STEPS,
        known=known,
        has_receiver=bool(the_bot().settings.alarm_addresses),
    )


def _known(session: Session) -> list[tuple[str, Receiver | None]]:
    """Each receiver that is set, in order, with how it went last; the dead man's switch too."""
    settings = the_bot().settings
    labels = [place.label for place in notify.places(settings.alarm_addresses)]
    if settings.ping_url.get_secret_value():
        labels.append(pinging.LABEL)
    rows = receivers.by_label(session)
    return [(label, rows.get(label)) for label in labels]


def failing(session: Session) -> list[str]:
    """What Today says of receivers that did not take what they were told last."""
    if not the_bot().settings.alarm_addresses:
        return []
    return [
        _("An alarm did not go through (%(which)s). %(why)s", which=label, why=row.error or "")
        for label, row in _known(session)
        if row is not None and row.failed_at is not None
    ]


@pages.post("/alarms/test")
@auth_required("session", within=30, grace=5)
@needs(May.RUN)
def test() -> Response:
    """Send a test to every receiver."""
    said = watching.try_out(the_bot()).said
    for label, why in said.items():
        flash(f"{label}: {why or _('it took the test.')}", "bad" if why else "good")
    if not said:
        flash(_("No receiver is set, so nobody is told."), "bad")
    return redirect(url_for("alarms.show"))
