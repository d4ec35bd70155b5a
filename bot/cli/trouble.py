"""Whether trouble stands: what makes a command exit 1, the same for every verb."""

from bot.alerts import checks, copies
from bot.alerts.checks import Finding
from bot.wiring import Bot


def standing(bot: Bot) -> list[Finding]:
    """Posts and files that need a person, and accounts that cannot send. Ordinary approvals,
    pauses and first-run holds are none."""
    found = [
        checks.troubles(bot.store),
        checks.parked(bot.store, bot.clock(), bot.settings.zone, bot.titles),
        *copies.behind(bot.store, bot.titles),
    ]
    return [finding for finding in found if not finding.ok]
