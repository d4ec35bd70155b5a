"""What is stored of an Account's credentials: put there, wiped, and what will not be stored.

Each change is a Decision that tells who and when, and never a credential.
"""

from datetime import datetime
from typing import Any

from bot.accounts.health import LONGEST_NAME
from bot.clock import iso
from bot.errors import NotAllowed
from bot.model.account import Account
from bot.platforms.contract import Grant, Health
from bot.store import accounts, connectings, decisions
from bot.store.engine import Session


def refuse_useless(grant: Grant, health: Health) -> None:
    """NotAllowed where the Platform says that the new credentials will not do.

    That it cannot be asked just now is no reason against them.
    """
    if health.remote_id is None:
        return
    if health.remote_id != grant.remote_id:
        raise NotAllowed("The sign-in is of another account than it said. Nothing was changed.")
    if not health.ok:
        lacks = ", ".join(health.missing_scopes)
        allow = f" Allow all that is asked for; this was missing: {lacks}." if lacks else ""
        raise NotAllowed(f"{health.problem}{allow} Nothing was changed.")


def put(
    session: Session,
    account: Account,
    box: bytes,
    sealed_with: str,
    grant: Grant,
    health: Health,
    *,
    made_at: datetime,
    actor: str,
) -> None:
    """Store what was granted, encrypted; a block of the old credentials ends with them."""
    if account.remote_id not in {None, grant.remote_id}:
        raise NotAllowed(
            f"{account.name} was connected as another account meanwhile. Nothing was changed."
        )
    twin = accounts.of_remote(session, account.platform, grant.remote_id)
    if twin is not None and twin.id != account.id:
        raise NotAllowed(
            f"That account is here already, as {twin.name}"
            f"{', which was removed; add it again by that name' if twin.removed_at else ''}. "
            "Two that speak for one would publish everything twice. Nothing was changed."
        )
    before = _plain(account)
    account.credentials, account.remote_id = box, grant.remote_id
    account.sealed_with, account.removed_at = sealed_with, None
    account.display_name = (health.name or grant.name)[:LONGEST_NAME]
    account.connected_by, account.connected_at = actor, made_at
    account.credentials_expire_at = health.expires_at
    if account.is_blocked:
        accounts.unpark(session, account.id)
    decisions.record(
        session,
        made_at=made_at,
        actor=actor,
        verb="connect",
        account_id=account.id,
        before=before,
        after=_plain(account),
    )


def wipe(
    session: Session, account: Account, *, made_at: datetime, actor: str, reason: str | None
) -> None:
    """Leave nothing of the credentials, nor of sign-ins under way; the pinned id stays."""
    before = _plain(account)
    account.credentials = account.sealed_with = account.connected_by = None
    account.connected_at = account.credentials_expire_at = None
    connectings.forget(session, account.id)
    decisions.record(
        session,
        made_at=made_at,
        actor=actor,
        verb="disconnect",
        reason=reason,
        account_id=account.id,
        before=before,
        after=_plain(account),
    )


def _plain(account: Account) -> dict[str, Any]:
    return {
        "connected": account.credentials is not None,
        "remote_id": account.remote_id,
        "connected_by": account.connected_by,
        "connected_at": iso(account.connected_at),
        "credentials_expire_at": iso(account.credentials_expire_at),
    }
