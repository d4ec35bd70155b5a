"""Pings the dead man's switch, and keeps how that went for doctor and the pages.

What it answers is written down only when it changes, and now and then. It never stops a tick.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot.alerts import ping
from bot.store import receivers
from bot.wiring import Bot

EVERY_SECONDS = 60
WRITTEN_EVERY = timedelta(hours=1)
LABEL = "dead man's switch"
log = structlog.get_logger()


@dataclass
class Pinger:
    """Pings one bot's switch, where one is set."""

    bot: Bot
    _said: str | None = None
    _written_at: datetime | None = None

    def ping(self, *, is_well: bool) -> None:
        """Say outside that all is well, or, where the switch takes it, that it is not."""
        url = self.bot.settings.ping_url.get_secret_value()
        to = ping.asked(url, is_well=is_well) if url else None
        if to is None:
            return
        said, now = ping.ping(to), self.bot.clock()
        if said != self._said or self._written_at is None or now - self._written_at > WRITTEN_EVERY:
            if said:
                log.warning("not pinged", action="not pinged", reason=said)
            with self.bot.store.write() as session:
                receivers.note(session, {LABEL: said}, now)
            self._said, self._written_at = said, now
