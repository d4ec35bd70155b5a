"""Every decision on posts, one address each way: who may, what it does, and what is said of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from bot import flow
from bot.decisions.approve import approve
from bot.decisions.cancel import cancel, skip
from bot.decisions.hold import hold
from bot.decisions.record import Decider, named
from bot.decisions.refuse import refuse
from bot.decisions.release import release
from bot.decisions.reorder import reorder
from bot.decisions.resolve import Answer
from bot.decisions.retry import retry
from bot.errors import BotError, UsageError
from bot.model.delivery import Delivery
from bot.model.post import Post
from bot.reports.queue import row
from bot.store import accounts, deliveries, posts
from bot.web.here import decider, now, the_bot
from bot.web.language import _
from bot.web.permissions import May, may, needs, require_change, require_movable
from bot.web.teller import Teller

pages = Blueprint("deciding", __name__)
MAX_REASON = 500
MOST_AT_ONCE = 200

Do = Callable[[Decider, str, Mapping[str, str]], Sequence[Delivery]]


@dataclass(frozen=True, slots=True)
class Verb:
    """One decision: what it does, what is said when done, and whether the author may, too."""

    do: Do
    done: str
    own: bool = False


def _release(decides: Decider, target: str, form: Mapping[str, str]) -> Sequence[Delivery]:
    at = form.get("at", "").strip() or None
    if at is None and form.get("day"):
        at = f"{form['day']} {form.get('time', '')}".strip()
    return release(decides, target, the_bot().settings.zone, at)


def _move(decides: Decider, target: str, form: Mapping[str, str]) -> Sequence[Delivery]:
    require_movable(_named(target))
    return _release(decides, target, form)


def _answer(answer: Answer) -> Do:
    def do(decides: Decider, target: str, form: Mapping[str, str]) -> Sequence[Delivery]:
        url, sure = form.get("url", "").strip(), form.get("sure") == "yes"
        found, was_found = flow.answer_doubt(the_bot(), decides, target, answer, url, sure=sure)
        if was_found:
            flash(_("We looked once more and found it: it is out, once."), "good")
        return [found]

    return do


def _take_down(decides: Decider, target: str, _form: Mapping[str, str]) -> Sequence[Delivery]:
    for one in flow.takedown(the_bot(), decides, target):
        title = the_bot().titles.get(one.account, one.account)
        if one.is_gone:
            flash(_("It is gone from %(where)s.", where=title), "good")
        else:
            said = _("%(where)s did not take it down, or we could not see it go.", where=title)
            flash(f"{said} {one.url}", "bad")
    return _named(target)


VERBS: dict[str, Verb] = {
    "approve": Verb(lambda d, t, _f: approve(d, t), "approved"),
    "approve-alone": Verb(lambda d, t, _f: approve(d, t, alone=True), "approved"),
    "refuse": Verb(lambda d, t, _f: refuse(d, t), "refused"),
    "hold": Verb(lambda d, t, _f: hold(d, t), "put on hold"),
    "release": Verb(_release, "released"),
    "move": Verb(_move, "moved", own=True),
    "earlier": Verb(lambda d, t, _f: reorder(d, t, earlier=True), "moved"),
    "later": Verb(lambda d, t, _f: reorder(d, t, earlier=False), "moved"),
    "cancel": Verb(lambda d, t, _f: cancel(d, t), "withdrawn", own=True),
    "skip": Verb(lambda d, t, _f: skip(d, t), "skipped", own=True),
    "retry": Verb(lambda d, t, _f: retry(d, t), "tried again"),
    "take-down": Verb(_take_down, "", own=True),
    "found": Verb(_answer(Answer.SENT), ""),
    "absent-now": Verb(_answer(Answer.ABSENT_NOW), ""),
    "absent-next": Verb(_answer(Answer.ABSENT_NEXT), ""),
    "drop": Verb(_answer(Answer.DROP), ""),
}
BULK = ("approve", "hold", "release", "move", "cancel")


@pages.post("/decide/<target>/<verb>")
@needs(May.READ)
def decide(target: str, verb: str) -> Response:
    """Decide on `P12` or `12`."""
    known = VERBS.get(verb)
    if known is None:
        abort(404)
    _require(target, known)
    try:
        _decide(known, target, request.form)
    except BotError as error:
        flash(str(error), "bad")
    return redirect(back(request.form.get("back", "")))


@pages.post("/decide/several")
@needs(May.DECIDE)
def several() -> Response:
    """Decide on all that are ticked, each by itself: one that cannot be stops no other."""
    verb = request.form.get("verb", "")
    targets = request.form.getlist("target")[:MOST_AT_ONCE]
    if verb not in BULK or not targets:
        flash(_("Tick the posts first, then say what to do with them."), "bad")
        return redirect(back(request.form.get("back", "")))
    done = 0
    # A time stands in the same form for those that are to be moved.
    form = {"at": request.form.get("at", "")} if verb == "move" else {}
    for target in targets:
        try:
            _decide(VERBS[verb], target, form, quietly=True)
            done += 1
        except BotError as error:
            flash(str(error), "bad")
    if done:
        flash(_("Done: %(n)s.", n=done), "good")
    return redirect(back(request.form.get("back", "")))


def _require(target: str, verb: Verb) -> None:
    if may(May.DECIDE):
        return
    if not verb.own:
        abort(403)
    require_change(_post_of(target))


def _post_of(target: str) -> Post:
    found = _named(target)
    with the_bot().store.read() as session:
        return posts.get(session, found[0].post_id)


def _named(target: str) -> Sequence[Delivery]:
    with the_bot().store.read() as session:
        found = named(session, target)
    if not found:
        abort(404)
    return found


def _decide(verb: Verb, target: str, form: Mapping[str, str], *, quietly: bool = False) -> None:
    reason = form.get("reason", "").strip()
    if len(reason) > MAX_REASON:
        raise UsageError(_("The reason may have %(n)s characters at most.", n=MAX_REASON))
    rows = verb.do(decider(reason or None), target, form)
    flow.plan(the_bot())
    if verb.done and not quietly:
        for said in tell(rows, _(verb.done)):
            flash(said, "good")


def tell(rows: Sequence[Delivery], done: str) -> list[str]:
    """How each post stands after a decision."""
    bot = the_bot()
    with bot.store.read() as session:
        told = Teller.plain(now(), bot.settings.zone, bot.platforms)
        said = []
        for one in rows:
            fresh = deliveries.get(session, one.id)
            account = accounts.by_id(session, fresh.account_id)
            plain: dict[str, Any] = row(fresh, account, deliveries.parts(session, fresh.id))
            said.append(f"{told.title(account.name)}: {done}; {told.goes_out(plain)}.")
    return said


def back(wanted: str) -> str:
    """Where a form came from, if that is a page of ours; else Today."""
    parts = urlsplit(wanted)
    is_ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    is_plain = wanted.isprintable() and not parts.netloc
    return wanted if is_ours and is_plain else url_for("today.show")
