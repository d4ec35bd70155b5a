"""Reads the Page's published posts, page by page.

Facebook may list them in an order of its own and bounds a query by time as it pleases, so the list
is read to its end and filtered here. Only the cursor of a page's `next` is used, never its address.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bot.platforms.contract import Seen, Unreadable
from bot.platforms.facebook.classify import POST_ID, WEB_ADDRESS, post_url
from bot.platforms.facebook.reading import Declined, Read
from bot.platforms.replies import every_row, moment, rows, table, words

FIELDS = (
    "id,created_time,message,permalink_url,is_published,application{id},"
    "attachments{unshimmed_url,target{url}}"
)
PAGE_SIZE = 100
MOST_PAGES = 100
# Facebook answers code 1, "please reduce the amount of data", where a page is too much for it.
TOO_MUCH_AT_ONCE, SMALLEST_PAGE = 1, 25
SINCE_SLACK = timedelta(minutes=2)

Ask = Callable[[dict[str, Any]], Read]
Posts = tuple[Mapping[str, Any], ...]


def read_published(ask: Ask, since: datetime, app_id: str) -> tuple[Seen, ...] | Unreadable:
    """Our posts since a time; `ask` sends one query, `app_id` is our own Meta app's, or empty."""
    posts = _read_pages(ask, since)
    if isinstance(posts, Unreadable):
        return posts
    found = [seen(post, app_id) for post in posts]
    known = [one for one in found if one is not None]
    if len(known) < len(found):
        return Unreadable("Facebook's list has a post that cannot be understood.")
    # Facebook's times have whole seconds, so a post of this very second may look older.
    floor = since.replace(microsecond=0)
    return tuple(one for one in known if one.created_at >= floor)


def _read_pages(ask: Ask, since: datetime) -> Posts | Unreadable:
    found: list[Mapping[str, Any]] = []
    cursors: list[str] = []
    start = int((since.astimezone(UTC) - SINCE_SLACK).timestamp())
    query: dict[str, Any] = {"fields": FIELDS, "limit": PAGE_SIZE, "since": start}
    while len(cursors) < MOST_PAGES:
        body = _ask_smaller(ask, query)
        if isinstance(body, Unreadable):
            return body
        posts = every_row(body.get("data"))
        if posts is None:
            return Unreadable("Facebook's list of posts cannot be understood.")
        found += posts
        paging = table(body.get("paging"))
        if not paging.get("next"):
            return tuple(found)
        cursor = next_cursor(paging)
        if not cursor:
            return Unreadable("Facebook's list of posts stops before its end.")
        if cursor in cursors:
            return Unreadable("Facebook's list of posts turns in a circle.")
        cursors.append(cursor)
        query["after"] = cursor
    return Unreadable("Facebook's list of posts does not end.")


def _ask_smaller(ask: Ask, query: dict[str, Any]) -> Mapping[str, Any] | Unreadable:
    """One page, asked for in smaller pieces while Facebook says that it is too much for it."""
    body = ask(query)
    while isinstance(body, Declined) and body.fault.code == TOO_MUCH_AT_ONCE:
        if query["limit"] <= SMALLEST_PAGE:
            break
        query["limit"] //= 2
        body = ask(query)
    return body.why if isinstance(body, Declined) else body


def next_cursor(paging: Mapping[str, Any]) -> str:
    """Where the next page begins; nothing where Facebook names a page but no place."""
    cursor = words(table(paging.get("cursors")).get("after"))
    try:
        asked = parse_qs(urlsplit(words(paging.get("next"))).query)
    except ValueError:
        return cursor
    return cursor or asked.get("after", [""])[0]


def seen(post: Mapping[str, Any], app_id: str = "") -> Seen | None:
    """One raw post; None when it lacks what is needed to recognise it."""
    remote_id, created_at = words(post.get("id")), moment(post.get("created_time"))
    if POST_ID.fullmatch(remote_id) is None or created_at is None:
        return None
    url = words(post.get("permalink_url"))
    made_by = table(post.get("application")).get("id")
    attached = rows(table(post.get("attachments")).get("data"))
    # `url` is a shim of Facebook's own; only `unshimmed_url` is the link that was sent.
    links = (words(attachment.get("unshimmed_url")) for attachment in attached)
    return Seen(
        remote_id=remote_id,
        url=url if WEB_ADDRESS.fullmatch(url) else post_url(remote_id),
        text=words(post.get("message")),
        created_at=created_at,
        link=next((link for link in links if link), None),
        # Posts of some apps and of people come without the field: then nothing is known.
        by_other_app=bool(app_id) and words(made_by) not in {"", app_id},
    )
