"""Which of a Part's Snapshots no figure can rest on any more. Pure.

Kept are: all of the last months, one a month before, the newest, those next to the ages at which
posts are compared, and for each count the newest that says it at all.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from bot.model.engagement import AGES, COUNTS, Snapshot


def superfluous(
    points: Sequence[Snapshot], sent_at: datetime | None, before: datetime
) -> list[Snapshot]:
    """Those of one Part, given in time order, that may go; all are older than `before`."""
    kept = {id(one) for one in _kept(points, sent_at)}
    return [one for one in points if one.taken_at < before and id(one) not in kept]


def _kept(points: Sequence[Snapshot], sent_at: datetime | None) -> Iterator[Snapshot]:
    # A later one of the same month takes the place of an earlier.
    yield from {(one.taken_at.year, one.taken_at.month): one for one in points}.values()
    # A later one that says a count takes the place of an earlier.
    yield from {
        name: one for one in points for name in COUNTS if getattr(one, name) is not None
    }.values()
    if sent_at is not None:
        for hours in AGES:
            yield from _beside(points, sent_at + timedelta(hours=hours))


def _beside(points: Sequence[Snapshot], moment: datetime) -> Iterator[Snapshot]:
    """The last one up to then, and the first one after."""
    yield from [one for one in points if one.taken_at <= moment][-1:]
    yield from [one for one in points if one.taken_at > moment][:1]
