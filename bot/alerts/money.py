"""The check behind "what does the month's money still cover?": what goes without, and until when.

Said and no trouble by itself: a post that the money keeps from going out is on hold, which is.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from bot.alerts.checks import Finding
from bot.clock.local import in_words
from bot.store import accounts, charges
from bot.store.engine import Store


def spent(
    store: Store,
    now: datetime,
    zone: ZoneInfo,
    limits: Mapping[int, Decimal],
    titles: Mapping[str, str],
) -> Finding:
    """Accounts whose month's money (US dollars by Account id) runs low or is spent."""
    since = charges.month_start(now)
    with store.read() as session:
        paid = charges.spent_in_all(session, since)
        low = {
            key: dollars
            for key, dollars in paid.items()
            if limits.get(key) and dollars >= limits[key] * charges.READ_SLOWLY_FROM
        }
        names = accounts.names_of(session, low)
    said = [
        _told(titles.get(names[key], names[key]), dollars, limits[key], now, zone)
        for key, dollars in sorted(low.items())
        if key in names
    ]
    return Finding("money", True, " ".join(said) or "It is enough.", note=bool(said))


def _told(title: str, paid: Decimal, limit: Decimal, now: datetime, zone: ZoneInfo) -> str:
    until = in_words(charges.next_month(now), zone)
    if paid < limit:
        goes_without = "Until then no post of it is counted more than once a day."
    else:
        goes_without = "Until then none of its posts is counted, and those that cost money wait."
    return (
        f"{title} has spent ${paid:.2f} of the month's ${limit:.2f}; the next month begins on "
        f"{until}. {goes_without} What it went on: bot report --costs"
    )
