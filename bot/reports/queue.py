"""The Queue and a single post as plain data, the same for a table, a page and `--json`."""

from collections.abc import Collection, Sequence
from typing import Any

from bot.clock import iso
from bot.formatting import rotation
from bot.model.account import Account
from bot.model.delivery import Delivery, Part, State
from bot.model.post import Post
from bot.model.written import Written, from_json
from bot.store import articles, claims, decisions, deliveries, engagement, posts, rounds
from bot.store.engine import Session

Owned = Sequence[tuple[Delivery, Account]]


def rows(session: Session, limit: int | None = None) -> list[dict[str, Any]]:
    """Every Delivery not sent or cancelled, next out first."""
    found = deliveries.queue(session, limit)
    parts = deliveries.parts_of(session, [delivery.id for delivery, _ in found])
    by_id = {post.id: post for post in posts.some(session, {one.post_id for one, _ in found})}
    return [
        {
            **row(delivery, account, parts[delivery.id]),
            "edit_waits": _edit_waits(delivery, by_id[delivery.post_id]),
        }
        for delivery, account in found
    ]


def row(delivery: Delivery, account: Account, parts: Sequence[Part]) -> dict[str, Any]:
    """One Delivery as `bot queue --json` shows it."""
    return {
        "post": f"P{delivery.post_id}",
        "delivery": str(delivery.id),
        "account": account.name,
        "platform": account.platform,
        "round": delivery.round,
        "state": delivery.state,
        "holds": sorted(delivery.holds),
        "due_at": iso(delivery.due_at),
        "not_before": iso(delivery.not_before),
        "reason": delivery.reason,
        "next_look_at": iso(delivery.next_look_at),
        "asked_at": iso(delivery.asked_at),
        "doubt_since": iso(delivery.doubt_since) if delivery.is_in_doubt else None,
        "looks": delivery.looks,
        "part_in_doubt": _part_in_doubt(delivery, parts),
        "to_be_noted": delivery.is_to_be_noted,
        "half_out": any(part.remote_id for part in parts) and delivery.state != State.SENT,
        "trouble": delivery.is_trouble,
        "parts": [part.text for part in parts],
        "links": [part.link for part in parts],
        "images": [part.images for part in parts],
        "urls": [part.url for part in parts if part.url],
    }


def _part_in_doubt(delivery: Delivery, parts: Sequence[Part]) -> int | None:
    """Which Part of a thread nobody knows of; None for a single post, or without a doubt."""
    if not delivery.is_in_doubt or len(parts) < 2:
        return None
    return next((part.n for part in parts if part.remote_id is None), None)


def _edit_waits(delivery: Delivery, post: Post) -> bool:
    """Whether its file was changed while nobody knows if it is out: words in doubt must stay."""
    since = delivery.doubt_since
    edited = post.edited_at is not None and since is not None and post.edited_at >= since
    return delivery.is_in_doubt and edited


def outlines(session: Session, post_ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """Several Posts, each with its Deliveries as rows, by number."""
    owned = deliveries.of_posts(session, post_ids)
    parts = deliveries.parts_of(session, [delivery.id for delivery, _ in owned])
    found: dict[int, dict[str, Any]] = {
        post.id: {"post": post, "deliveries": []} for post in posts.some(session, post_ids)
    }
    for delivery, account in owned:
        found[delivery.post_id]["deliveries"].append(row(delivery, account, parts[delivery.id]))
    return found


def story(session: Session, post_id: int, owned: Owned | None = None) -> dict[str, Any]:
    """One Post with its Deliveries (`owned` where they were read), Attempts, Decisions and newest
    counts."""
    post = posts.get(session, post_id)
    owned = deliveries.of_posts(session, [post_id]) if owned is None else owned
    ids = [delivery.id for delivery, _ in owned]
    counted = engagement.counted_parts(session, ids)
    parts = {key: [part for part, _ in pairs] for key, pairs in counted.items()}
    tried = claims.attempts(session, ids)
    return {
        "post": post.name,
        "source": post.source,
        "key": post.key,
        "author": post.author,
        "campaign": post.campaign,
        "labels": posts.labels_of(session, [post_id])[post_id],
        "created_at": iso(post.created_at),
        "text": _text(post, [part for one, _ in owned for part in parts[one.id]]),
        "template": post.written.get("template"),
        "recurrence": recurrence_of(session, post),
        "article": article_of(session, post_id),
        "deliveries": [
            {
                **row(delivery, account, parts[delivery.id]),
                "sent_at": iso(delivery.sent_at),
                "gone_at": iso(delivery.gone_at),
                "edit_waits": _edit_waits(delivery, post),
                "attempts": [
                    {
                        "n": attempt.n,
                        "part": next(p.n for p in parts[delivery.id] if p.id == attempt.part_id),
                        "started_at": iso(attempt.started_at),
                        "ended_at": iso(attempt.ended_at),
                        "outcome": attempt.outcome,
                        "reason": attempt.reason,
                        "status": attempt.status,
                        "code": attempt.code,
                    }
                    for attempt in tried
                    if attempt.delivery_id == delivery.id
                ],
                "counts": counts_of([one for _, one in counted[delivery.id] if one is not None]),
            }
            for delivery, account in owned
        ],
        "decisions": [
            {
                "made_at": iso(decision.made_at),
                "actor": decision.actor,
                "verb": decision.verb,
                "reason": decision.reason,
            }
            for decision in decisions.of_post(session, post_id)
        ],
    }


def _text(post: Post, parts: Sequence[Part]) -> str:
    """Its words: as written, or as a template makes them; the first wording of several."""
    written = post.written
    if (written.get("template") or written.get("every")) and parts:
        return parts[0].text
    return str(written["body"] or next(iter(written["texts"].values()), ""))


def recurrence_of(session: Session, post: Post) -> dict[str, Any] | None:
    """How often and until when a Post recurs, and how that stands on each Account; None for others.

    `wording` counts from 1; `stopped` is a reason of `store.rounds`, None while it goes on.
    """
    written = from_json(post.written)
    if written.every is None or post.recurs_until is None:
        return None
    return {
        "every": written.every,
        "until": post.recurs_until.isoformat(),
        "accounts": [
            _standing(session, written, row)
            for row in rounds.latest(session, post.recurs_until, post.id)
        ],
    }


def _standing(session: Session, written: Written, row: Delivery) -> dict[str, Any]:
    account = session.get_one(Account, row.account_id)
    is_ahead = row.state in (State.WAITING, State.HELD)
    return {
        "account": account.name,
        "round": row.round,
        "wording": row.wording + 1 if is_ahead else None,
        "wordings": rotation.count(written, account.platform),
        "next_due_at": iso(row.due_at) if is_ahead else None,
        "stopped": rounds.stopped_because(session, row),
    }


def article_of(session: Session, post_id: int) -> dict[str, Any] | None:
    """The Article a Post was made of, where its words come from and why these; None for others."""
    found = articles.of_post_with_feed(session, post_id)
    if found is None:
        return None
    row, feed = found
    chosen = row.chosen or {}
    return {
        "feed": feed.name,
        "title": row.title,
        "link": row.link,
        "published": iso(row.published_at),
        "reason": row.reason,
        "source": chosen.get("source"),
        "site": chosen.get("site"),
        "author": chosen.get("author"),
        "quotations": chosen.get("quotations") or {},
        "hashtags": chosen.get("hashtags") or [],
    }


COUNTS = (
    "views",
    "viewers",
    "likes",
    "comments",
    "shares",
    "quotes",
    "bookmarks",
    "link_clicks",
    "profile_clicks",
    "engagements",
)


def counts_of(snapshots: Sequence[Any], names: Sequence[str] = COUNTS) -> dict[str, int | None]:
    """Counts summed over Parts; unknown stays unknown unless some Part is known."""
    if len(snapshots) == 1:  # nearly always, and asked for thousands of posts at once
        return {name: getattr(snapshots[0], name) for name in names}
    totals: dict[str, int | None] = {}
    for name in names:
        known = [getattr(one, name) for one in snapshots if getattr(one, name) is not None]
        totals[name] = sum(known) if known else None
    return totals
