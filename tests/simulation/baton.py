"""Threads that hand one baton round: only its holder runs, and the seed picks who is next.

Time is virtual and moves only while everybody waits. A place (a process) can die: its threads then
raise Died wherever they stand, and no room catches that.
"""

import heapq
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import ClassVar

POINT_TAKES = 0.003


class Died(BaseException):
    """The process was killed; a BaseException, so that no room can go on after it."""


@dataclass(eq=False)
class Actor:
    """One thread of one place, and what the simulator knows of it."""

    name: str
    place: str
    act: Callable[[], None]
    wake_at: float
    doomed: bool = False
    delivery_id: int = 0
    stood_since: int = 0
    born_at: float = 0.0
    runner: "Runner | None" = None
    error: BaseException | None = None


class Runner(threading.Thread):
    """A thread that plays one actor after the other; kept, because starting one is slow."""

    idle: ClassVar[list["Runner"]] = []

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.gate = threading.Lock()
        self.gate.acquire()
        self.actor: Actor | None = None
        self.back: threading.Lock | None = None
        self.start()

    def run(self) -> None:
        while True:
            self.gate.acquire()
            actor, back = self.actor, self.back
            try:
                if not actor.doomed:
                    actor.act()
            except Died:
                pass
            except BaseException as error:
                actor.error = error
            actor.runner = None
            self.actor = None
            self.idle.append(self)
            back.release()


@dataclass
class Baton:
    """The schedule: who is there, who may run, what happens when, and what happened."""

    rng: Random
    eagerness: float = 0.7
    now: float = 0.0
    current: Actor | None = None
    actors: list[Actor] = field(default_factory=list)
    trace: list[str] = field(default_factory=list)
    mischief: Callable[[Actor, str], None] = lambda _actor, _what: None
    on_end: Callable[[Actor], None] = lambda _actor: None
    on_time: Callable[[], None] = lambda: None
    _events: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)
    _number: int = 0
    _back: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._back.acquire()

    def say(self, what: str) -> None:
        """Write a line of the trace."""
        who = f"{self.current.place}/{self.current.name}" if self.current else "-"
        self.trace.append(f"{self.now:11.3f}  {who:<22} {what}")

    def spawn(self, name: str, place: str, act: Callable[[], None], after: float = 0.0) -> Actor:
        actor = Actor(name, place, act, self.now + after, born_at=self.now)
        self.actors.append(actor)
        return actor

    def at(self, moment: float, event: Callable[[], None]) -> None:
        """Let something of the world happen then."""
        self._number += 1
        heapq.heappush(self._events, (moment, self._number, event))

    def point(self, what: str) -> None:
        """A boundary at which others may go first, and at which things go wrong."""
        actor = self.current
        if actor is None:
            return
        self.now += POINT_TAKES
        self.mischief(actor, what)
        if actor.doomed or actor.wake_at > self.now or self.rng.random() < self.eagerness:
            self._wait(actor)

    def sleep(self, seconds: float) -> None:
        actor = self.current
        actor.wake_at = max(actor.wake_at, self.now + seconds)
        self._wait(actor)

    def kill(self, place: str) -> None:
        """Every thread of that place raises Died where it stands."""
        for actor in self.actors:
            if actor.place == place:
                actor.doomed, actor.wake_at = True, self.now

    def freeze(self, place: str, until: float, only: Actor | None = None) -> None:
        """Nothing of that place (or only one thread of it) runs before then."""
        for actor in self.actors:
            if actor.place == place and only in (None, actor):
                actor.wake_at = max(actor.wake_at, until)

    def run(self, until: float) -> None:
        """Let everybody act until that time."""
        while True:
            while self._events and self._events[0][0] <= self.now:
                heapq.heappop(self._events)[2]()
            ready = [actor for actor in self.actors if actor.wake_at <= self.now]
            if ready:
                self._hand_to(ready[0] if len(ready) == 1 else self.rng.choice(ready))
                continue
            soonest = min((actor.wake_at for actor in self.actors), default=until)
            if self._events:
                soonest = min(soonest, self._events[0][0])
            self.now = max(self.now, min(soonest, until))
            self.on_time()
            if soonest >= until:
                return

    def _wait(self, actor: Actor) -> None:
        self.current = None
        runner = actor.runner
        self._back.release()
        runner.gate.acquire()
        if actor.doomed:
            raise Died

    def _hand_to(self, actor: Actor) -> None:
        if actor.runner is None:
            actor.runner = Runner.idle.pop() if Runner.idle else Runner()
            actor.runner.actor, actor.runner.back = actor, self._back
        self.current = actor
        actor.runner.gate.release()
        self._back.acquire()
        self.current = None
        if actor.runner is None:
            self.actors.remove(actor)
            self.on_end(actor)
