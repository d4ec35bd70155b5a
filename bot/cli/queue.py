"""`bot queue`: what needs a person first, each with its one next step; then what waits."""

from collections.abc import Sequence

import click

from bot.cli import needs, screen, trouble
from bot.cli.door import Door, json_option
from bot.cli.teller import Row, Teller, teller
from bot.clock import iso
from bot.model.delivery import State
from bot.reports import queue, words

SHOWN = 20


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
    silences = trouble.silences(bot)
    wrong = trouble.standing(bot)
    if as_json:
        why = {str(fact.delivery_id): fact.as_json for fact in silences}
        door.print_json([{**row, "silence": why.get(row["delivery"])} for row in rows])
        return 1 if wrong else 0
    told = teller(bot)
    needs.closed(door, bot, told)
    asked = needs.you(door, bot, told, rows, silences)
    asked += needs.missed(door, told, rows)
    asked += needs.files(door, bot)
    waiting = [row for row in rows if row["state"] in needs.UNDER_WAY]
    _waiting(door, told, waiting, everything)
    _last_line(door, asked, waiting)
    return 1 if wrong else 0


def _waiting(door: Door, told: Teller, rows: Sequence[Row], everything: bool) -> None:
    if not rows:
        return
    short = not screen.is_plain(door)
    groups = _together(rows)
    shown = groups if everything else groups[:SHOWN]
    screen.heading(door, "Waiting")
    screen.table(
        door,
        ("Post", "Account", "Goes out", "Text"),
        [
            (
                group[0]["post"],
                " and ".join(told.title(row["account"]) for row in group),
                _time(told, group[0], short=short),
                words.excerpt(group[0]["parts"][0], 24 if short else 60),
            )
            for group in shown
        ],
        whole="Goes out",
    )
    if len(groups) > len(shown):
        door.say(f"and {len(groups) - len(shown):,} more: bot queue --all")
    for row in rows:
        if row["reason"] and row["state"] == State.WAITING and told.waits_by_itself(row):
            door.say(f"{row['post']} on {told.title(row['account'])}: {told.ending(row)}")


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
