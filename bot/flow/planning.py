"""Gives posts their times: the declared timetables, the month's money, rounds, then the planner."""

from bot.intake.refresh import Refresher
from bot.timetable import declared
from bot.wiring import Bot


def plan(bot: Bot) -> int:
    """Take over the declared timetables, then give times where they are missing or gone by.

    A mistake in the file is quarantined and shown; planning goes on with the Slots known so far.
    """
    declared.take_over(bot.store, bot.settings.posts_dir, bot.clock())
    bot.budgets.lift()
    bot.recurrence.plan_due()
    return bot.planner.plan_due()


def refresh_templates(bot: Bot) -> int:
    """When a template changed: new words for what nobody has approved; how many changed."""
    if not bot.templates.changed(bot.clock()):
        return 0
    return Refresher(bot.store, bot.admission).refresh()
