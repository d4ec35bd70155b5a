"""Lets articles go that nobody reviewed in time: news is not sent late, and is counted instead.

Only what still waits for its first approval lapses. The Delivery is cancelled with the reason, a
Decision says that the bot did it, and the Article remembers when.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.errors import UsageError
from bot.intake.feedoptions import LAPSE_AFTER, length
from bot.model.delivery import Delivery, Hold, State
from bot.model.feed import Article
from bot.store import articles, decisions, deliveries
from bot.store.engine import Session, Store

ACTOR = "bot"
VERB = "lapse"
SHORTEST = timedelta(hours=1)


def let_lapse(store: Store, now: datetime) -> int:
    """Cancel what waited too long for its review; how many articles that were."""
    with store.read() as session:
        late = [
            article.id
            for article, feed in articles.unreviewed(session, now - SHORTEST)
            if now - article.seen_at > _patience(feed.options)[0]
        ]
    return sum(_lapse(store, article_id, now) for article_id in late)


def _patience(options: Mapping[str, Any]) -> tuple[timedelta, str]:
    words = str(options.get("lapse_after") or LAPSE_AFTER)
    try:
        return length(words), words
    except ValueError:
        raise UsageError(f"lapse_after: “{words}” is no length of time.") from None


def _lapse(store: Store, article_id: int, now: datetime) -> bool:
    with store.write() as session:
        found = articles.unreviewed(session, now, article_id)
        if not found:
            return False  # reviewed this moment
        article, feed = found[0]
        reason = f"Nobody reviewed it within {_patience(feed.options)[1]}, so it was left out."
        rows = deliveries.of_post(session, article.post_id or 0, lock=True)
        for row in rows:
            if row.state == State.HELD and Hold.APPROVAL in row.holds and not row.may_be_out:
                _cancel(session, row, reason, now)
        if all(row.state == State.CANCELLED for row in rows):
            _remember(article, reason, now)
        return True


def _cancel(session: Session, row: Delivery, reason: str, now: datetime) -> None:
    before = {"state": row.state, "holds": sorted(row.holds)}
    row.move(State.CANCELLED)
    row.holds, row.slot_start, row.reason = frozenset(), None, reason
    decisions.record(
        session,
        made_at=now,
        actor=ACTOR,
        verb=VERB,
        reason=reason,
        post_id=row.post_id,
        delivery_id=row.id,
        account_id=row.account_id,
        before=before,
        after={"state": row.state, "holds": []},
    )


def _remember(article: Article, reason: str, now: datetime) -> None:
    article.decision, article.reason, article.lapsed_at = "lapsed", reason, now
