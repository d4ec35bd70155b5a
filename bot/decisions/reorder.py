"""Change the order of what takes free times: two neighbours change places.

Only posts that took a slot of the timetable move so; a time that a person typed is never touched.
"""

from bot.decisions.record import Decider, named, snapshot
from bot.errors import NotAllowed
from bot.model.delivery import Delivery, Timing
from bot.store import planning
from bot.store.engine import Session


def reorder(decider: Decider, target: str, *, earlier: bool) -> list[Delivery]:
    """Let one post change places with the one before it on its account, or the one after it."""
    with decider.store.write() as session:
        row = _one(session, target)
        other = planning.neighbour(session, row, earlier=earlier)
        if other is None:
            end = "first" if earlier else "last"
            raise NotAllowed(f"Number {row.id} is the {end} of those that take free times.")
        before = snapshot(row), snapshot(other)
        mine, theirs = (row.due_at, row.slot_start), (other.due_at, other.slot_start)
        # A slot has one post: it is left before the other takes it.
        row.slot_start = other.slot_start = None
        session.flush()
        row.due_at, row.slot_start = theirs
        other.due_at, other.slot_start = mine
        session.flush()
        for one, was in zip((row, other), before, strict=True):
            decider.note(session, "move", delivery=one, before=was)
        return [row, other]


def _one(session: Session, target: str) -> Delivery:
    row = named(session, target)[0]
    if row.slot_start is None or row.timing != Timing.NEXT:
        raise NotAllowed(
            f"Number {row.id} has a time of its own. Give it another one instead of another place."
        )
    return row
