"""Processes of the bot: started, beating as `bot run` beats, killed, and started again.

Their ticks are the Heartbeat's own. Its scheduler and thread pool are replaced by the baton, which
skips beats at which the database says there is nothing to do.
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from bot.delivery.sweep import MOST_AT_ONCE
from bot.delivery.watch import Watch
from bot.errors import BotError
from bot.store.claims import Hint
from bot.store.engine import Session
from bot.wiring import Bot
from bot.worker import Heartbeat
from simulation.baton import Actor, Baton
from simulation.disk import Disk

SOMETHING_TO_DO = """
SELECT
  EXISTS (SELECT 1 FROM delivery WHERE state = 'waiting' AND due_at <= :now
          AND (not_before IS NULL OR not_before <= :now)
          AND (hinted_at IS NULL OR hinted_at < :hinted OR hinted_at > :set_back)),
  EXISTS (SELECT 1 FROM delivery LEFT JOIN worker ON worker.id = worker_id
          WHERE (state = 'unconfirmed' AND next_look_at <= :now) OR (state = 'sending'
            AND (lease_until <= :now OR worker.id IS NULL OR seen_at < :dead
                 OR stopped_at IS NOT NULL))),
  EXISTS (SELECT 1 FROM delivery WHERE state IN ('waiting', 'held')
          AND (due_at IS NULL OR slot_start < :now)),
  EXISTS (SELECT 1 FROM account WHERE behind_since IS NOT NULL)
"""
NEXT_TIME = """
SELECT min(moment) FROM (
  SELECT due_at AS moment FROM delivery WHERE state = 'waiting'
  UNION ALL SELECT not_before FROM delivery WHERE state = 'waiting'
  UNION ALL SELECT datetime(hinted_at, '+31 seconds') || '.000000' FROM delivery
    WHERE state = 'waiting' AND due_at <= :now
  UNION ALL SELECT next_look_at FROM delivery WHERE state = 'unconfirmed'
  UNION ALL SELECT lease_until FROM delivery WHERE state = 'sending'
  UNION ALL SELECT datetime(seen_at, '+31 seconds') || '.000000' FROM worker
    JOIN delivery ON worker_id = worker.id WHERE state = 'sending'
  UNION ALL SELECT parked_until FROM account
  UNION ALL SELECT unreadable_until FROM account
) WHERE moment > :now
"""
LOGS_EVERY = 600.0
LONGEST_WAIT = 5.0
AS_STORED = "%Y-%m-%d %H:%M:%S.%f"


class Pool:
    """Stands where the Heartbeat has its thread pools, and what carries hints to one."""

    def __init__(self, life: "Life") -> None:
        self.life = life

    def start(self) -> None:
        """Nothing: actors come with what they do."""

    def submit(self, act: Callable[..., None], *of: int) -> Future[None]:
        """Send one Delivery, or read a timeline."""
        life = self.life
        name = f"send {of[0]}" if of else "read"
        actor = life.baton.spawn(name, life.place, lambda: act(*of))
        actor.delivery_id = next(iter(of), 0)
        return Future()

    def room(self) -> int:
        return MOST_AT_ONCE

    def carry(self, session: Session, hints: Sequence[Hint]) -> None:
        """Nothing: a hint is taken when its row is marked."""

    def begin(self, hints: Sequence[Hint]) -> None:
        for hint in hints:
            self.submit(self.life.heartbeat._deliver, hint.delivery_id)


class Turn:
    """Stands where threads wait for one another: whoever holds the baton must not block."""

    def __init__(self, baton: Baton) -> None:
        self.baton = baton
        self.is_taken = False

    def __enter__(self) -> None:
        waits = 0.1
        while self.is_taken:
            self.baton.sleep(waits)
            waits = min(2 * waits, LONGEST_WAIT)
        self.is_taken = True

    def __exit__(self, *_: object) -> None:
        self.is_taken = False

    def locked(self) -> bool:
        return self.is_taken


@dataclass(eq=False)
class Life:
    """One process, from its start to its end."""

    place: str
    baton: Baton
    bot: Bot
    alone: bool
    ready: bool = False
    dead: bool = False
    frozen_until: float = 0.0
    next_log: float = 0.0
    ticking: set[str] = field(default_factory=set)
    heartbeat: Heartbeat = field(init=False)

    def __post_init__(self) -> None:
        # No process shares another's locks: what dies or stands still holds nobody else up.
        watch = Watch(self.bot.watch.deliverer)
        watch._locks = defaultdict(lambda: Turn(self.baton))
        self.heartbeat = Heartbeat(replace(self.bot, watch=watch))
        self.baton.spawn("start", self.place, self._start)

    def _start(self) -> None:
        try:
            self.heartbeat._begin(self.alone)
        except BotError:
            self.dead = True  # It says what is wrong and exits; whoever runs it starts it again.
            return
        pool = Pool(self)
        vars(self.heartbeat).update(_carrier=pool, _readers=pool)
        self.ready = True

    def beat(self, wanted: tuple[bool, ...]) -> None:
        """Let the ticks run that have something to do and are not running still."""
        if not self.ready or self.dead or self.baton.now < self.frozen_until:
            return
        heartbeat = self.heartbeat
        ticks = {
            "sweep": heartbeat.sweep,
            "confirm": heartbeat._confirm,
            "plan": self._plan,
            "watch": heartbeat._watch,
        }
        for (name, tick), is_wanted in zip(ticks.items(), wanted, strict=True):
            if is_wanted and name not in self.ticking:
                self.ticking.add(name)
                self.baton.spawn(name, self.place, heartbeat._guarded(name, tick))

    def _plan(self) -> None:
        """With it, now and then, what seems made by hand is logged: what may still be ours, too."""
        self.bot.planner.plan_due()
        if self.baton.now >= self.next_log:
            self.next_log = self.baton.now + LOGS_EVERY
            self.bot.by_hand.log_settled()

    def sign(self, store: Disk, now: datetime) -> None:
        """The sign of life, which its own thread gives every ten seconds."""
        if self.ready and not self.dead and self.baton.now >= self.frozen_until:
            store.raw.execute(
                "UPDATE worker SET seen_at = ? WHERE id = ?",
                (now.strftime(AS_STORED), self.heartbeat._worker_id),
            )

    def ended(self, actor: Actor) -> None:
        self.ticking.discard(actor.name)


def wanted(store: Disk, now: datetime, everything: bool) -> tuple[bool, ...]:
    """Which of sweep, confirm, plan and watch have something to do."""
    if everything:
        return True, True, True, True
    hinted, dead, set_back = (now - timedelta(seconds=seconds) for seconds in (30, 29, -30))
    times = {"now": now, "hinted": hinted, "dead": dead, "set_back": set_back}
    row: Any = store.raw.execute(
        SOMETHING_TO_DO, {name: moment.strftime(AS_STORED) for name, moment in times.items()}
    ).fetchone()
    return bool(row[0]), bool(row[1]), bool(row[2]), bool(row[3])


def next_time(store: Disk, now: datetime) -> float | None:
    """Seconds until the database's next own time; None where there is none."""
    moment = store.raw.execute(NEXT_TIME, {"now": now.strftime(AS_STORED)}).fetchone()[0]
    if moment is None:
        return None
    then = datetime.strptime(moment[:26], AS_STORED)
    return (then - now.replace(tzinfo=None)).total_seconds()
