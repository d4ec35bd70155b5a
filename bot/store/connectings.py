"""Queries on sign-ins that are under way, and on what is stored when one ends well."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.model.account import Account, Connecting


def begin(
    session: Session,
    account_id: int,
    *,
    state_digest: str,
    session_digest: str,
    kept: bytes,
    now: datetime,
    ends_at: datetime,
) -> None:
    """Remember a sign-in; whatever this person began for the Account before, or is over, goes."""
    over = Connecting.ends_at <= now
    same = (Connecting.account_id == account_id) & (Connecting.session_digest == session_digest)
    session.execute(delete(Connecting).where(over | same))
    session.add(
        Connecting(
            account_id=account_id,
            state_digest=state_digest,
            session_digest=session_digest,
            kept=kept,
            ends_at=ends_at,
        )
    )


def take(
    session: Session,
    account_id: int,
    *,
    state_digests: Collection[str],
    session_digest: str,
    now: datetime,
) -> bytes | None:
    """What was kept of the sign-in with one of these states, once; None where there is none."""
    # One statement, so that of two that come at once only one gets it.
    return session.scalar(
        delete(Connecting)
        .where(
            Connecting.account_id == account_id,
            Connecting.session_digest == session_digest,
            Connecting.state_digest.in_(state_digests),
            Connecting.ends_at > now,
        )
        .returning(Connecting.kept)
    )


def forget(session: Session, account_id: int) -> None:
    """Drop every sign-in for the Account that is under way."""
    session.execute(delete(Connecting).where(Connecting.account_id == account_id))


def stored(session: Session) -> Sequence[tuple[int, str, str | None, bytes | None]]:
    """Id, name, pinned remote id and encrypted credentials of every Account; one small query."""
    rows = session.execute(
        select(Account.id, Account.name, Account.remote_id, Account.credentials)
        .where(Account.removed_at.is_(None))
        .order_by(Account.id)
    )
    return [(key, name, remote_id, box) for key, name, remote_id, box in rows]
