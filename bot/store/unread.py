"""What got stuck and wants somebody: files, rows and articles in quarantine, feeds, letters."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, cast, func, literal, null, or_, select, union_all
from sqlalchemy.orm import Session

from bot.model.feed import Feed
from bot.model.person import Letter, Person
from bot.model.post import Quarantine
from bot.store import letters

FEED = "a feed"
LETTER = "a letter"
# A server may be away for an hour; three readings in vain want somebody to look.
AILING_FROM = 3


@dataclass(frozen=True, slots=True)
class Unread:
    """One thing, by its name and line, and why. `kind` is FEED, LETTER or a source of posts."""

    kind: str
    name: str
    line: int | None
    reason: str

    @property
    def is_feed(self) -> bool:
        return self.kind == FEED

    @property
    def is_letter(self) -> bool:
        return self.kind == LETTER


def all_of(session: Session, limit: int, now: datetime) -> list[Unread]:
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
    astray = (
        select(
            literal(LETTER),
            Person.name,
            cast(null(), Integer),
            func.coalesce(Letter.error, letters.STOPPED),
        )
        .join(Person, Person.id == Letter.person_id)
        .where(letters.is_astray(now))
    )
    every = union_all(odd, ailing, astray).subquery()
    rows = session.execute(select(every).order_by(every.c.kind, every.c.name).limit(limit))
    return [Unread(*row) for row in rows]
