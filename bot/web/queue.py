"""The queue as a list: filters, a page at a time, and decisions on several posts at once."""

from flask import Blueprint, render_template, request

from bot.model.delivery import State
from bot.reports import listing
from bot.store import listing as lists
from bot.store.listing import Wanted
from bot.web import asking, standing
from bot.web.here import now, the_bot
from bot.web.permissions import May, needs
from bot.web.teller import Teller

pages = Blueprint("queue", __name__)
A_PAGE = 40
STATES = (State.WAITING, State.HELD, State.UNCONFIRMED, State.FAILED)


def wanted() -> Wanted:
    """What the address asks for."""
    asked = request.args
    which = asked.get("which", lists.AHEAD)
    return Wanted(
        which=which if which in lists.LISTS else lists.AHEAD,
        account=asked.get("account") or None,
        campaign=asked.get("campaign") or None,
        label=asked.get("label") or None,
        state=asked.get("state") if asked.get("state") in set(STATES) else None,
    )


@pages.get("/queue")
@needs(May.READ)
def show() -> str:
    bot, want = the_bot(), wanted()
    page = asking.page(A_PAGE)
    with bot.store.read() as session:
        campaigns, labels = lists.filed_under(session)
        found, total = lists.page(session, want, A_PAGE, (page - 1) * A_PAGE)
        return render_template(
            "queue.html",
            rows=listing.entries(session, found)[0],
            want=want,
            page=page,
            pages_in_all=max(1, -(-total // A_PAGE)),
            total=total,
            states=STATES,
            campaigns=campaigns,
            labels=labels,
            told=Teller.plain(now(), bot.settings.zone, bot.platforms),
            accounts=standing.offered(),
        )
