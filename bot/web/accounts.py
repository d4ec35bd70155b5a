"""The profile and Page we speak for: how each is, when it last spoke, and who must approve."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_security.decorators import auth_required
from werkzeug.wrappers import Response

from bot.accounts import health
from bot.alerts import checks
from bot.decisions.rules import set_approval
from bot.model.account import Approval
from bot.reports import listing
from bot.store import accounts as rows
from bot.store import listing as lists
from bot.store.listing import Wanted
from bot.web import standing
from bot.web.here import decider, now, the_bot
from bot.web.language import _
from bot.web.permissions import May, needs

pages = Blueprint("accounts", __name__)


@pages.get("/accounts")
@needs(May.READ)
def show() -> str:
    found = standing.accounts()
    with the_bot().store.read() as session:
        newest = [lists.found(session, Wanted(lists.OUT, account=one["name"]), 1) for one in found]
        last = listing.entries(session, *newest)
        checked = rows.last_checks(session)
    for one, posts in zip(found, last, strict=True):
        one |= {"last": posts[0] if posts else None, "check": checked.get(one["row"].id)}
        one["standing"] = the_bot().connections.standing(one["name"])
        one["past_costs"] = the_bot().by_hand.most_it_costs(one["row"].id)
        one["lacks"] = the_bot().connections.missing(one["name"])
    return render_template("accounts.html", found=found, rules=list(Approval))


@pages.post("/accounts/<name>/check")
@needs(May.DECIDE)
def check(name: str) -> Response:
    """Ask the platform how the account is."""
    bot = the_bot()
    platform = bot.platform_named(name)
    if platform.missing_settings:
        flash(_("It is off."), "bad")
        return redirect(url_for("accounts.show"))
    checkup = health.check(bot.store, bot.clock, name, platform, bot.expected_imprint)
    for finding in checks.account(bot.titles[name], checkup.health, now()):
        flash(f"{finding.check}: {finding.says}", "good" if finding.ok else "bad")
    return redirect(url_for("accounts.show"))


@pages.post("/accounts/<name>/approval")
@auth_required("session", within=30, grace=5)
@needs(May.RUN)
def approval(name: str) -> Response:
    """Whose posts need an approver."""
    set_approval(decider(), name, request.form.get("rule", ""))
    flash(_("Kept. It holds for what is queued from now on."), "good")
    return redirect(url_for("accounts.show"))
