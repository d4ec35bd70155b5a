"""How each account is and what is paused, for the top of every page and two pages of its own.

Asked once a request.
"""

from typing import Any, cast

from flask import g

from bot.model.account import Account, Pause
from bot.store import accounts as rows
from bot.web.here import now, the_bot

Known = list[tuple[Account, list[Pause]]]


def known() -> Known:
    """Every account with what pauses it now."""
    if "known_accounts" not in g:
        with the_bot().store.read() as session:
            g.known_accounts = rows.with_pauses(session)
    return cast("Known", g.known_accounts)


def pauses() -> list[dict[str, Any]]:
    """What is paused; `account` is None where everything is."""
    names = {row.id: row.name for row, _ in known()}
    open_ones = {pause.id: pause for _, over in known() for pause in over}
    return [
        {
            "account": names[row.account_id] if row.account_id else None,
            "reason": row.reason,
            "actor": row.actor,
            "started_at": row.started_at,
        }
        for row in open_ones.values()
    ]


def accounts() -> list[dict[str, Any]]:
    """Each account: whether it is on, who it speaks as, and what keeps it from sending."""
    platforms = the_bot().platforms
    return [_standing(row, over) for row, over in known() if row.name in platforms]


def _standing(row: Account, over: list[Pause]) -> dict[str, Any]:
    platform = the_bot().platforms[row.name]
    parked = row.parked_until if row.parked_until and row.parked_until > now() else None
    return {
        "name": row.name,
        "row": row,
        "is_on": not platform.missing_settings,
        "missing": list(platform.missing_settings),
        "is_live": platform.is_live,
        "speaks_as": row.display_name or row.remote_id,
        "page": platform.profile_url,
        "pause": over[0] if over else None,
        "parked_until": parked,
        "park_reason": row.park_reason if parked else None,
        "is_blocked": bool(parked and row.is_blocked),
        "approval": row.approval,
    }
