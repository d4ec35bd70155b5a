"""Asks a Platform how an Account is, and keeps the answer.

The remote id seen first is pinned: credentials of another profile or Page refuse to run, so that a
mix-up of keys can never publish in somebody else's name.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog

from bot.accounts.imprint import Expected, places_showing
from bot.clock import Clock
from bot.errors import BotError
from bot.model.account import Account, AccountCheck
from bot.model.delivery import Hold
from bot.platforms.contract import Health, Platform
from bot.store import accounts, charges, deliveries
from bot.store.engine import Session, Store

LONGEST_NAME = 200  # what its column holds

CHECK_EVERY = timedelta(hours=20)
CHECK_AGAIN_AFTER = timedelta(minutes=15)
# How many Accounts one beat asks about.
AT_ONCE = 20
NEVER = datetime.min.replace(tzinfo=UTC)
# Time enough for a person to connect an account again before its next post is due.
CHECK_AHEAD = timedelta(hours=3)
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Checkup:
    """One Account and what its Platform said just now."""

    account: Account
    health: Health


def register(store: Store, clock: Clock, platforms: Mapping[str, Platform]) -> None:
    """Make a row for each configured Account and pin the remote id its credentials name."""
    with store.read() as session:
        known = accounts.some_named(session, list(platforms))
    missing = [name for name in platforms if name not in known]
    unpinned = [
        name
        for name, row in known.items()
        if name in platforms and platforms[name].expected_remote_id and row.remote_id is None
    ]
    if missing or unpinned:
        with store.write() as session:
            for name in (*missing, *unpinned):
                row = accounts.ensure(session, name, platforms[name].rules.platform, clock())
                row.remote_id = row.remote_id or platforms[name].expected_remote_id
    for name, row in known.items():
        if name in platforms:
            refuse_another(row, platforms[name].expected_remote_id)


def refuse_another(account: Account, remote_id: str | None) -> None:
    """BotError when credentials name another account than the one this database knows."""
    if remote_id and account.remote_id and remote_id != account.remote_id:
        raise BotError(
            f"The keys for {account.name} belong to account {remote_id}, but this database has "
            f"always published as {account.remote_id}. Nothing is sent. Put the right keys into "
            ".env, or add the other account under a name of its own: bot accounts add"
        )


def check(store: Store, clock: Clock, name: str, platform: Platform, expected: Expected) -> Checkup:
    """Ask the Platform now; the answer is kept, and a healthy Account is no longer blocked.

    Posts that were held because their imprint was not seen where it should stand wait again once
    it is.
    """
    try:
        health = platform.health()
    except Exception as error:
        log.exception("check raised", action="check raised", account=name)
        health = Health(ok=False, problem=f"The check failed ({type(error).__name__}).")
    places = places_showing(expected.line, health, expected.page()) if health.ok else frozenset()
    with store.write() as session:
        account = accounts.named(session, name)
        if health.ok:
            refuse_another(account, health.remote_id)
            account.remote_id = account.remote_id or health.remote_id
            account.display_name = (health.name or "")[:LONGEST_NAME] or account.display_name
            # A good answer proves the sign-in; it says nothing of a limit that is used up.
            if account.is_blocked:
                accounts.unpark(session, account.id)
            _let_go(session, account, places)
        session.add(_row(account, health, places, clock))
        charges.record_readings(
            session, account.id, "check", {charges.PROFILE: health.cost}, clock()
        )
    return Checkup(account, health)


def check_due(
    store: Store, clock: Clock, platforms: Mapping[str, Platform], expected: Expected
) -> int:
    """Ask once a day how an Account is of which a post is due soon, or relies on an imprint that
    stands elsewhere; how many were asked.

    A few at a time, whoever was not asked for longest first.
    """
    with store.read() as session:
        wanted = deliveries.want_a_check(session, clock() + CHECK_AHEAD)
    old = [
        (taken_at or NEVER, name)
        for name, ok, taken_at in wanted
        if _is_old(ok, taken_at, clock())
        and name in platforms
        and not platforms[name].missing_settings
    ]
    for _, name in sorted(old)[:AT_ONCE]:
        check(store, clock, name, platforms[name], expected)
    return len(old[:AT_ONCE])


def _is_old(ok: bool | None, taken_at: datetime | None, now: datetime) -> bool:
    again = CHECK_AGAIN_AFTER if ok is False else CHECK_EVERY
    return taken_at is None or now - taken_at >= again


def _let_go(session: Session, account: Account, places: frozenset[str]) -> None:
    for row in deliveries.held_for(session, Hold.IMPRINT, account.id):
        if row.imprint_place in places:
            row.clear(Hold.IMPRINT)


def _row(account: Account, health: Health, places: frozenset[str], clock: Clock) -> AccountCheck:
    now = clock()
    skew = (now - health.server_date).total_seconds() if health.server_date else None
    return AccountCheck(
        account_id=account.id,
        taken_at=now,
        ok=health.ok,
        problem=health.problem[:500] or None,
        remote_id=health.remote_id,
        display_name=health.name[:LONGEST_NAME] if health.name else None,
        missing_scopes=list(health.missing_scopes),
        expires_at=health.expires_at,
        bio=(health.bio or "")[:1000] or None,
        pinned=health.pinned,
        clock_skew_seconds=skew,
        imprint_places=places,
    )
