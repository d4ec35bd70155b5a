"""Whether trouble stands: what makes a command exit 1, the same for every verb."""

from bot.alerts import checks, copies, silence
from bot.alerts.checks import Finding
from bot.alerts.silence import Lacks, Silence
from bot.wiring import Bot


def silences(bot: Bot) -> list[Silence]:
    """What was due and did not go, since when and why."""
    off = Lacks(bot.platforms)
    settings = bot.settings
    with bot.store.read() as session:
        around = silence.surroundings(
            session, bot.clock(), settings.zone, too_late=settings.too_late, off=off
        )
        return silence.facts(session, around)


def standing(bot: Bot, *, asked_of_the_bot: bool = True) -> list[Finding]:
    """What needs a person: a heartbeat that died, posts that did not go, files, accounts. Ordinary
    approvals, pauses, first-run holds and a rate limit that passes are none. What runs the posts
    itself does not ask whether it runs."""
    now, zone = bot.clock(), bot.settings.zone
    found = [checks.heartbeat(bot.store, now, zone)] if asked_of_the_bot else []
    locked = bot.credentials.troubles
    found += [
        checks.own_trouble(bot.store, now, zone),
        checks.troubles(bot.store),
        checks.parked(bot.store, now, zone, bot.titles),
        checks.overdue(
            [fact for fact in silences(bot) if fact.cause not in silence.SAID_OF_THE_ACCOUNT],
            bot.titles,
            zone,
        ),
        *copies.behind(bot.store, bot.titles),
        *(Finding(bot.titles[name], False, said) for name, said in locked.items()),
    ]
    return [finding for finding in found if not finding.ok]
