"""Queries on Moves: whether this database still counts, and what a Move writes at either end."""

import secrets
from datetime import UTC, datetime

from sqlalchemy import ColumnElement, func, select, text, update
from sqlalchemy.orm import Session, aliased

from bot.errors import NotAllowed, StoreError
from bot.model.move import Move, Side

MOVED = (
    "This database was moved to {place} on {day} UTC. Nothing is sent from here and nothing can "
    "be decided here. Set DATABASE_URL to that one. To come back, see docs/moving.md"
)
UNFINISHED = (
    "This database is an unfinished copy of {place}. Nothing is sent from here. Set DATABASE_URL "
    "to {place} again, and finish the copy with: bot migrate-to"
)
OTHER = "That is not the database this one was moved to. Nothing was changed."
LATER = aliased(Move)
# Bots of before do not know Moves, and would send from a database that was left.
KNOWN_SINCE = "0021"


def last(session: Session) -> Move | None:
    """The Move that says how this database stands."""
    return session.scalar(
        select(Move).where(Move.undone_at.is_(None)).order_by(Move.id.desc()).limit(1)
    )


def refuse_closed(session: Session) -> None:
    """StoreError where this database was left for another, or is a copy that is not whole."""
    move = last(session)
    if move is not None and move.closes:
        raise StoreError(said(move))


def said(move: Move) -> str:
    """Why a database is closed."""
    if move.ended_at is None:
        return UNFINISHED.format(place=move.place)
    day = f"{move.ended_at.astimezone(UTC):%-d %B %Y, %H:%M}"
    return MOVED.format(place=move.place, day=day)


def is_open() -> ColumnElement[bool]:
    """What `refuse_closed` asks, for a statement that changes something.

    It outlasts a Worker that was cut off from the database while that was moved.
    """
    newest = select(func.max(LATER.id)).where(LATER.undone_at.is_(None)).scalar_subquery()
    return ~select(Move.id).where(Move.id == newest, Move.closes).exists()


def leave(session: Session, place: str, actor: str, now: datetime) -> Move:
    """Write down in the old database that it is being left; the same Move when it was begun."""
    move = last(session)
    if move is None or move.side != Side.LEFT or (move.ended_at is None and move.place != place):
        # A copy that was begun elsewhere is given up, and stays closed under its own key.
        return _begun(session, secrets.token_hex(16), Side.LEFT, place, actor, now)
    return move


def enter(session: Session, key: str, place: str, actor: str, now: datetime) -> Move:
    """Write down in the new database that it is a copy, which closes it."""
    return _begun(session, key, Side.ENTERED, place, actor, now)


def _begun(session: Session, key: str, side: Side, place: str, actor: str, now: datetime) -> Move:
    move = Move(key=key, side=side.value, place=place, actor=actor, began_at=now)
    session.add(move)
    session.flush()
    _keep_off_bots_of_before(session)
    return move


def _keep_off_bots_of_before(session: Session) -> None:
    standing, mark = session.execute(
        text("SELECT version_num, compatible_from FROM alembic_version")
    ).one()
    oldest = max(KNOWN_SINCE, (mark or "").partition(" ")[0])
    session.execute(
        text("UPDATE alembic_version SET compatible_from = :mark"),
        {"mark": f"{oldest} {standing}"},
    )


def entered_from(session: Session, key: str) -> bool:
    """Whether this database is the whole copy that a Move of that key made."""
    found = session.scalar(
        select(Move.id)
        .where(Move.key == key, Move.side == Side.ENTERED, Move.ended_at.is_not(None))
        .limit(1)
    )
    return found is not None


def undo(session: Session, move_id: int, now: datetime) -> None:
    """Let the database count as if that Move had not been."""
    session.execute(update(Move).where(Move.id == move_id).values(undone_at=now))


def close_copy(session: Session, key: str, place: str, actor: str, now: datetime) -> None:
    """Close the copy that a Move of that key made; NotAllowed where this database is another."""
    move = last(session)
    if move is not None and move.side == Side.LEFT and move.closes and move.place == place:
        return  # an earlier run did
    if move is None or move.key != key:
        raise NotAllowed(OTHER)
    _begun(session, key, Side.LEFT, place, actor, now).ended_at = now
