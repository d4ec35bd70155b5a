"""The bot of bench/soak: a process of its own, whose clock is moved by who started it.

`soak_bot.py WHEN` lives: each line on its input is a moment, at which every tick of the heartbeat
beats once, in the order in which the scheduler has them; its answer says how long that took, what
the process holds, and when something is due next. `soak_bot.py WHEN COMMAND…` is `bot COMMAND…`
at that moment. The ticks are the heartbeat's own; only its threads are not: sending and reading the
pages are done at once, so that a moment is over when it says so.
"""

import json
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import perf_counter

import time_machine
from sqlalchemy import func, select

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench.held import pss_mb  # noqa: E402
from bot import cli, flow, memory, wiring  # noqa: E402
from bot.clock import system_now  # noqa: E402
from bot.model.account import Account  # noqa: E402
from bot.model.delivery import Delivery, State  # noqa: E402
from bot.settings import load  # noqa: E402
from bot.store.lock import only_heartbeat  # noqa: E402
from bot.wiring import Bot  # noqa: E402
from bot.worker import Heartbeat  # noqa: E402

# What is read may be due at once, and what is planned may be, too.
FIRST = ("watch", "folder", "plan", "sweep", "confirm")
LAST = ("plan", "sweep")


def main() -> None:
    when, command = datetime.fromisoformat(sys.argv[1]), sys.argv[2:]
    with time_machine.travel(when, tick=False) as travel:
        if command:
            sys.argv[1:] = command
            cli.main()
        live(travel)


def live(travel: time_machine.Traveller) -> None:
    """Beat at each moment that is asked for, until there are no more."""
    memory.give_back()
    bot = wiring.build(load(), create=True)
    wiring.configure_log(bot.settings, quiet=True)
    heartbeat = Heartbeat(bot)
    with only_heartbeat(bot.store) as alone:
        bot.store.require_sound()
        heartbeat._begin(alone)  # noqa: SLF001  its own ticks, without its threads
        beats = ticks(bot, heartbeat)
        say({"ready": True})
        for line in sys.stdin:
            travel.move_to(datetime.fromisoformat(line.strip()))
            bot.watch._awake_at = system_now()  # noqa: SLF001  it slept for nobody
            began = perf_counter()
            for beat in beats:
                beat()
            say(
                {
                    "took": perf_counter() - began,
                    "next": next_due(bot),
                    "mb": pss_mb("self"),
                    "files": len([*Path("/proc/self/fd").iterdir()]),
                }
            )
        heartbeat._end()  # noqa: SLF001


def ticks(bot: Bot, heartbeat: Heartbeat) -> list[Callable[[], object]]:
    """What beats at a moment, in order."""
    jobs = {job.name: job.func for job in heartbeat._scheduler().get_jobs()}  # noqa: SLF001
    guarded = heartbeat._guarded  # noqa: SLF001
    jobs["sweep"] = guarded("sweep", partial(flow.send_due, bot, heartbeat._worker_id))  # noqa: SLF001
    jobs["watch"] = guarded("watch", bot.watch.read_due)
    rest = [name for name in jobs if name not in FIRST]
    return [jobs[name] for name in (*FIRST, *rest, *LAST)]


def next_due(bot: Bot) -> str | None:
    """When a post may leave or is looked for next; what stands still for a person is not."""
    now = bot.clock()
    waits = (
        select(Delivery.due_at, Delivery.not_before, Account.parked_until)
        .join(Account, Account.id == Delivery.account_id)
        .where(Delivery.state == State.WAITING, Delivery.due_at.is_not(None))
        .order_by(Delivery.due_at)
        .limit(50)
    )
    with bot.store.read() as session:
        moments = [max(at for at in row if at is not None) for row in session.execute(waits)]
        look = session.scalar(select(func.min(Delivery.next_look_at)))
    coming = [at for at in (*moments, look) if at is not None and at > now]
    return min(coming).astimezone(UTC).isoformat() if coming else None


def say(answer: dict[str, object]) -> None:
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
