"""The heartbeat: a few UTC ticks that sweep, look, plan, read and count. The only APScheduler.

APScheduler is a clock here and nothing else: no job store, no post ever scheduled in it. Each tick
asks the database what is due, so a tick lost, late or doubled changes nothing. Of several Workers
on one database all send, and the one that has run longest does the rest.
"""

import os
import socket
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, partial

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor as TickThreads
from apscheduler.schedulers.background import BackgroundScheduler

from bot import fleet, flow
from bot.accounts import health
from bot.clock import monotonic, system_now
from bot.delivery import sweep
from bot.errors import BotError, Outgrown
from bot.flow import alarms, backingup, handover, pinging, weekly
from bot.intake.refresh import Refresher
from bot.reports import words
from bot.store import retention, schema, workers
from bot.store.lock import only_heartbeat
from bot.wiring import Bot

log = structlog.get_logger()
SWEEP_SECONDS = 0.5
WAKE_SECONDS = 0.5
READERS = 4
# Platforms that run a bot give it 30 seconds from SIGTERM to SIGKILL.
DRAIN_SECONDS = 25.0
# Who led and then stood still for longer asks again before it does anything.
LEADS_FOR_SECONDS = 10.0
Ticks = dict[str, tuple[float, Callable[[], object]]]
A_DAY = 24 * 60 * 60
NIGHT = range(3, 6)  # local hours
REFRESHED_FIRST = timedelta(minutes=10)
BACKED_UP_FIRST = timedelta(minutes=10)  # who starts it only to look is not kept waiting
BACKED_UP_AGAIN = timedelta(hours=1)
# Telling somebody, and feeds, may each take one for minutes; none of the others is to wait for it.
TICKS_AT_ONCE = 20
RARE = {"refresh", "purge", "backup"}  # that one of these failed is not known to be over for long
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
    _asked_to_sweep: threading.Event = field(default_factory=threading.Event)
    _led_at: float | None = None
    _outgrown: Outgrown | None = None
    _worker_id: int = field(init=False, default=0)
    _troubles: dict[str, str] = field(default_factory=dict)
    _dropped: set[int] = field(default_factory=set)
    _looked_first: bool = False
    _purged_on: date | None = None
    _backs_up_from: datetime = field(init=False)
    _own_trouble: tuple[datetime, str] | None = None
    _went: dict[str, float] = field(default_factory=dict)

    @cached_property
    def _carrier(self) -> fleet.Carrier:
        threads = self.bot.settings.send_threads
        return fleet.carrier_for(self.bot.store, threads, self._deliver)

    @cached_property
    def _readers(self) -> ThreadPoolExecutor:
        return ThreadPoolExecutor(READERS, thread_name_prefix="read")

    def run(self, on_start: Callable[[], None] = lambda: None) -> bool:
        """Beat until stopped; whether everything under way ended in time.

        AlreadyRunning when another heartbeat owns the database, StoreError when the database is
        damaged, Outgrown when it was changed for a newer bot meanwhile.
        """
        with only_heartbeat(self.bot.store) as alone:
            self.bot.store.require_sound()
            if fleet.is_at_hand(self.bot.store):
                fleet.require_tables(self.bot.store)
            self._begin(alone)
            on_start()
            scheduler = self._scheduler()
            self._carrier.start()
            scheduler.start()
            log.info("started", action="started", worker=self._worker_id)
            try:
                # Waking up by itself: after a standstill the system may hand a signal to another
                # thread, and Python looks at it only when this one runs.
                while not self.stopping.wait(WAKE_SECONDS):
                    pass
            finally:
                ended = self._drain(scheduler)
        if self._outgrown is not None:
            raise self._outgrown
        return ended

    def _drain(self, scheduler: BackgroundScheduler) -> bool:
        """Begin nothing more, wait for what is under way, and give the rest back to others."""
        self.stopping.set()
        until = monotonic() + DRAIN_SECONDS
        ticks = threading.Thread(target=scheduler.shutdown, daemon=True)
        ticks.start()
        ended = self._carrier.drain(until - monotonic())
        self._readers.shutdown(wait=False, cancel_futures=True)
        ticks.join(max(0.0, until - monotonic()))
        try:
            self._end()
        except BotError as error:  # its claims are freed when its signs of life are missed
            log.warning("stopped", action="stopped", worker=self._worker_id, reason=str(error))
            return False
        return ended and not ticks.is_alive()

    def stop(self) -> None:
        """Let go: no new request leaves, those under way end."""
        self.stopping.set()

    def _begin(self, alone: bool) -> None:
        bot = self.bot
        host = socket.gethostname()
        with bot.store.write() as session:
            now = bot.store.lease_now(session)
            self._worker_id = workers.begin(session, host=host, pid=os.getpid(), now=now).id
            # Only haste, as on a server many may be at work: what they hold is freed at once.
            workers.bury(session, host, self._worker_id, _is_running, now)
        bot.watch.wake(self._worker_id)
        self._backs_up_from = bot.clock() + BACKED_UP_FIRST
        if alone:
            bot.confirmer.free_left_by_others(self._worker_id)
        self._see_who_leads()
        if not self._leads():
            return
        sweep.forget(bot.store)
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
        everyone: Ticks = {
            "lead": (2, self._see_who_leads),
            "sweep": (SWEEP_SECONDS, self.sweep),
            "confirm": (1, self._confirm),
            "alive": (10, self._alive),
        }
        # Safe on several Workers at once, and a waste: they would ask the same of others twice.
        leader: Ticks = {
            "watch": (5, self._watch),
            "plan": (2, lambda: flow.plan(bot)),
            "folder": (3, self._read_folder),
            "feeds": (5, lambda: bot.feeds.poll_due(lambda: not self.stopping.is_set())),
            "counts": (2, bot.collector.collect_due),
            "by hand": (60, bot.by_hand.log_settled),
            "own pages": (60, bot.own_pages.count_due),
            "purge": (600, self._purge),
            "backup": (600, self._back_up),
            "letters": (60, self._send_letters),
            "accounts": (60, self._check_accounts),
            "alarms": (alarms.EVERY_SECONDS, partial(self._watch_over, watchman)),
            "ping": (pinging.EVERY_SECONDS, lambda: pinger.ping(is_well=self.is_well())),
            "refresh": (A_DAY, Refresher(bot.store, bot.admission).refresh),
        }
        led = {name: (every, self._when_leading(tick)) for name, (every, tick) in leader.items()}
        for name, (seconds, tick) in (everyone | led).items():
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

    def _see_who_leads(self) -> None:
        """The Worker that has run longest leads; where it is missed, the next one.

        On a file there is only one.
        """
        store = self.bot.store
        if store.is_sqlite:
            return
        with store.read() as session:
            seen_after = store.lease_now(session) - workers.DEAD_AFTER
            alive = workers.alive(session, seen_after)
        leads = not alive or alive[0].id == self._worker_id
        if leads and self._led_at is None:
            log.info("leads", action="leads", worker=self._worker_id)
        self._led_at = monotonic() if leads else None

    def _leads(self) -> bool:
        if self.bot.store.is_sqlite:
            return True
        return self._led_at is not None and monotonic() - self._led_at < LEADS_FOR_SECONDS

    def _when_leading(self, tick: Callable[[], object]) -> Callable[[], None]:
        def lead() -> None:
            if self._leads():
                tick()

        return lead

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
        """Hand over what is due; one sweep at a time, and once more when asked meanwhile."""
        self._asked_to_sweep.set()
        while self._asked_to_sweep.is_set() and not self.stopping.is_set():
            if not self._sweeping.acquire(blocking=False):
                return
            try:
                self._asked_to_sweep.clear()
                self._sweep_once()
            finally:
                self._sweeping.release()

    def _sweep_once(self) -> None:
        bot, carrier = self.bot, self._carrier
        # An Account may have been connected or disconnected by another program.
        for name in bot.credentials.refresh():
            log.info("keys changed", action="keys changed", account=name)
        hints = sweep.due(
            bot.store, bot.clock, bot.accounts_on, room=carrier.room, carry=carrier.carry
        )
        carrier.begin(hints)

    def _deliver(self, delivery_id: int) -> None:
        self._dropped.discard(delivery_id)
        try:
            if self.stopping.is_set():
                sweep.forget(self.bot.store, [delivery_id])
                return
            self.bot.watch.before(delivery_id)
            self.bot.deliverer.deliver(delivery_id, self._worker_id, self._may_go_on)
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
        self._guarded("sweep", partial(self._follow, delivery_id))()

    def _follow(self, delivery_id: int) -> None:
        """Hand over what the same Account has due next; the others have their own hints."""
        carrier = self._carrier
        carrier.begin(sweep.following(self.bot.deliverer, delivery_id, carrier.carry))

    def _may_go_on(self) -> bool:
        return not self.stopping.is_set()

    def _watch(self) -> None:
        for account_id in self.bot.watch.due():
            read = partial(self.bot.watch.read, account_id)
            self._readers.submit(self._guarded("watch", read))

    def _confirm(self) -> None:
        self._free_dropped()
        self.bot.confirmer.free_expired()
        self.bot.confirmer.free_left_by_dead()
        if not self._leads():
            return
        # Whatever a stop left in doubt is looked up first thing, not when its next look is due.
        self.bot.confirmer.look_due(everything=not self._looked_first)
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

    def _back_up(self) -> None:
        """Each night a copy of the database; what fails is tried again after an hour."""
        now = self.bot.clock()
        if now < self._backs_up_from:
            return
        self._backs_up_from = now + BACKED_UP_AGAIN
        saved = backingup.back_up_due(self.bot)
        self._backs_up_from = now
        if saved is not None:
            log.info("backed up", action="backed up", file=saved.name)

    def _watch_over(self, watchman: alarms.Watchman) -> None:
        """Tell of what is wrong; a database that takes no sign of life takes no alarm either."""
        watchman.round(self.stopping.is_set, unwritten=self._troubles.get("alive"))

    def _send_letters(self) -> None:
        """Last week's report on Mondays, and the handover kit as a quarter begins."""
        is_over = self.stopping.is_set
        for one in (
            *weekly.send_letters(self.bot, is_over),
            *handover.send_kits(self.bot, is_over),
        ):
            log.info(
                "letter",
                action="letter",
                recipient=one.recipient,
                outcome=one.went.value,
                reason=one.reason,
            )

    def _alive(self) -> None:
        try:
            schema.require_current(self.bot.store)
        except Outgrown as outgrown:
            self._outgrown = outgrown
            self.stop()
            return
        with self.bot.store.write() as session:
            now = self.bot.store.lease_now(session)
            trouble = self._own_trouble
            workers.seen(session, self._worker_id, now, trouble)
        if self._own_trouble is trouble:
            self._own_trouble = None
