"""Home: what needs a person, what goes out next, what went out, and how each account is."""

from datetime import timedelta

from flask import Blueprint, render_template

from bot.alerts import checks, silence
from bot.reports import listing
from bot.reports.teller import Teller
from bot.store import listing as lists
from bot.store import manuscripts, quarantine
from bot.store.listing import Wanted
from bot.web import standing
from bot.web.here import me, now, the_bot
from bot.web.language import _
from bot.web.permissions import May, needs

pages = Blueprint("today", __name__)
SHOWN = 20
NEXT_SHOWN = 6
SINCE = timedelta(days=1)


@pages.get("/")
@needs(May.READ)
def show() -> str:
    bot, at = the_bot(), now()
    with bot.store.read() as session:
        needing = Wanted(lists.NEEDS_A_PERSON)
        asked = listing.entries(session, needing, SHOWN)
        return render_template(
            "today.html",
            asked=sorted(asked, key=lambda row: not row["trouble"]),
            asked_in_all=lists.count(session, needing),
            ahead=listing.entries(session, Wanted(state="waiting"), NEXT_SHOWN),
            out=listing.entries(session, Wanted(lists.OUT, since=at - SINCE), SHOWN),
            odd=quarantine.all_of(session)[:SHOWN],
            unfinished=manuscripts.of_person(session, me().id),
            told=Teller.of(session, at, bot.settings.zone, bot.platforms),
            accounts=standing.accounts(session),
            wrong=_wrong(),
        )


def _wrong() -> list[str]:
    """What is wrong with the bot itself: it does not run, or what was due did not go."""
    bot, zone = the_bot(), the_bot().settings.zone
    off = {name: platform.missing_settings for name, platform in bot.platforms.items()}
    with bot.store.read() as session:
        around = silence.surroundings(session, now(), zone, too_late=bot.settings.too_late, off=off)
        late = [
            fact
            for fact in silence.facts(session, around)
            if fact.is_due and fact.trouble and fact.cause not in silence.SAID_OF_THE_ACCOUNT
        ]
    found = [
        checks.heartbeat(bot.store, now(), zone),
        checks.own_trouble(bot.store, now(), zone),
        checks.parked(bot.store, now(), zone, bot.titles),
    ]
    said = [finding.says for finding in found if not finding.ok]
    if found[0].note:  # it was never started, or was stopped: no trouble, but nothing goes out
        said.insert(0, _("Nothing goes out at the moment. %(why)s", why=found[0].says))
    return said + [silence.spoken(group, bot.titles, zone) for group in silence.groups(late)]
