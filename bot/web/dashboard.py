"""What the engagement page shows of a time: read once, then given to `bot.reports.figures`.

Every figure is one of those modules'; views of two Platforms stand apart in each.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.model.account import Account
from bot.model.engagement import NEWEST
from bot.reports.figures import besttimes, counted, followers, groups, money, periods, usual
from bot.reports.figures.besttimes import Week
from bot.reports.figures.counted import Counted, Lack
from bot.reports.figures.followers import Following
from bot.reports.figures.groups import Group
from bot.reports.figures.money import Price
from bot.reports.figures.periods import Change
from bot.store import accounts
from bot.store.engine import Session
from bot.store.figures import Asked
from bot.timetable.slots import DEFAULT_TIMETABLE
from bot.web import heat
from bot.web.heat import Heat
from bot.wiring import Bot

# Hours of the week need this many weeks; a longer time that is asked for has more.
TIMES_OVER = timedelta(days=90)
Timetable = Collection[tuple[int, str]]
BEST_SHOWN = 5
IN_TIME = ("weekday", "hour")
COMPARED_AT = 24


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the page is asked: posts, by what they are put together, and at which age."""

    since: datetime
    until: datetime
    by: str
    age_hours: int
    account: str | None = None
    campaign: str | None = None
    label: str | None = None

    @property
    def chosen(self) -> tuple[str | int | None, ...]:
        """What tells it from another, beside its time."""
        return (self.by, self.age_hours, self.account, self.campaign, self.label)

    @property
    def compared_at(self) -> int:
        """An age makes posts comparable; newest counts do not."""
        return self.age_hours or COMPARED_AT

    @property
    def needs_labels(self) -> bool:
        """Whether anything is asked of the posts' labels."""
        return self.label is not None or self.by == "label"

    def fits(self, one: Counted) -> bool:
        """Whether a post of the account is asked for."""
        labelled = self.label is None or self.label in one.labels
        return labelled and self.campaign in (None, one.campaign)


@dataclass(frozen=True, slots=True)
class Best:
    """One of the posts that did best, beside its Account's usual."""

    post: Counted
    views: int
    standing: str | None


@dataclass(frozen=True, slots=True)
class OfAccount:
    """One Account's part of the page."""

    name: str
    posts: int
    posts_before: int
    changes: Sequence[Change]
    best: Sequence[Best]
    groups: Sequence[Group]
    week: Week | None


@dataclass(frozen=True, slots=True)
class Board:
    """The whole page."""

    accounts: Sequence[OfAccount]
    prices: Sequence[Price]
    following: Sequence[Following]
    times_since: datetime
    at: datetime

    def heats(self, timetables: Mapping[str, Timetable]) -> dict[str, Heat]:
        """The weeks of the Accounts that have one, beside the times they have now."""
        return {
            one.name: heat.of(one.week, timetables[one.name])
            for one in self.accounts
            if one.week is not None
        }


def read(
    bot: Bot, session: Session, want: Wanted, owners: Mapping[int, Account], *, priced: bool
) -> Board:
    """Everything, of the Accounts that were asked for."""
    length = want.until - want.since
    times_since = min(want.since, want.until - TIMES_OVER)
    begin = min(want.since - length, want.until - usual.OVER, times_since)
    ages = {want.age_hours, want.compared_at}
    everything = _posts(bot, session, want, begin, ages, labelled=want.needs_labels)
    of_accounts = [
        _account(bot, want, name, everything, times_since)
        for name in sorted(row.name for row in owners.values())
    ]
    names = {row.id: row.name for row in owners.values()}
    return Board(
        accounts=of_accounts,
        prices=_prices(bot, session, want) if priced else [],
        following=followers.by_account(session, names, want.since.date(), want.until.date()),
        times_since=times_since,
        at=bot.clock(),
    )


def timetables(session: Session, owners: Mapping[int, Account]) -> dict[str, Timetable]:
    """The weekly times of each Account as they are now."""
    slots = accounts.slots_of(session, owners.keys())
    return {
        row.name: {(one.weekday, one.local_time) for one in slots[row.id]} or set(DEFAULT_TIMETABLE)
        for row in owners.values()
    }


def _posts(
    bot: Bot,
    session: Session,
    want: Wanted,
    since: datetime,
    ages: set[int],
    *,
    labelled: bool = False,
) -> list[Counted]:
    asked = Asked(since=since, until=want.until, account=want.account)
    return counted.read(session, asked, bot.settings.zone, ages, labelled=labelled)


def _account(
    bot: Bot,
    want: Wanted,
    name: str,
    everything: Sequence[Counted],
    times_since: datetime,
) -> OfAccount:
    # The usual is the Account's, whichever of its posts are asked for.
    owned = [one for one in everything if one.account == name]
    asked = [one for one in owned if want.fits(one)]
    length, now = want.until - want.since, bot.clock()
    this = [one for one in asked if one.sent_at >= want.since]
    last = [one for one in asked if want.since - length <= one.sent_at < want.since]
    timed = [one for one in asked if one.sent_at >= times_since]
    return OfAccount(
        name=name,
        posts=len(this),
        posts_before=len(last),
        changes=periods.compare(this, last, want.compared_at, now, bot.titles),
        best=_best(want, owned, this, now, bot.titles),
        groups=_groups(want, this, now, bot.titles),
        week=besttimes.week(timed, want.compared_at, now) if timed else None,
    )


def _best(
    want: Wanted,
    owned: Sequence[Counted],
    this: Sequence[Counted],
    now: datetime,
    titles: Mapping[str, str],
) -> list[Best]:
    age, found = want.compared_at, []
    usually = usual.usual(owned, "views", age, min(now, want.until), titles)
    for one in this:
        views = one.value("views", age, now)
        if not isinstance(views, Lack) and one.gone_at is None:
            found.append(Best(one, views, usual.standing(views, usually[one.account])))
    return sorted(found, key=lambda best: -best.views)[:BEST_SHOWN]


def _groups(
    want: Wanted, this: Sequence[Counted], now: datetime, titles: Mapping[str, str]
) -> list[Group]:
    """In their own order where that is time; else what did best first."""
    found = groups.grouped(this, want.by, want.age_hours, now, titles)
    if want.by in IN_TIME:
        return found
    return sorted(found, key=lambda group: -(group.figures["views"].median or -1))


def _prices(bot: Bot, session: Session, want: Wanted) -> list[Price]:
    """What an account cost is not the cost of some of its posts: none where those are chosen."""
    posts = _posts(bot, session, want, want.since, {NEWEST})
    return money.prices(session, posts, want.since, want.until, bot.titles, "account")
