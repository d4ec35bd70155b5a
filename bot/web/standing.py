"""How each account is, for Today and the page of accounts."""

from typing import Any

from bot.store import accounts as rows
from bot.store.engine import Session
from bot.web.here import now, the_bot


def accounts(session: Session) -> list[dict[str, Any]]:
    """Each account: whether it is on, who it speaks as, and what keeps it from sending."""
    bot, at = the_bot(), now()
    found = []
    for row in rows.all_of(session):
        platform = bot.platforms.get(row.name)
        if platform is None:
            continue
        pause = rows.pause_over(session, row.id)
        parked = row.parked_until if row.parked_until and row.parked_until > at else None
        found.append(
            {
                "name": row.name,
                "row": row,
                "is_on": not platform.missing_settings,
                "missing": list(platform.missing_settings),
                "is_live": platform.is_live,
                "speaks_as": row.display_name or row.remote_id,
                "page": platform.profile_url,
                "pause": pause,
                "parked_until": parked,
                "park_reason": row.park_reason if parked else None,
                "is_blocked": bool(parked and row.is_blocked),
                "approval": row.approval,
            }
        )
    return found
