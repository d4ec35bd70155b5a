"""`bot run`: the heartbeat; `bot run --once`: everything due now, then the end."""

import os
import signal
import socket
import sys
from datetime import datetime
from types import FrameType
from typing import Any

import click

from bot import flow, memory
from bot.cli import trouble
from bot.cli.door import Door
from bot.cli.teller import teller
from bot.flow import alarms, pinging
from bot.model.delivery import State
from bot.reports import queue, words
from bot.store import claims, deliveries, workers
from bot.store.lock import only_heartbeat
from bot.wiring import Bot


@click.command()
@click.option("--once", is_flag=True, help="Do everything that is due now, then stop.")
@click.pass_obj
def command(door: Door, once: bool) -> int:
    """Send what is due, now and for as long as it runs.

    Reads the posts folder and feeds, gives posts their times, sends them, makes sure they are out
    and counts engagement. Stop it with Ctrl-C: what is under way is finished first.

    Example: bot run --once
    """
    bot = door.open(create=True, with_log=not once and not door.quiet)
    return _once(door, bot) if once else _always(door, bot)


def _always(door: Door, bot: Bot) -> int:
    # Imported here: `run --once` needs no scheduler.
    from bot.worker import Heartbeat

    memory.give_back()
    heartbeat = Heartbeat(bot)
    begun = "The bot runs. Stop with Ctrl-C. In another window: bot queue"

    def stop(_number: int, _frame: FrameType | None) -> None:
        heartbeat.stop()

    before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        ended = heartbeat.run(lambda: door.say(begun))
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    if not ended:
        door.say("Stopped. What was under way too long is found out by the next bot run.")
        sys.stdout.flush()
        os._exit(0)  # else Python would wait for threads that may still take minutes
    door.say("Stopped. Nothing is under way. Start it again: bot run")
    return 0


def _once(door: Door, bot: Bot) -> int:
    sent_before, started = _out(bot), bot.clock()
    with only_heartbeat(bot.store):
        bot.store.require_sound()
        with bot.store.write() as session:
            worker = workers.begin(
                session, host=socket.gethostname(), pid=os.getpid(), now=bot.clock()
            )
        try:
            done = flow.once(bot, worker.id)
            alarms.watch(bot)
            pinging.Pinger(bot).ping(is_well=True)
        finally:
            with bot.store.write() as session:
                workers.end(session, worker.id, bot.clock())
    sent = _out(bot) - sent_before
    _tell(door, bot, done, sent, _left(bot, started))
    wrong = trouble.standing(bot, asked_of_the_bot=False)
    for finding in wrong:
        door.trouble(finding.says)
    door.say(_next_step(sent, is_wrong=bool(wrong)))
    return 1 if wrong else 0


def _out(bot: Bot) -> int:
    with bot.store.read() as session:
        return deliveries.state_counts(session).get(State.SENT, 0)


def _left(bot: Bot, started: datetime) -> list[dict[str, Any]]:
    """What was tried since then and is not out."""
    with bot.store.read() as session:
        rows = [row for row in queue.rows(session) if row["reason"]]
        tried = {
            str(attempt.delivery_id)
            for attempt in claims.attempts(session, [int(row["delivery"]) for row in rows])
            if attempt.started_at >= started
        }
    return [row for row in rows if row["delivery"] in tried]


def _tell(door: Door, bot: Bot, done: flow.Round, sent: int, left: list[dict[str, Any]]) -> None:
    reading = done.reading
    for key, line, reason in reading.quarantined:
        door.trouble(f"{key}:{line}: {reason}" if line else f"{key}: {reason}")
    if reading.alarm:
        door.trouble(reading.alarm)
    figures = (
        (len(reading.new), "new post"),
        (len(reading.edited), "edited post"),
        (len(reading.cancelled), "withdrawn post"),
        (done.articles, "new article"),
    )
    found = [words.plural(number, noun) for number, noun in figures if number]
    door.say(f"Found: {', '.join(found) or 'nothing new'}.")
    if left:
        door.say(f"Tried: {words.plural(sent + len(left), 'post')}. Went out: {sent:,}.")
    else:
        door.say(f"Went out: {words.plural(sent, 'post') if sent else 'nothing was due'}.")
    told = teller(bot)
    for row in left:
        door.say(f"  {row['post']} on {told.title(row['account'])}: {told.ending(row)}")
    if done.counted:
        door.say(f"Counted: {words.plural(done.counted, 'post')}.")


def _next_step(sent: int, *, is_wrong: bool) -> str:
    if is_wrong:
        return "Next: bot queue"
    return "See what went out: bot log" if sent else "See what waits: bot queue"
