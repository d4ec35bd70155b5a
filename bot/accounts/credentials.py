"""With which credentials each Account stands now: the environment's, else those stored.

Opened on first use and kept for a bounded number of Accounts; what another program connects, adds
or removes is taken over without a restart. Never shows a value, and never mixes the two sources.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import structlog

from bot.accounts.roster import Budgets, Roster
from bot.accounts.vault import Locked, Vault
from bot.platforms.contract import Platform
from bot.settings import is_secret, names
from bot.store import roster as rows
from bot.store.engine import Store
from bot.store.roster import Known, On
from bot.wire import learn

REMOTE_ID = "remote_id"
# An open Platform weighs 11 kB once used; the one unused for longest is let go.
KEPT_OPEN = 1_024
READ_AT_ONCE = 500
ANOTHER = (
    "What is stored for {name} is of account {theirs}, but this database has always published as "
    "{ours}. Nothing is sent. Connect the right account again."
)
log = structlog.get_logger()

# A Platform of that kind, opened with these settings in place of the environment's.
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
    """The credentials of one bot's Accounts.

    `environment` has the Platforms of the Accounts that the environment gives, by name; `open`
    makes any other.
    """

    roster: Roster
    vault: Vault
    open: Open
    environment: Mapping[str, Platform]
    _stuck: dict[str, tuple[int, str]] = field(default_factory=dict)
    _open: OrderedDict[str, tuple[int, Platform]] = field(default_factory=OrderedDict, repr=False)
    _one_at_a_time: threading.RLock = field(default_factory=threading.RLock)

    @property
    def store(self) -> Store:
        return self.roster.store

    @property
    def budgets(self) -> Budgets:
        """US dollars a month may cost, by Account id."""
        return Budgets(self.roster)

    @property
    def on(self) -> On:
        """The Accounts that can be spoken for, as SQL finds them."""
        given = [name for name, one in self.environment.items() if one.credential_settings]
        by_id = {
            self.roster.by_name[name].id: name for name in given if name in self.roster.by_name
        }
        stuck = (
            self.roster.by_name[name].id for name in self._stuck if name in self.roster.by_name
        )
        return On(
            ids=frozenset(key for key, name in by_id.items() if not self.missing(name)),
            platforms=frozenset(
                name for name, kind in self.roster.kinds.items() if not _lacks_of_app(kind)
            ),
            keys=frozenset(self.vault.key_ids),
            never=frozenset({*by_id, *stuck}),
        )

    @property
    def troubles(self) -> dict[str, str]:
        """Why what is stored is of no use, by the name of the Account it is stored for."""
        found = {name: self.trouble(name) for name in list(self.roster.by_name)}
        return {name: said for name, said in found.items() if said}

    def refresh(self) -> list[str]:
        """Take over what was added, connected or removed since; names of the Accounts it was."""
        with self._one_at_a_time:
            changed = self.roster.refresh()
            for name in changed:
                self._stuck.pop(name, None)
                self._open.pop(name, None)
            of_old = [self.roster.by_name[name] for name in changed if name in self.roster.by_name]
            # Boxes from before it was noted which key seals them tell only when they are opened.
            self.look_into([row.name for row in of_old if row.has_box and not row.sealed_with])
        return changed

    def bare(self, name: str) -> Platform:
        """Its Platform without what is stored: the environment's, or one that has no keys."""
        return self.environment.get(name) or self.roster.kinds[self.roster.by_name[name].platform]

    def source(self, name: str) -> Source:
        """Where the Account's credentials come from; the environment wins."""
        if self.in_environment(name):
            return Source.ENVIRONMENT
        return Source.STORED if self.roster.by_name[name].has_box else Source.NONE

    def in_environment(self, name: str) -> tuple[str, ...]:
        """Names of the settings in the environment that hold the Account's own credentials."""
        given = self.environment.get(name)
        return given.credential_settings if given is not None else ()

    def trouble(self, name: str) -> str:
        """Why what is stored for the Account is of no use, as far as is known; empty if it is."""
        row = self.roster.by_name[name]
        if not row.has_box or self.in_environment(name):
            return ""
        if row.sealed_with and row.sealed_with not in self.vault.key_ids:
            return self.vault.lost(name)
        mark, said = self._stuck.get(name, (0, ""))
        return said if mark == row.mark else ""

    def missing(self, name: str) -> tuple[str, ...]:
        """Names of the settings without which the Account is off; nothing is opened to know."""
        bare = self.bare(name)
        stored = self.source(name) == Source.STORED and not self.trouble(name)
        own = bare.own_settings if stored else ()
        return tuple(one for one in bare.missing_settings if one not in own)

    def expected_remote_id(self, name: str) -> str | None:
        """Whose the credentials are, as far as they say."""
        if self.source(name) == Source.STORED and not self.trouble(name):
            return self.roster.by_name[name].remote_id
        return self.bare(name).expected_remote_id

    def opened(self, name: str) -> Platform:
        """The Account's Platform with its credentials; Locked where they cannot be opened."""
        with self._one_at_a_time:
            row = self.roster.by_name.get(name)
            if row is None:
                raise Locked(f"The account {name} was removed. Nothing is sent.")
            if self.source(name) != Source.STORED:
                return self.bare(name)
            mark, platform = self._open.pop(name, (None, None))
            if platform is None or mark != row.mark:
                with self.store.read() as session:
                    box = rows.boxes(session, [row.id]).get(row.id)
                content = self._looked_into(row, box)
                learn(secrets_in(content))
                platform = self.open(row.platform, content)
            self._open[name] = (row.mark, platform)
            while len(self._open) > KEPT_OPEN:
                self._open.popitem(last=False)
            return platform

    def look_into(self, wanted: Collection[str]) -> None:
        """Try to open what is stored for these Accounts, so that `trouble` knows; a few reads."""
        known = [self.roster.by_name[name] for name in wanted if name in self.roster.by_name]
        stored = [row for row in known if row.has_box and not self.in_environment(row.name)]
        for start in range(0, len(stored), READ_AT_ONCE):
            some = stored[start : start + READ_AT_ONCE]
            with self.store.read() as session:
                boxes = rows.boxes(session, [row.id for row in some])
            for row in some:
                if not self.trouble(row.name):
                    self._try(row, boxes.get(row.id))

    def _try(self, row: Known, box: bytes | None) -> None:
        try:
            self._looked_into(row, box)
        except Locked:
            return  # it is noted

    def _looked_into(self, row: Known, box: bytes | None) -> dict[str, str]:
        """What is stored, without whose it is; Locked, and noted, where it is of no use."""
        try:
            if box is None:
                raise Locked(f"{row.name} was disconnected. Nothing is sent.")
            content = self.vault.open(row.name, box)
            theirs = content.pop(REMOTE_ID)
            if theirs != row.remote_id:
                raise Locked(ANOTHER.format(name=row.name, theirs=theirs, ours=row.remote_id))
        except Locked as error:
            self._note(row, str(error))
            raise
        except KeyError:
            said = f"What is stored for {row.name} is of another version. Connect again."
            self._note(row, said)
            raise Locked(said) from None
        return content

    def _note(self, row: Known, said: str) -> None:
        self._stuck[row.name] = (row.mark, said)
        log.warning("locked", action="locked", account=row.name, reason=said)


def _lacks_of_app(kind: Platform) -> bool:
    return any(name not in kind.own_settings for name in kind.missing_settings)
