"""What could not be read and wants somebody: files, rows and articles in quarantine, and feeds."""

from dataclasses import dataclass

from sqlalchemy import Integer, cast, literal, null, or_, select, union_all
from sqlalchemy.orm import Session

from bot.model.feed import Feed
from bot.model.post import Quarantine

FEED = "a feed"
# A server may be away for an hour; three readings in vain want somebody to look.
AILING_FROM = 3


@dataclass(frozen=True, slots=True)
class Unread:
    """One thing, by its name and line, and why. `kind` is FEED, or a source of posts."""

    kind: str
    name: str
    line: int | None
    reason: str

    @property
    def is_feed(self) -> bool:
        return self.kind == FEED


def all_of(session: Session, limit: int) -> list[Unread]:
    """Everything, asked for at once, by name."""
    odd = select(
        Quarantine.source.label("kind"),
        Quarantine.key.label("name"),
        Quarantine.line.label("line"),
        Quarantine.reason.label("reason"),
    )
    is_ailing = or_(Feed.errors >= AILING_FROM, Feed.stopped_at.is_not(None))
    ailing = select(literal(FEED), Feed.name, cast(null(), Integer), Feed.last_error).where(
        Feed.last_error.is_not(None), is_ailing
    )
    both = union_all(odd, ailing).subquery()
    rows = session.execute(select(both).order_by(both.c.kind, both.c.name).limit(limit))
    return [Unread(*row) for row in rows]
