"""`bot queue`: what needs a person first, each with its one next step; then what waits."""

from collections.abc import Sequence

import click

from bot.alerts import checks
from bot.cli import screen, trouble
from bot.cli.door import Door, json_option
from bot.cli.teller import Row, Teller, alike, teller
from bot.clock import iso
from bot.model.delivery import State
from bot.reports import queue, words
from bot.store import accounts, quarantine
from bot.wiring import Bot

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
    wrong = trouble.standing(bot)
    if as_json:
        door.print_json(rows)
        return 1 if wrong else 0
    told = teller(bot)
    _pauses(door, bot, told)
    asked = _needs_you(door, bot, told, rows)
    asked += _odd_files(door, bot)
    waiting = [row for row in rows if row["state"] in (State.WAITING, State.SENDING)]
    _waiting(door, told, waiting, everything)
    _last_line(door, asked, waiting)
    return 1 if wrong else 0


def _pauses(door: Door, bot: Bot, told: Teller) -> None:
    with bot.store.read() as session:
        names = {row.id: told.title(row.name) for row in accounts.all_of(session)}
        for row in accounts.open_pauses(session):
            what = names.get(row.account_id or 0, "Everything")
            since = words.moment(row.started_at, told.zone)
            end = f"bot resume {(row.account_id and names[row.account_id].lower()) or ''}".strip()
            door.say(
                f"{what} is paused since {since}: {words.sentence(row.reason)} End it with: {end}"
            )
            door.say()


def _needs_you(door: Door, bot: Bot, told: Teller, rows: Sequence[Row]) -> int:
    asked = [row for row in rows if row["state"] not in (State.WAITING, State.SENDING)]
    troubled = sorted(alike(asked), key=lambda group: not group[0]["trouble"])
    resting = checks.parked(bot.store, bot.clock(), bot.settings.zone, bot.titles)
    parked = [] if resting.ok else [resting]
    if resting.ok and resting.note:
        door.say(resting.says)
        door.say()
    if troubled or parked:
        screen.heading(door, "Needs you")
    for finding in parked:
        door.trouble(f"  {finding.says}")
        door.say("    Ask how the account is, and go on once it is well: bot accounts check")
    for group in troubled:
        say = door.trouble if group[0]["trouble"] else door.say
        where = " and ".join(told.title(row["account"]) for row in group)
        say(f"  {group[0]['post']} on {where}: {told.state(group[0])}")
        say(f"    “{words.excerpt(group[0]['parts'][0])}”")
        if group[0]["reason"] and not told.holder(group[0]):
            say(f"    {words.sentence(group[0]['reason'])}")
        say(f"    {told.next_step(group)}")
    if troubled or parked:
        door.say()
    return len(troubled) + len(parked)


def _odd_files(door: Door, bot: Bot) -> int:
    with bot.store.read() as session:
        rows = quarantine.all_of(session)
    if rows:
        screen.heading(door, "Could not become a post")
    for row in rows:
        line = f":{row.line}" if row.line else ""
        door.trouble(f"  {row.key}{line}: {row.reason}")
    if rows:
        door.say("    Put them right; they are read again by themselves. Look: bot check")
        door.say()
    return len(rows)


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
        if row["reason"] and row["state"] == State.WAITING and told.next_try(row):
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
        return "gets its time in a moment"
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
