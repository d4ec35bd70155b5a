"""The Accounts there are, as this process knows them, and what people call each.

A small row an Account and no credentials. One sum over an index says whether to read them again,
so that keeping up with thousands of Accounts costs no more than with two.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from bot.platforms.contract import Platform
from bot.store import roster
from bot.store.accounts import NAMED_IN_FULL
from bot.store.charges import MICROS
from bot.store.engine import Store
from bot.store.roster import Known


@dataclass(slots=True)
class Roster:
    """The Accounts of one store whose Platform is among these kinds, by name and by id."""

    store: Store
    kinds: Mapping[str, Platform]
    by_name: dict[str, Known] = field(default_factory=dict)
    by_id: dict[int, Known] = field(default_factory=dict)
    _shared: Counter[str] = field(default_factory=Counter)
    _seen: tuple[int, int] | None = None

    def refresh(self) -> list[str]:
        """Take over what changed since; names of the Accounts it was, gone ones among them."""
        with self.store.read() as session:
            fingerprint = roster.fingerprint(session)
            if fingerprint == self._seen:
                return []
            rows = [row for row in roster.known(session) if row.platform in self.kinds]
        by_name = {row.name: row for row in rows}
        before = self.by_name
        self._shared = Counter(row.platform for row in rows)
        self.by_id = {row.id: row for row in rows}
        self.by_name = by_name
        self._seen = fingerprint
        changed = [row.name for row in rows if _differs(before.get(row.name), row)]
        return changed + [name for name in before if name not in by_name]

    def title(self, name: str) -> str:
        """What people call it: X where there is one there, else X (bogota)."""
        row = self.by_name[name]
        title = self.kinds[row.platform].rules.title
        return title if self._shared[row.platform] == 1 else f"{title} ({name})"

    def none_named(self, name: str) -> str:
        """Says that there is no such Account, and which there are."""
        return f"There is no account named {name}. Accounts: {listed(self.by_name)}."


def listed(names: Mapping[str, object]) -> str:
    """The names in a sentence: all of a few, the first of many."""
    first = ", ".join(list(names)[:NAMED_IN_FULL])
    more = len(names) - NAMED_IN_FULL
    return f"{first} and {more:,} more (bot accounts list)" if more > 0 else first


def _differs(before: Known | None, after: Known) -> bool:
    return before is None or before.mark != after.mark


@dataclass(frozen=True, slots=True)
class Titles(Mapping[str, str]):
    """What people call each Account, by its name."""

    roster: Roster

    def __getitem__(self, name: str) -> str:
        return self.roster.title(name)

    def __iter__(self) -> Iterator[str]:
        return iter(list(self.roster.by_name))

    def __len__(self) -> int:
        return len(self.roster.by_name)

    def __contains__(self, name: object) -> bool:
        return name in self.roster.by_name


@dataclass(frozen=True, slots=True)
class Budgets(Mapping[int, Decimal]):
    """US dollars a month by Account id: its own limit before its Platform's; none is missing."""

    roster: Roster

    def __getitem__(self, account_id: int) -> Decimal:
        row = self.roster.by_id[account_id]
        if row.budget_micros is not None:
            return Decimal(row.budget_micros) / MICROS
        limit = self.roster.kinds[row.platform].monthly_budget
        if limit is None:
            raise KeyError(account_id)
        return limit

    def __iter__(self) -> Iterator[int]:
        return (key for key in list(self.roster.by_id) if key in self)

    def __contains__(self, account_id: object) -> bool:
        row = self.roster.by_id.get(account_id) if isinstance(account_id, int) else None
        if row is None:
            return False
        own = row.budget_micros is not None
        return own or self.roster.kinds[row.platform].monthly_budget is not None

    def __len__(self) -> int:
        return sum(1 for _ in self)
