"""A busy year of a group, seeded: every kind of gap that real readings have.

Written through the one writer of Snapshots, so that the Tallies are the bot's own. Threads, posts
on one Account or both, counts a Platform leaves out, readings that came late or never, posts that
went away, and Accounts in zones of their own.
"""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.model.delivery import Delivery, Part, State
from bot.model.engagement import Charge
from bot.model.post import Post, PostLabel
from bot.model.written import Written, to_json
from bot.store import accounts, engagement
from bot.store.engine import Store

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
# The Accounts are made in this order: 1 and 2.
ZONES = {"x": None, "facebook": "America/Bogota"}
AGES = (1, 6, 20, 23, 24, 48, 72, 150, 168, 175, 336, 672)
POSTS = 260
SILENT = {1: ("viewers",), 2: ("quotes", "bookmarks", "profile_clicks")}


def fill(store: Store, seed: int, posts: int = POSTS) -> None:
    """Fill an empty, migrated database with a year before NOW."""
    dealt = random.Random(seed)
    with store.write() as session:
        for name, zone in ZONES.items():
            accounts.ensure(session, name, name, NOW).timezone = zone
        delivery_id = 0
        for n in range(1, posts + 1):
            at = NOW - timedelta(seconds=dealt.randrange(365 * 24 * 3600))
            _post(session, dealt, n, at)
            for account_id in dealt.choice([(1,), (2,), (1, 2), (1, 2)]):
                delivery_id += 1
                _delivery(session, dealt, n, delivery_id, account_id, at)


def _post(session: Any, dealt: random.Random, n: int, at: datetime) -> None:
    campaign = dealt.choice([None, "honduras", "rivers", "Bogotá", "=press"])
    session.add(
        Post(
            id=n,
            source="test",
            key=str(n),
            content_digest=str(n),
            written=to_json(Written(body=f"Part 1 of {n}")),
            campaign=campaign,
            author=dealt.choice(["ana", "cli:bob", "cleo"]),
            created_at=at,
        )
    )
    session.flush()
    for label in dealt.sample(["spyware", "mines", "events"], dealt.randrange(3)):
        session.add(PostLabel(post_id=n, label=label))


def _delivery(
    session: Any, dealt: random.Random, n: int, number: int, account_id: int, at: datetime
) -> None:
    sent_at = at + timedelta(seconds=dealt.randrange(600))
    withdrawn = dealt.random() < 0.03
    state = State.CANCELLED if withdrawn else State.SENT
    session.add(_sent(number, account_id, n, sent_at, state))
    if account_id == 1:
        _charge(session, number, sent_at)
    parts = 2 if dealt.random() < 0.1 else 1
    for k in range(1, parts + 1):
        part_id = number * 10 + k
        session.add(_part(dealt, part_id, number, k, sent_at + (k - 1) * timedelta(seconds=4)))
        session.flush()
    _readings(session, dealt, number, parts, account_id, sent_at)


def _sent(number: int, account_id: int, n: int, at: datetime, state: State) -> Delivery:
    return Delivery(
        id=number,
        post_id=n,
        account_id=account_id,
        state=state.value,
        timing="next",
        variant_digest="",
        text_key=str(n),
        created_at=at,
        sent_at=at,
    )


def _charge(session: Any, number: int, at: datetime) -> None:
    session.add(
        Charge(account_id=1, made_at=at, purpose="post", amount_micros=10_000, delivery_id=number)
    )


def _part(dealt: random.Random, part_id: int, delivery_id: int, k: int, sent_at: datetime) -> Part:
    link = f"https://example.org/a?utm_source=s&utm_content=post-{delivery_id}"
    where = dealt.choice(["text", "field", "none"])
    return Part(
        id=part_id,
        delivery_id=delivery_id,
        n=k,
        text=f"Part {k} of {delivery_id}" + (f"\n{link}" if where == "text" else ""),
        link=link if where == "field" else None,
        images=[{"alt": "March", "file": "a.jpg"}] if dealt.random() < 0.4 else [],
        weight=20,
        remote_id=f"r{part_id}",
        url=f"https://example.org/there/{part_id}",
        sent_at=sent_at,
    )


def _readings(
    session: Any, dealt: random.Random, number: int, parts: int, account_id: int, at: datetime
) -> None:
    """Now and then in an order of their own: one that comes late must not undo a better one."""
    ages = [age for age in AGES if dealt.random() > 0.12]
    if number % 10 == 0:
        dealt.shuffle(ages)
    most = dealt.lognormvariate(5, 1)
    for age in ages:
        taken_at = at + age * HOUR + timedelta(seconds=dealt.randrange(0, age * 1200))
        if taken_at > NOW:
            continue
        for k in range(1, parts + 1):
            if parts == 1 or dealt.random() > 0.05:
                counts = _counts(dealt, most, age, account_id)
                engagement.record(session, number * 10 + k, taken_at, counts)


def _counts(dealt: random.Random, most: float, age: int, account_id: int) -> dict[str, Any]:
    views = int(most * age / (age + 12))
    counts: dict[str, Any] = {
        "views": views if dealt.random() > 0.1 else None,
        "viewers": views // 2,
        "likes": views // 20,
        "comments": views // 50,
        "shares": views // 40 if dealt.random() > 0.1 else None,
        "quotes": views // 90,
        "bookmarks": views // 70,
        "link_clicks": views // 30 if account_id == 1 and age < 300 else None,
        "profile_clicks": views // 60,
        "engagements": views // 10,
    }
    return counts | dict.fromkeys(SILENT[account_id])


def fill_hours(store: Store, good: int, poor: int) -> None:
    """Weekly posts on the first Account: good ones on Mondays at 09:15, poor ones on Tuesdays."""
    monday = datetime(2026, 11, 23, 9, 15, tzinfo=UTC)
    with store.write() as session:
        accounts.ensure(session, "x", "x", NOW).timezone = "UTC"
        for n in range(1, good + poor + 1):
            at = monday - timedelta(weeks=n % 45) + (27 if n > good else 0) * HOUR
            _post(session, random.Random(n), n, at)
            session.add(_sent(n, 1, n, at, State.SENT))
            session.add(_part(random.Random(n), n, n, 1, at))
            session.flush()
            views = (900 if n <= good else 100) + n
            counts = _counts(random.Random(n), 1, 24, 1) | {"views": views}
            engagement.record(session, n, at + 24 * HOUR, counts)
