"""Nodes as the Graph API draws them: a post, a Page, a photo, with the fields asked for.

Fields from https://developers.facebook.com/docs/graph-api/reference/page-post, read 2026-11-23
through the fact sheet. `shares` is left out when there are none, as on Facebook. A field that
does not exist fails the call.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple
from urllib.parse import quote

from bot.sandbox.accounts import Accounts
from bot.sandbox.graph_errors import bad_parameter
from bot.sandbox.graph_fields import Wanted
from bot.sandbox.graph_insights import page_insights, post_insights
from bot.sandbox.ledger import Attached, Entry
from bot.sandbox.world import World


class Look(NamedTuple):
    """One field of one post about to be drawn."""

    world: World
    entry: Entry
    wanted: Wanted


Draw = Callable[[Look], Any]

REACTIONS = ("LIKE", "LOVE", "CARE", "HAHA", "WOW", "SAD", "ANGRY", "THANKFUL", "PRIDE")
DEFAULT_POST = [Wanted("created_time"), Wanted("message"), Wanted("id")]


def stamp(when: datetime) -> str:
    """A time as Facebook writes it, without a colon in the offset."""
    return when.strftime("%Y-%m-%dT%H:%M:%S+0000")


def permalink(entry: Entry) -> str:
    """Where the post would be on Facebook."""
    page_id, _, post_id = entry.remote_id.partition("_")
    return f"https://www.facebook.com/{page_id}/posts/{post_id}"


def _shares(look: Look) -> dict[str, int] | None:
    number = look.world.counts(look.entry).reposts
    return {"count": number} if number else None


def _reactions(look: Look) -> dict[str, Any]:
    counts = look.world.counts(look.entry)
    by_type = {"LIKE": counts.likes, "LOVE": counts.loves}
    kind = look.wanted.modifiers.get("type", "").upper()
    if kind and kind not in REACTIONS:
        raise bad_parameter("Param type must be a reaction type")
    number = by_type.get(kind, 0) if kind else sum(by_type.values())
    if "summary" not in look.wanted.modifiers:
        return {"data": []}
    return {"data": [], "summary": {"total_count": number, "viewer_reaction": "NONE"}}


def _comments(look: Look) -> dict[str, Any]:
    if "summary" not in look.wanted.modifiers:
        return {"data": []}
    number = look.world.counts(look.entry).replies
    return {"data": [], "summary": {"order": "ranked", "total_count": number, "can_comment": True}}


def _insights(look: Look) -> dict[str, Any]:
    return post_insights(look.world, look.entry, look.wanted.modifiers.get("metric", ""))


def _attachments(look: Look) -> dict[str, Any] | None:
    """The link card, or the pictures; `url` is Facebook's own redirect, as on Facebook."""
    drawn = [_link_card(look.entry.link)] if look.entry.link else _pictures(look.entry.media)
    if not drawn:
        return None
    names = [child.name for child in look.wanted.children] or ["media", "title", "type", "url"]
    return {"data": [{name: one[name] for name in names if name in one} for one in drawn]}


def _link_card(link: str) -> dict[str, Any]:
    shim = f"https://l.facebook.com/l.php?u={quote(link, safe='')}&h=AT0sandbox"
    return {
        "type": "share",
        "media_type": "link",
        "title": link,
        "url": shim,
        "unshimmed_url": link,
        "target": {"url": shim},
    }


def _pictures(media: tuple[Attached, ...]) -> list[dict[str, Any]]:
    drawn = [_picture(part) for part in media]
    if len(drawn) < 2:
        return drawn
    album = {**drawn[0], "type": "album", "media_type": "album"}
    return [{**album, "subattachments": {"data": drawn}}]


def _picture(part: Attached) -> dict[str, Any]:
    url = f"https://www.facebook.com/photo.php?fbid={part.media_id}"
    return {
        "type": "photo",
        "media_type": "photo",
        "description": part.alt,
        "url": url,
        "unshimmed_url": url,
        "target": {"id": part.media_id, "url": url},
    }


def _application(look: Look) -> Any:
    if look.entry.by_hand:
        return look.entry.extra.get("application")
    return {"id": look.world.accounts.app_id, "name": "Campaign bot", "namespace": "campaign_bot"}


def _nothing(_: Look) -> None:
    return None


POST_FIELDS: dict[str, Draw] = {
    "id": lambda look: look.entry.remote_id,
    "message": lambda look: look.entry.text or None,
    "created_time": lambda look: stamp(look.entry.accepted_at),
    "updated_time": lambda look: stamp(look.entry.accepted_at),
    "permalink_url": lambda look: permalink(look.entry),
    "is_published": lambda look: look.entry.published,
    "is_hidden": lambda _: False,
    "is_expired": lambda _: False,
    "status_type": lambda look: (
        "added_photos"
        if look.entry.media
        else "shared_story"
        if look.entry.link
        else "mobile_status_update"
    ),
    "from": lambda look: {
        "name": look.world.accounts.page_name,
        "id": look.world.accounts.page_id,
    },
    "admin_creator": _nothing,
    "application": _application,
    "attachments": _attachments,
    "comments": _comments,
    "full_picture": _nothing,
    "insights": _insights,
    "likes": _reactions,
    "parent_id": _nothing,
    "promotable_id": lambda look: look.entry.remote_id,
    "reactions": _reactions,
    "scheduled_publish_time": lambda look: look.entry.extra.get("scheduled_publish_time"),
    "shares": _shares,
    "story": _nothing,
}


def draw_post(world: World, entry: Entry, wanted: list[Wanted]) -> dict[str, Any]:
    """A post with the fields asked for, always with its id."""
    drawn: dict[str, Any] = {}
    for one in wanted or DEFAULT_POST:
        if one.name not in POST_FIELDS:
            raise bad_parameter(f"Tried accessing nonexisting field ({one.name})")
        value = POST_FIELDS[one.name](Look(world, entry, one))
        if value is not None:
            drawn[one.shown_as] = value
    return {**drawn, "id": entry.remote_id}


def page_token_for(accounts: Accounts, token: str) -> str | None:
    """The Page's token made from another, which ends as soon as that does."""
    if token in (accounts.brief_user_token, accounts.brief_page_token):
        return accounts.brief_page_token
    return accounts.page_token if token else None


def draw_page(world: World, wanted: list[Wanted], token: str) -> dict[str, Any]:
    """The Page with the fields asked for."""
    accounts = world.accounts
    known: dict[str, Any] = {
        "id": accounts.page_id,
        "name": accounts.page_name,
        "username": accounts.page_username,
        "about": accounts.page_about,
        "description": accounts.page_about,
        "bio": accounts.page_about,
        "category": "Political Organization",
        "link": f"https://www.facebook.com/{accounts.page_username}",
        "website": "",
        "fan_count": accounts.page_followers,
        "followers_count": accounts.page_followers,
        "is_published": True,
        "verification_status": "not_verified",
        "tasks": list(accounts.page_tasks),
        "access_token": page_token_for(accounts, token),
    }
    names = [one.name for one in wanted] or ["name", "id"]
    drawn: dict[str, Any] = {}
    for one in wanted:
        if one.name == "insights":
            drawn["insights"] = page_insights(world, one.modifiers.get("metric", ""))
        elif one.name not in known:
            raise bad_parameter(f"Tried accessing nonexisting field ({one.name})")
    picked = {name: known[name] for name in names if name in known}
    return {**drawn, **picked, "id": accounts.page_id}
