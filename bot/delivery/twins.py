"""Notices that a post is on the timeline already, though this database did not publish it.

Whoever published it, by hand or with a second bot, the waiting post with the same words is put on
hold for a person, with the link. One Stranger stands for one Delivery. What is in doubt is left to
the look for it. Several in a row pause the Account: then the bot probably runs twice.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import structlog

from bot.delivery import outcomes
from bot.model.account import Account
from bot.model.delivery import Delivery, Hold, Part, State
from bot.model.stranger import Stranger
from bot.platforms.contract import Seen
from bot.platforms.matching import normal_form, same_post
from bot.store import accounts, decisions, deliveries, strangers
from bot.store.engine import Session

log = structlog.get_logger()

THE_BOT = "the bot"
TWICE = "Somebody else posts our posts: is the bot running twice?"
TOO_MANY = 3
TOO_MANY_WITHIN = timedelta(days=1)
# A second bot sends the same post at the same time; the same words much later are somebody's wish.
SECOND_COPY_WITHIN = timedelta(days=1)

Owned = list[tuple[Delivery, Part]]


def seen_of(stranger: Stranger) -> Seen:
    """A Stranger as a Platform listed it."""
    return Seen(
        stranger.remote_id,
        stranger.url,
        stranger.text,
        stranger.published_at,
        stranger.link,
        stranger.reply_to,
    )


def says(title: str, stranger: Stranger) -> str:
    """What a person is told of a post that is there already."""
    return f"{title} shows these words already, and this bot did not publish them: {stranger.url}"


def match(session: Session, account: Account, title: str, now: datetime) -> list[Delivery]:
    """Hold what the account's Strangers show to be out already; the Deliveries noticed."""
    found = strangers.unmatched(session, account.id)
    if not found:
        return []
    rows = strangers.candidates(session, account.id, found[0].published_at - SECOND_COPY_WITHIN)
    by_words = _by_words(rows, deliveries.parts_of(session, [row.id for row in rows]))
    noticed = []
    for stranger in found:
        owned = by_words.get(normal_form(stranger.text), [])
        delivery = _whose(stranger, owned)
        if delivery is not None:
            _notice(delivery, stranger, title, now)
            noticed.append(delivery)
    session.flush()
    pause_if_many(session, account, now)
    return noticed


def twin(
    session: Session, account: Account, delivery: Delivery, parts: Sequence[Part], now: datetime
) -> Stranger | None:
    """The Stranger with the words of a Delivery about to be sent; it counts as noticed."""
    for stranger in strangers.unmatched(session, account.id, _queued_at(delivery)):
        if any(_says_the_same(part, stranger) for part in parts if part.remote_id is None):
            stranger.delivery_id, stranger.matched_at = delivery.id, now
            session.flush()
            pause_if_many(session, account, now)
            return stranger
    return None


def pause_if_many(session: Session, account: Account, now: datetime) -> None:
    """Pause the Account when twins come one after the other, counted since a person's `resume`."""
    resumed = strangers.last_resumed(session, account.id)
    since = max(now - TOO_MANY_WITHIN, resumed or now - TOO_MANY_WITHIN)
    if strangers.matched_count(session, account.id, since) < TOO_MANY:
        return
    if accounts.pause_over(session, account.id) is not None:
        return
    accounts.pause(session, account.id, reason=TWICE, actor=THE_BOT, now=now)
    decisions.record(
        session, made_at=now, actor=THE_BOT, verb="pause", reason=TWICE, account_id=account.id
    )
    log.warning("paused", action="paused", account=account.name, reason=TWICE)


def _by_words(rows: Sequence[Delivery], parts: Mapping[int, Sequence[Part]]) -> dict[str, Owned]:
    found: dict[str, Owned] = {}
    for row in rows:
        for part in parts[row.id]:
            if part.remote_id is None or row.state == State.SENT:
                found.setdefault(normal_form(part.text), []).append((row, part))
    return found


def _whose(stranger: Stranger, owned: Owned) -> Delivery | None:
    """The Delivery a Stranger is a twin of, none while one with these words is in doubt."""
    same = [row for row, part in owned if _says_the_same(part, stranger)]
    if any(row.may_be_out for row in same):
        return None
    fitting = [row for row in same if _may_be(row, stranger)]
    return next((row for row in fitting if row.state != State.SENT), next(iter(fitting), None))


def _says_the_same(part: Part, stranger: Stranger) -> bool:
    return same_post(outcomes.content_of(part), seen_of(stranger))


def _may_be(delivery: Delivery, stranger: Stranger) -> bool:
    """Never an older twin, but for what came before this database, or while it was not alive."""
    is_younger = stranger.published_at >= _queued_at(delivery)
    if delivery.state == State.SENT:
        sent_at = delivery.sent_at or delivery.created_at
        return is_younger and abs(stranger.published_at - sent_at) <= SECOND_COPY_WITHIN
    return is_younger or stranger.unattended or Hold.FIRST_RUN in delivery.holds


def _queued_at(delivery: Delivery) -> datetime:
    """When it was queued, in whole seconds as Platforms date a post."""
    return delivery.created_at.replace(microsecond=0)


def _notice(delivery: Delivery, stranger: Stranger, title: str, now: datetime) -> None:
    stranger.delivery_id = delivery.id
    # What was found at a first run was published by an earlier database, not by a second bot.
    stranger.matched_at = None if Hold.FIRST_RUN in delivery.holds else now
    reason = says(title, stranger)[:1000]
    log.warning(
        "already there",
        action="already there",
        post=f"P{delivery.post_id}",
        delivery=delivery.id,
        account=title,
        url=stranger.url,
    )
    if delivery.state in (State.WAITING, State.HELD):
        delivery.hold(Hold.ALREADY_THERE, reason=reason)
    elif delivery.state == State.FAILED:
        delivery.reason = reason
