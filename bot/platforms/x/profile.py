"""Reads what X says about our own account: who it is, what it may do, what its profile shows."""

from collections.abc import Mapping
from typing import Any

from bot.platforms.contract import AccountCounts, Health, Unreadable
from bot.platforms.replies import json_object, rows, server_date, table, whole, words
from bot.platforms.x.answers import READ_ONLY
from bot.platforms.x.prices import POST_READ, USER_READ
from bot.wire import Reply

USER_FIELDS = ("description", "pinned_tweet_id", "subscription_type", "verified_type")
WRONG_ACCOUNT = (
    "X says these keys belong to another account than the access token names. "
    "Put the four keys of one account into the settings."
)


def read_profile(reply: Reply, expected_id: str | None) -> Health:
    """The account's health from the reply to the question who we are."""
    body = json_object(reply.body)
    user = table(None if body is None else body.get("data"))
    remote_id = words(user.get("id"))
    if body is None or not remote_id.isdigit():
        return Health(
            ok=False, problem="X's answer about the account cannot be understood. Ask again later."
        )
    # The header is a hint that X sends on most replies; its absence says nothing.
    may_write = reply.headers.get("x-access-level", "").strip().lower() != "read"
    known = expected_id in {None, remote_id}
    return Health(
        ok=known and may_write,
        problem="" if known and may_write else WRONG_ACCOUNT if may_write else str(READ_ONLY),
        remote_id=remote_id,
        name=words(user.get("username")) or None,
        missing_scopes=() if may_write else ("write",),
        bio=words(user.get("description")) or None,
        pinned=_pinned(body, user),
        server_date=server_date(reply.headers),
        cost=USER_READ + POST_READ * len(_included(body)),
    )


def account_counts(reply: Reply) -> AccountCounts | Unreadable:
    """The account's own counts; X tells nobody how often a profile was opened."""
    user = table((json_object(reply.body) or {}).get("data"))
    if not words(user.get("id")).isdigit():
        return Unreadable("X's counts of the account cannot be understood.")
    public = table(user.get("public_metrics"))
    posts = public["post_count"] if "post_count" in public else public.get("tweet_count")
    return AccountCounts(
        followers=whole(public.get("followers_count")), posts=whole(posts), cost=USER_READ
    )


def _pinned(body: Mapping[str, Any], user: Mapping[str, Any]) -> str | None:
    """The pinned post's text where X sends it along, else its id."""
    pinned_id = words(user.get("pinned_tweet_id") or user.get("pinned_post_id"))
    texts = (words(post.get("text")) for post in _included(body) if post.get("id") == pinned_id)
    return next(texts, "") or pinned_id or None


def _included(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    includes = table(body.get("includes"))
    return list(rows(includes.get("tweets")) or rows(includes.get("posts")))
