"""`bot accounts history`: reads in what an account published before the bot, once, at a price."""

from datetime import UTC, datetime
from decimal import Decimal

import click

from bot.cli.deciding import actor_option
from bot.cli.door import Door
from bot.clock.local import parse_edge, resolve
from bot.errors import UsageError
from bot.reports import words
from bot.store import accounts, charges
from bot.wiring import Bot, terminal_actor

# Neither Platform lists what is older.
LONG_AGO = datetime(2010, 11, 6, tzinfo=UTC)


@click.command("history")
@click.argument("account")
@click.option("--since", metavar="DAY", help="Only from that day on: 2026-01-31.")
@click.option("--yes", is_flag=True, help="Do not ask about the price.")
@actor_option
@click.pass_obj
def history(door: Door, account: str, since: str | None, yes: bool, actor: str | None) -> int:
    """Read in what an account published before the bot.

    It is logged as made by hand and counted like any post, so that totals match the page. Nothing
    of it is ever sent again. The price is shown first. Doing it again adds only what is missing.

    Example: bot accounts history x
    """
    bot = door.open()
    platform = bot.platform_named(account)
    title = platform.rules.title
    if platform.missing_settings:
        raise UsageError(f"{title} is off. See: bot accounts list")
    start = LONG_AGO if since is None else _day(bot, since)
    with bot.store.read() as session:
        account_id = accounts.named(session, account).id
        spent = charges.spent_between(session, account_id, charges.month_start(bot.clock()))
    most = bot.by_hand.most_it_costs(account_id)
    door.say(_price(title, most, spent, platform.monthly_budget))
    if most and not yes:
        click.confirm("Read it?", default=False, abort=True)
    past = bot.by_hand.read_past(account_id, start, actor or terminal_actor())
    door.say(
        f"{title}: {words.plural(past.found, 'post')} seen, {past.logged:,} of them new here and "
        "logged as made by hand. They are counted within minutes while the bot runs. See: bot log"
    )
    return 0


def _day(bot: Bot, typed: str) -> datetime:
    return resolve(parse_edge(typed), bot.settings.zone).at


def _price(title: str, most: Decimal, spent: Decimal, limit: Decimal | None) -> str:
    if not most:
        return f"Reading the past of {title} costs nothing."
    of = f" of ${limit:.2f}" if limit is not None else ""
    return (
        f"Reading the past of {title} costs at most ${most:.2f}, by how many posts there are. "
        "Counting them is free on the same day (UTC), so let the bot run. "
        f"This month has cost ${spent:.2f}{of} so far."
    )
