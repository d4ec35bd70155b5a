"""Sign-ins under way: begun in one browser, good once and for ten minutes.

Keeps digests of what proves one and, encrypted, what is needed to end it. Any of the strings that
come back may be the proof: Platforms give it different names.
"""

import hashlib
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.accounts.vault import Vault
from bot.clock import Clock
from bot.errors import NotAllowed
from bot.store import accounts, connectings
from bot.store.engine import Store

GOOD_FOR = timedelta(minutes=10)
SHORTEST_MARK = 16
MOST_RETURNED, LONGEST_RETURNED = 20, 2000
NOT_BEGUN_HERE = (
    "This sign-in was not begun in this browser, was used already, or is over ten minutes old. "
    "Nothing was changed. Connect again."
)


def new_mark() -> str:
    """What a page keeps in the person's session, so that sign-ins are bound to it."""
    return secrets.token_urlsafe(32)


@dataclass(frozen=True, slots=True)
class SignIns:
    """The sign-ins of one bot. `step` tells apart the first answer and the choice of a Page."""

    store: Store
    clock: Clock
    vault: Vault

    def keep(
        self, name: str, step: str, proof: str, session_mark: str, kept: Mapping[str, Any]
    ) -> None:
        """Remember what is needed to go on when the proof comes back to the same browser."""
        now = self.clock()
        with self.store.write() as session:
            connectings.begin(
                session,
                accounts.named(session, name).id,
                state_digest=_digest(step, proof),
                session_digest=_of_session(session_mark),
                kept=self.vault.lock(name, kept),
                now=now,
                ends_at=now + GOOD_FOR,
            )

    def take(
        self, name: str, step: str, returned: Collection[str], session_mark: str
    ) -> dict[str, Any]:
        """What was kept of the sign-in that one of these strings proves; it is used up.

        NotAllowed where none does: of another browser, used already, too old, or never begun.
        """
        is_sane = len(returned) <= MOST_RETURNED and all(
            len(one) <= LONGEST_RETURNED for one in returned
        )
        with self.store.write() as session:
            box = connectings.take(
                session,
                accounts.named(session, name).id,
                state_digests=[_digest(step, one) for one in returned] if is_sane else [],
                session_digest=_of_session(session_mark),
                now=self.clock(),
            )
        if box is None:
            raise NotAllowed(NOT_BEGUN_HERE)
        return self.vault.open(name, box)


def _of_session(mark: str) -> str:
    if len(mark) < SHORTEST_MARK:
        raise ValueError("the mark of a session must be long and random: see new_mark")
    return _digest("session", mark)


def _digest(purpose: str, secret: str) -> str:
    # Plain SHA-256 is enough: what is digested is random and long, never a password.
    return hashlib.sha256(f"{purpose}:{secret}".encode()).hexdigest()
