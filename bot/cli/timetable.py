"""`bot timetable`: the weekly times of an account, shown and changed."""

import click

from bot import flow
from bot.cli import screen
from bot.cli.door import Door, json_option
from bot.cli.teller import teller
from bot.errors import NotAllowed
from bot.reports import words
from bot.store import accounts
from bot.timetable import declared
from bot.timetable.slots import DEFAULT_TIMETABLE, in_plain_words, parse_timetable
from bot.wiring import Bot

SHOWN = 20


@click.group()
def command() -> None:
    """See or change the times posts go out.

    A post without a time of its own takes the next free one of these.

    Example: bot timetable set x "weekdays 08:30, 18:00; saturday 10:00"
    """


@command.command("show")
@click.argument("account", required=False)
@json_option
@click.pass_obj
def show(door: Door, account: str | None, as_json: bool) -> int:
    """The weekly times of one account, or of all.

    Example: bot timetable show x
    """
    bot = door.open()
    flow.plan(bot)
    owned = declared.read(bot.settings.posts_dir)
    with bot.store.read() as session:
        rows = [accounts.named(session, account)] if account else accounts.all_of(session)
        own = accounts.slots_of(session, [row.id for row in rows])
    found = [
        (
            row.name,
            bot.planner.zone_of(row),
            [(slot.weekday, slot.local_time) for slot in own[row.id]] or list(DEFAULT_TIMETABLE),
        )
        for row in rows
    ]
    if as_json:
        door.print_json(
            [
                {
                    "account": name,
                    "zone": zone.key,
                    "slots": in_plain_words(slots),
                    "from_file": name in owned,
                }
                for name, zone, slots in found
            ]
        )
        return 0
    told = teller(bot)
    for name, zone, slots in found[:SHOWN]:
        screen.heading(door, f"{told.title(name)}, {words.zone_words(zone)}{_owner(bot, name)}")
        for line in in_plain_words(slots):
            door.say(f"  {line}")
    if len(found) > SHOWN:
        door.say(f"And {len(found) - SHOWN:,} more. One of them: bot timetable show NAME")
    door.say('Change it: bot timetable set x "weekdays 08:30, 18:00; saturday 10:00"')
    return 0


@command.command("set")
@click.argument("account")
@click.argument("times")
@click.pass_obj
def set_(door: Door, account: str, times: str) -> int:
    """Give an account these weekly times instead of those it has.

    Posts that have their time already keep it.

    Example: bot timetable set x "weekdays 08:30, 18:00; saturday 10:00"
    """
    wanted = parse_timetable(times)
    bot = door.open()
    owner = declared.read(bot.settings.posts_dir).get(account)
    if owner is not None:
        path = bot.settings.posts_dir / declared.FILE_NAME
        raise NotAllowed(
            f"{path}, line {owner.line}, says when {account} goes out. Change it there."
        )
    with bot.store.write() as session:
        accounts.replace_slots(session, accounts.named(session, account).id, wanted)
    door.say(f"{teller(bot).title(account)} now goes out at these times:")
    for line in in_plain_words(wanted):
        door.say(f"  {line}")
    door.say("Posts that have their time keep it. See them: bot queue")
    return 0


def _owner(bot: Bot, account: str) -> str:
    owner = declared.read(bot.settings.posts_dir).get(account)
    if owner is None:
        return ""
    return f" (from {bot.settings.posts_dir / declared.FILE_NAME}, line {owner.line})"
