"""How each account is and what is paused, for the top of every page and the pages that list some.

Of many accounts never all: a page of them, or the few that a page goes through one by one. What is
paused is asked once a request.
"""

from collections.abc import Collection, Sequence
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


Known = list[tuple[Account, list[Pause]]]
Named = list[tuple[Pause, str | None]]


def known() -> Known | None:
    """Every account with what pauses it, asked for at once; None where they are too many."""
    if len(the_bot().platforms) > MOST_OFFERED:
        return None
    if "known_accounts" not in g:
        with the_bot().store.read() as session:
            g.known_accounts = rows.with_pauses(session)
    return cast("Known", g.known_accounts)


def named_pauses() -> Named:
    """Every pause that stands with its account's name; None for everything."""
    if "named_pauses" not in g:
        g.named_pauses = _pauses_of(known())
    return cast("Named", g.named_pauses)


def _pauses_of(found: Known | None) -> Named:
    if found is None:
        with the_bot().store.read() as session:
            return rows.named_pauses(session)
    names = {row.id: row.name for row, _ in found}
    standing = {pause.id: pause for _, over in found for pause in over}
    return [(row, names.get(row.account_id or 0)) for _, row in sorted(standing.items())]


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
    if account is not None:
        return named([account])
    platforms, found = the_bot().platforms, known()
    if found is not None:
        return [row for row, _ in found if row.name in platforms]
    with the_bot().store.read() as session:
        return [row for row in rows.first_few(session, FEW) if row.name in platforms]


def named(names: Collection[str]) -> list[Account]:
    """Those of these accounts that there are."""
    platforms, found = the_bot().platforms, known()
    if found is not None:
        return [row for row, _ in found if row.name in names and row.name in platforms]
    with the_bot().store.read() as session:
        some = rows.some_named(session, names)
    return [row for row in some.values() if row.name in platforms]


def page(sought: Sought, number: int, size: int) -> tuple[list[dict[str, Any]], int]:
    """A page of the accounts sought, each with how it is, and how many there are in all."""
    platforms = the_bot().platforms
    found: Sequence[Account]
    everyone = known() if sought == Sought() else None
    if everyone is not None:
        total = len(everyone)
        found = [row for row, _ in everyone[(number - 1) * size : number * size]]
    else:
        with the_bot().store.read() as session:
            found, total = accountpages.page(session, sought, number, size)
    over = rows.oldest_pauses(pause for pause, _ in named_pauses())
    return [_standing(row, over) for row in found if row.name in platforms], total


def today(doubted: Collection[int]) -> tuple[list[dict[str, Any]], int]:
    """All of a few accounts, of many those that need somebody, such as those with these ids; and
    how many there are."""
    total = len(the_bot().platforms)
    sought = Sought() if total <= ON_TODAY else Sought(trouble=True, stuck=stuck() | {*doubted})
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
