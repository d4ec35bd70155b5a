"""What stands beside the posts of a week: what needs a person, what comes, articles, followers."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.model.delivery import Part
from bot.reports import words
from bot.reports.weekly.facts import Ahead, FeedWeek, Followers, Some
from bot.reports.weekly.week import Week
from bot.store import accounts, articles, deliveries, engagement, feeds, listing
from bot.store.engine import Session
from bot.store.listing import AHEAD, NEEDS_A_PERSON, Rows, Wanted

MOST = 20
OPENING = 80
# What an Article's decision means to readers of a report; any other was left out by a rule.
BECAME = {"post": "queued", "review": "to_review", "refused": "refused"}
LAPSED = "lapsed"


def asked(session: Session, campaign: str | None) -> Some:
    """What a person must see to before it goes out."""
    return _some(session, Wanted(NEEDS_A_PERSON, campaign=campaign))


def coming(
    session: Session, week: Week, zone: ZoneInfo, now: datetime, campaign: str | None
) -> Some:
    """What is due after that week (or from now on, while it lasts), until a week later ends."""
    since = max(now, week.start(zone))
    until = week.after.end(zone)
    return _some(session, Wanted(AHEAD, campaign=campaign, since=since, until=until))


def due_between(session: Session, since: datetime, until: datetime, campaign: str | None) -> int:
    """How many posts were due in that time and are still not out."""
    wanted = Wanted(AHEAD, campaign=campaign, since=since, until=until)
    return listing.count(session, wanted)


def _some(session: Session, wanted: Wanted) -> Some:
    rows, total = listing.page(session, wanted, MOST)
    return Some(_ahead(session, rows), total)


def _ahead(session: Session, rows: Rows) -> list[Ahead]:
    parts = deliveries.parts_of(session, [delivery.id for delivery, _, _ in rows])
    return [
        Ahead(
            post=f"P{post.id}",
            account=account.name,
            due_at=delivery.due_at,
            stands=words.state(delivery.state, delivery.holds),
            reason=delivery.reason,
            text=_opening(parts[delivery.id]),
        )
        for delivery, account, post in rows
    ]


def _opening(parts: Sequence[Part]) -> str:
    return words.excerpt(parts[0].text if parts else "", OPENING)


def articles_of(session: Session, since: datetime, until: datetime) -> list[FeedWeek]:
    """Each feed that brought something in that time, or of which something lapsed in it."""
    names = {row.id: row.name for row in feeds.all_of(session)}
    decided = articles.decided_since(session, since, until)
    lapsed = articles.lapsed_between(session, since, until)
    by_name = {names[key]: counts for key, counts in decided.items() if key in names}
    return [
        _feed(name, by_name.get(name, {}), lapsed.get(name, 0))
        for name in sorted({*by_name, *lapsed})
    ]


def _feed(name: str, counts: dict[str, int], lapsed: int) -> FeedWeek:
    told = {column: counts.get(decision, 0) for decision, column in BECAME.items()}
    new = sum(counts.values())
    # What has lapsed since had waited for its review; it is told of in the week it lapsed.
    told["to_review"] += counts.get(LAPSED, 0)
    return FeedWeek(name, new=new, left_out=new - sum(told.values()), lapsed=lapsed, **told)


def followers(session: Session, week: Week) -> list[Followers]:
    """Each Account that was counted in the week, beside the week before."""
    names = {row.id: row.name for row in accounts.all_of(session)}
    now: dict[str, int] = {}
    before: dict[str, int] = {}
    days = engagement.accounts_on_days(session, week.before.monday, week.after.monday)
    for row in days:
        if row.followers is not None and row.account_id in names:
            side = now if row.day >= week.monday else before
            side[names[row.account_id]] = row.followers
    return [Followers(name, count, before.get(name)) for name, count in sorted(now.items())]
