"""The real rooms and the real clients on simulated platforms, with the hours moved by hand.

`run` beats the heart as long as anything is due, and moves the clock to the next moment at which
something may happen. `tally` asks the ledger and the doors how it ended, never the test.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from faults.scoreboard import record
from world import LONDON, World, limits_of

from bot.alerts import checks
from bot.cli.teller import Teller
from bot.decisions.resolve import Answer, resolve
from bot.delivery import sweep
from bot.delivery.confirm import Confirmer
from bot.delivery.deliver import Deliverer
from bot.model.delivery import Delivery, State
from bot.platforms import open_platform
from bot.platforms.contract import Platform
from bot.reports import queue
from bot.sandbox import Sandbox
from bot.settings import load
from bot.store import accounts
from bot.store.engine import Store
from bot.store.roster import On

TITLES = {"x": "X", "facebook": "Facebook"}
ENDED = {State.SENT, State.CANCELLED}
HOURS = timedelta(hours=1)


@dataclass(frozen=True)
class Tally:
    """How posts ended: copies beyond one, lost, shown to a person, longest until known out."""

    trials: int = 0
    copies: int = 0
    lost: int = 0
    shown: int = 0
    seconds: float | None = None

    def __add__(self, other: "Tally") -> "Tally":
        known = [seconds for seconds in (self.seconds, other.seconds) if seconds is not None]
        return Tally(
            self.trials + other.trials,
            self.copies + other.copies,
            self.lost + other.lost,
            self.shown + other.shown,
            max(known, default=None),
        )


@dataclass
class Stage:
    """One bot between a database and two platforms."""

    world: World
    sandbox: Sandbox
    settings: dict[str, str]
    platforms: dict[int, Platform] = field(default_factory=dict)
    began: dict[int, datetime] = field(default_factory=dict)
    known_out: dict[int, datetime] = field(default_factory=dict)
    well_since: datetime | None = None
    store: Store | None = None

    def __post_init__(self) -> None:
        self.store = self.store or self.world.store
        self.connect()

    def connect(self, **changed: str) -> None:
        """Open both platforms anew, with other settings where a fault wants them."""
        settings = load({**self.settings, **changed}, None)
        self.platforms.update(
            {key: open_platform(name, settings, self.clock) for name, key in self.world.ids.items()}
        )

    @property
    def clock(self) -> Any:
        return self.world.clock

    @property
    def deliverer(self) -> Deliverer:
        return Deliverer(self.store, self.clock, self.platforms, self.world.limits)

    @property
    def confirmer(self) -> Confirmer:
        return Confirmer(self.deliverer)

    def restart(self, database_url: str) -> None:
        """A new process on the same database: nothing is left but what was committed."""
        self.store = Store(database_url, self.clock)
        self.platforms.clear()
        self.connect()

    def post(self, name: str, body: str = "", **fields: Any) -> int:
        """Queue a Post for one Account, due now."""
        delivery_id = self.world.queue(body, to=(name,), **fields)
        self.began[delivery_id] = self.clock()
        return delivery_id

    def beat(self) -> None:
        """One round of the heartbeat."""
        self.confirmer.free_expired()
        self.confirmer.look_due()
        while hints := sweep.due(self.store, self.clock, On(ids=frozenset(self.platforms))):
            for hint in hints:
                self.deliverer.deliver(hint.delivery_id)
        for row in self.rows():
            if row.state == State.SENT:
                self.known_out.setdefault(row.id, self.clock())

    def run(self, hours: float = 1, until: Callable[[], bool] = lambda: False) -> None:
        """Beat, and move on to the next moment, for so many hours or until nothing is to come."""
        end = self.clock() + hours * HOURS
        self.beat()
        while not until() and (moment := self._next_moment()) is not None and moment <= end:
            self.clock.now = moment
            self.beat()

    def _next_moment(self) -> datetime | None:
        """The earliest time after now at which a row has something to wait for."""
        now = self.clock()
        with self.store.read() as session:
            parked = {row.id: row.parked_until for row in accounts.all_of(session)}
        moments = []
        for row in self.rows():
            if row.state in ENDED or row.state == State.FAILED:
                continue
            due = row.due_at if row.state == State.WAITING else None
            own = [row.next_look_at, row.not_before, row.lease_until, due]
            moments += [at for at in (*own, parked[row.account_id]) if at is not None and at > now]
        return min(moments, default=None)

    def rows(self) -> list[Delivery]:
        """Every Delivery of this stage."""
        return [self.world.row(delivery_id) for delivery_id in self.began]

    def told(self, row: Delivery) -> str:
        """What `bot queue` tells a person about it; nothing where it tells nothing."""
        with self.store.read() as session:
            plain = next(r for r in queue.rows(session) if r["delivery"] == str(row.id))
        resting = checks.parked(self.store, self.clock(), LONDON, TITLES)
        if row.state == State.WAITING:
            return "" if resting.ok else resting.says
        pages = {name: self.platforms[key].profile_url for name, key in self.world.ids.items()}
        teller = Teller(LONDON, self.clock(), TITLES, pages=pages)
        return f"{teller.state(plain)} {row.reason or ''} {teller.next_step([plain])}"

    def is_shown(self, row: Delivery) -> bool:
        """Whether a person reads the reason, what to do, and of a doubt where to look."""
        said = self.told(row)
        if row.is_in_doubt:
            place = self.platforms[row.account_id].profile_url
            return row.asked_at is not None and place in said and "bot resolve" in said
        is_reason = row.state == State.WAITING or bool(row.reason and row.reason in said)
        return bool(said) and is_reason

    def tally(self) -> Tally:
        """The invariant's figures, by the platforms' own ledger."""
        public = Counter((entry.platform, entry.text) for entry in self.entries())
        known = {entry.remote_id for entry in self.entries()}
        shown = lost = 0
        for row in self.rows():
            if row.state == State.SENT:
                ours = {part.remote_id for part in self.world.parts(row.id)}
                lost += not ours <= known
            elif row.state != State.CANCELLED:
                is_shown = self.is_shown(row)
                shown += is_shown
                lost += not is_shown
        waited = [self._waited(key, at) for key, at in self.known_out.items()]
        copies = sum(count - 1 for count in public.values())
        return Tally(len(self.rows()), copies, lost, shown, max(waited, default=None))

    def _waited(self, delivery_id: int, out_at: datetime) -> float:
        """Seconds from its time, or from the end of the fault if that was later."""
        since = max(self.began[delivery_id], self.well_since or self.began[delivery_id])
        return max(0.0, (out_at - since).total_seconds())

    def heal(self) -> None:
        """The fault is over: from now on all goes well."""
        self.sandbox.clear_faults()
        self.connect()
        self.well_since = self.clock()

    def entries(self, name: str | None = None) -> Sequence[Any]:
        """What the platforms accepted from the bot."""
        return [entry for entry in self.sandbox.ledger.posts(name) if not entry.by_hand]

    def writes(self, name: str) -> int:
        """How many requests to publish were made."""
        return len(self._asked(name, "POST"))

    def looks(self, name: str) -> int:
        """How many reads were made."""
        return len(self._asked(name, "GET"))

    def _asked(self, name: str, method: str) -> list[Any]:
        return [
            asked
            for asked in self.sandbox.requests
            if (asked.platform, asked.method) == (name, method)
        ]

    def settle(self, fault: str, number: int) -> Tally:
        """The tally, written to the scoreboard, with the invariant of every fault class."""
        found = self.tally()
        score(fault, number, found)
        assert (found.copies, found.lost) == (0, 0), [
            (row.id, row.state, row.reason, self.told(row)) for row in self.rows()
        ]
        return found

    def clear(self) -> None:
        """Forget the trial that has ended, and what a person was asked about in it."""
        decider = self.world.decider("the trial is over")
        for row in self.rows():
            if row.is_in_doubt:
                resolve(decider, row.id, Answer.DROP)
        self.began.clear()
        self.known_out.clear()
        self.well_since = None
        self.sandbox.reset()


def score(fault: str, number: int, found: Tally) -> None:
    """Write a tally to the scoreboard."""
    record(
        fault,
        number,
        trials=found.trials,
        copies=found.copies,
        lost=found.lost,
        shown=found.shown,
        seconds=found.seconds,
    )


def begin(world: World, sandbox: Sandbox, **settings: str) -> Stage:
    """A stage whose requests may take ten seconds, which only a fault makes them."""
    world.limits = limits_of(first_count_after=None)
    return Stage(world, sandbox, {**sandbox.settings(), "SEND_TIMEOUT_SECONDS": "10", **settings})
