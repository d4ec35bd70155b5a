"""The engagement log as its page shows it: the same columns for the page and for what is exported.

And what may be handed to anybody: a list of allowed columns, so that nothing gets out by itself.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.reports import log
from bot.reports.figures.figure import SHOWN
from bot.store import logged
from bot.store.engine import Session
from bot.store.logged import Sought

BY_HAND = "by hand"
COLUMNS = (
    "post",
    "text",
    "account",
    "made",
    "sent_at",
    *SHOWN,
    "campaign",
    "labels",
    "reviewed_at",
    "reviewed_by",
    "review_note",
)
# No cost, no note, and nobody's name. Whoever adds a column says here that it may be handed out.
PUBLIC = ("account", "sent_at", "url", "text", *SHOWN, "campaign")
Row = dict[str, Any]


def page(session: Session, sought: Sought, size: int, offset: int) -> list[Row]:
    """One page of it; each row has also `id`, `delivery`, `gone_at` and `state`."""
    found = logged.rows(session, logged.ids(session, sought, size, offset))
    return list(_rows(session, found, {}))


def each(
    session: Session, sought: Sought, columns: Sequence[str], names: Mapping[str, str]
) -> Iterator[Row]:
    """All of it, as it is read; `names` say who an actor is."""
    for found in logged.each(session, sought):
        for row in _rows(session, found, names):
            yield {name: row[name] for name in columns}


def _rows(session: Session, found: Sequence[logged.Row], names: Mapping[str, str]) -> Iterator[Row]:
    for row, (delivery, post, _, review) in zip(log.of_some(session, found), found, strict=True):
        actor = review.actor if review else None
        yield {
            **row,
            "id": post.id,
            "made": BY_HAND if delivery.by_hand else "",
            "reviewed_by": names.get(actor, actor) if actor else None,
        }
