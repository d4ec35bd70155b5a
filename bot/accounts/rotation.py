"""Encrypts what is stored with the first of the keys, a few Accounts at a time.

Every box is whole before and after its one UPDATE, and says which key seals it: stopped or killed
halfway, the next run goes on with what is left. What no key opens is left as it is, and named.
"""

from collections.abc import Callable
from dataclasses import dataclass

from bot.accounts.vault import Locked, Vault
from bot.store import roster
from bot.store.engine import Store

AT_ONCE = 50


@dataclass(frozen=True, slots=True)
class Rotated:
    """Names of the Accounts whose boxes the first key seals now, and of those nobody can open."""

    done: tuple[str, ...]
    locked: tuple[str, ...]


def left(store: Store, vault: Vault) -> int:
    """How many Accounts are to be rotated; Locked where there is no key."""
    key = vault.first_key_id
    with store.read() as session:
        return roster.count_sealed_otherwise(session, key)


def rotate(store: Store, vault: Vault, told: Callable[[int], None] = lambda _done: None) -> Rotated:
    """Seal everything stored with the first key; `told` hears how many are gone through.

    Locked where there is no key at all.
    """
    key, after = vault.first_key_id, 0
    done: list[str] = []
    locked: list[str] = []
    while True:
        with store.write() as session:
            some = roster.sealed_otherwise(session, key, after, AT_ONCE)
            for account_id, name, box in some:
                try:
                    roster.reseal(session, account_id, vault.relock(name, box), key)
                    done.append(name)
                except Locked:
                    locked.append(name)
        if not some:
            return Rotated(tuple(done), tuple(locked))
        after = some[-1][0]
        told(len(done) + len(locked))
