"""Home: what needs a person, what goes out next, what went out, and how each account is."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from flask import Blueprint, render_template

from bot.alerts import checks, silence
from bot.alerts.silence import Lacks, Silence, Surroundings
from bot.model.account import Account
from bot.model.delivery import Delivery, Worker
from bot.reports import listing
from bot.store import accounts, deliveries, manuscripts, unread, workers
from bot.store import listing as lists
from bot.store.engine import Session
from bot.store.listing import Wanted
from bot.web import alarms, standing
from bot.web.here import me, now, the_bot
from bot.web.language import _
from bot.web.permissions import May, needs
from bot.web.teller import Teller

pages = Blueprint("today", __name__)
SHOWN = 20
NEXT_SHOWN = 6
SINCE = timedelta(days=1)


@pages.get("/")
@needs(May.READ)
def show() -> str:
    bot, at = the_bot(), now()
    with bot.store.read() as session:
        asked, asked_in_all = lists.page(session, Wanted(lists.NEEDS_A_PERSON), SHOWN)
        ahead = lists.found(session, Wanted(state="waiting"), NEXT_SHOWN)
        out = lists.found(session, Wanted(lists.OUT, since=at - SINCE), SHOWN)
        silent = deliveries.silent(session, at - silence.DUE_LATE_AFTER)
        doubts = Counter(row.account_id for row, _ in silent if row.is_in_doubt)
        known, accounts_in_all = standing.today(doubts)
        shown = listing.entries(session, asked, ahead, out, counted=True)
        return render_template(
            "today.html",
            asked=sorted(shown[0], key=lambda row: not row["trouble"]),
            asked_in_all=asked_in_all,
            ahead=shown[1],
            out=shown[2],
            odd=unread.all_of(session, SHOWN, at),
            unfinished=manuscripts.of_person(session, me().id),
            told=Teller.plain(at, bot.settings.zone, bot.platforms),
            accounts=known,
            accounts_in_all=accounts_in_all,
            wrong=_wrong(session, at, silent, [one["row"] for one in known])
            + alarms.failing(session),
        )


def _wrong(
    session: Session,
    at: datetime,
    rows: Sequence[tuple[Delivery, Account]],
    owners: Sequence[Account],
) -> list[str]:
    """What is wrong with the bot itself: it does not run, or what was due did not go."""
    bot, zone = the_bot(), the_bot().settings.zone
    doubts = Counter(row.account_id for row, _ in rows if row.is_in_doubt)
    remembered = at - checks.TROUBLE_IS_REMEMBERED_FOR
    worker, troubled = workers.noted(session, at - silence.HEARTBEAT_DEAD_AFTER, remembered)
    found = [
        checks.heartbeat_of(worker, at, zone),
        checks.trouble_of(troubled, at, zone),
        checks.parked_of(owners, doubts, at, zone, bot.titles),
    ]
    said = [finding.says for finding in found if not finding.ok]
    if found[0].note:  # it was never started, or was stopped: no trouble, but nothing goes out
        said.insert(0, _("Nothing goes out at the moment. %(why)s", why=found[0].says))
    late = _late(silence.among(rows, _around(at, worker, doubts)))
    return said + [silence.spoken(group, bot.titles, zone) for group in silence.groups(late)]


def _around(at: datetime, worker: Worker | None, doubts: Mapping[int, int]) -> Surroundings:
    bot = the_bot()
    pauses = accounts.oldest_pauses(pause for pause, _ in standing.named_pauses())
    off = Lacks(bot.platforms)
    return Surroundings(at, bot.settings.zone, bot.settings.too_late, off, worker, pauses, doubts)


def _late(facts: list[Silence]) -> list[Silence]:
    return [
        fact
        for fact in facts
        if fact.is_due and fact.trouble and fact.cause not in silence.SAID_OF_THE_ACCOUNT
    ]
