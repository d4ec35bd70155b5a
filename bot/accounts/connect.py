"""Connecting an Account from a page, and disconnecting it: the functions that pages call.

What a sign-in gives is tried before it is kept, encrypted, with a Decision beside it. Another
profile or Page than the one this database has always published as is refused. Never returns, logs
or raises a credential.
"""

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

import structlog

from bot.accounts import stored
from bot.accounts.credentials import REMOTE_ID, Credentials, Source, secrets_in
from bot.accounts.signins import SignIns, new_mark
from bot.accounts.speaker import Speaker
from bot.accounts.vault import NO_KEY
from bot.clock import Clock
from bot.errors import NotAllowed, NotFound
from bot.model.account import Account
from bot.platforms.contract import Grant, Health, NotGranted, Platform
from bot.settings import is_loopback
from bot.store import accounts, charges
from bot.store.engine import Store
from bot.wire import learn

ANSWER, CHOICE = "answer", "choice"
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Connected:
    """An Account that is connected now; `warning` says what could not be tried, if anything."""

    account: str
    remote_id: str
    name: str
    warning: str = ""


@dataclass(frozen=True, slots=True)
class Offered:
    """One of several Pages to choose from; `problem` says why it cannot be chosen, if so."""

    remote_id: str
    name: str
    problem: str


@dataclass(frozen=True, slots=True)
class Choice:
    """More than one Page could be meant; `mark` goes into the form and comes back with it."""

    account: str
    offered: tuple[Offered, ...]
    mark: str


@dataclass(frozen=True, slots=True)
class Standing:
    """With what an Account signs in; `trouble` says why what is stored is of no use, if so."""

    source: Source
    connected_by: str | None
    connected_at: datetime | None
    expires_at: datetime | None
    in_environment: tuple[str, ...]
    trouble: str


@dataclass(frozen=True, slots=True)
class Connections:
    """What pages do to connect. Every method raises BotError with words for the person."""

    store: Store
    clock: Clock
    credentials: Credentials
    signins: SignIns

    def standing(self, name: str) -> Standing:
        """With what the Account signs in now."""
        self._platform(name)
        return self.standings([name])[name]

    def standings(self, names: Collection[str]) -> dict[str, Standing]:
        """The same of several that there are, by name; a few reads, however many."""
        self.credentials.look_into(names)
        with self.store.read() as session:
            rows = accounts.some_named(session, names)
        return {name: self._standing(row) for name, row in rows.items()}

    def _standing(self, account: Account) -> Standing:
        source = self.credentials.source(account.name)
        is_stored = source == Source.STORED
        return Standing(
            source=source,
            connected_by=account.connected_by if is_stored else None,
            connected_at=account.connected_at if is_stored else None,
            expires_at=account.credentials_expire_at if is_stored else None,
            in_environment=self.credentials.in_environment(account.name),
            trouble=self.credentials.trouble(account.name),
        )

    def missing(self, name: str) -> tuple[str, ...]:
        """Names of the settings without which the Account cannot be connected from a page."""
        no_key = () if self.signins.vault.has_key else ("ENCRYPTION_KEYS",)
        return (*self._platform(name).missing_to_connect, *no_key)

    def begin(self, name: str, *, session_mark: str, return_to: str) -> str:
        """The address at the Platform to send the person to; they are led back to `return_to`."""
        platform = self._platform(name)
        self._refuse_unready(name, platform, return_to)
        step = platform.connect_begin(return_to)
        if isinstance(step, NotGranted):
            raise NotAllowed(step.reason)
        kept = {"platform": dict(step.kept), "return_to": return_to}
        self.signins.keep(name, ANSWER, step.state, session_mark, kept)
        return step.url

    def finish(
        self, name: str, returned: Mapping[str, str], *, session_mark: str, actor: str
    ) -> Connected | Choice:
        """Take up the query the person came back with: they are connected, or asked which Page."""
        platform = self._platform(name)
        kept = self.signins.take(name, ANSWER, list(returned.values()), session_mark)
        granted = platform.connect_finish(kept["platform"], returned, kept["return_to"])
        if isinstance(granted, NotGranted):
            raise NotAllowed(granted.reason)
        meant = self._meant(name, granted)
        if meant is not None:
            return self._connect(name, meant, actor)
        choice = new_mark()
        offers = {one.remote_id: asdict(one) for one in granted}
        self.signins.keep(name, CHOICE, choice, session_mark, offers)
        offered = tuple(Offered(one.remote_id, one.name, one.problem) for one in granted)
        return Choice(name, offered, choice)

    def choose(
        self, name: str, remote_id: str, *, mark: str, session_mark: str, actor: str
    ) -> Connected:
        """Connect the one of several that the person chose, by the mark of the Choice."""
        self._platform(name)
        offers = self.signins.take(name, CHOICE, [mark], session_mark)
        if remote_id not in offers:
            raise NotFound("That Page was not among those offered. Connect again.")
        return self._connect(name, Grant(**offers[remote_id]), actor)

    def disconnect(self, name: str, *, actor: str, reason: str | None = None) -> None:
        """Wipe what is stored for the Account; posts for it wait until it is connected again."""
        title = self._platform(name).rules.title
        held = self.credentials.in_environment(name)
        with self.store.write() as session:
            account = accounts.named(session, name)
            if account.credentials is None:
                raise NotAllowed(_nothing_stored(title, held))
            stored.wipe(session, account, made_at=self.clock(), actor=actor, reason=reason)
        self.credentials.refresh()
        log.info("disconnected", action="disconnected", account=name)

    def _platform(self, name: str) -> Platform:
        roster = self.credentials.roster
        if name not in roster.by_name:
            self.credentials.refresh()  # it may have been added a moment ago
        if name not in roster.by_name:
            raise NotFound(roster.none_named(name))
        return Speaker(name, self.credentials)

    def _refuse_unready(self, name: str, platform: Platform, return_to: str) -> None:
        title, held = platform.rules.title, self.credentials.in_environment(name)
        if held:
            raise NotAllowed(
                f"The keys of {title} come from the environment, which wins. To connect it here, "
                f"take {' and '.join(held)} out of .env and start the bot again."
            )
        if platform.missing_to_connect:
            raise NotAllowed(
                f"{title} cannot be connected yet: the app's own keys are missing. Put "
                f"{' and '.join(platform.missing_to_connect)} into .env and start the bot again. "
                "docs/connecting.md says where they are found."
            )
        if not self.signins.vault.has_key:
            raise NotAllowed(NO_KEY)
        if not (return_to.startswith("https://") or is_loopback(return_to)):
            raise NotAllowed(
                "The way back from the sign-in must be https. Put the web app's address into "
                "PUBLIC_URL and start it again."
            )

    def _meant(self, name: str, granted: tuple[Grant, ...]) -> Grant | None:
        """The one that can be meant; None where a person must say which."""
        with self.store.read() as session:
            pinned = accounts.named(session, name).remote_id
        if len(granted) > 1 and pinned is None:
            return None
        for grant in granted:
            if grant.remote_id == pinned:
                return grant
        if pinned is None:
            return granted[0]
        title = self._platform(name).rules.title
        names = ", ".join(f"{grant.name} ({grant.remote_id})" for grant in granted)
        raise NotAllowed(
            f"{title} let us in as {names}, but this database has always published as account "
            f"{pinned}. Nothing was changed. Sign in there as the right one and connect again, or "
            "connect it as another account, under a name of its own."
        )

    def _connect(self, name: str, grant: Grant, actor: str) -> Connected:
        if grant.problem:
            raise NotAllowed(grant.problem)
        learn(secrets_in(grant.credentials))
        health = self._tried(name, grant)
        vault = self.signins.vault
        box = vault.lock(name, {**grant.credentials, REMOTE_ID: grant.remote_id})
        with self.store.write() as session:
            account = accounts.locked(session, accounts.named(session, name).id)
            stored.put(
                session,
                account,
                box,
                vault.first_key_id,
                grant,
                health,
                made_at=self.clock(),
                actor=actor,
            )
        self.credentials.refresh()
        log.info("connected", action="connected", account=name)
        warning = "" if health.ok else f"It is connected, but could not be tried: {health.problem}"
        return Connected(name, grant.remote_id, grant.name, warning)

    def _tried(self, name: str, grant: Grant) -> Health:
        """What the Platform says of the new credentials; NotAllowed where they will not do."""
        try:
            kind = self.credentials.roster.by_name[name].platform
            health = self.credentials.open(kind, grant.credentials).health()
        except Exception as error:
            log.exception("check raised", action="check raised", account=name)
            health = Health(ok=False, problem=f"The check failed ({type(error).__name__}).")
        with self.store.write() as session:
            account = accounts.named(session, name)
            price = {charges.PROFILE: health.cost}
            charges.record_readings(session, account.id, "check", price, self.clock())
        stored.refuse_useless(grant, health)
        return health


def _nothing_stored(title: str, held: tuple[str, ...]) -> str:
    if held:
        return (
            f"The keys of {title} come from the environment: take {' and '.join(held)} out of .env "
            "and start the bot again. Nothing was changed."
        )
    return f"{title} is not connected. Nothing was changed."
