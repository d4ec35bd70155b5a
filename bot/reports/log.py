"""The engagement log as plain data, and as CSV that a spreadsheet opens safely."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.clock import iso
from bot.model.account import Account
from bot.model.delivery import Delivery
from bot.reports.queue import COUNTS, counts_of
from bot.store import deliveries, engagement, posts
from bot.store.engine import Session

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
    "text",
)
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")


def rows(
    session: Session,
    *,
    since: datetime | None = None,
    account: str | None = None,
    label: str | None = None,
    campaign: str | None = None,
    history: bool = False,
) -> list[dict[str, Any]]:
    """One row a sent Delivery with its newest counts; with `history`, one a Snapshot."""
    found = engagement.log_rows(
        session, since=since, account=account, label=label, campaign=campaign
    )
    ids = [delivery.id for delivery, _, _ in found]
    labels = posts.labels_of(session, {post.id for _, post, _ in found})
    parts = deliveries.parts_of(session, ids)
    newest = engagement.newest(session, ids) if not history else {}
    log: list[dict[str, Any]] = []
    for delivery, post, owner in found:
        base = _base(delivery, owner, parts[delivery.id])
        tail = {
            "campaign": post.campaign,
            "labels": labels[post.id],
            "gone_at": iso(delivery.gone_at),
            "state": delivery.state,
            "text": "\n\n".join(part.text for part in parts[delivery.id]),
        }
        for taken_at, snapshots in _readings(session, delivery, newest, history):
            log.append({**base, "taken_at": iso(taken_at), **counts_of(snapshots), **tail})
    return log


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


def _readings(
    session: Session, delivery: Delivery, newest: dict[int, Any], history: bool
) -> list[tuple[datetime | None, list[Any]]]:
    if not history:
        pairs = newest.get(delivery.id, [])
        taken = max((snapshot.taken_at for _, snapshot in pairs), default=None)
        return [(taken, [snapshot for _, snapshot in pairs])]
    by_time: dict[datetime, list[Any]] = {}
    for _, snapshot in engagement.history(session, [delivery.id]):
        by_time.setdefault(snapshot.taken_at, []).append(snapshot)
    return list(by_time.items())


def as_csv(log: Sequence[Mapping[str, Any]], columns: Sequence[str] = COLUMNS) -> str:
    """RFC 4180, every cell quoted; what a spreadsheet would take for a formula is made text."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(columns)
    for row in log:
        writer.writerow([_cell(row[name]) for name in columns])
    return out.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    text = ", ".join(value) if isinstance(value, list) else str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text
