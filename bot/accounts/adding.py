"""Adds an Account by a name of its own, and gives one that is there other credentials.

They are tried at the Platform first, whoever typed them; what cannot be tried is not kept. No two
Accounts may speak for one profile or Page: each would publish what the other did. Never returns,
logs or raises a credential.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

import structlog

from bot.accounts import stored
from bot.accounts.connect import Connected
from bot.accounts.credentials import REMOTE_ID, Credentials, secrets_in
from bot.accounts.vault import NO_KEY
from bot.clock import Clock
from bot.errors import NotAllowed, UsageError
from bot.model.account import Account
from bot.platforms.contract import Grant, Health
from bot.store import accounts, charges
from bot.store.engine import Session
from bot.wire import learn

NAME = re.compile(r"[a-z][a-z0-9-]{0,39}", re.ASCII)
LONGEST_VALUE = 1000
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Adding:
    """Adds Accounts to those of these credentials' store, as that person."""

    credentials: Credentials
    clock: Clock
    actor: str

    def asked_for(self, platform: str) -> tuple[str, ...]:
        """Names of the settings a person is asked for, in order; NotAllowed says what is missing
        before anything can be added there."""
        kinds = self.credentials.roster.kinds
        if platform not in kinds:
            raise UsageError(
                f"There is no platform {platform[:40]}. Platforms: {', '.join(kinds)}."
            )
        if not self.credentials.vault.has_key:
            raise NotAllowed(NO_KEY)
        own = kinds[platform].own_settings
        lacks = [name for name in kinds[platform].missing_settings if name not in own]
        if lacks:
            raise NotAllowed(
                f"The app's own keys are missing: put {' and '.join(lacks)} into .env. They serve "
                "every account there."
            )
        return own

    def reserve(self, name: str, platform: str, *, by_default: bool = False) -> None:
        """Make an Account without credentials, for a person who is about to sign in there."""
        self.asked_for(platform)
        with self.credentials.store.write() as session:
            account = self._row(session, name, platform)
            if account.credentials is not None and account.removed_at is None:
                raise NotAllowed(f"{name} is there already. Connect it again under its own name.")
            account.removed_at = None
            account.by_default = by_default
        self.credentials.refresh()

    def add(
        self, name: str, platform: str, values: Mapping[str, str], *, by_default: bool | None = None
    ) -> Connected:
        """Store these credentials for a new Account, or in place of those one has."""
        needed = self.asked_for(platform)
        pinned = self._refuse(name, platform)
        given = {one: _sane(one, values.get(one, "")) for one in needed}
        learn(secrets_in(given))
        health = self._tried(platform, given)
        remote_id = str(health.remote_id)
        if pinned not in {None, remote_id}:
            raise NotAllowed(
                f"Those are the keys of account {remote_id}, but {name} has always published as "
                f"{pinned}. Add it under another name. Nothing was stored."
            )
        grant = Grant(remote_id, health.name or remote_id, given, "")
        box = self.credentials.vault.lock(name, {**given, REMOTE_ID: remote_id})
        with self.credentials.store.write() as session:
            account = self._row(session, name, platform)
            if by_default is not None:
                account.by_default = by_default
            self._keep(session, account, box, grant, health)
        self.credentials.refresh()
        log.info("connected", action="connected", account=name)
        return Connected(name, remote_id, grant.name)

    def _keep(
        self, session: Session, account: Account, box: bytes, grant: Grant, health: Health
    ) -> None:
        key, now = self.credentials.vault.first_key_id, self.clock()
        stored.put(session, account, box, key, grant, health, made_at=now, actor=self.actor)
        price = {charges.PROFILE: health.cost}
        charges.record_readings(session, account.id, "check", price, now)

    def _refuse(self, name: str, platform: str) -> str | None:
        """The id it is pinned to; NotAllowed or UsageError where that name cannot be given keys."""
        with self.credentials.store.read() as session:
            found = accounts.ever_named(session, name)
        self._refuse_name(name, platform, found)
        return found.remote_id if found is not None else None

    def _refuse_name(self, name: str, platform: str, found: Account | None) -> None:
        if not NAME.fullmatch(name):
            raise UsageError(
                f"“{name[:60]}” is no name for an account: use small letters, figures and "
                "hyphens, at most 40, a letter first. It is what you write after to: in a post."
            )
        held = self.credentials.in_environment(name)
        if held:
            raise NotAllowed(
                f"The keys of {name} come from the environment, which wins. Take "
                f"{' and '.join(held)} out of .env first."
            )
        kinds = {one: one for one in self.credentials.roster.kinds}
        of = found.platform if found is not None else kinds.get(name, platform)
        if of != platform:
            raise NotAllowed(f"{name} is an account of {of}. Choose another name.")

    def _row(self, session: Session, name: str, platform: str) -> Account:
        found = accounts.ever_named(session, name)
        self._refuse_name(name, platform, found)
        if found is not None:
            return accounts.locked(session, found.id)
        account = accounts.ensure(session, name, platform, self.clock())
        account.by_default = False
        return account

    def _tried(self, platform: str, given: Mapping[str, str]) -> Health:
        try:
            health = self.credentials.open(platform, given).health()
        except Exception as error:
            log.exception("check raised", action="check raised", account=platform)
            health = Health(ok=False, problem=f"The check failed ({type(error).__name__}).")
        if health.ok and health.remote_id is not None:
            return health
        lacks = ", ".join(health.missing_scopes)
        more = f" It lacks: {lacks}." if lacks else ""
        raise NotAllowed(f"{health.problem}{more} Nothing was stored.")


def _sane(name: str, value: str) -> str:
    """The value without space around it; UsageError, which does not show it, where it is none."""
    value = value.strip()
    if not value:
        raise UsageError(f"{name} is empty. Nothing was stored.")
    if len(value) > LONGEST_VALUE or not value.isascii() or not value.isprintable():
        raise UsageError(f"{name} is not what a key looks like. Nothing was stored.")
    return value
