"""The engagement log as plain data, and as CSV that a spreadsheet opens safely."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.clock import iso
from bot.model.account import Account
from bot.model.delivery import Delivery, Part
from bot.model.engagement import Snapshot, Tally
from bot.reports.queue import COUNTS, counts_of
from bot.store import engagement, logged, posts
from bot.store.engine import Session
from bot.store.logged import Sought

COLUMNS = (
    "post",
    "delivery",
    "account",
    "platform",
    "remote_id",
    "url",
    "sent_at",
    "taken_at",
    *COUNTS,
    "campaign",
    "labels",
    "gone_at",
    "state",
    "by_hand",
    "text",
    "reviewed_at",
    "review_note",
)
Row = dict[str, Any]
Reading = tuple[datetime | None, Sequence[Snapshot | Tally]]
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")


def rows(session: Session, **wanted: Any) -> list[Row]:
    """What `each` gives, all together."""
    return list(each(session, **wanted))


def each(
    session: Session,
    *,
    since: datetime | None = None,
    account: str | None = None,
    label: str | None = None,
    campaign: str | None = None,
    reviewed: bool | None = None,
    history: bool = False,
) -> Iterator[Row]:
    """One row a Delivery that is out, or half out, with its newest counts; or with `history`
    one a Snapshot.

    They come as they are read, so that years of them never lie in memory together.
    """
    sought = Sought(since=since, account=account, label=label, campaign=campaign, reviewed=reviewed)
    for found in logged.each(session, sought):
        yield from of_some(session, found, history=history)


def of_some(
    session: Session, found: Sequence[logged.Row], *, history: bool = False
) -> Iterator[Row]:
    """The rows of these, in their order."""
    ids = [delivery.id for delivery, _, _, _ in found]
    labels = posts.labels_of(session, {post.id for _, post, _, _ in found})
    counted = engagement.counted_parts(session, ids)
    for delivery, post, owner, review in found:
        parts = [part for part, _ in counted[delivery.id] if part.remote_id is not None]
        base = _base(delivery, owner, parts)
        tail = {
            "campaign": post.campaign,
            "labels": labels[post.id],
            "gone_at": iso(delivery.gone_at),
            "state": delivery.state,
            "by_hand": delivery.by_hand,
            "text": "\n\n".join(part.text for part in parts),
            "reviewed_at": iso(review.reviewed_at) if review else None,
            "review_note": review.note if review else None,
        }
        pairs = counted[delivery.id]
        for taken_at, snapshots in _history(session, delivery) if history else [_newest(pairs)]:
            yield {**base, "taken_at": iso(taken_at), **counts_of(snapshots), **tail}


def _base(delivery: Delivery, owner: Account, parts: Sequence[Any]) -> dict[str, Any]:
    return {
        "post": f"P{delivery.post_id}",
        "delivery": str(delivery.id),
        "account": owner.name,
        "platform": owner.platform,
        "remote_id": parts[0].remote_id,
        "url": parts[0].url,
        "sent_at": iso(delivery.sent_at),
    }


def _newest(pairs: Sequence[tuple[Part, Tally | None]]) -> Reading:
    snapshots = [snapshot for _, snapshot in pairs if snapshot is not None]
    return max((snapshot.taken_at for snapshot in snapshots), default=None), snapshots


def _history(session: Session, delivery: Delivery) -> list[tuple[datetime, list[Snapshot]]]:
    by_time: dict[datetime, list[Snapshot]] = {}
    for _, snapshot in engagement.history(session, [delivery.id]):
        by_time.setdefault(snapshot.taken_at, []).append(snapshot)
    return list(by_time.items())


def as_csv(log: Iterable[Mapping[str, Any]], columns: Sequence[str] = COLUMNS) -> str:
    """What `csv_lines` gives, all together."""
    return "".join(csv_lines(log, columns))


def csv_lines(log: Iterable[Mapping[str, Any]], columns: Sequence[str] = COLUMNS) -> Iterator[str]:
    """RFC 4180, every cell quoted; what a spreadsheet would take for a formula is made text."""
    yield _line(columns)
    for row in log:
        yield _line([_cell(row[name]) for name in columns])


def _line(cells: Sequence[str]) -> str:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow(cells)
    return out.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = ", ".join(value) if isinstance(value, list) else str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
