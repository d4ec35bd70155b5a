"""A group's posting as the bot lives it on the sandbox, with a clock moved from event to event.

Everything takes the whole path: queued, planned, sent over the wire, looked for, counted, logged.
The bot is told that it was awake between two events, so that it does not think it slept.
"""

import heapq
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

import time_machine
from sqlalchemy import func, select

from bot import flow, wiring
from bot.model.delivery import Delivery, State
from bot.sandbox import Sandbox
from bot.settings import load
from bot.store import retention, workers
from bot.wiring import Bot

START = datetime(2026, 12, 1, tzinfo=UTC)
SEED = 1
A_SECOND = timedelta(seconds=1)
# When what a reading showed is settled; see bot.engagement.byhand.
SETTLED = timedelta(minutes=61)
NIGHT = 4


DUE = select(
    select(func.min(Delivery.due_at)).where(Delivery.state == State.WAITING).scalar_subquery(),
    select(func.min(Delivery.next_look_at)).scalar_subquery(),
    select(func.min(Delivery.next_count_at)).scalar_subquery(),
)


def now() -> datetime:
    """The moved clock."""
    return datetime.now(UTC)


@dataclass
class Life:
    """One bot on one sandbox; `calls` are requests by platform, kind and day."""

    bot: Bot
    sandbox: Sandbox
    travel: time_machine.Traveller
    worker: int
    calls: Counter = field(default_factory=Counter)
    purged: Counter = field(default_factory=Counter)
    _deeds: list = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=count)
    _settles_at: datetime | None = None

    def plan(self, at: datetime, deed: Callable[[], object]) -> None:
        """Something that a person does at that moment."""
        heapq.heappush(self._deeds, (at, next(self._numbers), deed))

    def live(self, until: datetime | None = None) -> None:
        """On to that moment; without one, until nothing is due any more."""
        purged_on = now().date()
        while (at := self._next(until)) is not None:
            self.travel.move_to(max(at, now() + A_SECOND))
            while self._deeds and self._deeds[0][0] <= now():
                heapq.heappop(self._deeds)[2]()
            # Nothing was due, so a heartbeat would have done nothing but be alive.
            self.bot.watch._awake_at = now()  # noqa: SLF001
            self._beat()
            if now().hour >= NIGHT and purged_on != now().date():
                purged_on = now().date()
                self.purged.update(retention.purge(self.bot.store, now(), dry_run=False))

    def _next(self, until: datetime | None) -> datetime | None:
        with self.bot.store.read() as session:
            due = session.execute(DUE).one()
        first = [self._deeds[0][0]] if self._deeds else []
        moments = [at for at in (*due, *first, self._settles_at, until) if at is not None]
        if not moments or (until is not None and now() >= until):
            return None
        return min(moments)

    def _beat(self) -> None:
        """What the heartbeat does, in its order."""
        bot = self.bot
        with self._called("timeline"):
            if bot.watch.read_due():
                self._settles_at = now() + SETTLED
        with self._called("sending"):
            flow.send_due(bot, self.worker)
        with self._called("looks"):
            bot.confirmer.look_due()
        if self._settles_at is not None and now() >= self._settles_at:
            self._settles_at = None
            bot.by_hand.log_settled()
        with self._called("counts"):
            bot.collector.collect_due()

    @contextmanager
    def _called(self, kind: str) -> Iterator[None]:
        self.sandbox.requests.clear()
        yield
        self.calls.update(
            (one.platform, kind, one.at.date())
            for one in self.sandbox.requests
            if one.method == "GET"
        )


@contextmanager
def begun(time_scale: float = 1.0, folder: str | None = None) -> Iterator[Life]:
    """A bot that knows nothing yet; posts move for longer where `time_scale` is small."""
    with (
        tempfile.TemporaryDirectory(prefix="life-", dir=folder) as home,
        time_machine.travel(START, tick=False) as travel,
        Sandbox(seed=SEED, clock=now, time_scale=time_scale) as sandbox,
    ):
        env = {
            **sandbox.settings(),
            "DATABASE_URL": f"sqlite:///{home}/bot.db",
            "POSTS_DIR": home,
            "TIMEZONE": "UTC",
            "IMPRINT_MODE": "never",
        }
        bot = wiring.build(load(env, None), now, create=True)
        with bot.store.write() as session:
            worker = workers.begin(session, host="bench", pid=1, now=now()).id
        bot.watch.wake(worker)
        yield Life(bot, sandbox, travel, worker)
        bot.store.close()
