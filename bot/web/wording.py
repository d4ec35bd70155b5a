"""How pages write times, states, counts and names: the words of every door, as template filters."""

import hashlib
import re
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from babel.dates import get_timezone_location
from flask import Flask, g, request, url_for
from flask_babel import format_date, format_timedelta, get_locale
from flask_security import current_user
from markupsafe import Markup, escape

from bot.model.delivery import Hold, State
from bot.reports import words
from bot.store import people
from bot.web import language, mails, standing
from bot.web.here import now, the_bot
from bot.web.language import _
from bot.web.permissions import May, may, may_change
from bot.web.signinwords import LABELS

HERE = Path(__file__).parent
# Each state has a sign, a colour's name and a word, so that no two differ by colour alone.
SIGNS = {
    State.WAITING: ("○", "calm"),
    State.HELD: ("‖", "ask"),
    State.SENDING: ("→", "calm"),
    State.UNCONFIRMED: ("?", "ask"),
    State.SENT: ("✓", "good"),
    State.FAILED: ("✕", "bad"),
    State.CANCELLED: ("–", "calm"),
}
# The bar's doors: endpoint, word, what one must be allowed, and whether a phone's bar has it.
DOORS = (
    ("today.show", "Today", May.READ, True),
    ("compose.new", "Compose", May.WRITE, True),
    ("queue.show", "Queue", May.READ, True),
    ("calendar.show", "Calendar", May.READ, True),
    ("articles.show", "Articles", May.DECIDE, False),
    ("engagement.show", "Engagement", May.READ, True),
    ("accounts.show", "Accounts", May.READ, False),
)


def add(app: Flask) -> None:
    """Teach the app's templates to speak."""
    app.jinja_env.filters.update(
        moment=moment,
        short=short,
        day=day,
        clock=clock,
        away=away,
        state=state,
        badge=badge,
        count=words.count,
        money=words.money,
        excerpt=words.excerpt,
        sentence=words.sentence,
        title=account_title,
        who=who,
        verb=verb,
        lines=lines,
        host=host,
        outcome=outcome,
        label=label,
        state_word=lambda name: _(words.STATES[name]),
        role_word=lambda name: _(words.ROLES[name][0]),
        role_means=lambda name: _(words.ROLES[name][1]),
        approval_word=lambda name: _(words.APPROVALS[name]),
        month_name=month_name,
        weekday=weekday,
        typed=typed,
        changes=changes,
    )
    app.jinja_env.globals.update(
        May=May,
        State=State,
        Hold=Hold,
        may=may,
        may_change=may_change,
        asset=asset,
        doors=doors,
        pauses=standing.pauses,
        many_accounts=lambda: len(the_bot().platforms) > standing.MOST_OFFERED,
        STRIPS=standing.STRIPS,
        MOST_PAUSES=standing.FEW,
        zone_name=zone_name,
        languages=language.LANGUAGES,
        get_locale=get_locale,
        mails=mails,
        now=now,
        privacy_url=lambda: the_bot().settings.privacy_url,
    )


def local(at: datetime | str) -> datetime:
    """In the zone in which times are shown."""
    moment_ = datetime.fromisoformat(at) if isinstance(at, str) else at
    return moment_.astimezone(the_bot().settings.zone)


def moment(at: datetime | str | None) -> str:
    """`Tuesday 1 December 2026, 08:30`."""
    if not at:
        return _("no time yet")
    return f"{day(local(at).date())}, {clock(at)}"


def short(at: datetime | str) -> str:
    """`Tue 1 Dec 2026, 08:30`, where a table has many."""
    return f"{format_date(local(at).date(), _('EEE d MMM y'), rebase=False)}, {clock(at)}"


def day(of: date) -> str:
    """`Tuesday 1 December 2026`."""
    return str(format_date(of, _("EEEE d MMMM y"), rebase=False))


def clock(at: datetime | str) -> str:
    """`08:30`, in every language."""
    return f"{local(at):%H:%M}"


def away(at: datetime | str | None) -> str:
    """`in 3 days`."""
    if not at:
        return ""
    moment_ = datetime.fromisoformat(at) if isinstance(at, str) else at
    off = words.distance(moment_, now())
    if off is None:
        return _("now")
    number, unit = off
    length = timedelta(**{f"{unit}s": number})
    # A threshold no number reaches: the unit was chosen already, as at every other door.
    return str(
        format_timedelta(
            length if moment_ > now() else -length,
            granularity=unit,
            threshold=float("inf"),
            add_direction=True,
        )
    )


def zone_name(zone: ZoneInfo | None = None) -> str:
    """`London time`; without a zone, that in which times are shown."""
    chosen = zone or the_bot().settings.zone
    if chosen.key in ("UTC", "GMT"):
        return chosen.key
    place = get_timezone_location(chosen, return_city=True, locale=get_locale())
    return _("%(place)s time", place=place)


def state(row: dict[str, Any]) -> str:
    """How it stands: `on hold: it waits for approval`."""
    if row.get("to_be_noted"):
        return (
            _("withdrawn, but out") if row["state"] == State.CANCELLED else _("out, perhaps twice")
        )
    reasons = ", ".join(_(words.HOLDS[hold]) for hold in sorted(row.get("holds", ())))
    name = row["state"]
    said = _(words.STATES[name])
    return f"{said}: {reasons}" if reasons else said


def badge(row: dict[str, Any]) -> Markup:
    """The state with its sign and colour."""
    sign, colour = SIGNS[State(row["state"])]
    if row.get("trouble"):
        colour = "bad"
    return Markup('<span class="badge {}"><span aria-hidden="true">{}</span> {}</span>').format(
        colour, sign, state(row)
    )


def account_title(name: str) -> str:
    """The account as people call it: X, Facebook."""
    return the_bot().titles.get(name, name)


def who(actor: str) -> str:
    """The person a Decision names."""
    if "names_of_people" not in g:
        with the_bot().store.read() as session:
            g.names_of_people = people.names(session)
    known: dict[str, str] = g.names_of_people
    door, colon, person = actor.partition(":")
    if actor in known or not colon or door not in words.DOORS:
        return known.get(actor, actor)
    return f"{person} ({_(words.DOORS[door])})"


def verb(name: str) -> str:
    """What a Decision did: `approved it`."""
    return _(words.DECISIONS.get(name, name))


def label(name: str) -> str:
    """What a field of a sign-in form is called."""
    return _(LABELS.get(name, name))


def lines(text: str) -> Markup:
    """A post's text with its line breaks, and nothing in it obeyed."""
    return Markup("<br>").join(escape(line) for line in text.split("\n"))


def host(url: str) -> str:
    """The site a link leads to."""
    return urlsplit(url).hostname or url


def outcome(name: str | None) -> str:
    """How a try ended."""
    return _(words.OUTCOMES.get(name, name or ""))


def month_name(of: date) -> str:
    """`December 2026`."""
    return str(format_date(of, _("LLLL y")))


def weekday(of: date) -> str:
    """`Tue`."""
    return str(format_date(of, "ccc"))


def typed(at: datetime) -> str:
    """A time as a person would type it."""
    return f"{local(at):%Y-%m-%d %H:%M}"


def changes(decision: Any) -> list[str]:
    """What a Decision changed, in words: each field that was one thing and became another."""
    before, after = decision.before or {}, decision.after or {}
    said = []
    for name in sorted({*before, *after}):
        was, became = before.get(name), after.get(name)
        if plain(was) != plain(became) and name not in NOT_SHOWN:
            said.append(f"{_(FIELDS.get(name, name))}: {plain(was)} → {plain(became)}")
    return said


# Fields of a Decision's before and after: for programs, or told in other words.
NOT_SHOWN = frozenset({"variant", "media", "lines", "link_part", "fields"})
FIELDS = {"due_at": "time", "holds": "on hold for", "body": "text", "texts": "other texts"}


def plain(value: Any) -> str:
    """A value as people read it."""
    if not value:
        return "–"
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT.*Z", value):
        return moment(value)
    if isinstance(value, list):
        return ", ".join(_(words.HOLDS.get(str(one), str(one))) for one in value)[:200]
    return _(words.STATES.get(str(value), str(value)))[:200]


def doors() -> list[dict[str, Any]]:
    """The bar for who is signed in."""
    if not current_user.is_authenticated:
        return []
    here = (request.endpoint or "").partition(".")[0]
    return [
        {
            "url": url_for(endpoint),
            "word": _(word),
            "is_here": here == endpoint.partition(".")[0],
            "phone": phone,
        }
        for endpoint, word, what, phone in DOORS
        if may(what)
    ]


@cache
def _mark(folder: str, name: str) -> str:
    return hashlib.sha256((HERE / folder / name).read_bytes()).hexdigest()[:12]


def asset(name: str, folder: str = "static") -> str:
    """A file's address with a mark of its content, so that browsers may keep it for ever."""
    mark = _mark(folder, name)
    if folder == "static":
        return url_for("static", filename=name, v=mark)
    return url_for("vendor", name=name, v=mark)
