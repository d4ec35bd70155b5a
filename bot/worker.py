"""The heartbeat: a few UTC ticks that sweep, look, plan, read and count. The only APScheduler.

APScheduler is a clock here and nothing else: no job store, no post ever scheduled in it. Each tick
asks the database what is due, so a tick lost, late or doubled changes nothing.
"""

import os
import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC
from functools import partial

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from bot import flow
from bot.clock import system_now
from bot.delivery import sweep
from bot.errors import BotError
from bot.intake.refresh import Refresher
from bot.store import workers
from bot.store.lock import only_heartbeat
from bot.wiring import Bot

log = structlog.get_logger()
SWEEP_SECONDS = 0.5


@dataclass
class Heartbeat:
    """A running bot. `run` blocks until `stop` is called; what is in flight is finished first."""

    bot: Bot
    stopping: threading.Event = field(default_factory=threading.Event)
    _sweeping: threading.Lock = field(default_factory=threading.Lock)
    _pool: ThreadPoolExecutor = field(init=False)
    _worker_id: int = field(init=False, default=0)
    _troubles: dict[str, str] = field(default_factory=dict)

    def run(self, on_start: Callable[[], None] = lambda: None) -> None:
        """Beat until stopped. AlreadyRunning when another heartbeat owns the database."""
        with only_heartbeat(self.bot.store) as alone:
            self._begin(alone)
            on_start()
            scheduler = self._scheduler()
            scheduler.start()
            log.info("started", action="started", worker=self._worker_id)
            try:
                self.stopping.wait()
            finally:
                self.stopping.set()
                scheduler.shutdown(wait=True)
                self._pool.shutdown(wait=True)
                self._end()

    def stop(self) -> None:
        """Let go: no new request leaves, those under way end."""
        self.stopping.set()

    def _begin(self, alone: bool) -> None:
        bot = self.bot
        self._pool = ThreadPoolExecutor(bot.settings.send_threads, thread_name_prefix="send")
        with bot.store.write() as session:
            worker = workers.begin(
                session,
                host=socket.gethostname(),
                pid=os.getpid(),
                now=bot.store.lease_now(session),
            )
            self._worker_id = worker.id
        bot.watch.wake(self._worker_id)
        if alone:
            sweep.forget(bot.store)
            bot.confirmer.free_left_by_others(self._worker_id)
        Refresher(bot.store, bot.admission).refresh()

    def _end(self) -> None:
        with self.bot.store.write() as session:
            workers.end(session, self._worker_id, self.bot.clock())
        log.info("stopped", action="stopped", worker=self._worker_id)

    def _scheduler(self) -> BackgroundScheduler:
        scheduler = BackgroundScheduler(timezone=UTC)
        bot = self.bot
        ticks: dict[str, tuple[float, Callable[[], object]]] = {
            "watch": (5, self._watch),
            "sweep": (SWEEP_SECONDS, self.sweep),
            "confirm": (1, self._confirm),
            "plan": (2, lambda: flow.plan(bot)),
            "folder": (3, self._read_folder),
            "feeds": (5, bot.feeds.poll_due),
            "counts": (2, bot.collector.collect_due),
            "alive": (10, self._alive),
        }
        for name, (seconds, tick) in ticks.items():
            scheduler.add_job(
                self._guarded(name, tick),
                "interval",
                seconds=seconds,
                name=name,
                misfire_grace_time=None,
                coalesce=True,
                max_instances=1,
                next_run_time=system_now(),  # the first beat at once, not after one pause
            )
        return scheduler

    def _guarded(self, name: str, tick: Callable[[], object]) -> Callable[[], None]:
        """A tick that says once what went wrong and lets the next one try again."""

        def beat() -> None:
            if self.stopping.is_set():
                return
            try:
                tick()
            except BotError as error:
                if self._troubles.get(name) != str(error):
                    log.warning("tick failed", action="tick failed", tick=name, reason=str(error))
                self._troubles[name] = str(error)
            except Exception:
                log.exception("tick failed", action="tick failed", tick=name)
            else:
                self._troubles.pop(name, None)

        return beat

    def sweep(self) -> None:
        """Hand over what is due; one sweep at a time."""
        if self.stopping.is_set() or not self._sweeping.acquire(blocking=False):
            return
        try:
            for delivery_id in sweep.due(self.bot.store, self.bot.clock, self.bot.accounts_on):
                self._pool.submit(self._deliver, delivery_id)
        finally:
            self._sweeping.release()

    def _deliver(self, delivery_id: int) -> None:
        if self.stopping.is_set():
            return
        try:
            self.bot.watch.before(delivery_id)
            self.bot.deliverer.deliver(delivery_id, self._worker_id)
        except BotError as error:
            log.warning(
                "delivery failed", action="delivery failed", delivery=delivery_id, reason=str(error)
            )
            return
        except Exception:
            log.exception("delivery failed", action="delivery failed", delivery=delivery_id)
            return
        self._guarded("sweep", self.sweep)()

    def _watch(self) -> None:
        for account_id in self.bot.watch.due():
            read = partial(self.bot.watch.read, account_id)
            self._pool.submit(self._guarded("watch", read))

    def _confirm(self) -> None:
        self.bot.confirmer.free_expired()
        self.bot.confirmer.free_left_by_dead()
        self.bot.confirmer.look_due()

    def _read_folder(self) -> None:
        reading = self.bot.folder.read()
        for key, line, reason in reading.quarantined:
            log.warning("quarantined", action="quarantined", file=key, line=line, reason=reason)
        for admitted in reading.new:
            log.info("queued", action="queued", post=admitted.post.name)
        if reading.new or reading.edited:
            self.bot.planner.plan_due()

    def _alive(self) -> None:
        with self.bot.store.write() as session:
            workers.seen(session, self._worker_id, self.bot.store.lease_now(session))
