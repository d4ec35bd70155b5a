"""With which credentials each Account stands now: the environment's, else those stored.

Keeps the Platforms that every room holds as they are now: what another program connects or
disconnects is taken over without a restart. Never shows a value, and never mixes the two sources.
"""

import threading
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from enum import StrEnum

import structlog

from bot.accounts.vault import Locked, Vault
from bot.platforms.contract import Platform
from bot.settings import is_secret, names
from bot.store import accounts, connectings
from bot.store.engine import Store
from bot.wire import learn

REMOTE_ID = "remote_id"
ANOTHER = (
    "What is stored for {name} is of account {theirs}, but this database has always published as "
    "{ours}. Nothing is sent. Connect the right account again."
)
log = structlog.get_logger()

# A Platform by the name of its Account, opened with these settings in place of its own.
Open = Callable[[str, Mapping[str, str]], Platform]


def secrets_in(values: Mapping[str, str]) -> list[str]:
    """Those of the credentials that nobody may see; the number of a Page is none of them."""
    fields = names()
    return [value for name, value in values.items() if is_secret(fields[name])]


class Source(StrEnum):
    """Where an Account's credentials come from."""

    ENVIRONMENT = "environment"
    STORED = "stored"
    NONE = "none"


@dataclass(slots=True)
class Credentials:
    """The Platforms of one bot, by Account name and by Account id, changed in place."""

    store: Store
    vault: Vault
    open: Open
    by_name: MutableMapping[str, Platform]
    by_id: MutableMapping[int, Platform]
    troubles: dict[str, str] = field(default_factory=dict)
    _bare: Mapping[str, Platform] = field(init=False)
    _seen: dict[str, bytes | None] = field(default_factory=dict, repr=False)
    _one_at_a_time: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._bare = dict(self.by_name)

    def refresh(self) -> list[str]:
        """Take over what was connected or disconnected since; names of the Accounts it was."""
        with self._one_at_a_time:
            # Read in here: what was read a moment ago must not replace what is newer.
            with self.store.read() as session:
                stored = connectings.stored(session)
            changed = [
                (key, name, remote_id, box)
                for key, name, remote_id, box in stored
                if name in self._bare and self._seen.get(name) != box
            ]
            for key, name, remote_id, box in changed:
                self.by_name[name] = self.by_id[key] = self._opened(name, remote_id, box)
                self._seen[name] = box
        return [name for _, name, _, _ in changed]

    def source(self, name: str) -> Source:
        """Where the Account's credentials come from; the environment wins."""
        if self._bare[name].credential_settings:
            return Source.ENVIRONMENT
        return Source.STORED if self._seen.get(name) else Source.NONE

    def in_environment(self, name: str) -> tuple[str, ...]:
        """Names of the settings in the environment that hold the Account's own credentials."""
        return self._bare[name].credential_settings

    def rotate(self) -> list[str]:
        """Encrypt everything stored with the first key; Locked, and nothing changed, where that
        cannot be."""
        with self.store.write() as session:
            rows = [row for row in accounts.all_of(session) if row.credentials]
            for row in rows:
                row.credentials = self.vault.relock(row.name, row.credentials or b"")
            return [row.name for row in rows]

    def _opened(self, name: str, remote_id: str | None, box: bytes | None) -> Platform:
        self.troubles.pop(name, None)
        bare = self._bare[name]
        if box is None or bare.credential_settings:
            return bare
        try:
            content = self.vault.open(name, box)
            theirs = content.pop(REMOTE_ID)
            if theirs != remote_id:
                raise Locked(ANOTHER.format(name=name, theirs=theirs, ours=remote_id))
            opened = self.open(name, content)
        except Locked as error:
            self.troubles[name] = str(error)
        except KeyError:
            self.troubles[name] = f"What is stored for {name} is of another version. Connect again."
        else:
            learn(secrets_in(content))
            return opened
        log.warning("locked", action="locked", account=name, reason=self.troubles[name])
        return bare
