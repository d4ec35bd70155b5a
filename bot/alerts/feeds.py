"""Why a feed has brought no post for two weeks, in words: so that silence is never a mystery.

Looks at the store only. A feed that is stopped, or not two weeks old, is not silent.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.alerts.checks import Finding
from bot.clock.local import in_words
from bot.model.feed import Feed
from bot.store import articles, feeds
from bot.store.engine import Store

SILENT_AFTER = timedelta(days=14)
# What is said of each decision; `{}` is how many.
WORDS: dict[str, str] = {
    "excluded": "{} excluded by words",
    "other section": "{} in other sections",
    "other author": "{} by other authors",
    "too old": "{} too old",
    "over limit": "{} over the day's limit",
    "refused": "{} could not become a post",
    "lapsed": "{} not reviewed in time",
}


def silent(store: Store, now: datetime, zone: ZoneInfo) -> dict[str, str]:
    """By its name, why each feed that has been silent for two weeks was so."""
    with store.read() as session:
        rows = [row for row in feeds.all_of(session) if _is_old_enough(row, now)]
        last = articles.last_sent(session)
        counts = articles.decided_since(session, now - SILENT_AFTER)
        waiting = articles.unreviewed_counts(session)
        return {
            row.name: _why(row, last.get(row.id), counts, waiting, zone)
            for row in rows
            if row.id not in last or now - last[row.id] >= SILENT_AFTER
        }


def _is_old_enough(feed: Feed, now: datetime) -> bool:
    first = feed.first_read_at
    return feed.stopped_at is None and first is not None and now - first >= SILENT_AFTER


def _why(
    feed: Feed,
    last: datetime | None,
    counts: Mapping[int, Mapping[str, int]],
    waiting: Mapping[int, int],
    zone: ZoneInfo,
) -> str:
    since = f"since {in_words(last, zone)}" if last else "so far"
    decided = counts.get(feed.id, {})
    reasons = [said.format(decided[name]) for name, said in WORDS.items() if decided.get(name)]
    if waiting.get(feed.id):
        reasons.append(f"{waiting[feed.id]} waiting for review: bot queue")
    if queued := decided.get("post"):
        reasons.append(f"{queued} queued or withdrawn")
    if feed.last_error:
        reasons.insert(0, f"it cannot be read ({feed.last_error.rstrip('.')})")
    why = ", ".join(reasons) or "nothing new"
    return f"No post {since}. In the last 14 days: {why}."


def silence(store: Store, now: datetime, zone: ZoneInfo) -> list[Finding]:
    """One note for each silent feed; nothing where none is."""
    return [
        Finding("feeds", True, f"{name}: {why}", note=True)
        for name, why in silent(store, now, zone).items()
    ]
