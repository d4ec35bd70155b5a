"""Lists of posts on accounts as plain data, for the pages: one entry a Delivery, with its Post."""

from typing import Any

from bot.clock import iso
from bot.reports.queue import counts_of, row
from bot.store import deliveries, engagement, listing, posts
from bot.store.engine import Session
from bot.store.listing import Wanted


def entries(session: Session, wanted: Wanted, limit: int, offset: int = 0) -> list[dict[str, Any]]:
    """One page of a list, with newest counts where it is out."""
    found = listing.found(session, wanted, limit, offset)
    ids = [delivery.id for delivery, _, _ in found]
    parts = deliveries.parts_of(session, ids)
    labels = posts.labels_of(session, {post.id for _, _, post in found})
    newest = engagement.newest(session, ids) if wanted.which == listing.OUT else {}
    return [
        {
            **row(delivery, account, parts[delivery.id]),
            "id": post.id,
            "campaign": post.campaign,
            "labels": labels[post.id],
            "author": post.author,
            "written_by": post,
            "timing": delivery.timing,
            "slot_start": delivery.slot_start,
            "sent_at": iso(delivery.sent_at),
            "gone_at": iso(delivery.gone_at),
            "counts": counts_of([snapshot for _, snapshot in newest.get(delivery.id, [])]),
        }
        for delivery, account, post in found
    ]
