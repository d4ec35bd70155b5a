"""Engagement counts from X, cheapest way first.

Reading our own timeline costs a fifth of looking posts up, so posts are read in windows of it; only
what a window does not show is looked up, which also tells whether it is gone. What X does not say
stays None.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from bot.platforms.contract import Counts, CountsRead, Unreadable
from bot.platforms.replies import json_object, rows, table, whole, words
from bot.platforms.x.prices import OWN_POST_READ, POST_READ
from bot.platforms.x.timeline import Posts, read_pages, stamp
from bot.wire import Reply

PRIVATE_FOR = timedelta(days=30)
# Posts further apart than this are read in windows of their own.
LARGEST_GAP = timedelta(minutes=30)
# More than this many at once (a whole history) are read in wide windows: X limits how often it is
# asked, and nearly all that such a window lists is wanted.
MANY = 100
LARGEST_GAP_OF_MANY = timedelta(days=7)
# A post exists at X before its time is noted here: by a whole request, and by skewed clocks.
BEFORE, AFTER = timedelta(minutes=5), timedelta(minutes=2)
# X refuses an end_time nearer to now than ten seconds.
END_MARGIN = timedelta(seconds=60)
LOOKUP_SIZE = 100
PUBLIC, PRIVATE = "public_metrics", "non_public_metrics"

# Ours, then X's names for it; the newer name is used by its specification from 2.167 on.
PUBLIC_NAMES = {
    "views": ("impression_count",),
    "likes": ("like_count",),
    "comments": ("reply_count",),
    "shares": ("retweet_count", "repost_count"),
    "quotes": ("quote_count",),
    "bookmarks": ("bookmark_count",),
}
PRIVATE_NAMES = {
    "link_clicks": ("url_link_clicks",),
    "profile_clicks": ("user_profile_clicks",),
    "engagements": ("engagements",),
}

Ask = Callable[[dict[str, Any]], Reply | Unreadable]


@dataclass(slots=True)
class _Reading:
    counts: dict[str, Counts] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    billed: dict[str, Decimal] = field(default_factory=dict)
    trouble: Unreadable | None = None

    def take(self, posts: Posts, wanted: Mapping[str, datetime], price: Decimal) -> None:
        for post in posts:
            remote_id = words(post.get("id"))
            self.billed[remote_id] = max(price, self.billed.get(remote_id, price))
            if remote_id in wanted:
                self.counts[remote_id] = counts_of(post)


def read_counts(
    sent_at_by_id: Mapping[str, datetime], now: datetime, ask_timeline: Ask, ask_posts: Ask
) -> CountsRead | Unreadable:
    """Counts of these posts; what was read before a trouble is kept, with what it cost."""
    reading = _Reading()
    for window in windows(sent_at_by_id, now):
        if reading.trouble is None:
            _read_window(reading, window, sent_at_by_id, ask_timeline)
    missing = [one for one in sent_at_by_id if one not in reading.counts]
    for start in range(0, len(missing), LOOKUP_SIZE):
        if reading.trouble is None:
            _look_up(reading, missing[start : start + LOOKUP_SIZE], sent_at_by_id, ask_posts)
    if reading.trouble is not None and not reading.billed:
        return reading.trouble
    known = reading.counts.keys() | reading.gone
    unread = sent_at_by_id.keys() - known if reading.trouble is not None else ()
    return CountsRead(reading.counts, frozenset(reading.gone), reading.billed, frozenset(unread))


def windows(sent_at_by_id: Mapping[str, datetime], now: datetime) -> Iterator[dict[str, str]]:
    """Timeline queries that cover the posts, few others, and private counts while X has them."""
    times = sorted(sent_at_by_id.values())
    largest_gap = LARGEST_GAP if len(times) <= MANY else LARGEST_GAP_OF_MANY
    while times:
        first, end = times[0], 1
        # A window is all young or all old: asking for private counts of an old post is an error.
        young = _is_young(first, now)
        while (
            end < len(times)
            and times[end] - times[end - 1] <= largest_gap
            and _is_young(times[end], now) is young
        ):
            end += 1
        query = {
            "start_time": stamp(first - BEFORE),
            "tweet_fields": f"{PUBLIC},{PRIVATE}" if young else PUBLIC,
        }
        last = times[end - 1] + AFTER
        if last < now - END_MARGIN:
            query["end_time"] = stamp(last)
        yield query
        times = times[end:]


def _is_young(sent_at: datetime, now: datetime) -> bool:
    return sent_at - BEFORE > now - PRIVATE_FOR


def _read_window(
    reading: _Reading, window: dict[str, str], wanted: Mapping[str, datetime], ask: Ask
) -> None:
    posts = read_pages(ask, dict(window))
    if isinstance(posts, Unreadable) and posts.until is None and PRIVATE in window["tweet_fields"]:
        posts = read_pages(ask, {**window, "tweet_fields": PUBLIC})
    if isinstance(posts, Unreadable):
        reading.trouble = posts
        return
    reading.take(posts, wanted, OWN_POST_READ)


def _look_up(reading: _Reading, ids: list[str], wanted: Mapping[str, datetime], ask: Ask) -> None:
    reply = ask({"ids": ids, "tweet_fields": PUBLIC})
    body = None if isinstance(reply, Unreadable) else json_object(reply.body)
    if isinstance(reply, Unreadable) or body is None:
        reading.trouble = (
            reply
            if isinstance(reply, Unreadable)
            else Unreadable("X's counts cannot be understood.")
        )
        return
    reading.take(tuple(rows(body.get("data"))), wanted, POST_READ)
    missing = {
        words(error.get("resource_id")) for error in rows(body.get("errors")) if _gone(error)
    }
    reading.gone |= missing & (set(ids) - set(reading.counts))


def _gone(error: Mapping[str, Any]) -> bool:
    return words(error.get("type")).rstrip("/").endswith("/resource-not-found")


def counts_of(post: Mapping[str, Any]) -> Counts:
    """One raw post's counts under our names."""
    public, private = table(post.get(PUBLIC)), table(post.get(PRIVATE))
    found = {ours: _first(public, theirs) for ours, theirs in PUBLIC_NAMES.items()}
    found |= {ours: _first(private, theirs) for ours, theirs in PRIVATE_NAMES.items()}
    return Counts(**found)


def _first(metrics: Mapping[str, Any], names: tuple[str, ...]) -> int | None:
    return next((whole(metrics[name]) for name in names if name in metrics), None)
