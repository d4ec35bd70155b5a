"""`bot report`: what a week was, what posts cost, where their imprint stood, who came from them."""

import re
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import click

from bot.cli import imprintlist, screen, visitlist, weeklyreport
from bot.cli.deciding import actor_option
from bot.cli.door import Door, json_option
from bot.cli.teller import Teller, teller
from bot.decisions import bill
from bot.errors import UsageError
from bot.flow import spending
from bot.platforms.contract import PartContent
from bot.reports import words
from bot.reports.costs import Costs
from bot.store import charges
from bot.wiring import Bot

MOST = Decimal(1_000_000)
PURPOSES = {
    "post": "posts",
    "counts": "counting engagement",
    "look": "looking whether a post is out",
    "check": "checking the account",
    "takedown": "taking posts down",
}


@click.command()
@weeklyreport.options
@click.option("--costs", "wants_costs", is_flag=True, help="What the month cost, and will.")
@click.option("--imprints", "wants_imprints", is_flag=True, help="Where each imprint stood.")
@click.option(
    "--visits",
    "visits_file",
    metavar="FILE.csv",
    type=click.Path(path_type=Path),
    help="What your site got from each post, from its statistics.",
)
@click.option("--month", metavar="2026-11", help="Which month; else this one.")
@click.option("--account", metavar="NAME", help="Only this account.")
@click.option("--rate", metavar="0.79", help="Pounds for one dollar, to show pounds too.")
@click.option(
    "--billed", metavar="31.40", help="Keep what the platform really charged, in dollars."
)
@actor_option
@json_option
@click.pass_obj
def command(
    door: Door,
    /,
    wants_costs: bool,
    wants_imprints: bool,
    visits_file: Path | None,
    month: str | None,
    account: str | None,
    rate: str | None,
    billed: str | None,
    actor: str | None,
    as_json: bool,
    **weekly: Any,
) -> int:
    """What a week was, what the posts cost, where their imprint stood, and who came from them.

    The week's report begins with three sentences to pass on as they stand; it is mailed to staff
    and admins on Mondays, where a mail server is set.

    Costs are our own count by the platform's dated prices: an estimate, until you type what the
    bill says (--billed). Months are counted in UTC, as X bills them. The imprints are the record of
    every post that went out, to show whoever asks; no advice. Visits are joined by the tags of the
    links (utm_content, utm_campaign, utm_source); docs/engagement.md says which file to give.

    Example: bot report --costs --rate 0.79
    """
    wanted = (wants_costs, wants_imprints, visits_file is not None, weekly["week"] is not None)
    if sum(wanted) != 1:
        raise UsageError("Say which report: --week, --costs, --imprints, or --visits FILE.csv")
    if weekly["week"] is None and any(weekly.values()):
        raise UsageError("That goes with --week, such as: bot report --week --format html")
    if weekly["week"] is not None:
        return weeklyreport.show(door, weekly, as_json=as_json)
    if visits_file is not None:
        return visitlist.show(door, door.open(), visits_file, as_json=as_json)
    if wants_imprints:
        return imprintlist.show(door, door.open(), _month(month), account, as_json=as_json)
    start = _month(month)
    pounds = None if rate is None else _amount("--rate", rate)
    dollars = None if billed is None else _amount("--billed", billed)
    bot = door.open()
    start = start or charges.month_start(bot.clock())
    if dollars is not None:
        bill.enter(bot.decider(actor), _billed_account(bot, account), start, dollars)
    months = _months(bot, account, start)
    if as_json:
        door.print_json([_as_json(one, pounds) for one in months])
        return 0
    told = teller(bot)
    for one in months:
        _show(door, told, one, pounds)
    if not months:
        door.say("No account costs anything so far.")
    return 0


def _month(typed: str | None) -> datetime | None:
    if typed is None:
        return None
    found = re.fullmatch(r"(20\d\d)-(0[1-9]|1[0-2])", typed.strip())
    if found is None:
        raise UsageError(f"“{typed}” is not a month. Write it such as 2026-11.")
    return datetime(int(found[1]), int(found[2]), 1, tzinfo=UTC)


def _amount(option: str, typed: str) -> Decimal:
    try:
        amount = Decimal(typed.strip().lstrip("$£").replace(",", ""))
    except InvalidOperation:
        amount = Decimal(-1)
    if not amount.is_finite() or not 0 <= amount < MOST:
        raise UsageError(f"{option}: “{typed[:20]}” is not an amount. Write it such as 31.40.")
    return amount


def _billed_account(bot: Bot, named: str | None) -> str:
    """The account a bill is for: the one named, else the only one that costs money."""
    if named is not None:
        return named
    priced = [
        name for name, platform in bot.platforms.items() if platform.price(PartContent("words")) > 0
    ]
    if len(priced) != 1:
        raise UsageError("Say whose bill it is: bot report --costs --account NAME --billed 31.40")
    return priced[0]


def _months(bot: Bot, named: str | None, start: datetime) -> list[Costs]:
    with bot.store.read() as session:
        return spending.of_month(bot, session, named, start)


def _show(door: Door, told: Teller, one: Costs, rate: Decimal | None) -> None:
    def money(dollars: Decimal) -> str:
        pounds = f" ({_digits('£', dollars * rate)})" if rate is not None else ""
        return f"{_digits('$', dollars)}{pounds}"

    screen.heading(door, f"{told.title(one.account)}, {_in_words(one.month)}")
    door.say(f"  So far, by our estimate: {money(one.spent)}")
    if one.forecast != one.spent:
        door.say(f"  The whole month, if things go on like this: {money(one.forecast)}")
    if one.budget is not None:
        door.say(f"  The month's budget: {money(one.budget)}{_share(one)}")
    if one.billed is not None and one.difference is not None:
        more = "more" if one.difference >= 0 else "less"
        by = money(abs(one.difference))
        door.say(f"  On the bill: {money(one.billed)}, {by} {more} than estimated")
    for title, sums in (
        ("For", {PURPOSES.get(name, name): sum_ for name, sum_ in one.by_purpose.items()}),
        ("Campaign", one.by_campaign),
        ("Approved by", {words.actor(name): sum_ for name, sum_ in one.by_approver.items()}),
    ):
        rows = [(name, money(dollars)) for name, dollars in sums.items()]
        screen.table(door, (title, "Cost"), rows, numbers=1)
    if one.billed is None and one.spent:
        door.say("  An estimate. Once the bill is there: bot report --costs --billed 31.40")
    door.say()


def _digits(sign: str, amount: Decimal) -> str:
    """Below one, a third digit: a post costs less than two cents."""
    return f"{sign}{amount:.3f}" if 0 < amount < 1 else f"{sign}{amount:,.2f}"


def _share(one: Costs) -> str:
    if not one.budget:
        return ""
    return f", {one.spent / one.budget * 100:.0f} % of it spent"


def _in_words(month: str) -> str:
    return f"{datetime.strptime(month, '%Y-%m').replace(tzinfo=UTC):%B %Y}"


def _as_json(one: Costs, rate: Decimal | None) -> dict[str, Any]:
    return {
        "account": one.account,
        "month": one.month,
        "spent_usd": str(one.spent),
        "forecast_usd": str(one.forecast),
        "budget_usd": _text(one.budget),
        "billed_usd": _text(one.billed),
        "difference_usd": _text(one.difference),
        "pounds_per_dollar": _text(rate),
        "by_purpose": {name: str(dollars) for name, dollars in one.by_purpose.items()},
        "by_campaign": {name: str(dollars) for name, dollars in one.by_campaign.items()},
        "by_approver": {name: str(dollars) for name, dollars in one.by_approver.items()},
        "is_estimate": one.billed is None,
    }


def _text(amount: Decimal | None) -> str | None:
    return None if amount is None else str(amount)
