"""Compares the bot's figures with the reckoning, each of them, to the last count."""

from collections import Counter
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from sqlalchemy import delete, func, select

from bench import year_reckoning as reckoning
from bench.sandbox_life import now
from bench.year_reckoning import NEAR, SHOWN, Public
from bot.model.delivery import Delivery, Part, State
from bot.model.engagement import Snapshot, Tally
from bot.reports import log
from bot.reports.figures import counted, groups
from bot.reports.figures.figure import Figure
from bot.reports.figures.groups import GROUPINGS
from bot.store import tallies
from bot.store.engine import Session
from bot.store.figures import Asked
from bot.wiring import Bot


def moments(bot: Bot) -> dict[str, list]:
    """When each post was read, by its id there."""
    with bot.store.read() as session:
        rows = session.execute(
            select(Part.remote_id, Snapshot.taken_at)
            .join(Snapshot, Snapshot.part_id == Part.id)
            .order_by(Snapshot.taken_at)
        ).all()
    found: dict[str, list] = {}
    for remote_id, taken_at in rows:
        found.setdefault(remote_id, []).append(taken_at)
    return found


def differences(bot: Bot, posts: Sequence[Public]) -> tuple[int, list[str]]:
    """How many figures were compared, and every one that is not as reckoned."""
    compared: Counter = Counter()
    wrong: list[str] = []
    with bot.store.read() as session:
        for age in (0, *NEAR):
            read = counted.read(session, Asked(), ZoneInfo("UTC"), (age,), labelled=True)
            for by in GROUPINGS:
                mine = _figures(read, by, age, bot)
                theirs = reckoning.figures(posts, by, age)
                for key in mine.keys() | theirs.keys():
                    compared["figures"] += 1 + 7 * len(SHOWN)
                    if mine.get(key) != theirs.get(key):
                        wrong.append(f"{by} {key} at {age}: {mine.get(key)} {theirs.get(key)}")
        wrong += _log_differs(session, posts)
    return compared["figures"], wrong


def _figures(read: Sequence[counted.Counted], by: str, age: int, bot: Bot) -> dict:
    found = groups.grouped(read, by, age, now(), bot.titles)
    return {
        (one.name, one.account): {"posts": one.posts}
        | {name: _plain(one.figures[name]) for name in SHOWN}
        for one in found
    }


def _plain(one: Figure) -> tuple:
    return (one.known, one.total, one.least, one.low, one.median, one.high, one.most)


def _log_differs(session: Session, posts: Sequence[Public]) -> list[str]:
    """The plain log: one row a post, with its newest counts, made by hand or not."""
    mine = {row["remote_id"]: row for row in log.each(session)}
    wrong = [
        f"{one.parts[0].remote_id} in the log: {row and [row[name] for name in SHOWN]}"
        for one in posts
        if (row := mine.pop(one.parts[0].remote_id, None)) is None
        or row["by_hand"] != (one.planned is None)
        or any(row[name] != one.values.get(0, dict.fromkeys(SHOWN))[name] for name in SHOWN)
    ]
    return wrong + [f"{remote_id} is in the log alone" for remote_id in mine]


def rolled_up_anew(bot: Bot) -> None:
    """Forget the Tallies and make them again from whatever Snapshots there are."""
    with bot.store.write() as session:
        session.execute(delete(Tally))
        ids = session.scalars(select(Part.id)).all()
        for start in range(0, len(ids), 500):
            tallies.anew(session, ids[start : start + 500])


def snapshots(bot: Bot) -> int:
    """How many there are."""
    with bot.store.read() as session:
        return session.scalar(select(func.count()).select_from(Snapshot)) or 0


def half_out(bot: Bot) -> int:
    """How many threads were refused after a part of theirs was public."""
    query = select(func.count()).select_from(Delivery)
    with bot.store.read() as session:
        is_half = (Delivery.state == State.FAILED, Delivery.sent_at.is_not(None))
        return session.scalar(query.where(*is_half)) or 0
