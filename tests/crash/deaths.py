"""Kills `bot run` again and again and counts what came of it, by the point at which it died.

The ledger of the simulated platforms decides what is out. A post that is neither out nor shown to a
person at the end is lost.
"""

import contextlib
import random
import statistics
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from crash.killed import POINTS
from crash.rig import Life, Rig

from bot.model.delivery import State

STARTING, RANDOM = "while starting", "at random"
NAMED = [point for point in POINTS if point != "after look"]
EVERY_POINT = (*POINTS, STARTING, RANDOM)
IN_STORE = 12
PASSES = (1, 2, 3)
STARTUP_SECONDS = 1.2
RUNNING_SECONDS = 0.6
PASSED_WITHIN_SECONDS = 20
SETTLED_WITHIN_SECONDS = 60


@dataclass(slots=True)
class Toll:
    """What the kills at one point came to; seconds are from a restart to its first post."""

    kills: int = 0
    accepted: int = 0
    cut: int = 0
    in_doubt: int = 0
    copies: int = 0
    lost: int = 0
    shown: int = 0
    seconds: list[float] = field(default_factory=list)

    def add(self, other: "Toll") -> None:
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


Tolls = dict[str, Toll]


@dataclass(slots=True)
class Deaths:
    """One Rig's row of kills."""

    rig: Rig
    chance: random.Random
    tell: Callable[[], None]
    tolls: Tolls = field(default_factory=lambda: defaultdict(Toll))
    last: str | None = None
    doubted: bool = False
    cut_at: dict[int, str] = field(default_factory=dict)
    strangers: int = 0

    def suffer(self, points: Iterable[str]) -> None:
        """Die once at each of the points, then live until everything has settled."""
        for point in points:
            self.rig.write_posts(max(0, IN_STORE - self._waiting()), pictured=True)
            self.rig.slow_down(self.chance)
            self._die(self._after_look_or(point))
            self.tell()
        self.rig.sandbox.clear_faults()
        self._settle()
        self._judge()

    def _after_look_or(self, point: str) -> str:
        """A look is only made where a doubt is; it takes the turn of a random moment."""
        return "after look" if self.doubted and point in (STARTING, RANDOM) else point

    def _die(self, point: str) -> None:
        before = len(self.rig.accepted())
        outside = point in (STARTING, RANDOM)
        n = 1 if point == "after look" else self.chance.choice(PASSES)
        with self.rig.life("" if outside else point, n) as life:
            if not self._died(life, point):
                point = RANDOM  # the point was not passed, so the end of the block is the killer
        self._count(point, before, life)

    def _died(self, life: Life, point: str) -> bool:
        """Wait for the moment; False when it passed its point by and lives."""
        if point == STARTING:
            time.sleep(self.chance.uniform(0, STARTUP_SECONDS))
            return True
        assert life.says_it_runs(), self.rig.log()
        if point == RANDOM:
            time.sleep(self.chance.uniform(0, RUNNING_SECONDS))
            return True
        give_up_at = time.monotonic() + PASSED_WITHIN_SECONDS
        while not life.ended_by_itself(0.5):
            # Two doubts keep an account from sending; without an answer nothing would pass.
            self.tolls[self.last or RANDOM].shown += self.rig.answer_as_a_person()
            if time.monotonic() > give_up_at:
                return False
        return True

    def _count(self, point: str, before: int, life: Life) -> None:
        toll, entries = self.tolls[point], self.rig.accepted()[before:]
        first = self.rig.first_write(life)
        if first is not None and self.last is not None:
            self.tolls[self.last].seconds.append(first)
        cut = self.rig.cut_off()
        self.cut_at |= dict.fromkeys(cut, point)
        toll.kills += 1
        toll.accepted += len(entries)
        toll.cut += len(cut)
        toll.in_doubt += sum(cut.values())
        toll.shown += self.rig.answer_as_a_person()
        self.last, self.doubted = point, any(cut.values())

    def _waiting(self) -> int:
        done = sum(row.state in (State.SENT, State.HELD) for row in self.rig.rows())
        return self.rig.written - done // 2

    def _settle(self) -> None:
        give_up_at = time.monotonic() + SETTLED_WITHIN_SECONDS
        with self.rig.life() as life:
            assert life.says_it_runs(), self.rig.log()
            while not self._settled() and time.monotonic() < give_up_at:
                self.tolls[self.last or RANDOM].shown += self.rig.answer_as_a_person()
                time.sleep(0.1)

    def _settled(self) -> bool:
        rows = self.rig.rows()
        return len(rows) == 2 * self.rig.written and self.rig.states() == {State.SENT}

    def _judge(self) -> None:
        """Ask the ledger for copies, and the database for what is neither out nor shown."""
        texts = self.rig.texts()
        by_text = Counter((entry.platform, entry.text) for entry in self.rig.accepted())
        platforms = {key: name.rules.platform for key, name in self.rig.bot.by_id.items()}
        for row in self.rig.rows():
            toll = self.tolls[self.cut_at.get(row.id, RANDOM)]
            copies = by_text[platforms[row.account_id], texts[row.id]]
            toll.copies += max(0, copies - 1)
            toll.lost += copies == 0 and not row.is_trouble
        missing = 2 * self.rig.written - len(texts)
        self.tolls[RANDOM].lost += missing
        said = self.rig.remote_ids() - {None}
        self.strangers += len(said ^ {entry.remote_id for entry in self.rig.accepted()})


def schedule(kills: int, chance: random.Random) -> list[str]:
    """Every named point as often as any other, a fifth of all at random, in any order."""
    at_random = max(2, kills // 5)
    points = [NAMED[n % len(NAMED)] for n in range(kills - at_random)]
    points += [(STARTING, RANDOM)[n % 4 > 0] for n in range(at_random)]
    chance.shuffle(points)
    return points


def count(
    kills: int, seed: int, side_by_side: int, tell: Callable[[], None] = lambda: None
) -> tuple[Tolls, int]:
    """Kill that often, on some databases at once; the tolls, and posts not known for ours.

    `tell` is called after every kill, from several threads.
    """
    points = schedule(kills, random.Random(seed))
    with contextlib.ExitStack() as stack:
        rigs = [stack.enter_context(Rig()) for _ in range(side_by_side)]
        rows = [Deaths(rig, random.Random(seed + n), tell) for n, rig in enumerate(rigs)]
        pool = stack.enter_context(ThreadPoolExecutor(side_by_side))
        list(pool.map(lambda n: rows[n].suffer(points[n::side_by_side]), range(side_by_side)))
    tolls: Tolls = defaultdict(Toll)
    for deaths in rows:
        for point, toll in deaths.tolls.items():
            tolls[point].add(toll)
    return tolls, sum(deaths.strangers for deaths in rows)


def total(tolls: Tolls) -> Toll:
    """All points together."""
    whole = Toll()
    for toll in tolls.values():
        whole.add(toll)
    return whole


def median_and_worst(seconds: Sequence[float]) -> tuple[float, float] | None:
    return (statistics.median(seconds), max(seconds)) if seconds else None


def table(tolls: Tolls) -> str:
    """The tolls by point, as text."""
    head = f"{'killed':<15}{'kills':>6}{'sent':>7}{'cut off':>9}{'in doubt':>10}"
    head += f"{'asked':>7}{'copies':>8}{'lost':>6}{'s to next post':>17}"
    named = [(point, tolls[point]) for point in EVERY_POINT if point in tolls]
    return "\n".join([head, *(_line(*row) for row in [*named, ("all", total(tolls))])])


def _line(point: str, toll: Toll) -> str:
    times = median_and_worst(toll.seconds)
    told = f"{times[0]:.1f} (worst {times[1]:.1f})" if times else "-"
    figures = f"{toll.kills:>6}{toll.accepted:>7}{toll.cut:>9}{toll.in_doubt:>10}"
    return f"{point:<15}{figures}{toll.shown:>7}{toll.copies:>8}{toll.lost:>6}{told:>17}"
