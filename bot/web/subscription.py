"""The calendar to subscribe to: what went out lately and what goes out, for a calendar program.

Its address is the key, and shows no more than the calendar page does.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, abort, url_for
from itsdangerous import BadSignature, URLSafeSerializer

from bot.model.person import Person
from bot.reports import listing
from bot.store import listing as lists
from bot.store.listing import Wanted
from bot.web.here import now, the_bot
from bot.web.language import _

pages = Blueprint("subscription", __name__)
MOST = 600
KEPT = timedelta(days=30)


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(the_bot().settings.secret_key.get_secret_value(), "calendar")


def address(person: Person) -> str:
    """One person's address of it: good until another password is chosen or they are let go."""
    token = _signer().dumps([person.id, person.fs_uniquifier[:12]])
    return url_for("subscription.calendar", token=token, _external=True)


@pages.get("/calendar/<token>.ics")
def calendar(token: str) -> Response:
    """What goes out, for a calendar program; the address itself is the key."""
    try:
        number, mark = _signer().loads(token)
    except (BadSignature, ValueError):
        abort(404)
    bot = the_bot()
    with bot.store.read() as session:
        person = session.get(Person, number)
        if person is None or not person.active or person.fs_uniquifier[:12] != mark:
            abort(404)
        out = Wanted(lists.OUT, since=now() - KEPT)
        found = [lists.found(session, wanted, MOST) for wanted in (Wanted(lists.AHEAD), out)]
        rows = [row for entries in listing.entries(session, *found) for row in entries]
    return Response(_written(rows), mimetype="text/calendar")


def _written(rows: Iterable[dict[str, Any]]) -> bytes:
    # Seldom asked for, and it stays in memory.
    from icalendar import Calendar, Event

    page = Calendar()
    page.add("prodid", "-//campaign bot//EN")
    page.add("version", "2.0")
    page.add("x-wr-calname", _("Campaign posts"))
    for row in rows:
        at = row["at"]
        if at:
            event = Event()
            for name, value in _entry(row, datetime.fromisoformat(at)).items():
                event.add(name, value)
            page.add_component(event)
    return bytes(page.to_ical())


def _entry(row: dict[str, Any], begins: datetime) -> dict[str, Any]:
    title = the_bot().titles.get(row["account"], "")
    words = "\n\n".join(row["parts"])
    return {
        "uid": f"{row['delivery']}@campaign-bot",
        "dtstamp": now(),
        "dtstart": begins,
        "dtend": begins + timedelta(minutes=10),
        "summary": f"{title}: {' '.join(words.split())[:80]}",
        "description": words,
    }
