"""What needs a person, as `bot queue` tells it: each thing with its one next step."""

from collections.abc import Sequence

from bot.alerts import checks, silence
from bot.alerts.silence import Silence
from bot.cli import screen
from bot.cli.door import Door
from bot.cli.teller import Row, Teller, alike
from bot.clock import iso
from bot.intake.foldersheets import is_of_folder
from bot.intake.sheetrows import SOURCE as SHEET
from bot.model.delivery import Hold, State
from bot.reports import words
from bot.store import accounts, blackouts, quarantine
from bot.wiring import Bot

UNDER_WAY = (State.WAITING, State.SENDING)


def closed(door: Door, bot: Bot, told: Teller) -> None:
    """What was decided to be silent: pauses, quiet times, and accounts that were asked to rest."""
    with bot.store.read() as session:
        pauses, quiet = accounts.open_pauses(session), blackouts.standing(session, told.now)
        whose = [row.account_id for row in pauses] + [row.account_id for row in quiet]
        names = accounts.names_of(session, [key for key in whose if key is not None])
    said = [
        f"{_whose(told, names, row.account_id)} is paused since "
        f"{words.moment(row.started_at, told.zone)}: {words.sentence(row.reason)} "
        f"End it with: {_resume(names, row.account_id)}"
        for row in pauses
    ]
    said += [
        f"{_whose(told, names, row.account_id)} is quiet from "
        f"{told.date(iso(row.starts_at))} until {told.date(iso(row.ends_at))}: "
        f"{words.sentence(row.reason)} Take it back with: bot blackout remove {row.id}"
        for row in quiet
    ]
    resting = checks.parked(bot.store, told.now, told.zone, bot.titles)
    if resting.ok and resting.note:
        said.append(resting.says)
    for line in said:
        door.say(line)
        door.say()


def _resume(names: dict[int, str], account_id: int | None) -> str:
    return f"bot resume {names[account_id]}" if account_id else "bot resume"


def _whose(told: Teller, names: dict[int, str], account_id: int | None) -> str:
    return told.title(names[account_id]) if account_id else "Everything"


def you(
    door: Door, bot: Bot, told: Teller, rows: Sequence[Row], silences: Sequence[Silence]
) -> int:
    """Everything under "Needs you"; how many things."""
    asked = [row for row in rows if row["state"] not in UNDER_WAY and not _is_missed(row)]
    troubled = sorted(alike(asked), key=lambda group: not group[0]["trouble"])
    lines = [*_of_the_bot(bot, told, silences), *_of_accounts(bot, told)]
    if troubled or lines:
        screen.heading(door, "Needs you")
    for said, step in lines:
        door.trouble(f"  {said}")
        if step:
            door.say(f"    {step}")
    for group in troubled:
        _post(door, told, group)
    if troubled or lines:
        door.say()
    return len(troubled) + len(lines)


def _of_the_bot(bot: Bot, told: Teller, silences: Sequence[Silence]) -> list[tuple[str, str]]:
    """A heartbeat that died or has trouble of its own, and what was due and did not go."""
    late = silence.groups(
        [
            fact
            for fact in silences
            if fact.is_due and fact.trouble and fact.cause not in silence.SAID_OF_THE_ACCOUNT
        ]
    )
    found = [checks.own_trouble(bot.store, told.now, told.zone)]
    if not any(group[0].cause == silence.Cause.SILENT for group in late):
        found.append(checks.heartbeat(bot.store, told.now, told.zone))
    lines = [(finding.says, "") for finding in found if not finding.ok]
    return lines + [(silence.spoken(group, bot.titles, told.zone), "") for group in late]


def _of_accounts(bot: Bot, told: Teller) -> list[tuple[str, str]]:
    finding = checks.parked(bot.store, told.now, told.zone, bot.titles)
    if finding.ok:
        return []
    return [(finding.says, "Ask how the account is, and go on once it is well: bot accounts check")]


def _post(door: Door, told: Teller, group: Sequence[Row]) -> None:
    row = group[0]
    say = door.trouble if row["trouble"] else door.say
    where = " and ".join(told.title(one["account"]) for one in group)
    say(f"  {row['post']} on {where}: {told.state(row)}")
    say(f"    “{words.excerpt(row['parts'][0])}”")
    if row["reason"] and not told.holder(row):
        say(f"    {words.sentence(row['reason'])}")
    for line in told.evidence(row):
        say(f"    {line}")
    say(f"    {told.next_step(group)}")


def _is_missed(row: Row) -> bool:
    """Whether nothing but a new time is wanted of a person."""
    return bool(row["holds"] == [Hold.MISSED])


def missed(door: Door, told: Teller, rows: Sequence[Row]) -> int:
    """Posts whose time went by, oldest first, and how to give each its own new one."""
    groups = alike([row for row in rows if _is_missed(row)])
    if not groups:
        return 0
    screen.heading(door, "Missed: nothing of it was sent late")
    for group in groups:
        row = group[0]
        where = " and ".join(told.title(one["account"]) for one in group)
        was = f"it was due {told.date(row['due_at'])}" if row["due_at"] else "it had no time"
        door.trouble(f"  {row['post']} on {where}: on hold: its time went by; {was}")
        door.trouble(f"    “{words.excerpt(row['parts'][0])}”")
        if row["reason"]:
            door.trouble(f"    {words.sentence(row['reason'])}")
    names = " ".join(dict.fromkeys(group[0]["post"] for group in groups))
    first = groups[0][0]["post"]
    door.say(f"    Each at its next free time: bot release {names} --at next")
    door.say(f'    One at a time of its own: bot release {first} --at "2026-12-01 18:30"')
    door.say(f"    Not at all: bot cancel {first}")
    door.say()
    return len(groups)


def files(door: Door, bot: Bot) -> int:
    """Files and articles that could not become a post; how many."""
    with bot.store.read() as session:
        rows = quarantine.all_of(session)
    if rows:
        screen.heading(door, "Could not become a post")
    for row in rows:
        line = f":{row.line}" if row.line else ""
        door.trouble(f"  {row.key}{line}: {row.reason}")
    if rows:
        door.say("    Put them right; they are read again by themselves. Look: bot check")
    if any(row.source == SHEET and not is_of_folder(row.key) for row in rows):
        door.say("    A sheet from outside the posts folder: add it again, put right, or without")
        door.say("    the row.")
        door.say()
    return len(rows)
