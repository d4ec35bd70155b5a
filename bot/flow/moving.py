"""Moves the bot from one database to another, and undoes that; nothing runs on either meanwhile."""

from zoneinfo import ZoneInfo

from bot.errors import NotAllowed
from bot.flow.restoring import mark_restored
from bot.model.move import Side
from bot.store import alone, moves, moving, schema
from bot.store.engine import Store
from bot.store.lock import only_heartbeat
from bot.store.stopped import refuse_running


def move_to(source: Store, target: Store, ask: moving.Ask) -> moving.Moved:
    """Copy everything and close the old database; AlreadyRunning or NotAllowed while either runs.

    Accounts keep what they knew: whoever was met is met, and none falls behind by being moved.
    """
    with only_heartbeat(source), only_heartbeat(target):
        _refuse_running(source, "this database")
        _refuse_running(target, "the new database")
        try:
            return moving.move(source, target, ask)
        finally:
            target.close()


def _refuse_running(store: Store, which: str) -> None:
    if store.is_sqlite or schema.revision(store) != schema.HEAD:
        return
    with store.read() as session:
        move = moves.last(session)
    # On a closed one nothing runs, and a copy's Workers are those of the original.
    if move is None or not move.closes:
        refuse_running(store, which)


def undo_move(store: Store, other: Store | None, zone: ZoneInfo, actor: str) -> str:
    """Let a database that was left count again, like a backup put back; where it was moved to.

    It does not know what went out since, so it is paused, and what may be out waits for a person.
    `other` is the one it was moved to, which is closed first; None where that is lost.
    """
    schema.require_version(store)
    with only_heartbeat(store):
        with store.read() as session:
            move = moves.last(session)
        if move is None or move.side != Side.LEFT or not move.closes:
            raise NotAllowed("This database was not moved, so there is nothing to undo.")
        if other is not None:
            _close(other, move.key, alone.place(store), actor)
        # Marked first: after an end between the two it is still closed.
        mark_restored(store, zone, actor)
        with store.write() as session:
            moves.undo(session, move.id, store.clock())
    return move.place


def _close(other: Store, key: str, place: str, actor: str) -> None:
    with alone.named("The other database"), only_heartbeat(other):
        schema.require_version(other)
        _refuse_running(other, "the other database")
        with other.write() as session:
            moves.close_copy(session, key, place, actor, other.clock())
