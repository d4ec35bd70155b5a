"""`bot accounts set` and `remove`: what is settled for one account, and its end."""

import sys
from decimal import Decimal, InvalidOperation

import click

from bot.cli.deciding import actor_option, reason_option
from bot.cli.door import Door
from bot.decisions import removal, rules
from bot.decisions.record import Decider
from bot.errors import UsageError
from bot.model.account import Approval
from bot.reports import words
from bot.store import accounts

NONE = "none"


@click.command("set")
@click.argument("name")
@click.option("--budget", metavar="DOLLARS", help="What a month may cost; none for .env's.")
@click.option("--zone", metavar="ZONE", help="Such as America/Bogota; none for TIMEZONE.")
@click.option("--approval", metavar="RULE", help=f"One of: {', '.join(Approval)}.")
@click.option("--default/--no-default", default=None, help="Posts that name no account go there.")
@actor_option
@click.pass_obj
def set_(
    door: Door,
    name: str,
    budget: str | None,
    zone: str | None,
    approval: str | None,
    default: bool | None,
    actor: str | None,
) -> int:
    """Settle what an account may cost, its time zone, who must approve.

    Its weekly times: bot timetable set. To stop it for a while: bot pause.

    Example: bot accounts set bogota-x --budget 5 --zone America/Bogota
    """
    bot = door.open()
    decider = bot.decider(actor)
    bot.platform_named(name)  # NotFound before anything is set
    if (budget, zone, approval, default) == (None, None, None, None):
        raise UsageError("Say what to set: --budget, --zone, --approval or --default.")
    dollars = _dollars(budget) if budget is not None else None
    if approval is not None:
        rules.set_approval(decider, name, approval)
    if zone is not None:
        rules.set_zone(decider, name, None if zone == NONE else zone)
    if budget is not None:
        rules.set_budget(decider, name, dollars)
    if default is not None:
        rules.set_default(decider, name, by_default=default)
    _say(door, decider, name)
    return 0


def _dollars(typed: str) -> Decimal | None:
    if typed == NONE:
        return None
    try:
        found = Decimal(typed.removeprefix("$"))
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        raise UsageError("--budget: write dollars, such as 5 or 2.50, or none.")
    return found


def _say(door: Door, decider: Decider, name: str) -> None:
    with decider.store.read() as session:
        row = accounts.named(session, name)
    budget = row.monthly_budget_micros
    costs = "as .env says" if budget is None else f"at most ${budget / 1_000_000:.2f} a month"
    door.say(f"{name}: its posts cost {costs}; its times are {row.timezone or 'in TIMEZONE'}.")
    door.say(f"Approval: {row.approval}. Posts that name no account: {_yes(row.by_default)}.")
    door.say("Posts that have their time keep it. See them: bot queue")


def _yes(is_so: bool) -> str:
    return "they go there" if is_so else "not there"


@click.command("remove")
@click.argument("name")
@reason_option
@click.option("--yes", is_flag=True, help="Do not ask.")
@actor_option
@click.pass_obj
def remove(door: Door, name: str, reason: str | None, yes: bool, actor: str | None) -> int:
    """Remove an account: its keys are wiped, what waits is withdrawn.

    The log of what went out stays. To let posts wait instead: bot accounts
    disconnect.

    Example: bot accounts remove bogota-x --reason "The group has ended"
    """
    bot = door.open()
    title = bot.platform_named(name).rules.title
    if name in bot.credentials.environment:
        raise UsageError(
            f"{name} is given by the environment. Take its keys out of .env, or disconnect it: "
            f"bot accounts disconnect {name}"
        )
    decider = bot.decider(actor, reason)
    with bot.store.read() as session:
        waits = removal.waits_on(session, accounts.named(session, name))
    _ask(door, f"{title}: its keys are wiped and {words.plural(waits, 'post')} withdrawn.", yes)
    withdrawn = removal.remove(decider, name)
    bot.credentials.refresh()
    door.say(f"{title} is removed; {words.plural(withdrawn, 'post')} withdrawn. The log stays.")
    door.say("Withdraw the app at the platform, too, if its keys may be known to others.")
    return 0


def _ask(door: Door, says: str, yes: bool) -> None:
    if yes:
        return
    if not sys.stdin.isatty():
        raise UsageError(f"{says} To do it without being asked: --yes")
    door.say(says)
    click.confirm("Remove it?", default=False, abort=True)
