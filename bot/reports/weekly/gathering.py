"""Reads a week's report from the store: one pass over the posts of 90 days, and a few lists.

Every figure is made by `reports.figures`; what a month costs is handed in, as its forecast takes
the Platforms' prices.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.model.engagement import NEWEST
from bot.model.post import BY_HAND
from bot.reports import words
from bot.reports.figures import counted, groups, periods, usual
from bot.reports.figures.counted import Counted, Lack
from bot.reports.figures.figure import SHOWN, Figure, of
from bot.reports.figures.periods import Change
from bot.reports.weekly import surroundings
from bot.reports.weekly.facts import (
    AGE,
    AccountWeek,
    Best,
    CampaignWeek,
    Report,
    Spent,
    Unread,
)
from bot.reports.weekly.week import Week
from bot.store import accounts, deliveries
from bot.store.engine import Session
from bot.store.figures import Asked

BEST_OF_AN_ACCOUNT = 3
# Posts of an Account are judged by the first of these that at least half of them have.
MEASURES = SHOWN[:2]


@dataclass(frozen=True, slots=True)
class Place:
    """Whose clock the week goes by, when it is told, and what Accounts are called."""

    zone: ZoneInfo
    now: datetime
    titles: Mapping[str, str]
    accounts_on: Sequence[int]


@dataclass(frozen=True, slots=True)
class _Posts:
    """Posts that went out: those of the week, of the one before, and all of the last 90 days."""

    this: Sequence[Counted]
    last: Sequence[Counted]
    recent: Sequence[Counted]


def gather(
    session: Session,
    week: Week,
    place: Place,
    campaign: str | None = None,
    spent: Sequence[Spent] = (),
    quiet: Mapping[str, str] | None = None,
) -> Report:
    """The report of a week, which may still last, of all posts or of one campaign's."""
    start, end = week.start(place.zone), week.end(place.zone)
    # Of an older week too, the usual is that of its own time.
    judged_at = min(place.now, end + timedelta(hours=AGE))
    posts = _read(session, week, place.zone, judged_at, campaign)
    by_account = _accounts(posts, place, judged_at)
    best = [one for owned in by_account for one in _best(posts, owned, place, judged_at)]
    is_newest = place.now < week.after.end(place.zone)
    whole = campaign is None
    names = accounts.names(session)
    asked, coming = (
        surroundings.standing(session, week, place.zone, place.now, campaign)
        if is_newest
        else (None, None)
    )
    return Report(
        week=week,
        zone=place.zone,
        now=place.now,
        titles=place.titles,
        campaign=campaign,
        posts=posts.this,
        posts_before=len({one.post_id for one in posts.last}),
        accounts=by_account,
        campaigns=_campaigns(posts.this, place),
        best=best,
        unread=_unread(posts.this, best, place),
        links=_links(session, posts.this),
        recent=posts.recent,
        judged_at=judged_at,
        silence=() if posts.this else _why_nothing(session, week, place, campaign, names),
        articles=surroundings.articles_of(session, start, end) if whole else (),
        followers=surroundings.followers(session, week, names) if whole else (),
        spent=spent if whole else (),
        asked=asked,
        coming=coming,
        quiet=quiet if whole and is_newest else None,
    )


def _read(
    session: Session, week: Week, zone: ZoneInfo, judged_at: datetime, campaign: str | None
) -> _Posts:
    """The usual is the Account's, whichever campaign is told of."""
    start, end = week.start(zone), week.end(zone)
    recent = counted.read(session, Asked(judged_at - usual.OVER, end), zone, (NEWEST, AGE))
    of_it = [one for one in recent if campaign is None or one.campaign == campaign]
    before = week.before.start(zone)
    return _Posts(
        this=[one for one in of_it if one.sent_at >= start],
        last=[one for one in of_it if before <= one.sent_at < start],
        recent=recent,
    )


def _accounts(posts: _Posts, place: Place, judged_at: datetime) -> list[AccountWeek]:
    found: dict[str, dict[str, Change]] = {}
    for change in periods.compare(posts.this, posts.last, AGE, place.now, place.titles):
        found.setdefault(change.account, {})[change.count] = change
    usuals = {
        count: usual.usual(posts.recent, count, AGE, judged_at, place.titles) for count in SHOWN
    }
    return [
        _account(posts, changes, {count: usuals[count][name] for count in SHOWN}, place)
        for name, changes in found.items()
    ]


def _account(
    posts: _Posts, changes: Mapping[str, Change], usuals: Mapping[str, Figure], place: Place
) -> AccountWeek:
    first = next(iter(changes.values()))
    this = _of(posts.this, first.account)
    return AccountWeek(
        account=first.account,
        platform=first.platform,
        posts=len(this),
        by_hand=sum(one.author == BY_HAND for one in this),
        posts_before=len(_of(posts.last, first.account)),
        changes=changes,
        totals={count: of(this, count, NEWEST, place.now, place.titles) for count in SHOWN},
        usual=usuals,
    )


def _of(posts: Sequence[Counted], account: str) -> list[Counted]:
    return [one for one in posts if one.account == account]


def _campaigns(this: Sequence[Counted], place: Place) -> list[CampaignWeek]:
    pair = [groups.grouped(this, "campaign", age, place.now, place.titles) for age in (AGE, NEWEST)]
    return [CampaignWeek(at_age, newest) for at_age, newest in zip(*pair, strict=True)]


def _best(posts: _Posts, owned: AccountWeek, place: Place, judged_at: datetime) -> list[Best]:
    """The best few of an Account, best first, that are still there to be looked at."""
    measure = _measure(_of(posts.recent, owned.account), judged_at)
    judged = _judged(_of(posts.this, owned.account), measure, place.now)
    ordinary = owned.usual[measure]
    there = [pair for pair in judged if pair[0].gone_at is None]
    there.sort(key=lambda pair: (-pair[1], pair[0].sent_at))
    return [
        Best(one, measure, value, ordinary, usual.standing(value, ordinary), len(judged))
        for one, value in there[:BEST_OF_AN_ACCOUNT]
    ]


def _measure(recent: Sequence[Counted], judged_at: datetime) -> str:
    for count in MEASURES:
        if len(counted.known(recent, count, AGE, judged_at)) * 2 >= len(recent):
            return count
    return MEASURES[0]


def _judged(posts: Sequence[Counted], measure: str, now: datetime) -> list[tuple[Counted, int]]:
    pairs = [(one, one.value(measure, AGE, now)) for one in posts]
    return [(one, value) for one, value in pairs if not isinstance(value, Lack)]


def _unread(this: Sequence[Counted], best: Sequence[Best], place: Place) -> list[Unread]:
    """Accounts that sent posts of which none can be judged."""
    judged = {one.post.account for one in best}
    silent = dict.fromkeys(one.account for one in this if one.account not in judged)
    return [Unread(account, _why_unread(_of(this, account), place)) for account in sorted(silent)]


def _why_unread(posts: Sequence[Counted], place: Place) -> str:
    return of(posts, MEASURES[0], AGE, place.now, place.titles).reason or "gone since"


def _links(session: Session, this: Sequence[Counted]) -> dict[int, str]:
    """Where each post of the week is to be seen, by its Delivery."""
    parts = deliveries.parts_of(session, [one.delivery_id for one in this])
    return {key: owned[0].url for key, owned in parts.items() if owned and owned[0].url}


def _why_nothing(
    session: Session,
    week: Week,
    place: Place,
    campaign: str | None,
    names: Mapping[int, str],
) -> list[str]:
    """Why a week stayed empty, without anything that a person wrote."""
    if not place.accounts_on:
        return ["no account is connected"]
    start, end = week.start(place.zone), week.end(place.zone)
    paused = {row.account_id for row in accounts.pauses_between(session, start, end)}
    said = ["sending was paused"] if None in paused else []
    if not said:
        stopped = [name for key, name in sorted(names.items()) if key in paused]
        said = [f"{place.titles.get(name, name)} was paused" for name in stopped]
    due = surroundings.due_between(session, start, end, campaign)
    said += [f"{words.plural(due, 'post')} that {'was' if due == 1 else 'were'} due did not go"] * (
        due > 0
    )
    return said or ["no post was due"]
