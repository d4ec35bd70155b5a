"""One seed, one run: a campaign under its weather, then calm, honest people, and the reckoning."""

import hashlib
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import structlog
from world import NOON, limits_of

import bot.clock
from bot.accounts.imprint import Expected
from bot.delivery import retry
from bot.delivery import watch as delivery_watch
from bot.delivery.budget import Budgets
from bot.delivery.confirm import Confirmer
from bot.delivery.deliver import Deliverer
from bot.engagement.byhand import ByHand
from bot.formatting.imprint import Imprint
from bot.intake.admission import Admission
from bot.intake.recurrence import Recurrence
from bot.model.account import Approval
from bot.store import accounts
from bot.store.roster import On
from bot.timetable.planner import Planner
from bot.wiring import Bot
from simulation import reckoning
from simulation.baton import Actor, Baton
from simulation.disk import disk
from simulation.lives import Life, next_time, wanted
from simulation.people import LONDON, People
from simulation.timeline import Timeline
from simulation.watch import Watch
from simulation.weather import ACCEPTED_WITHIN, HOUR, MINUTE, Weather, drawn

NAMES = ("x", "facebook")
NO_TIMETABLE = Path(__file__).parent
BEAT_AT_LEAST = 25 * MINUTE
SOON = 0.5
CALM_HOURS = 6
DEAD_AFTER = retry.WORKER_IS_DEAD_AFTER.total_seconds()
LEASE = limits_of().lease.total_seconds()


@dataclass
class Result:
    """What one run came to."""

    seed: int
    violations: list[str]
    trace: list[str]
    faults: Counter[str]
    hours: float
    posts: int
    deliveries: int
    published: int
    asked: int
    copies: int
    lost: int
    seconds: float = 0.0

    @property
    def digest(self) -> str:
        return hashlib.sha256("\n".join(self.trace).encode()).hexdigest()


@dataclass
class Scene:
    """Everything of one run."""

    rng: Random
    weather: Weather
    start: datetime = NOON
    calm: bool = False
    skew: float = 0.0
    lives: list[Life] = field(default_factory=list)
    next_beat: float = 0.0
    next_thorough: float = 0.0
    born: int = 0
    down: bool = False
    commits_at_beat: int = 0
    asked: set[int] = field(default_factory=set)
    timelines: dict[str, Timeline] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.disk, empty = disk()
        self.baton = Baton(self.rng, self.weather.eagerness)
        self.watch = Watch(self.baton, self.disk)
        self.disk.load(empty, self.clock)
        self.watch.timelines = self.timelines
        self._accounts()

    def open(self) -> None:
        """The rooms, once the simulated time is installed."""
        self.bot = self._bot()
        self.people = People(
            *(self.baton, self.rng, self.disk, self.watch, self.timelines, self.bot),
            twins=self.weather.twins,
        )
        self.disk.before, self.disk.committed = self._before, self.watch.committed
        self.disk.after = self._after
        self.baton.mischief, self.baton.on_end = self._mischief, self._ended
        self.baton.on_time = self._sign

    def clock(self) -> datetime:
        """The machine's clock: the true time, and what it is wrong by."""
        return self.start + timedelta(seconds=self.baton.now + self.skew)

    def _accounts(self) -> None:
        self.disk.before, self.disk.committed = lambda _what: None, lambda: None
        self.disk.after = lambda _what: None
        with self.disk.write() as session:
            for name in NAMES:
                account = accounts.ensure(session, name, name, self.clock())
                if name == "facebook" and self.weather.approval:
                    account.approval = Approval.VOLUNTEERS.value
                self.timelines[name] = Timeline(
                    name,
                    self.baton,
                    self.rng,
                    self.weather,
                    self.start,
                    self.watch.leaves,
                    self.watch.looks,
                    self._count,
                    account.id,
                )

    def _bot(self) -> Bot:
        limits = limits_of()
        by_id = {one.account_id: one for one in self.timelines.values()}
        deliverer = Deliverer(self.disk, self.clock, by_id, limits)
        admission = Admission(
            clock=self.clock,
            zone=LONDON,
            too_late=limits.too_late,
            spacing=limits.spacing,
            imprint=Imprint("never"),
            platforms=self.timelines,
        )
        settings: Any = SimpleNamespace(
            send_threads=2, too_late=limits.too_late, posts_dir=NO_TIMETABLE, zone=LONDON
        )
        nothing: Any = None
        unchanged: Any = SimpleNamespace(refresh=list, on=On(ids=frozenset(by_id)))
        return Bot(
            settings=settings,
            clock=self.clock,
            store=self.disk,
            platforms=self.timelines,
            by_id=by_id,
            kinds=self.timelines,
            credentials=unchanged,
            connections=nothing,
            admission=admission,
            planner=Planner(self.disk, self.clock, LONDON, limits.spacing, limits.too_late),
            folder=nothing,
            recurrence=Recurrence(self.disk, admission),
            templates=nothing,
            feeds=nothing,
            deliverer=deliverer,
            confirmer=Confirmer(deliverer, bot.clock.steady(self.clock)),
            budgets=Budgets(self.disk, self.clock, by_id, limits.monthly_budgets),
            watch=delivery_watch.Watch(deliverer),
            collector=nothing,
            own_pages=nothing,
            by_hand=ByHand(self.disk, self.clock, by_id, settled_after=timedelta(0)),
            expected_imprint=Expected("", lambda: ""),
        )

    def _count(self, fault: str) -> None:
        if fault != "sent":
            self.watch.faults[fault] += 1
            self.baton.say(f"fault: {fault}")

    def _before(self, what: str) -> str | None:
        """The point before a transaction; which disk error it meets, if any."""
        self.baton.point(what)
        actor = self.baton.current
        if actor is None:
            return None
        actor.stood_since = self.watch.commits
        if self.calm or self.rng.random() >= self.weather.disk:
            return None
        kinds = ("begin",) if what == "read" else ("begin", "commit", "committed, error")
        fault = self.rng.choice(kinds)
        self._count(f"disk: {fault}")
        return fault

    def _after(self, what: str) -> None:
        self.baton.point(f"after {what}")

    def _mischief(self, actor: Actor, what: str) -> None:
        if self.calm:
            return
        luck, weather = self.rng.random(), self.weather
        if luck < weather.crash:
            self._count("crash")
            self._die(actor.place)
        elif luck < weather.crash + weather.stall:
            self._stall(actor)
        elif luck < weather.crash + weather.stall + weather.jump:
            self.jump()

    def _die(self, place: str) -> None:
        self.baton.kill(place)
        for life in self.lives:
            if life.place == place:
                life.dead = True

    def _stall(self, actor: Actor) -> None:
        """A thread, or its whole process, stands still: starved, or stopped by a signal."""
        self._count("stall")
        whole = self.rng.random() < 0.5
        # Most come to themselves just when another has taken over what they held.
        taken_over = DEAD_AFTER if whole else LEASE
        just_after = taken_over + self.rng.random() * 6
        seconds = self.rng.choice((1.0, just_after, just_after, 5 * MINUTE, 2 * HOUR))
        self.baton.freeze(actor.place, self.baton.now + seconds, None if whole else actor)
        for life in self.lives:
            if whole and life.place == actor.place:
                life.frozen_until = self.baton.now + seconds

    def jump(self) -> None:
        self._count("clock jump")
        if abs(self.skew) > 1:
            self.skew = 0.0
        else:
            self.skew = self.rng.choice((-1, 1)) * self.rng.choice((30.0, 20 * MINUTE, 3 * HOUR))
        self.watch.jumped_at = self.baton.now
        self.next_beat = self.baton.now

    def _ended(self, actor: Actor) -> None:
        if actor.error is not None:
            self.watch.broken(f"{actor.name}: {type(actor.error).__name__}: {actor.error}")
        for life in self.lives:
            if life.place == actor.place:
                life.ended(actor)
                if life.dead and not any(one.place == life.place for one in self.baton.actors):
                    self._bury(life)
                    break
        if self.watch.commits != self.commits_at_beat:
            # A beat that found nothing to change need not be followed by another at once.
            self._beat_by(self.baton.now + SOON * (0.1 + self.rng.random()))

    def _bury(self, life: Life) -> None:
        """Whoever runs it starts it again, at once or after a while."""
        self.lives.remove(life)
        after = 1.0 if self.calm else self.rng.choice((1.0, 5.0, 2 * MINUTE, 30 * MINUTE))
        self.baton.at(self.baton.now + after, self.begin)

    def begin(self) -> None:
        """Start a heartbeat; where there is only one, it knows that it is alone."""
        if self.down:
            return
        self.born += 1
        alone = self.weather.heartbeats == 1
        self.lives.append(Life(f"bot {self.born}", self.baton, self._bot(), alone))

    def _sign(self) -> None:
        now = self.clock()
        for life in self.lives:
            life.sign(self.disk, now)

    def _beat_by(self, moment: float) -> None:
        if moment < self.next_beat:
            self.next_beat = moment
            self.baton.at(moment, self._beat)

    def _beat(self) -> None:
        """A beat of every heartbeat, where it is time for one; and the time of the next."""
        if self.baton.now < self.next_beat:
            return
        self.commits_at_beat = self.watch.commits
        now = self.clock()
        thorough = self.baton.now >= self.next_thorough
        if thorough:
            self.next_thorough = self.baton.now + BEAT_AT_LEAST * (6 if self.calm else 1)
        ticks = wanted(self.disk, now, thorough)
        for life in self.lives:
            life.beat(ticks)
        after = next_time(self.disk, now)
        later = self.next_thorough - self.baton.now
        self.next_beat = self.baton.now + max(SOON, min(later, after or later))
        self.baton.at(self.next_beat, self._beat)

    def begin_beating(self) -> None:
        self.next_beat = self.baton.now
        self.baton.at(self.baton.now, self._beat)

    def change(self, **values: Any) -> None:
        """Other weather from now on."""
        self.weather = replace(self.weather, **values)
        for timeline in self.timelines.values():
            timeline.weather = self.weather

    def kill_all(self) -> None:
        """The machine loses its power: every process, commands included, is gone."""
        self._count("crash")
        for place in {actor.place for actor in self.baton.actors} | {
            one.place for one in self.lives
        }:
            self._die(place)
        self._bury_the_idle()

    def _bury_the_idle(self) -> None:
        """A process none of whose threads stands anywhere ends without another step."""
        busy = {actor.place for actor in self.baton.actors}
        for life in [one for one in self.lives if one.dead and one.place not in busy]:
            self._bury(life)

    def snapshot(self) -> bytes:
        """The database as a backup taken now would have it."""
        return self.disk.raw.serialize()

    def restore(self, content: bytes) -> None:
        """Put an older database in this one's place, as the docs say: stopped, paused, compared.

        What went out since is on the timeline and is withdrawn by the person who compares.
        """
        self.down = True
        self.kill_all()
        self.baton.run(self.baton.now + ACCEPTED_WITHIN + MINUTE)
        self.disk.load(content, self.clock)
        self.watch.forget()
        self.baton.say("restored")
        self.people.compare_after_restore()
        self.down = False
        self.begin()

    def campaign(self) -> None:
        """The stormy part."""
        weather, rng = self.weather, self.rng
        for _ in range(weather.heartbeats):
            self.begin()
        for _ in range(weather.posts):
            self._at_any_time(lambda: self.people.do("queue", self.people._queue))
        for _ in range(weather.decisions):
            self._at_any_time(self.people.something)
        if rng.random() < 0.3:
            self._at_any_time(lambda: self.timelines[rng.choice(NAMES)].put("A post by hand."))
        self.begin_beating()
        self.baton.run(weather.hours * HOUR)

    def _at_any_time(self, event: Any) -> None:
        self.baton.at(self.rng.random() * self.weather.hours * HOUR, event)

    def calm_down(self) -> None:
        """Faults stop, and the bot is left alone for some hours: all it cannot do, it says."""
        self.calm = True
        self.baton.say("calm")
        self.skew = 0.0
        self.watch.jumped_at = self.baton.now
        for timeline in self.timelines.values():
            timeline.calm = True
        self._beat_by(self.baton.now)
        self.baton.run(self.baton.now + CALM_HOURS * HOUR)


@contextmanager
def installed(scene: Scene) -> Iterator[None]:
    """The simulated time and a log that goes into the trace."""

    def into_trace(_logger: Any, method: str, event: dict[str, Any]) -> Any:
        said = " ".join(
            f"{key}={event[key]}"
            for key in ("action", "delivery", "outcome", "found")
            if key in event
        )
        if method != "debug":
            scene.baton.say(f"log: {said}")
        if event.get("exc_info") and event.get("action") in ("tick failed", "delivery failed"):
            scene.watch.broken(f"an error nobody foresaw: {reckoning.traceback()}")
        raise structlog.DropEvent

    before = bot.clock.monotonic
    configured = structlog.get_config()
    structlog.configure(processors=[into_trace], cache_logger_on_first_use=False)
    bot.clock.monotonic = lambda: scene.baton.now
    try:
        yield
    finally:
        bot.clock.monotonic = before
        structlog.configure(**configured)


def simulate(seed: int) -> Result:
    """Run one seed from queueing to the reckoning."""
    began = time.process_time()
    rng = Random(seed)
    scene = Scene(rng, drawn(rng))
    with installed(scene):
        scene.open()
        scene.baton.say(f"{scene.weather}")
        scene.campaign()
        scene.calm_down()
        reckoning.all_is_shown(scene)
        reckoning.people_settle_it(scene)
        return reckoning.result(scene, seed, time.process_time() - began)
