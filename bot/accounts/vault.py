"""Encrypts what is stored of credentials, and opens it again. Nothing else knows the keys.

Each box says whose it is: what was stored for one Account does not open for another. A key that is
missing or lost is an error with a way out, never a crash.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bot.errors import BotError

if TYPE_CHECKING:
    from cryptography.fernet import MultiFernet

NO_KEY = (
    "ENCRYPTION_KEYS is empty, and nothing is stored without it. Make a key with: bot accounts "
    "key. Put it into .env, keep a copy where the backups are not, and start the bot again."
)
LOST = (
    "What is stored for {owner} cannot be opened with ENCRYPTION_KEYS. Put the lost key back "
    "behind the new one, or connect the account again. Posts wait until then, none is lost."
)


class Locked(BotError):
    """Something stored cannot be opened with the keys there are."""


def new_key() -> str:
    """A fresh key for ENCRYPTION_KEYS."""
    from cryptography.fernet import Fernet

    return Fernet.generate_key().decode("ascii")


class Vault:
    """Boxes and the keys to them, newest first: the first one locks, every one opens."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys = tuple(keys)
        # Keys are random and long: their digests name them and cannot be turned back.
        self._key_ids = tuple(
            hashlib.sha256(f"key: {key}".encode()).hexdigest()[:16] for key in self._keys
        )

    @property
    def has_key(self) -> bool:
        return bool(self._keys)

    @property
    def key_ids(self) -> tuple[str, ...]:
        """What tells the keys apart, newest first, and gives nothing of them away."""
        return self._key_ids

    @property
    def first_key_id(self) -> str:
        """Of the key that locks; Locked where there is none."""
        if not self._keys:
            raise Locked(NO_KEY)
        return self._key_ids[0]

    def lost(self, owner: str) -> str:
        """Says that no key opens what is stored for that owner."""
        return LOST.format(owner=owner) if self._keys else NO_KEY

    def lock(self, owner: str, content: Mapping[str, Any]) -> bytes:
        """The content, encrypted for that owner; Locked where there is no key."""
        inside = json.dumps({"owner": owner, "content": dict(content)})
        return self._fernet().encrypt(inside.encode("utf-8"))

    def open(self, owner: str, box: bytes) -> dict[str, Any]:
        """What was locked for that owner; Locked where no key opens it, or it is another's."""
        from cryptography.fernet import InvalidToken

        try:
            inside = json.loads(self._fernet().decrypt(box))
        except InvalidToken:
            raise Locked(LOST.format(owner=owner)) from None
        if inside["owner"] != owner:
            raise Locked(LOST.format(owner=owner))
        content: dict[str, Any] = inside["content"]
        return content

    def relock(self, owner: str, box: bytes) -> bytes:
        """The same content under the first key; Locked where no key opens it."""
        return self.lock(owner, self.open(owner, box))

    def _fernet(self) -> "MultiFernet":
        # Imported on use: most commands open nothing, and it takes long to load.
        from cryptography.fernet import Fernet, MultiFernet

        if not self._keys:
            raise Locked(NO_KEY)
        return MultiFernet([Fernet(key) for key in self._keys])
