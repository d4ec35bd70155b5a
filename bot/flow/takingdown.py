"""Deletes what is out on each Platform, and looks that it is gone."""

from dataclasses import dataclass

from bot.decisions import takedown as taking_down
from bot.decisions.record import Decider
from bot.model.delivery import Delivery, Part
from bot.platforms.contract import Deletion, Unreadable
from bot.store import accounts, charges
from bot.wiring import Bot


@dataclass(frozen=True, slots=True)
class TakenDown:
    """How taking one public part down ended. `is_gone` None: it could not be looked at again."""

    account: str
    url: str
    deletion: Deletion
    is_gone: bool | None


def takedown(bot: Bot, decider: Decider, target: str) -> list[TakenDown]:
    """Delete what is out of the target, look whether it is gone, withdraw what is not out."""
    return [
        _take_down(bot, doomed.delivery, part)
        for doomed in taking_down.decide(decider, target)
        for part in doomed.parts
    ]


def _take_down(bot: Bot, delivery: Delivery, part: Part) -> TakenDown:
    platform = bot.by_id[delivery.account_id]
    remote_id, sent_at = part.remote_id or "", part.sent_at or delivery.created_at
    deletion = platform.delete(remote_id)
    read = platform.counts({remote_id: sent_at})
    is_gone = None if isinstance(read, Unreadable) else remote_id in read.gone
    with bot.store.write() as session:
        told = (session, delivery.account_id, "takedown")
        charges.record(*told, deletion.cost, bot.clock(), delivery.id)
        if not isinstance(read, Unreadable):
            charges.record_readings(*told, read.billed, bot.clock(), delivery.id)
    if is_gone or (deletion.done and is_gone is None):
        taking_down.mark_gone(bot.store, delivery.id, {part.id}, bot.clock())
    with bot.store.read() as session:
        name = accounts.by_id(session, delivery.account_id).name
    return TakenDown(name, part.url or "", deletion, is_gone)
