"""Posts that are out with their counts, as the figures read them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.reports.figures.counted import Counted


def counted_post(
    sent_at: datetime,
    totals: Mapping[int, Mapping[str, int | None]],
    account: str,
    /,
    **changed: Any,
) -> Counted:
    """One with these counts by age in hours, and nothing else that sets it apart."""
    given = {
        "delivery_id": 1,
        "post_id": 1,
        "wording": 0,
        "account_id": 1,
        "account": account,
        "platform": account,
        "zone": ZoneInfo("UTC"),
        "campaign": None,
        "author": "ana",
        "sent_at": sent_at,
        "gone_at": None,
        "has_link": False,
        "has_image": False,
        "opening": "Words",
        "totals": totals,
    }
    return Counted(**(given | changed))
