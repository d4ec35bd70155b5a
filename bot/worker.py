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
from datetime import UTC, date, datetime, timedelta
from functools import partial

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor as TickThreads
from apscheduler.schedulers.background import BackgroundScheduler

from bot import flow
from bot.accounts import health
from bot.clock import monotonic, system_now
from bot.delivery import sweep
from bot.errors import BotError
from bot.flow import alarms, pinging, weekly
from bot.intake.refresh import Refresher
from bot.reports import words
from bot.store import retention, workers
from bot.store.lock import only_heartbeat
from bot.wiring import Bot

log = structlog.get_logger()
SWEEP_SECONDS = 0.5
WAKE_SECONDS = 0.5
A_DAY = 24 * 60 * 60
NIGHT = range(3, 6)  # local hours
REFRESHED_FIRST = timedelta(minutes=10)
# Telling somebody, and feeds, may each take one for minutes; none of the others is to wait for it.
TICKS_AT_ONCE = 20
RARE = {"refresh", "purge"}  # that one of these failed is not known to be over for long
# Without these going nothing goes out; so long each may take, in seconds.
ESSENTIAL = {"sweep": 60, "alive": 60, "confirm": 600}


def _is_running(pid: int) -> bool:
    """Whether another process of this machine has that number."""
    if pid == os.getpid():
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


@dataclass
class Heartbeat:
    """A running bot. `run` blocks until `stop` is called; what is in flight is finished first."""

    bot: Bot
    stopping: threading.Event = field(default_factory=threading.Event)
    _sweeping: threading.Lock = field(default_factory=threading.Lock)
    _pool: ThreadPoolExecutor = field(init=False)
    _worker_id: int = field(init=False, default=0)
    _troubles: dict[str, str] = field(default_factory=dict)
    _dropped: set[int] = field(default_factory=set)
    _looked_first: bool = False
    _purged_on: date | None = None
    _own_trouble: tuple[datetime, str] | None = None
    _went: dict[str, float] = field(default_factory=dict)

    def run(self, on_start: Callable[[], None] = lambda: None) -> None:
        """Beat until stopped. AlreadyRunning when another heartbeat owns the database, StoreError
        when the database is damaged."""
        with only_heartbeat(self.bot.store) as alone:
            self.bot.store.require_sound()
            self._begin(alone)
            on_start()
            scheduler = self._scheduler()
            scheduler.start()
            log.info("started", action="started", worker=self._worker_id)
            try:
                # Waking up by itself: after a standstill the system may hand a signal to another
                # thread, and Python looks at it only when this one runs.
                while not self.stopping.wait(WAKE_SECONDS):
                    pass
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
        host = socket.gethostname()
        with bot.store.write() as session:
            now = bot.store.lease_now(session)
            self._worker_id = workers.begin(session, host=host, pid=os.getpid(), now=now).id
            # Only haste, as on a server many may be at work: what they hold is freed at once.
            workers.bury(session, host, self._worker_id, _is_running, now)
        sweep.forget(bot.store)
        bot.watch.wake(self._worker_id)
        if alone:
            bot.confirmer.free_left_by_others(self._worker_id)
        # What is due must not wait for the whole queue to be rendered; `_scheduler` sees to that.
        Refresher(bot.store, bot.admission).refresh(bot.clock() + REFRESHED_FIRST)

    def _end(self) -> None:
        with self.bot.store.write() as session:
            workers.end(session, self._worker_id, self.bot.clock())
        log.info("stopped", action="stopped", worker=self._worker_id)

    def _scheduler(self) -> BackgroundScheduler:
        scheduler = BackgroundScheduler(
            timezone=UTC, executors={"default": TickThreads(TICKS_AT_ONCE)}
        )
        bot = self.bot
        watchman, pinger = alarms.Watchman(bot), pinging.Pinger(bot)
        self._went = dict.fromkeys(ESSENTIAL, monotonic())
        ticks: dict[str, tuple[float, Callable[[], object]]] = {
            "watch": (5, self._watch),
            "sweep": (SWEEP_SECONDS, self.sweep),
            "confirm": (1, self._confirm),
            "plan": (2, lambda: flow.plan(bot)),
            "folder": (3, self._read_folder),
            "feeds": (5, lambda: bot.feeds.poll_due(lambda: not self.stopping.is_set())),
            "counts": (2, bot.collector.collect_due),
            "by hand": (60, bot.by_hand.log_settled),
            "own pages": (60, bot.own_pages.count_due),
            "purge": (600, self._purge),
            "letters": (60, self._send_letters),
            "accounts": (60, self._check_accounts),
            "alive": (10, self._alive),
            "alarms": (alarms.EVERY_SECONDS, partial(self._watch_over, watchman)),
            "ping": (pinging.EVERY_SECONDS, lambda: pinger.ping(is_well=self.is_well())),
            "refresh": (A_DAY, Refresher(bot.store, bot.admission).refresh),
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
                self._remember(name, str(error))
            except Exception as error:
                log.exception("tick failed", action="tick failed", tick=name)
                self._troubles[name] = type(error).__name__
                self._remember(name, type(error).__name__)
            else:
                self._troubles.pop(name, None)
                self._went[name] = monotonic()

        return beat

    def _remember(self, tick: str, reason: str) -> None:
        """Keep it for the next sign of life: when it happened, the database may have been gone."""
        told = {"event": "tick failed", "tick": tick, "reason": reason}
        self._own_trouble = (self.bot.clock(), words.event_line(told))

    def is_well(self) -> bool:
        """Whether every tick goes, and what nothing goes out without went not long ago."""
        now = monotonic()
        return not self._troubles.keys() - RARE and all(
            now - self._went[name] <= seconds for name, seconds in ESSENTIAL.items()
        )

    def sweep(self) -> None:
        """Hand over what is due; one sweep at a time."""
        if self.stopping.is_set() or not self._sweeping.acquire(blocking=False):
            return
        try:
            # An Account may have been connected or disconnected by another program.
            for name in self.bot.credentials.refresh():
                log.info("keys changed", action="keys changed", account=name)
            for delivery_id in sweep.due(self.bot.store, self.bot.clock, self.bot.accounts_on):
                self._pool.submit(self._deliver, delivery_id)
        finally:
            self._sweeping.release()

    def _deliver(self, delivery_id: int) -> None:
        if self.stopping.is_set():
            return
        self._dropped.discard(delivery_id)
        try:
            self.bot.watch.before(delivery_id)
            self.bot.deliverer.deliver(delivery_id, self._worker_id)
        except BotError as error:
            self._dropped.add(delivery_id)
            self._remember("sweep", str(error))
            log.warning(
                "delivery failed", action="delivery failed", delivery=delivery_id, reason=str(error)
            )
            return
        except Exception:
            self._dropped.add(delivery_id)
            log.exception("delivery failed", action="delivery failed", delivery=delivery_id)
            return
        self._guarded("sweep", self.sweep)()

    def _watch(self) -> None:
        for account_id in self.bot.watch.due():
            read = partial(self.bot.watch.read, account_id)
            self._pool.submit(self._guarded("watch", read))

    def _confirm(self) -> None:
        confirmer = self.bot.confirmer
        self._free_dropped()
        confirmer.free_expired()
        confirmer.free_left_by_dead()
        # Whatever a stop left in doubt is looked up first thing, not when its next look is due.
        confirmer.look_due(everything=not self._looked_first)
        self._looked_first = True

    def _free_dropped(self) -> None:
        """What the database refused to take down is freed when it answers, not with its lease."""
        for delivery_id in tuple(self._dropped):
            self._dropped.discard(delivery_id)
            try:
                self.bot.confirmer.free_dropped(delivery_id, self._worker_id)
            except BotError:
                self._dropped.add(delivery_id)
                raise

    def _read_folder(self) -> None:
        flow.refresh_templates(self.bot)
        reading = self.bot.folder.read()
        for key, line, reason in reading.quarantined:
            log.warning("quarantined", action="quarantined", file=key, line=line, reason=reason)
        for admitted in reading.new:
            log.info("queued", action="queued", post=admitted.post.name)
        if reading.new or reading.edited:
            self.bot.planner.plan_due()

    def _check_accounts(self) -> None:
        bot = self.bot
        health.check_due(bot.store, bot.clock, bot.platforms, bot.expected_imprint)

    def _purge(self) -> None:
        """Once a night, when the fewest posts go out, what is past its time goes."""
        now = self.bot.clock()
        local = now.astimezone(self.bot.settings.zone)
        if local.hour not in NIGHT or self._purged_on == local.date():
            return
        went = retention.purge(self.bot.store, now, dry_run=False)
        self._purged_on = local.date()
        log.info("purged", action="purged", rows=sum(went.values()))

    def _watch_over(self, watchman: alarms.Watchman) -> None:
        """Tell of what is wrong; a database that takes no sign of life takes no alarm either."""
        watchman.round(self.stopping.is_set, unwritten=self._troubles.get("alive"))

    def _send_letters(self) -> None:
        """Last week's report to those who want it, on Mondays."""
        for one in weekly.send_letters(self.bot, self.stopping.is_set):
            log.info(
                "letter",
                action="letter",
                recipient=one.recipient,
                outcome=one.went.value,
                reason=one.reason,
            )

    def _alive(self) -> None:
        with self.bot.store.write() as session:
            now = self.bot.store.lease_now(session)
            trouble = self._own_trouble
            workers.seen(session, self._worker_id, now, trouble)
        if self._own_trouble is trouble:
            self._own_trouble = None
