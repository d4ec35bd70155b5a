"""What stands beside the posts of a week: what needs a person, what comes, articles, followers."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.model.delivery import Part
from bot.reports import words
from bot.reports.weekly.facts import Ahead, FeedWeek, Followers, Some
from bot.reports.weekly.week import Week
from bot.store import articles, deliveries, engagement, listing
from bot.store.engine import Session
from bot.store.listing import AHEAD, NEEDS_A_PERSON, Rows, Wanted

MOST = 20
OPENING = 80
# What an Article's decision means to readers of a report; any other was left out by a rule.
BECAME = {"post": "queued", "review": "to_review", "refused": "refused"}
LAPSED = "lapsed"


def standing(
    session: Session, week: Week, zone: ZoneInfo, now: datetime, campaign: str | None
) -> tuple[Some, Some]:
    """What a person must see to, and what is due until the week after it ends."""
    since = max(now, week.start(zone))
    wanted = (
        Wanted(NEEDS_A_PERSON, campaign=campaign),
        Wanted(AHEAD, campaign=campaign, since=since, until=week.after.end(zone)),
    )
    (asked, in_all), (coming, coming_in_all) = (listing.page(session, one, MOST) for one in wanted)
    ids = [delivery.id for delivery, _, _ in (*asked, *coming)]
    parts = deliveries.parts_of(session, ids)
    return Some(_ahead(asked, parts), in_all), Some(_ahead(coming, parts), coming_in_all)


def due_between(session: Session, since: datetime, until: datetime, campaign: str | None) -> int:
    """How many posts were due in that time and are still not out."""
    wanted = Wanted(AHEAD, campaign=campaign, since=since, until=until)
    return listing.count(session, wanted)


def _ahead(rows: Rows, parts: Mapping[int, Sequence[Part]]) -> list[Ahead]:
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
    decided = articles.decided_between(session, since, until)
    lapsed = articles.lapsed_between(session, since, until)
    return [
        _feed(name, decided.get(name, {}), lapsed.get(name, 0))
        for name in sorted({*decided, *lapsed})
    ]


def _feed(name: str, counts: dict[str, int], lapsed: int) -> FeedWeek:
    told = {column: counts.get(decision, 0) for decision, column in BECAME.items()}
    new = sum(counts.values())
    # What has lapsed since had waited for its review; it is told of in the week it lapsed.
    told["to_review"] += counts.get(LAPSED, 0)
    return FeedWeek(name, new=new, left_out=new - sum(told.values()), lapsed=lapsed, **told)


def followers(session: Session, week: Week, names: Mapping[int, str]) -> list[Followers]:
    """Each Account that was counted in the week, beside the week before."""
    now: dict[str, int] = {}
    before: dict[str, int] = {}
    last = week.after.monday - timedelta(days=1)
    for row in engagement.account_days(session, list(names), week.before.monday, last):
        if row.followers is not None:
            side = now if row.day >= week.monday else before
            side[names[row.account_id]] = row.followers
    return [Followers(name, count, before.get(name)) for name, count in sorted(now.items())]
