"""The words of an alarm: what it is headed with, what happened, since when, what to do, and where.

The words themselves stand in the one table, `bot.reports.words`.
"""

from collections.abc import Sequence

from bot.clock.local import in_words
from bot.model.alarm import Alarm
from bot.reports import words
from bot.wire.redaction import redact
from bot.wiring import Bot

# What each trouble is about, and the page that shows that.
KINDS: dict[str, str] = {
    **dict.fromkeys(("late", "no time", "post", "approval", "unread", "letter"), "posts"),
    **dict.fromkeys(("heartbeat", "bot itself", "database", "test"), "bot"),
    **dict.fromkeys(
        ("blocked", "doubts", "locked", "off", "behind", "sign-in", "permissions", "ends"),
        "accounts",
    ),
    **dict.fromkeys(("money low", "money spent"), "budget"),
    **dict.fromkeys(("disk", "backup failed", "backup old", "clock"), "machine"),
    "feed": "feeds",
}
PAGES = {"posts": "/queue", "accounts": "/accounts", "budget": "/engagement", "feeds": "/articles"}


def composed(bot: Bot, rows: Sequence[Alarm]) -> tuple[str, str]:
    """Title and words of one telling of these Alarms, without any secret."""
    begun = [row for row in rows if row.ended_at is None]
    titles = ", ".join(dict.fromkeys(words.ALARMS[row.name] for row in begun or rows))
    subject = titles if begun else words.ALARM_OVER_SUBJECT.format(titles=titles)
    ordered = [*begun, *(row for row in rows if row.ended_at is not None)]
    body = "\n\n".join(_told_of(bot, row) for row in ordered)
    secrets = bot.settings.secrets()
    title = redact(words.ALARM_SUBJECT.format(titles=subject), secrets)
    return title[:150], redact(body, secrets)


def _told_of(bot: Bot, row: Alarm) -> str:
    zone = bot.settings.zone
    since = in_words(row.began_at, zone)
    if row.ended_at is not None:
        ended = in_words(row.ended_at, zone)
        return words.ALARM_OVER.format(ended=ended, since=since, said=row.said)
    began = "" if since in row.said else f"{words.ALARM_SINCE.format(since=since)}\n"
    step = words.ALARM_STEP.format(step=words.ALARM_STEPS[row.name])
    return f"{row.said}\n{began}{step}{link(bot, row.name)}"


def link(bot: Bot, name: str) -> str:
    """On a line of its own the page that shows it, where the pages have an address."""
    address = bot.settings.public_url.rstrip("/")
    return f"\n{address}{PAGES.get(KINDS[name], '/')}" if address else ""
