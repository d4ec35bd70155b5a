"""A quarter of the year, `2026-Q4`, and the days on which its handover kit is mailed."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.clock.local import resolve

MONTHS = 3
MAILED_FROM = timedelta(hours=8)
MAILED_UNTIL = timedelta(days=7, hours=8)
AGAIN_AFTER = timedelta(hours=1)


def name(day: date) -> str:
    """`2026-Q4`: no week is called so, which keeps its Letters apart from the reports'."""
    return f"{day.year}-Q{(day.month - 1) // MONTHS + 1}"


def to_mail(now: datetime, zone: ZoneInfo) -> str | None:
    """The quarter whose kit is to be mailed now, if any: in its first week."""
    today = now.astimezone(zone).date()
    first = date(today.year, today.month - (today.month - 1) % MONTHS, 1)
    begins, ends = (
        resolve(datetime.combine(first, time()) + later, zone).at
        for later in (MAILED_FROM, MAILED_UNTIL)
    )
    return name(first) if begins <= now < ends else None
