"""What `bot report --week` shows: one week, to be read, kept as a file, or mailed."""

import sys
from collections.abc import Callable
from typing import Any

import click

from bot.cli.door import Door
from bot.decisions.people import checked_email
from bot.errors import UsageError
from bot.flow import weekly
from bot.flow.letters import Posted, Went, can_mail
from bot.reports.weekly import plain
from bot.reports.weekly import week as weeks
from bot.reports.weekly.document import document, told_at
from bot.reports.weekly.facts import Report
from bot.reports.weekly.page import whole
from bot.reports.weekly.text import as_text
from bot.reports.weekly.week import Week
from bot.wiring import Bot

LAST = "last"
FORMATS = ("text", "html", "json", "xlsx")
SAID: dict[Went, str] = {
    Went.SENT: "Sent to {recipient}.",
    Went.FAILED: "Not sent to {recipient}. {reason}",
    Went.UNSURE: "It may not have reached {recipient}. {reason} To send it again: --to ADDRESS",
    Went.HAD_IT: "{recipient} has had it already. To send it again: --to ADDRESS",
}
OPTIONS = (
    click.option(
        "--week",
        is_flag=False,
        flag_value=LAST,
        metavar="[2026-W47]",
        help="What a week was: the last whole one, or that one.",
    ),
    click.option(
        "--format", "kind", type=click.Choice(FORMATS), help="With --week: how to write it."
    ),
    click.option(
        "--public", is_flag=True, help="With --week: without costs, notes and what is not out."
    ),
    click.option("--campaign", metavar="NAME", help="With --week: only this campaign."),
    click.option("--send", is_flag=True, help="With --week: mail it to staff and admins now."),
    click.option("--to", metavar="ADDRESS", help="With --send: mail it there instead."),
)


def options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options of the week."""
    for option in reversed(OPTIONS):
        command = option(command)
    return command


def show(door: Door, typed: dict[str, Any], *, as_json: bool) -> int:
    """Print the week's report, or mail it; exit 1 where a mail did not go."""
    kind = "json" if as_json else typed["kind"] or "text"
    if typed["to"] and not typed["send"]:
        raise UsageError("Say that it is to be sent: bot report --week --send --to ADDRESS")
    if kind == "xlsx" and not typed["send"] and sys.stdout.isatty():
        raise UsageError("Say into which file: bot report --week --format xlsx > week.xlsx")
    bot = door.open()
    week = _week(bot, typed["week"])
    if typed["send"]:
        return _send(door, bot, week, typed, as_json=as_json)
    told = weekly.report(bot, week, typed["campaign"], public=typed["public"])
    _print(door, told, kind, public=typed["public"])
    return 0


def _week(bot: Bot, typed: str) -> Week:
    now, zone = bot.clock(), bot.settings.zone
    if typed == LAST:
        return weeks.last_whole(now, zone)
    week = Week.of(typed)
    if now < week.start(zone):
        raise UsageError(f"The week {week.name} has not begun yet.")
    return week


def _print(door: Door, told: Report, kind: str, *, public: bool) -> None:
    if kind == "json":
        door.print_json(plain.as_json(told, public=public))
    elif kind == "xlsx":
        click.echo(plain.as_workbook(told, public=public), nl=False)
    elif kind == "html":
        click.echo(whole(document(told, public=public), told_at(told)).encode(), nl=False)
    else:
        door.say(as_text(document(told, public=public)))
        door.say(told_at(told))
        door.say("To print or pass on: bot report --week --format html > week.html")


def _send(door: Door, bot: Bot, week: Week, typed: dict[str, Any], *, as_json: bool) -> int:
    if not can_mail(bot):
        raise UsageError("No mail server is set. Put MAIL_URL and MAIL_FROM into .env first.")
    posted = _posted(bot, week, typed)
    if as_json:
        door.print_json(
            [{"to": one.recipient, "went": one.went, "reason": one.reason} for one in posted]
        )
    else:
        for one in posted:
            door.say(SAID[one.went].format(recipient=one.recipient, reason=one.reason))
        if not posted:
            door.say("Nobody wants it: invite staff or an admin, with bot people add.")
    return 1 if any(one.went in (Went.FAILED, Went.UNSURE) for one in posted) else 0


def _posted(bot: Bot, week: Week, typed: dict[str, Any]) -> list[Posted]:
    if typed["to"] is None:
        if typed["public"] or typed["campaign"]:
            raise UsageError("A part of it goes to one address: add --to ADDRESS")
        return weekly.send_now(bot, week)
    address = checked_email(typed["to"])
    one = weekly.mailing(bot, week, typed["campaign"], public=typed["public"])
    return [weekly.send_one(bot, one, address)]
