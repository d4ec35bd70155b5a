"""What X charges for each call, as dated data.

US dollars under pay-per-use. X changes these: the source is read again before every release.
"""

from datetime import date
from decimal import Decimal

SOURCE = "https://docs.x.com/x-api/getting-started/pricing"
READ_ON = date(2026, 11, 23)
PAGE_DATED = date(2026, 8, 13)

POST = Decimal("0.015")
POST_WITH_LINK = Decimal("0.200")
DELETE = Decimal("0.010")
ALT_TEXT = Decimal("0.005")
OWN_POST_READ = Decimal("0.001")
USER_READ = Decimal("0.010")
POST_READ = Decimal("0.005")


def price_of(*, links: int, alt_texts: int = 0) -> Decimal:
    """What one post costs; any link in it makes it the dear kind."""
    return (POST_WITH_LINK if links else POST) + ALT_TEXT * alt_texts
