"""How one post grew on each account, and how it did beside what that account's posts usually do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app

from bot.model.account import Account
from bot.model.delivery import Delivery
from bot.reports.figures import counted, curve, usual
from bot.reports.figures.counted import Lack
from bot.reports.figures.figure import AGES, SHOWN, Figure, lack_in_words
from bot.store import engagement
from bot.store.engine import Session
from bot.store.figures import Asked
from bot.web.kept import Kept
from bot.wiring import Bot

Owned = Sequence[tuple[Delivery, Account]]
Usuals = Mapping[str, Mapping[str, Figure]]
YOUNGEST = min(AGES)
KEPT, MOST_KEPT, KEPT_FOR = "usual figures", 100_000, timedelta(minutes=5)


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
    usuals = _usuals(bot, session, age, now)
    mine = _posts(bot, session, Asked(post_ids=(post_id,)), age)
    return {
        str(one.delivery_id): Growth(
            age,
            [row for row in readings if row["delivery"] == str(one.delivery_id)],
            [_beside(one, count, usuals[count], age, now, bot.titles) for count in SHOWN],
        )
        for one in mine
    }


def _age(sent_at: datetime, now: datetime) -> int:
    """The greatest of AGES that was reached."""
    hours = (now - sent_at).total_seconds() / 3600
    return max((age for age in AGES if age <= hours), default=YOUNGEST)


def _posts(bot: Bot, session: Session, asked: Asked, age: int) -> list[counted.Counted]:
    return counted.read(session, asked, bot.settings.zone, (age,))


def _usuals(bot: Bot, session: Session, age: int, now: datetime) -> Usuals:
    """What is usual at that age, by count and Account; the same for every post."""
    kept: Kept[Usuals] = current_app.extensions.setdefault(KEPT, Kept(MOST_KEPT, KEPT_FOR))

    def read() -> Usuals:
        recent = _posts(bot, session, Asked(since=now - usual.OVER), age)
        return {count: usual.usual(recent, count, age, now, bot.titles) for count in SHOWN}

    return kept.get((engagement.newest_id(session), age), now, read)


def _beside(
    one: counted.Counted,
    count: str,
    usuals: Mapping[str, Figure],
    age: int,
    now: datetime,
    titles: Mapping[str, str],
) -> Beside:
    value = one.value(count, age, now)
    usually = usuals.get(one.account) or Figure(0, 0, reason="no posts")
    lacks = isinstance(value, Lack)
    return Beside(
        count=count,
        value=None if isinstance(value, Lack) else value,
        why=lack_in_words(value, titles[one.account], age) if lacks else None,
        usual=usually,
        standing=usual.standing(value, usually),
    )
