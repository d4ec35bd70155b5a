"""What went out and where its imprint stood, as plain data for a screen, CSV or JSON."""

from datetime import datetime
from typing import Any

from bot.clock import iso
from bot.store import proofs
from bot.store.engine import Session

COLUMNS = (
    "post",
    "delivery",
    "part",
    "account",
    "sent_at",
    "remote_id",
    "url",
    "text",
    "link",
    "imprint",
    "place",
    "reason",
    "seen_there_at",
    "approver",
)


def rows(
    session: Session, *, since: datetime | None = None, account: str | None = None
) -> list[dict[str, Any]]:
    """One row a public part, oldest first."""
    return [
        {
            "post": f"P{delivery.post_id}",
            "delivery": str(delivery.id),
            "part": part.n,
            "account": owner.name,
            "sent_at": iso(proof.sent_at),
            "remote_id": proof.remote_id,
            "url": part.url,
            "text": proof.text,
            "link": proof.link,
            "imprint": proof.imprint,
            "place": proof.place,
            "reason": proof.reason,
            "seen_there_at": iso(proof.seen_there_at),
            "approver": proof.approver,
        }
        for proof, part, delivery, owner in proofs.all_of(session, since, account)
    ]
