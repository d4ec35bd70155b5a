"""A post and a profile as X gives them on reads: only the fields asked for.

Field names from https://docs.x.com/x-api/fundamentals/fields and .../metrics, read 2026-11-23
through the fact sheet. Private metrics exist for 30 days; later they turn into an entry of
`errors` and the post comes without them.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from bot.sandbox.ledger import Entry
from bot.sandbox.world import World
from bot.sandbox.x_problems import not_authorized
from bot.sandbox.x_text import Shown, show

PRIVATE_SECONDS = 30 * 86_400
PRIVATE = ("non_public_metrics", "organic_metrics")

Field = Callable[[World, Entry, Shown], Any]


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


def _public(world: World, entry: Entry, _: Shown) -> dict[str, int]:
    counts = world.counts(entry)
    return {
        _repost_name(world): counts.reposts,
        "reply_count": counts.replies,
        "like_count": counts.likes + counts.loves,
        "quote_count": counts.quotes,
        "bookmark_count": counts.bookmarks,
        "impression_count": counts.views,
    }


def _non_public(world: World, entry: Entry, _: Shown) -> dict[str, int]:
    counts = world.counts(entry)
    return {
        "impression_count": counts.views,
        "url_link_clicks": counts.link_clicks,
        "user_profile_clicks": counts.profile_clicks,
        "engagements": counts.engagements,
    }


def _organic(world: World, entry: Entry, _: Shown) -> dict[str, int]:
    counts = world.counts(entry)
    return {
        "impression_count": counts.views,
        "like_count": counts.likes + counts.loves,
        "reply_count": counts.replies,
        _repost_name(world): counts.reposts,
        "url_link_clicks": counts.link_clicks,
        "user_profile_clicks": counts.profile_clicks,
    }


def _conversation(world: World, entry: Entry, _: Shown) -> str:
    """The id of the first post of the thread."""
    while entry.reply_to:
        parent = world.ledger.get("x", entry.reply_to)
        if parent is None:
            return entry.reply_to
        entry = parent
    return entry.remote_id


def _referenced(_: World, entry: Entry, __: Shown) -> list[dict[str, str]] | None:
    return [{"type": "replied_to", "id": entry.reply_to}] if entry.reply_to else None


def _attachments(_: World, entry: Entry, __: Shown) -> dict[str, list[str]] | None:
    return {"media_keys": [f"3_{part.media_id}" for part in entry.media]} if entry.media else None


FIELDS: dict[str, Field] = {
    "id": lambda world, entry, shown: entry.remote_id,
    "text": lambda world, entry, shown: shown.text,
    "author_id": lambda world, entry, shown: world.accounts.x_user_id,
    "created_at": lambda world, entry, shown: stamp(entry.accepted_at),
    "entities": lambda world, entry, shown: shown.entities or None,
    "public_metrics": _public,
    "non_public_metrics": _non_public,
    "organic_metrics": _organic,
    "conversation_id": _conversation,
    "referenced_tweets": _referenced,
    "referenced_posts": _referenced,
    "in_reply_to_user_id": lambda world, entry, shown: (
        world.accounts.x_user_id if entry.reply_to else None
    ),
    "attachments": _attachments,
    "lang": lambda world, entry, shown: "en",
    "possibly_sensitive": lambda world, entry, shown: False,
    "reply_settings": lambda world, entry, shown: entry.extra.get("reply_settings", "everyone"),
    "edit_history_tweet_ids": lambda world, entry, shown: [entry.remote_id],
    "edit_history_post_ids": lambda world, entry, shown: [entry.remote_id],
    # Real fields that this simulation has nothing to say about.
    "article": lambda world, entry, shown: None,
    "card_uri": lambda world, entry, shown: None,
    "community_id": lambda world, entry, shown: None,
    "context_annotations": lambda world, entry, shown: None,
    "display_text_range": lambda world, entry, shown: None,
    "edit_controls": lambda world, entry, shown: None,
    "geo": lambda world, entry, shown: None,
    "media_metadata": lambda world, entry, shown: None,
    "note_post": lambda world, entry, shown: None,
    "note_tweet": lambda world, entry, shown: None,
    "promoted_metrics": lambda world, entry, shown: None,
    "scopes": lambda world, entry, shown: None,
    "source": lambda world, entry, shown: None,
    "withheld": lambda world, entry, shown: None,
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
    text = shown(world, entry)
    values = {name: FIELDS[name](world, entry, text) for name in wanted}
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
