"""`bot queue`: what needs a person first, each with its one next step; then what waits."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

import click

from bot.cli import needs, screen, trouble
from bot.cli.door import Door, json_option
from bot.cli.teller import Row, Teller, teller
from bot.clock import iso
from bot.delivery.outcomes import content_of
from bot.model.delivery import State
from bot.reports import queue, words
from bot.store import deliveries
from bot.store.engine import Session
from bot.wiring import Bot

SHOWN = 20
Prices = Mapping[str, Decimal]


@click.command()
@click.option("--all", "everything", is_flag=True, help="Show all that waits, not the first 20.")
@json_option
@click.pass_obj
def command(door: Door, everything: bool, as_json: bool) -> int:
    """What is waiting and what needs you.

    What needs you comes first, each with the command to type. Ends with exit code 1 while
    something is wrong.

    Example: bot queue
    """
    bot = door.open()
    with bot.store.read() as session:
        rows = queue.rows(session)
        prices = _prices(bot, session, rows)
    silences = trouble.silences(bot)
    wrong = trouble.standing(bot)
    if as_json:
        why = {str(fact.delivery_id): fact.as_json for fact in silences}
        door.print_json(
            [
                {
                    **row,
                    "price_usd": str(prices[row["delivery"]]),
                    "silence": why.get(row["delivery"]),
                }
                for row in rows
            ]
        )
        return 1 if wrong else 0
    told = teller(bot)
    needs.closed(door, bot, told)
    asked = needs.you(door, bot, told, rows, silences)
    asked += needs.missed(door, told, rows)
    asked += needs.files(door, bot)
    waiting = [row for row in rows if row["state"] in needs.UNDER_WAY]
    _waiting(door, told, waiting, prices, everything)
    _last_line(door, asked, waiting)
    return 1 if wrong else 0


def _prices(bot: Bot, session: Session, rows: Sequence[Row]) -> Prices:
    """What is still to be paid for each Delivery, in US dollars, by its id."""
    parts = deliveries.parts_of(session, [int(row["delivery"]) for row in rows])
    prices = {}
    for row in rows:
        platform = bot.platforms.get(row["account"])
        unsent = (part for part in parts[int(row["delivery"])] if part.remote_id is None)
        prices[row["delivery"]] = sum(
            (platform.price(content_of(part)) for part in unsent) if platform else (), Decimal(0)
        )
    return prices


def _waiting(
    door: Door, told: Teller, rows: Sequence[Row], prices: Prices, everything: bool
) -> None:
    if not rows:
        return
    short = not screen.is_plain(door)
    groups = _together(rows)
    shown = groups if everything else groups[:SHOWN]
    screen.heading(door, "Waiting")
    costs = any(prices[row["delivery"]] for row in rows)
    screen.table(
        door,
        ("Post", "Account", "Goes out", "Text", *(("Costs",) if costs else ())),
        [
            (
                group[0]["post"],
                " and ".join(told.title(row["account"]) for row in group),
                _time(told, group[0], short=short),
                words.excerpt(group[0]["parts"][0], 18 if short else 60),
                *((_cost(group, prices),) if costs else ()),
            )
            for group in shown
        ],
        numbers=1 if costs else 0,
        whole="Goes out",
    )
    if len(groups) > len(shown):
        door.say(f"and {len(groups) - len(shown):,} more: bot queue --all")
    for row in rows:
        if row["reason"] and row["state"] == State.WAITING and told.waits_by_itself(row):
            door.say(f"{row['post']} on {told.title(row['account'])}: {told.ending(row)}")


def _cost(rows: Sequence[Row], prices: Prices) -> str:
    price = sum((prices[row["delivery"]] for row in rows), Decimal(0))
    return words.money(price) if price else "nothing"


def _together(rows: Sequence[Row]) -> list[list[Row]]:
    """Rows of one post that go out at the same time."""
    groups: dict[tuple[str, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault((row["post"], row["state"], row["due_at"] or ""), []).append(row)
    return list(groups.values())


def _time(told: Teller, row: Row, *, short: bool) -> str:
    if row["state"] == State.SENDING:
        return words.STATES[State.SENDING]
    if row["due_at"] is None:
        return "no time yet" if row["reason"] else "gets its time in a moment"
    again = told.next_try(row)
    at = iso(again) if again else row["due_at"]
    return f"{told.date(at, short=short)}, {told.time_away(at)}"


def _last_line(door: Door, asked: int, waiting: Sequence[Row]) -> None:
    if asked:
        door.say(f"Next: see to {words.plural(asked, 'thing')} above, the first one first.")
    elif waiting:
        door.say(f"Nothing needs you. More about a post: bot show {waiting[0]['post']}")
    else:
        door.say("Nothing is waiting. Write a post and queue it: bot add FILE")
