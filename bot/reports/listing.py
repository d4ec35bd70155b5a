"""Lists of posts on accounts as plain data, for the pages: one entry a Delivery, with its Post.

However many lists a page shows, what belongs to their rows is asked for once.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from bot.clock import iso
from bot.model.account import Account
from bot.model.delivery import Delivery, Part, State
from bot.model.engagement import Tally
from bot.model.post import Post
from bot.reports.queue import counts_of, row
from bot.store import deliveries, engagement, posts
from bot.store.engine import Session
from bot.store.listing import Rows

Entry = dict[str, Any]


def entries(session: Session, *lists: Rows, counted: bool = False) -> list[list[Entry]]:
    """Each list as entries; with `counted`, each with the newest counts of what is out."""
    rows = [found for one in lists for found in one]
    ids = [delivery.id for delivery, _, _ in rows]
    parts = _counted(session, ids) if counted else _plain(session, ids)
    labels = posts.labels_of(session, {post.id for _, _, post in rows})
    return [
        [
            _entry(delivery, account, post, parts[delivery.id], labels[post.id])
            for delivery, account, post in one
        ]
        for one in lists
    ]


Parts = Sequence[tuple[Part, Tally | None]]


def _counted(session: Session, ids: Iterable[int]) -> dict[int, Parts]:
    return dict(engagement.counted_parts(session, list(ids)))


def _plain(session: Session, ids: Iterable[int]) -> dict[int, Parts]:
    found = deliveries.parts_of(session, list(ids))
    return {key: [(part, None) for part in parts] for key, parts in found.items()}


def _entry(
    delivery: Delivery, account: Account, post: Post, parts: Parts, labels: Sequence[str]
) -> Entry:
    return {
        **row(delivery, account, [part for part, _ in parts]),
        "id": post.id,
        "campaign": post.campaign,
        "labels": labels,
        "author": post.author,
        "by_hand": delivery.by_hand,
        "written_by": post,
        "timing": delivery.timing,
        "slot_start": delivery.slot_start,
        "at": iso(delivery.sent_at if delivery.state == State.SENT else delivery.due_at),
        "sent_at": iso(delivery.sent_at),
        "gone_at": iso(delivery.gone_at),
        "counts": counts_of([snapshot for _, snapshot in parts if snapshot is not None]),
    }
