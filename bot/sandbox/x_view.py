"""A post and a profile as X gives them on reads: only the fields asked for.

Field names from https://docs.x.com/x-api/fundamentals/fields and .../metrics, read 2026-11-23
through the fact sheet. Private metrics exist for 30 days; later they turn into an entry of
`errors` and the post comes without them.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from bot.sandbox.ledger import Entry
from bot.sandbox.world import World
from bot.sandbox.x_problems import not_authorized
from bot.sandbox.x_text import Shown, show

PRIVATE_SECONDS = 30 * 86_400
PRIVATE = ("non_public_metrics", "organic_metrics")


class Seen(NamedTuple):
    """One post about to be drawn."""

    world: World
    entry: Entry
    shown: Shown


Field = Callable[[Seen], Any]


def stamp(when: datetime) -> str:
    """A time as X writes it; X knows no finer than a second."""
    return when.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def shown(world: World, entry: Entry) -> Shown:
    """The post's text as X shows it; pictures add a link of their own at the end."""
    media_link = None
    if entry.media:
        username = world.accounts.x_username
        media_link = f"https://x.com/{username}/status/{entry.remote_id}/photo/1"
    return show(entry.text, world.seed, entry.remote_id, media_link)


def _repost_name(world: World) -> str:
    return "repost_count" if world.switches.metric_names == "new" else "retweet_count"


def _public(seen: Seen) -> dict[str, int]:
    counts = seen.world.counts(seen.entry)
    return {
        _repost_name(seen.world): counts.reposts,
        "reply_count": counts.replies,
        "like_count": counts.likes + counts.loves,
        "quote_count": counts.quotes,
        "bookmark_count": counts.bookmarks,
        "impression_count": counts.views,
    }


def _non_public(seen: Seen) -> dict[str, int]:
    counts = seen.world.counts(seen.entry)
    return {
        "impression_count": counts.views,
        "url_link_clicks": counts.link_clicks,
        "user_profile_clicks": counts.profile_clicks,
        "engagements": counts.engagements,
    }


def _organic(seen: Seen) -> dict[str, int]:
    counts = seen.world.counts(seen.entry)
    return {
        "impression_count": counts.views,
        "like_count": counts.likes + counts.loves,
        "reply_count": counts.replies,
        _repost_name(seen.world): counts.reposts,
        "url_link_clicks": counts.link_clicks,
        "user_profile_clicks": counts.profile_clicks,
    }


def _conversation(seen: Seen) -> str:
    """The id of the first post of the thread."""
    entry = seen.entry
    while entry.reply_to:
        parent = seen.world.ledger.get("x", entry.reply_to)
        if parent is None:
            return entry.reply_to
        entry = parent
    return entry.remote_id


def _referenced(seen: Seen) -> list[dict[str, str]] | None:
    reply_to = seen.entry.reply_to
    return [{"type": "replied_to", "id": reply_to}] if reply_to else None


def _attachments(seen: Seen) -> dict[str, list[str]] | None:
    media = seen.entry.media
    return {"media_keys": [f"3_{part.media_id}" for part in media]} if media else None


def _nothing(_: Seen) -> None:
    return None


FIELDS: dict[str, Field] = {
    "id": lambda seen: seen.entry.remote_id,
    "text": lambda seen: seen.shown.text,
    "author_id": lambda seen: seen.world.accounts.x_user_id,
    "created_at": lambda seen: stamp(seen.entry.accepted_at),
    "entities": lambda seen: seen.shown.entities or None,
    "public_metrics": _public,
    "non_public_metrics": _non_public,
    "organic_metrics": _organic,
    "conversation_id": _conversation,
    "referenced_tweets": _referenced,
    "referenced_posts": _referenced,
    "in_reply_to_user_id": lambda seen: (
        seen.world.accounts.x_user_id if seen.entry.reply_to else None
    ),
    "attachments": _attachments,
    "lang": lambda _: "en",
    "possibly_sensitive": lambda _: False,
    "reply_settings": lambda seen: seen.entry.extra.get("reply_settings", "everyone"),
    "edit_history_tweet_ids": lambda seen: [seen.entry.remote_id],
    "edit_history_post_ids": lambda seen: [seen.entry.remote_id],
    # Real fields that this simulation has nothing to say about.
    "article": _nothing,
    "card_uri": _nothing,
    "community_id": _nothing,
    "context_annotations": _nothing,
    "display_text_range": _nothing,
    "edit_controls": _nothing,
    "geo": _nothing,
    "media_metadata": _nothing,
    "note_post": _nothing,
    "note_tweet": _nothing,
    "promoted_metrics": _nothing,
    "scopes": _nothing,
    "source": _nothing,
    "withheld": _nothing,
}


def history_name(world: World) -> str:
    """The name of the edit history in this world's spec version."""
    new = world.switches.metric_names == "new"
    return "edit_history_post_ids" if new else "edit_history_tweet_ids"


def view(
    world: World, entry: Entry, fields: list[str], errors: list[dict[str, Any]]
) -> dict[str, Any]:
    """One post; what may not be shown is added to `errors`."""
    wanted = dict.fromkeys(["id", "text", history_name(world), *fields])
    if world.age_seconds(entry) > PRIVATE_SECONDS:
        for name in PRIVATE:
            if name in wanted:
                del wanted[name]
                errors.append(not_authorized(entry.remote_id, name))
    seen = Seen(world, entry, shown(world, entry))
    values = {name: FIELDS[name](seen) for name in wanted}
    return {name: value for name, value in values.items() if value is not None}


def view_me(world: World, fields: list[str]) -> dict[str, Any]:
    """The one profile, with the fields asked for."""
    accounts = world.accounts
    known: dict[str, Any] = {
        "id": accounts.x_user_id,
        "name": accounts.x_name,
        "username": accounts.x_username,
        "created_at": "2024-01-01T00:00:00.000Z",
        "description": accounts.x_description,
        "entities": None,
        "location": "",
        "pinned_tweet_id": accounts.x_pinned_id,
        "pinned_post_id": accounts.x_pinned_id,
        "profile_image_url": "",
        "protected": False,
        "public_metrics": {
            "followers_count": 3_482,
            "following_count": 120,
            "tweet_count": len(world.ledger.posts("x")),
            "listed_count": 17,
        },
        "subscription_type": accounts.x_subscription_type,
        "url": "",
        "verified": accounts.x_verified_type != "none",
        "verified_type": accounts.x_verified_type,
    }
    wanted = dict.fromkeys(["id", "name", "username", *fields])
    return {name: known[name] for name in wanted if known.get(name) is not None}
