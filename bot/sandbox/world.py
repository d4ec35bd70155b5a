"""Everything one sandbox holds, in one place that the platforms are given.

No behaviour beyond resetting: the rooms that answer requests read and change what is here.
"""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import NamedTuple

from bot.sandbox.accounts import Accounts, make_accounts
from bot.sandbox.engagement import Counts, count
from bot.sandbox.faults import Faults
from bot.sandbox.feed import Articles
from bot.sandbox.ledger import Entry, Ledger
from bot.sandbox.media import Shelf
from bot.sandbox.permits import Permits
from bot.sandbox.x_auth import Nonces
from bot.sandbox.x_limits import Windows

REQUESTS_KEPT = 20_000
# Seeds that lie so far apart are nobody else's.
NEXT_DOOR = 7919


class Asked(NamedTuple):
    """One request as it was answered; status 0 means no reply was written."""

    platform: str
    method: str
    path: str
    at: datetime
    status: int


class Twist(NamedTuple):
    """What a planned fault changes inside a platform while it still answers."""

    hidden_seconds: float = 0.0
    ranked: bool = False


@dataclass
class Switches:
    """Standing choices about how the platforms behave."""

    metric_names: str = "old"
    small_page: bool = False
    enforce_limits: bool = False
    duplicate_seconds: float = 86_400.0


@dataclass
class World:
    """The state of one sandbox."""

    seed: int
    clock: Callable[[], datetime]
    time_scale: float
    accounts: Accounts
    ledger: Ledger
    articles: Articles
    url: str = ""
    faults: Faults = field(default_factory=Faults)
    shelf: Shelf = field(default_factory=Shelf)
    nonces: Nonces = field(default_factory=Nonces)
    permits: Permits = field(default_factory=Permits)
    windows: Windows = field(default_factory=Windows)
    switches: Switches = field(default_factory=Switches)
    requests: deque[Asked] = field(default_factory=lambda: deque(maxlen=REQUESTS_KEPT))
    stopping: threading.Event = field(default_factory=threading.Event)
    # Further accounts behind the same door, each with a timeline of its own, by their tokens.
    neighbours: dict[str, "World"] = field(default_factory=dict, repr=False)

    def age_seconds(self, entry: Entry) -> float:
        """How long ago the entry was accepted; a deleted one ages no more."""
        until = entry.deleted_at or self.clock()
        return max(0.0, (until - entry.accepted_at).total_seconds())

    def counts(self, entry: Entry) -> Counts:
        """The entry's engagement now; time_scale makes a demo's posts age faster."""
        return count(self.seed, entry.remote_id, self.age_seconds(entry) * self.time_scale)

    def reset(self) -> None:
        """Back to an empty sandbox with the same accounts; switches stay as they are."""
        self.ledger.clear()
        self.articles.clear()
        self.shelf.clear()
        self.faults.clear()
        self.permits.clear()
        self.windows.clear()
        self.requests.clear()
        for neighbour in self.neighbours.values():
            neighbour.reset()

    def everybody(self) -> list["World"]:
        """The first account's, then those that moved in; each once."""
        rest = self.neighbours.items()
        return [self, *(one for token, one in rest if token == one.accounts.x_token)]

    def move_in(self) -> "World":
        """Another profile and Page, of the same app; requests with their tokens are theirs."""
        seed = self.seed + NEXT_DOOR * (1 + len(self.neighbours) // 2)
        new = make_world(seed, self.clock, self.time_scale)
        ours, theirs = self.accounts, new.accounts
        theirs.x_key, theirs.x_secret = ours.x_key, ours.x_secret
        theirs.app_id, theirs.app_secret = ours.app_id, ours.app_secret
        new.url, new.switches, new.stopping = self.url, self.switches, self.stopping
        new.ledger = Ledger(self.clock, beside=self.ledger)
        self.neighbours |= {theirs.x_token: new, theirs.page_token: new}
        return new


def now_utc() -> datetime:
    """The real time, for a sandbox that was given no clock."""
    return datetime.now(UTC)


def make_world(seed: int, clock: Callable[[], datetime] | None, time_scale: float) -> World:
    """A fresh world."""
    tick = clock or now_utc
    return World(
        seed=seed,
        clock=tick,
        time_scale=time_scale,
        accounts=make_accounts(seed),
        ledger=Ledger(tick),
        articles=Articles(tick),
    )
