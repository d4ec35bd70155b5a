"""Facebook's insights, by metric name: the ones alive in 2026, and nothing for the retired.

Names from https://developers.facebook.com/documentation/pages-api/platforminsights/page and the
probe of a real Page in the fact sheet, read 2026-11-23. One name that is not alive fails the whole
call, as on Facebook; a small Page gets an empty list.
"""

from collections.abc import Callable
from typing import Any

from bot.sandbox.engagement import Counts
from bot.sandbox.graph_errors import RefusalError, bad_parameter
from bot.sandbox.ledger import Entry
from bot.sandbox.world import World

Metric = Callable[[Counts], Any]


def _clicks_by_type(counts: Counts) -> dict[str, int]:
    parts = {"link clicks": counts.link_clicks, "other clicks": counts.profile_clicks}
    return {name: number for name, number in parts.items() if number}


def _reactions(counts: Counts) -> dict[str, int]:
    parts = {"like": counts.likes, "love": counts.loves}
    return {name: number for name, number in parts.items() if number}


def _actions(counts: Counts) -> dict[str, int]:
    parts = {
        "like": counts.likes + counts.loves,
        "comment": counts.replies,
        "share": counts.reposts,
    }
    return {name: number for name, number in parts.items() if number}


def _none(_: Counts) -> int:
    return 0


POST_METRICS: dict[str, Metric] = {
    "post_media_view": lambda counts: counts.views,
    "post_total_media_view_unique": lambda counts: counts.viewers,
    "post_clicks": lambda counts: counts.link_clicks + counts.profile_clicks,
    "post_clicks_by_type": _clicks_by_type,
    "post_reactions_by_type_total": _reactions,
    "post_reactions_like_total": lambda counts: counts.likes,
    "post_reactions_love_total": lambda counts: counts.loves,
    "post_reactions_wow_total": _none,
    "post_reactions_haha_total": _none,
    "post_reactions_sorry_total": _none,
    "post_reactions_anger_total": _none,
    "post_activity_by_action_type": _actions,
    "post_activity_by_action_type_unique": _actions,
    "post_video_views": _none,
}

PAGE_METRICS = (
    "page_follows",
    "page_media_view",
    "page_total_media_view_unique",
    "page_post_engagements",
    "page_daily_follows",
    "page_daily_follows_unique",
    "page_daily_unfollows_unique",
    "page_views_total",
    "page_total_actions",
)


def _names(metric: str, alive: Any) -> list[str]:
    names = [name.strip() for name in metric.split(",") if name.strip()]
    if not names:
        raise RefusalError(3001, "(#3001) No metric was specified.", subcode=1504028)
    if any(name not in alive for name in names):
        raise bad_parameter("The value must be a valid insights metric")
    return names


def _row(node: str, name: str, period: str, value: Any) -> dict[str, Any]:
    title = name.replace("_", " ").capitalize()
    return {
        "name": name,
        "period": period,
        "values": [{"value": value}],
        "title": title,
        "description": f"{title} (simulated).",
        "id": f"{node}/insights/{name}/{period}",
    }


def post_insights(world: World, entry: Entry, metric: str) -> dict[str, Any]:
    """The insights of one post."""
    names = _names(metric, POST_METRICS)
    if world.switches.small_page:
        return {"data": []}
    counts = world.counts(entry)
    rows = [_row(entry.remote_id, name, "lifetime", POST_METRICS[name](counts)) for name in names]
    return {"data": rows, "paging": {}}


def page_insights(world: World, metric: str) -> dict[str, Any]:
    """The Page's own insights: sums over its posts, and its followers."""
    names = _names(metric, PAGE_METRICS)
    if world.switches.small_page:
        return {"data": []}
    counts = [world.counts(entry) for entry in world.ledger.posts("facebook")]
    sums = {
        "page_follows": world.accounts.page_followers,
        "page_media_view": sum(one.views for one in counts),
        "page_total_media_view_unique": sum(one.viewers for one in counts),
        "page_post_engagements": sum(one.engagements for one in counts),
        "page_total_actions": sum(one.link_clicks for one in counts),
    }
    page_id = world.accounts.page_id
    return {"data": [_row(page_id, name, "day", sums.get(name, 0)) for name in names], "paging": {}}
