"""Charts for a mail: drawn once for all who get it, each with the sentence that says what it shows.

A chart that cannot be drawn is left out: the figures stand in the report's tables anyway.
"""

from dataclasses import dataclass
from datetime import datetime

import structlog

from bot.reports.charts import drawing, gallery
from bot.reports.charts.gallery import Wish
from bot.wiring import Bot

log = structlog.get_logger()
# Followers are the group's, not a campaign's.
CHARTS = ("weeks", "followers")
OF_A_CAMPAIGN = CHARTS[:1]


@dataclass(frozen=True, slots=True)
class Picture:
    """A PNG under the name by which a mail's HTML shows it, and what it shows in words."""

    name: str
    sentence: str
    content: bytes

    @property
    def source(self) -> str:
        """How HTML names a picture of its own mail."""
        return f"cid:{self.name}"


def drawn(bot: Bot, until: datetime, campaign: str | None) -> list[Picture]:
    """How the weeks before that moment went, and the followers; what has no data has no picture."""
    wishes = [
        Wish(name, bot.settings.zone, bot.clock(), bot.titles, until=until, campaign=campaign)
        for name in (CHARTS if campaign is None else OF_A_CAMPAIGN)
    ]
    with bot.store.read() as session:
        charts = [gallery.chart(session, wish) for wish in wishes]
    found = []
    for wish, chart in zip(wishes, charts, strict=True):
        try:
            if chart.has_picture:
                png = drawing.draw(chart, "png", dark=False)
                found.append(Picture(f"{wish.name}.chart", chart.sentence, png))
        except drawing.NotDrawn as error:
            log.warning("not drawn", action="not drawn", chart=wish.name, reason=str(error))
    return found
