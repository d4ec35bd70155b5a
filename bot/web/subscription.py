"""The calendar to subscribe to: what went out lately and what goes out, for a calendar program.

Its address is the key, and shows no more than the calendar page does.
"""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, Response, abort, url_for
from itsdangerous import BadSignature, URLSafeSerializer

from bot.clock import iso
from bot.model.person import Person
from bot.reports import listing
from bot.store import listing as lists
from bot.store.listing import Wanted
from bot.web import apart
from bot.web.here import now, the_bot
from bot.web.language import _

pages = Blueprint("subscription", __name__)
MOST = 600
KEPT = timedelta(days=30)
# Seldom asked for, by programs alone, and the library would stay in memory.
WRITES = """
import json, sys
from datetime import datetime, timedelta
from icalendar import Calendar, Event
told = json.load(sys.stdin)
page = Calendar()
page.add("prodid", "-//campaign bot//EN")
page.add("version", "2.0")
page.add("x-wr-calname", told["name"])
for one in told["entries"]:
    begins, event = datetime.fromisoformat(one["dtstart"]), Event()
    event.add("uid", one["uid"])
    event.add("dtstamp", datetime.fromisoformat(told["now"]))
    event.add("dtstart", begins)
    event.add("dtend", begins + timedelta(minutes=10))
    event.add("summary", one["summary"])
    event.add("description", one["description"])
    page.add_component(event)
sys.stdout.buffer.write(page.to_ical())
"""


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


def _written(rows: Iterable[dict[str, Any]]) -> str:
    """As calendars read it."""
    entries = [_entry(row, datetime.fromisoformat(row["at"])) for row in rows if row["at"]]
    told = {"name": _("Campaign posts"), "now": iso(now()), "entries": entries}
    # As text it came with plain ends of lines; RFC 5545 wants both signs.
    return apart.answer(WRITES, json.dumps(told)).replace("\n", "\r\n")


def _entry(row: dict[str, Any], begins: datetime) -> dict[str, Any]:
    title = the_bot().titles.get(row["account"], "")
    words = "\n\n".join(row["parts"])
    return {
        "uid": f"{row['delivery']}@campaign-bot",
        "dtstart": iso(begins),
        "summary": f"{title}: {' '.join(words.split())[:80]}",
        "description": words,
    }
