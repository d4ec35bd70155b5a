"""A post's curve: every reading by age, and what each gained since the one before.

A count the Platform did not say breaks the curve there: its gain is unknown, never a fall to zero.
"""

from datetime import datetime
from itertools import groupby
from typing import Any

from bot.clock import iso
from bot.reports.queue import COUNTS, counts_of
from bot.store import figures
from bot.store.engine import Session

UNKNOWN: dict[str, int | None] = dict.fromkeys(COUNTS)


def rows(session: Session, post_id: int) -> list[dict[str, Any]]:
    """Every reading of a Post on each Account, oldest first; age in hours, two decimals."""
    found: list[dict[str, Any]] = []
    of, before = None, UNKNOWN
    readings = groupby(figures.readings(session, post_id), lambda row: (row.id, row.taken_at))
    for (delivery_id, taken_at), parts in readings:
        read = list(parts)
        counts, first = counts_of(read), read[0]
        before = before if of == delivery_id else UNKNOWN
        found.append(
            {
                "post": f"P{post_id}",
                "delivery": str(delivery_id),
                "account": first.name,
                "platform": first.platform,
                "taken_at": iso(taken_at),
                "age_hours": _age(first.sent_at, taken_at),
                **counts,
                **{f"{name}_gained": _gained(counts[name], before[name]) for name in COUNTS},
            }
        )
        of, before = delivery_id, counts
    return found


def _age(sent_at: datetime, taken_at: datetime) -> float:
    return round((taken_at - sent_at).total_seconds() / 3600, 2)


def _gained(now: int | None, before: int | None) -> int | None:
    return None if now is None or before is None else now - before
