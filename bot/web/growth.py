"""How one post grew on each account, and how it did beside what that account's posts usually do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.model.account import Account
from bot.model.delivery import Delivery
from bot.reports.figures import counted, curve, usual
from bot.reports.figures.counted import Lack
from bot.reports.figures.figure import AGES, SHOWN, Figure, lack_in_words
from bot.store.engine import Session
from bot.store.figures import Asked
from bot.wiring import Bot

Owned = Sequence[tuple[Delivery, Account]]
YOUNGEST = min(AGES)


@dataclass(frozen=True, slots=True)
class Beside:
    """One count at that age beside the Account's usual; `why` it is missing, where it is."""

    count: str
    value: int | None
    why: str | None
    usual: Figure
    standing: str | None


@dataclass(frozen=True, slots=True)
class Growth:
    """One Delivery's: every reading, and its counts at the greatest age it has reached."""

    age_hours: int
    readings: Sequence[Mapping[str, Any]]
    beside: Sequence[Beside]


def of_post(bot: Bot, session: Session, post_id: int, owned: Owned) -> dict[str, Growth]:
    """By Delivery's number, of those that are out; nothing is read where none is."""
    out = [row for row, _ in owned if row.sent_at is not None]
    if not out:
        return {}
    now = bot.clock()
    age = _age(min(row.sent_at for row in out if row.sent_at), now)
    readings = curve.rows(session, post_id)
    recent = _posts(bot, session, Asked(since=now - usual.OVER), age)
    mine = _posts(bot, session, Asked(post_ids=(post_id,)), age)
    return {
        str(one.delivery_id): Growth(
            age,
            [row for row in readings if row["delivery"] == str(one.delivery_id)],
            [_beside(one, count, recent, age, now, bot.titles) for count in SHOWN],
        )
        for one in mine
    }


def _age(sent_at: datetime, now: datetime) -> int:
    """The greatest of AGES that was reached."""
    hours = (now - sent_at).total_seconds() / 3600
    return max((age for age in AGES if age <= hours), default=YOUNGEST)


def _posts(bot: Bot, session: Session, asked: Asked, age: int) -> list[counted.Counted]:
    return counted.read(session, asked, bot.settings.zone, (age,))


def _beside(
    one: counted.Counted,
    count: str,
    recent: Sequence[counted.Counted],
    age: int,
    now: datetime,
    titles: Mapping[str, str],
) -> Beside:
    value = one.value(count, age, now)
    owned = [other for other in recent if other.account == one.account]
    usually = usual.usual(owned, count, age, now, titles).get(one.account) or Figure(
        0, 0, reason="no posts"
    )
    lacks = isinstance(value, Lack)
    return Beside(
        count=count,
        value=None if isinstance(value, Lack) else value,
        why=lack_in_words(value, titles[one.account], age) if lacks else None,
        usual=usually,
        standing=usual.standing(value, usually),
    )
