"""The checks behind "is it running twice?": second copies, and accounts that must be read first."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.alerts.checks import Finding
from bot.store import strangers
from bot.store.engine import Store

SHOWN_FOR = timedelta(days=3)


def behind(store: Store, titles: Mapping[str, str]) -> list[Finding]:
    """Accounts of which nothing goes out until their page was read; only tried ones are wrong."""
    with store.read() as session:
        rows = strangers.behind(session)
    return [
        Finding(
            f"{titles.get(row.name, row.name)} page",
            row.behind_tries == 0,
            f"{titles.get(row.name, row.name)} was not read since the bot came back, so nothing of "
            "it goes out: it may be there already. "
            + (f"{row.behind_reason} It is tried again." if row.behind_reason else "It is next."),
            note=True,
        )
        for row in rows
    ]


def twice(store: Store, now: datetime) -> Finding:
    """Posts of ours of which somebody else published a second copy; to know, and to take down."""
    with store.read() as session:
        rows = strangers.lately_out_twice(session, now - SHOWN_FOR)
    if not rows:
        return Finding("second copies", True, "Nobody else posts what we post.")
    names = ", ".join(f"P{delivery.post_id} ({stranger.url})" for stranger, delivery in rows[:3])
    says = (
        f"Somebody else published what we had sent: {names}. Take one of the two down. Does the "
        "bot run twice? See docs/running.md"
    )
    return Finding("second copies", True, says, note=True)
