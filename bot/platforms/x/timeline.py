"""Reads our own timeline on X, page by page, and gives each post the words that were sent.

X shortens links to t.co, escapes three characters and moves the tail of a long post elsewhere; all
of it is undone here. A page that cannot be read makes the whole reading Unreadable.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from bot.platforms.contract import Seen, Unreadable
from bot.platforms.replies import every_row, json_object, moment, rows, table, whole, words
from bot.platforms.x.classify import POST_ID, post_url
from bot.wire import Reply

PAGE_SIZE = 100
# X lists at most 3,200 posts of an account.
MOST_PAGES = 33
READ_FIELDS = ("created_at", "entities", "referenced_tweets", "note_tweet", "text")

Ask = Callable[[dict[str, Any]], Reply | Unreadable]


Posts = tuple[Mapping[str, Any], ...]


def read_pages(ask: Ask, asked: dict[str, Any]) -> Posts | Unreadable:
    """Every raw post of a timeline query; `ask` sends one query and gives back its 200 reply."""
    found: list[Mapping[str, Any]] = []
    tokens: list[str] = []
    while len(tokens) < MOST_PAGES:
        query = {**asked, "max_results": PAGE_SIZE}
        reply = ask({**query, "pagination_token": tokens[-1]} if tokens else query)
        if isinstance(reply, Unreadable):
            return reply
        page = _page(json_object(reply.body) or {})
        if page is None:
            return Unreadable("X's list of posts cannot be understood.")
        posts, token = page
        found += posts
        if token is None:
            return tuple(found)
        if token in tokens:
            return Unreadable("X's list of posts turns in a circle.")
        tokens.append(token)
    return Unreadable("X's list of posts does not end.")


def _page(body: Mapping[str, Any]) -> tuple[list[dict[str, Any]], str | None] | None:
    """One page's posts and where the next begins; None unless it is whole."""
    meta = table(body.get("meta"))
    count = whole(meta.get("result_count"))
    # An empty timeline has no `data` at all, only `meta` with a count of zero.
    posts = every_row(body["data"]) if "data" in body else [] if count == 0 else None
    token = meta.get("next_token")
    if posts is None or len(posts) < (count or 0) or not isinstance(token, str | None):
        return None
    return posts, token or None


def seen_since(posts: Posts, since: datetime) -> tuple[Seen, ...] | Unreadable:
    """The posts as Seen; a post that cannot be recognised might be the one looked for."""
    found = [seen(post) for post in posts if not _is_repost(post)]
    known = [one for one in found if one is not None]
    if len(known) < len(found):
        return Unreadable("X's list has a post that cannot be understood.")
    # X's times have whole seconds, so a post of this very second may look older than it is.
    floor = since.replace(microsecond=0)
    return tuple(one for one in known if one.created_at >= floor)


def seen(post: Mapping[str, Any]) -> Seen | None:
    """One raw post with its links, characters and tail restored."""
    remote_id, created_at = words(post.get("id")), moment(post.get("created_at"))
    if POST_ID.fullmatch(remote_id) is None or created_at is None or "text" not in post:
        return None
    replied = next((r for r in _references(post) if r.get("type") == "replied_to"), {})
    text, links = _written(post)
    return Seen(
        remote_id=remote_id,
        url=post_url(remote_id),
        text=text,
        created_at=created_at,
        link=links[-1] if links else None,
        reply_to=words(replied.get("id")) or None,
    )


def _written(post: Mapping[str, Any]) -> tuple[str, list[str]]:
    long = table(post.get("note_tweet") or post.get("note_post"))
    source = long if words(long.get("text")) else post
    text, own_media = words(source.get("text")), f"/status/{post['id']}/"
    # Only these three are escaped, `&` last; a general unescape would also eat what people wrote.
    for escaped, plain in (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(escaped, plain)
    links = []
    for entity in rows(table(source.get("entities")).get("urls")):
        short = words(entity.get("url"))
        full = words(entity.get("expanded_url"))
        # A picture adds a link to the post itself, which nobody wrote.
        is_picture = "media_key" in entity or own_media in full
        if short and full:
            text = text.replace(short, "" if is_picture else full)
        links += [full] if full and not is_picture else []
    return text.rstrip(), links


def _references(post: Mapping[str, Any]) -> list[dict[str, Any]]:
    return rows(post.get("referenced_tweets")) or rows(post.get("referenced_posts"))


def _is_repost(post: Mapping[str, Any]) -> bool:
    return any(r.get("type") in {"retweeted", "reposted"} for r in _references(post))


def stamp(when: datetime) -> str:
    """A time as X's queries take it: UTC, whole seconds, rounded down."""
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
