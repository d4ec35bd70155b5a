"""How each account is and what is paused, for the top of every page and the pages that list some.

Of many accounts never all: a page of them, or the few that a page goes through one by one. What is
paused is asked once a request.
"""

from typing import Any, cast

from flask import g

from bot.model.account import Account, Pause
from bot.store import accountpages
from bot.store import accounts as rows
from bot.store.accountpages import Sought
from bot.web.here import now, the_bot

# So many a list to choose from offers; of more, the name is typed.
MOST_OFFERED = 40
# So many a page goes through one by one, unless one is asked for.
FEW = 20
ON_TODAY = 12
STRIPS = 5


def named_pauses() -> list[tuple[Pause, str | None]]:
    """Every pause that stands with its account's name; None for everything."""
    if "named_pauses" not in g:
        with the_bot().store.read() as session:
            g.named_pauses = rows.named_pauses(session)
    return cast("list[tuple[Pause, str | None]]", g.named_pauses)


def pauses() -> list[dict[str, Any]]:
    """What is paused; `account` is None where everything is."""
    return [
        {
            "account": name,
            "reason": row.reason,
            "actor": row.actor,
            "started_at": row.started_at,
        }
        for row, name in named_pauses()
    ]


def offered() -> list[str]:
    """The accounts to choose from, by name; none where they are too many for a list."""
    platforms = the_bot().platforms
    return list(platforms) if len(platforms) <= MOST_OFFERED else []


def few(account: str | None = None) -> list[Account]:
    """The account asked for; else the first few, those before others that posts go to unasked."""
    platforms = the_bot().platforms
    with the_bot().store.read() as session:
        if account is not None:
            found = list(rows.some_named(session, [account]).values())
        else:
            found = list(rows.first_few(session, FEW))
    return [row for row in found if row.name in platforms]


def page(sought: Sought, number: int, size: int) -> tuple[list[dict[str, Any]], int]:
    """A page of the accounts sought, each with how it is, and how many there are in all."""
    platforms = the_bot().platforms
    with the_bot().store.read() as session:
        found, total = accountpages.page(session, sought, number, size)
    over = rows.oldest_pauses(pause for pause, _ in named_pauses())
    return [_standing(row, over) for row in found if row.name in platforms], total


def today() -> tuple[list[dict[str, Any]], int]:
    """All of a few accounts, of many those that need somebody; and how many there are."""
    total = len(the_bot().platforms)
    sought = Sought() if total <= ON_TODAY else Sought(trouble=True, stuck=stuck())
    return page(sought, 1, ON_TODAY)[0], total


def stuck() -> frozenset[int]:
    """Ids of the accounts whose stored credentials are known to be of no use."""
    credentials = the_bot().credentials
    by_name = credentials.roster.by_name
    return frozenset(by_name[name].id for name in credentials.troubles if name in by_name)


def _standing(row: Account, over: dict[int | None, Pause]) -> dict[str, Any]:
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
        "pause": rows.oldest_over(over, row.id),
        "parked_until": parked,
        "park_reason": row.park_reason if parked else None,
        "is_blocked": bool(parked and row.is_blocked),
        "approval": row.approval,
    }
