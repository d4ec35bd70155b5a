"""A link for somebody without an account: shows one post exactly as it will go out, and decides.

Opening it (a mail program does that by itself) changes nothing: only its buttons decide. It stands
for these words alone, ends by itself, and is spent by the first decision.
"""

from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, abort, redirect, render_template, request, url_for
from itsdangerous import BadSignature, SignatureExpired, URLSafeTimedSerializer
from werkzeug.wrappers import Response

from bot import flow
from bot.decisions.approve import OWN_WORDS, approve, is_own, others_who_could
from bot.decisions.record import Decider
from bot.decisions.refuse import refuse
from bot.errors import BotError, NotAllowed
from bot.model.account import Account
from bot.model.delivery import Delivery, Hold, Part
from bot.store import accounts, decisions, deliveries
from bot.store.engine import Session
from bot.web.here import decider, me, the_bot
from bot.web.invitations import address
from bot.web.language import _
from bot.web.permissions import May, needs

pages = Blueprint("trustee", __name__)
LASTS = timedelta(days=3)
MAX_NAME = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """What a link asks about, and whom."""

    delivery: Delivery
    account: Account
    parts: list[Part]
    name: str
    is_open: bool


@pages.post("/deliveries/<int:delivery_id>/share")
@needs(May.DECIDE)
def share(delivery_id: int) -> str:
    """Make the link; it is shown once."""
    name = " ".join(request.form.get("name", "").split())[:MAX_NAME]
    if not name:
        abort(400)
    with the_bot().store.write() as session:
        row = deliveries.get(session, delivery_id)
        _refuse_own(session, row)
        decider().note(session, "share", delivery=row)
        session.flush()
        shared = decisions.last(session, row.id, ("share",))
    token = _signer().dumps([delivery_id, row.variant_digest, name, shared.id if shared else 0])
    path = url_for("trustee.show", token=token)
    return render_template("shared.html", link=f"{address()}{path}", row=row, name=name)


def _refuse_own(session: Session, row: Delivery) -> None:
    """Nobody gets round the second person by a link to themselves, while there is one."""
    others = others_who_could(session, row)
    if others and is_own(session, me().actor, row):
        raise NotAllowed(f"{OWN_WORDS} Ask {' or '.join(others)}.")


@pages.get("/ask/<token>")
def show(token: str) -> str | tuple[str, int]:
    """What will go out, with the two buttons; nothing is decided by opening it."""
    asked = _asked(token)
    if asked is None:
        return render_template("ask_over.html"), 410
    return render_template("ask.html", asked=asked, token=token)


@pages.post("/ask/<token>")
def decide(token: str) -> str | tuple[str, int] | Response:
    """Approve or refuse exactly these words."""
    asked = _asked(token)
    if asked is None or not asked.is_open:
        return render_template("ask_over.html"), 410
    bot = the_bot()
    reason = request.form.get("reason", "").strip()[:500]
    by = Decider(bot.store, bot.clock, f"link:{asked.name}", reason or None)
    target = str(asked.delivery.id)
    try:
        if request.form.get("do") == "approve":
            approve(by, target)
        elif reason:
            refuse(by, target)
        else:
            said = _("Say what should change.")
            return render_template("ask.html", asked=asked, token=token, wrong=said), 422
    except BotError as error:
        return render_template("ask.html", asked=asked, token=token, wrong=str(error)), 409
    flow.plan(bot)
    return redirect(url_for("trustee.show", token=token))


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(the_bot().settings.secret_key.get_secret_value(), "ask")


def _asked(token: str) -> Asked | None:
    """The post behind the link; None where the link is over or the words are others now."""
    try:
        number, digest, name, shared = _signer().loads(token, max_age=int(LASTS.total_seconds()))
    except SignatureExpired:
        return None
    except (BadSignature, ValueError):
        abort(404)
    with the_bot().store.read() as session:
        row = deliveries.get(session, number)
        account = accounts.by_id(session, row.account_id)
        parts = list(deliveries.parts(session, row.id))
        decided = decisions.last(session, row.id, (*decisions.APPROVALS, "refuse"))
    if row.variant_digest != digest:
        return None
    is_spent = decided is not None and decided.id > shared
    is_open = Hold.APPROVAL in row.holds and not is_spent
    return Asked(row, account, parts, name, is_open)
