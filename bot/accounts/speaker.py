"""One Account's Platform: what needs no keys is answered without, the rest opens on first use.

A thousand of these weigh nothing: no session is opened and nothing decrypted until one must speak.
Where its credentials cannot be opened nothing leaves, and the answer says why.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from bot.accounts.credentials import Credentials
from bot.accounts.vault import Locked
from bot.platforms.contract import (
    AccountCounts,
    ConnectStep,
    CountsRead,
    Deletion,
    Draft,
    Grant,
    Health,
    Length,
    NotGranted,
    NotReached,
    Outcome,
    PartContent,
    Platform,
    Prepared,
    Rules,
    Seen,
    Unreadable,
    Variant,
)

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Speaker:
    """The Platform of the Account of that name, as it stands at each call."""

    name: str
    credentials: Credentials

    @property
    def rules(self) -> Rules:
        rules = self._kind.rules
        title = self.credentials.roster.title(self.name)
        return rules if title == rules.title else replace(rules, title=title)

    @property
    def is_live(self) -> bool:
        return self._kind.is_live

    @property
    def own_settings(self) -> tuple[str, ...]:
        return self._kind.own_settings

    @property
    def missing_settings(self) -> tuple[str, ...]:
        return self.credentials.missing(self.name)

    @property
    def missing_to_connect(self) -> tuple[str, ...]:
        return self._kind.missing_to_connect

    @property
    def credential_settings(self) -> tuple[str, ...]:
        return self.credentials.in_environment(self.name)

    @property
    def expected_remote_id(self) -> str | None:
        return self.credentials.expected_remote_id(self.name)

    @property
    def profile_url(self) -> str:
        return self._kind.profile_of(self.expected_remote_id)

    def profile_of(self, remote_id: str | None) -> str:
        return self._kind.profile_of(remote_id)

    @property
    def monthly_budget(self) -> Decimal | None:
        return self.credentials.budgets.get(self.credentials.roster.by_name[self.name].id)

    def measure(self, text: str) -> Length:
        return self._kind.measure(text)

    def compose(self, draft: Draft) -> Variant:
        return self._kind.compose(draft)

    def price(self, part: PartContent) -> Decimal:
        return self._kind.price(part)

    def prepare(self, part: PartContent) -> Prepared | Outcome:
        return self._opened(lambda it: it.prepare(part), NotReached)

    def send(self, part: PartContent, *, reply_to: str | None, prepared: Prepared) -> Outcome:
        return self._opened(
            lambda it: it.send(part, reply_to=reply_to, prepared=prepared), NotReached
        )

    def recent(self, since: datetime) -> tuple[Seen, ...] | Unreadable:
        return self._opened(lambda it: it.recent(since), Unreadable)

    def counts(self, sent_at_by_id: Mapping[str, datetime]) -> CountsRead | Unreadable:
        return self._opened(lambda it: it.counts(sent_at_by_id), Unreadable)

    def account_counts(self) -> AccountCounts | Unreadable:
        return self._opened(lambda it: it.account_counts(), Unreadable)

    def delete(self, remote_id: str) -> Deletion:
        return self._opened(lambda it: it.delete(remote_id), lambda why: Deletion(False, why))

    def health(self) -> Health:
        return self._opened(lambda it: it.health(), lambda why: Health(ok=False, problem=why))

    def id_in(self, url: str) -> str | None:
        return self._opened(lambda it: it.id_in(url), lambda _why: None)

    def connect_begin(self, return_to: str) -> ConnectStep | NotGranted:
        return self._kind.connect_begin(return_to)

    def connect_finish(
        self, kept: Mapping[str, str], returned: Mapping[str, str], return_to: str
    ) -> tuple[Grant, ...] | NotGranted:
        return self._kind.connect_finish(kept, returned, return_to)

    @property
    def _kind(self) -> Platform:
        return self.credentials.bare(self.name)

    def _opened(self, ask: Callable[[Platform], Answer], locked: Callable[[str], Answer]) -> Answer:
        try:
            platform = self.credentials.opened(self.name)
        except Locked as error:
            return locked(str(error))
        return ask(platform)


@dataclass(frozen=True, slots=True)
class Speakers(Mapping[str, Platform]):
    """The Platform of each Account there is at the moment, by its name."""

    credentials: Credentials

    def __getitem__(self, name: str) -> Platform:
        if name not in self.credentials.roster.by_name:
            raise KeyError(name)
        return Speaker(name, self.credentials)

    def __iter__(self) -> Iterator[str]:
        return iter(list(self.credentials.roster.by_name))

    def __len__(self) -> int:
        return len(self.credentials.roster.by_name)

    def __contains__(self, name: object) -> bool:
        return name in self.credentials.roster.by_name

    def by_default(self) -> list[str]:
        """Those that posts go to which name none."""
        rows = list(self.credentials.roster.by_name.values())
        return [row.name for row in rows if row.by_default]


@dataclass(frozen=True, slots=True)
class SpeakersById(Mapping[int, Platform]):
    """The same by the Account's id."""

    credentials: Credentials

    def __getitem__(self, account_id: int) -> Platform:
        return Speaker(self.credentials.roster.by_id[account_id].name, self.credentials)

    def __iter__(self) -> Iterator[int]:
        return iter(list(self.credentials.roster.by_id))

    def __len__(self) -> int:
        return len(self.credentials.roster.by_id)

    def __contains__(self, account_id: object) -> bool:
        return account_id in self.credentials.roster.by_id
