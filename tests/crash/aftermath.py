"""What the heartbeat does after its database failed it, with time moved by hand; then the verdict.

For faults that are tried hundreds of times in one go, on the rooms themselves.
"""

from dataclasses import dataclass

from world import World

from bot.errors import BotError
from bot.model.delivery import State

LONG_ENOUGH_SECONDS = (0, 31, 60, 300, 900)


@dataclass
class Tally:
    """What some trials of one fault came to."""

    trials: int = 0
    copies: int = 0
    lost: int = 0
    shown: int = 0


def try_to_send(world: World, worker_id: int) -> list[int]:
    """One sweep as the heartbeat makes it; the Deliveries it had to drop."""
    try:
        due = world.due()
    except BotError:
        return []
    dropped = []
    for delivery_id in due:
        try:
            world.deliver(delivery_id, worker_id)
        except BotError:
            dropped.append(delivery_id)
    return dropped


def recover(world: World, worker_id: int, dropped: list[int]) -> None:
    """All is well again: free, look and send, now and later."""
    for delivery_id in dropped:
        world.confirmer.free_dropped(delivery_id, worker_id)
    for seconds in LONG_ENOUGH_SECONDS:
        world.clock.move(seconds=seconds)
        world.look()
        world.send_due()
        if all(row.state == State.SENT for row in world.all_rows()):
            return


def judge(world: World, tally: Tally, delivery_id: int) -> None:
    """One more trial: at most one copy, and out or shown to a person."""
    text, row = world.parts(delivery_id)[0].text, world.row(delivery_id)
    out = [post for post in world.x.ledger if post.text == text]
    tally.trials += 1
    tally.copies += max(0, len(out) - 1)
    tally.shown += row.is_trouble
    tally.lost += row.state != State.SENT and not row.is_trouble
    if row.state == State.SENT:
        assert out[0].remote_id == world.parts(delivery_id)[0].remote_id
