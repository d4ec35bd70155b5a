"""What a carrier of hints does, and which one this bot has: threads of its own, or the engine."""

from collections.abc import Callable, Sequence
from importlib.util import find_spec
from typing import Protocol

from bot.fleet.threads import Threads
from bot.store.claims import Hint
from bot.store.engine import Session, Store

LookAt = Callable[[int], None]


class Carrier(Protocol):
    """Takes hints from the sweep and calls the Deliverer, so many at a time."""

    def start(self) -> None:
        """Begin to take hints."""

    def room(self) -> int:
        """How many more hints it takes now."""

    def carry(self, session: Session, hints: Sequence[Hint]) -> None:
        """Take hints in the transaction that marks them; gone with it when it is rolled back."""

    def begin(self, hints: Sequence[Hint]) -> None:
        """The transaction is through."""

    def drain(self, seconds: float) -> bool:
        """Begin nothing more and wait for what is under way; whether all of it ended in time."""


def is_at_hand(store: Store) -> bool:
    """Whether hints go through the engine: PostgreSQL, and the extra `fleet` is installed."""
    return not store.is_sqlite and find_spec("procrastinate") is not None


def carrier_for(store: Store, threads: int, look_at: LookAt) -> Carrier:
    """The engine where it is at hand, else threads of this process."""
    if not is_at_hand(store):
        return Threads(store, threads, look_at)
    from bot.fleet.engine import Engine

    return Engine(store, threads, look_at)
