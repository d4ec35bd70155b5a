"""Ends a pause, or shows what ending it would do."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from bot.decisions import pause as pausing
from bot.decisions.record import Decider
from bot.flow.planning import plan
from bot.model.delivery import Delivery
from bot.wiring import Bot


@dataclass(frozen=True, slots=True)
class Shown:
    """A Delivery as it would stand, and the time it had."""

    delivery: Delivery
    was_due_at: datetime | None


def resume(bot: Bot, decider: Decider, account: str | None) -> None:
    """End a pause and give what it kept back its new times."""
    pausing.resume(decider, account, bot.settings.too_late)
    plan(bot)


class _OnlyShown(Exception):
    """Takes back a transaction that was made to see what would come of it."""


def resume_shown(bot: Bot, decider: Decider, account: str | None) -> list[Shown]:
    """What ending the pause would do to each post it kept back; nothing is changed."""
    found: list[Shown] = []
    with suppress(_OnlyShown), bot.store.write() as session:
        kept = pausing.all_kept_back(session, decider, account)
        was = {row.id: row.due_at for row in kept}
        pausing.resume_within(session, decider, account, bot.settings.too_late)
        bot.planner.plan_within(session, bot.clock())
        found = [Shown(row, was[row.id]) for row in kept]
        session.expunge_all()
        raise _OnlyShown
    return found
