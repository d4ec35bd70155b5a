"""The profile and Page we speak for: how each is, when it last spoke, and who must approve."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_security.decorators import auth_required
from werkzeug.wrappers import Response

from bot.accounts import health
from bot.alerts import checks
from bot.decisions.rules import set_approval
from bot.model.account import Approval
from bot.store import accountpages
from bot.store.accountpages import Sought
from bot.web import asking, standing
from bot.web.here import decider, now, the_bot
from bot.web.language import _
from bot.web.permissions import May, needs

pages = Blueprint("accounts", __name__)
A_PAGE = 20


@pages.get("/accounts")
@needs(May.READ)
def show() -> str:
    bot, page = the_bot(), asking.page(A_PAGE)
    sought = _sought()
    found, total = standing.page(sought, page, A_PAGE)
    ids = [one["row"].id for one in found]
    with bot.store.read() as session:
        last = accountpages.last_out(session, ids)
        checked = accountpages.last_checks(session, ids)
    standings = bot.connections.standings([one["name"] for one in found])
    for one in found:
        one |= {"last": last.get(one["row"].id), "check": checked.get(one["row"].id)}
        one["standing"] = standings[one["name"]]
        one["past_costs"] = bot.by_hand.most_it_costs(one["row"].id)
        one["lacks"] = bot.connections.missing(one["name"])
        one["is_given"] = one["name"] in bot.credentials.environment
    return render_template(
        "accounts.html",
        found=found,
        rules=list(Approval),
        sought=sought,
        page=page,
        pages_in_all=max(1, -(-total // A_PAGE)),
        total=total,
        kinds={name: kind.rules.title for name, kind in bot.kinds.items()},
    )


def _sought() -> Sought:
    """What the address asks for."""
    platform, trouble = request.args.get("platform", ""), request.args.get("trouble") == "yes"
    return Sought(
        platform=platform if platform in the_bot().kinds else None,
        words=request.args.get("words", ""),
        trouble=trouble,
        stuck=standing.stuck() if trouble else frozenset(),
    )


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
