"""`bot pause`: the stop switch. Returns when no request is in flight, or names the one that is."""

import sys
import time
from dataclasses import dataclass
from datetime import datetime

import click

from bot.cli.deciding import actor_option
from bot.cli.door import Door
from bot.cli.teller import Teller, teller
from bot.clock import iso, monotonic
from bot.decisions.pause import pause
from bot.errors import UsageError
from bot.reports import words
from bot.store import claims, deliveries
from bot.wiring import Bot

LOOK_EVERY_SECONDS = 0.1


@click.command()
@click.argument("account", required=False)
@click.option("--reason", metavar="WORDS", help="Why; everyone will see it.")
@actor_option
@click.pass_obj
def command(door: Door, account: str | None, reason: str | None, actor: str | None) -> int:
    """The stop switch: send nothing until resumed.

    Stops one account, or all without ACCOUNT. When it returns, nothing is on its way any more, or
    it names the post that is. Posts keep their place and get new times afterwards.

    Example: bot pause --reason "earthquake in Chile"
    """
    bot = door.open()
    reason = reason or _asked()
    pause(bot.decider(actor, reason), account)
    told = teller(bot)
    what = told.title(account) if account else "Everything"
    left = _in_flight(bot, account)
    if left:
        door.say("Waiting for what is under way this moment…")
        left = _wait(bot, account)
    door.say(f"{what} is paused: {words.sentence(reason)}")
    for one in left:
        _tell_left(door, told, one)
    door.say(f"Go on with: bot resume {account or ''}".rstrip())
    return 1 if left else 0


def _asked() -> str:
    if not sys.stdin.isatty():
        raise UsageError('Say why, everyone will see it: bot pause --reason "earthquake in Chile"')
    said: str = click.prompt("Why? (everyone will see it)")
    return said


@dataclass(frozen=True, slots=True)
class InFlight:
    """A post that is being sent, and since when its request is on its way; None if it is not."""

    post: str
    account: str
    asked_at: datetime | None


def _in_flight(bot: Bot, account: str | None) -> list[InFlight]:
    with bot.store.read() as session:
        return [
            InFlight(
                f"P{delivery.post_id}",
                owner.name,
                attempt.started_at
                if (attempt := claims.open_attempt(session, delivery.id, delivery.lease_token))
                else None,
            )
            for delivery, owner in deliveries.in_flight(session)
            if account in (None, owner.name)
        ]


def _tell_left(door: Door, told: Teller, one: InFlight) -> None:
    name = f"{one.post} on {told.title(one.account)}"
    if one.asked_at is None:
        door.trouble(
            f"{name} was taken up and has not ended. It does not go out any more, unless you "
            f"resume. If the bot has stopped, start it: bot run. See: bot show {one.post}"
        )
        return
    door.trouble(
        f"{name} was on its way and has not ended. It was asked for {told.date(iso(one.asked_at))} "
        f"and may still go out; the bot finds out by itself. See: bot show {one.post}"
    )


def _wait(bot: Bot, account: str | None) -> list[InFlight]:
    """Until nothing is in flight, at most as long as one request may take."""
    deadline = monotonic() + bot.settings.send_timeout_seconds + 1
    left = _in_flight(bot, account)
    while left and monotonic() < deadline:
        time.sleep(LOOK_EVERY_SECONDS)
        left = _in_flight(bot, account)
    return left
