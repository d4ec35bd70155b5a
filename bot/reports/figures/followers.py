"""How many follow each Account, day by day, as its Platform counts them; never who they are.

A day on which the Platform did not say has no number, and no change is told across unknown ends.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.store import engagement
from bot.store.engine import Session


@dataclass(frozen=True, slots=True)
class Day:
    """What a Platform counted of an Account on one UTC day; None where it did not say."""

    day: date
    followers: int | None
    page_views: int | None


@dataclass(frozen=True, slots=True)
class Following:
    """An Account's days, oldest first."""

    account: str
    days: Sequence[Day]

    @property
    def first(self) -> Day | None:
        """The first day that has a number."""
        return next((one for one in self.days if one.followers is not None), None)

    @property
    def last(self) -> Day | None:
        """The last day that has a number."""
        return next((one for one in reversed(self.days) if one.followers is not None), None)

    @property
    def gained(self) -> int | None:
        """From the first to the last of them; None where it is one day, or none."""
        first, last = self.first, self.last
        if first is None or last is None or first is last:
            return None
        return (last.followers or 0) - (first.followers or 0)


def by_account(
    session: Session, names: dict[int, str], since: date, until: date
) -> list[Following]:
    """Both days included; an Account that was never counted has no days."""
    found: dict[int, list[Day]] = {account_id: [] for account_id in names}
    for row in engagement.account_days(session, list(names), since, until):
        found[row.account_id].append(Day(row.day, row.followers, row.page_views))
    return [Following(names[account_id], days) for account_id, days in found.items()]
