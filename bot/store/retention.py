"""What is kept for how long, as one table, and its carrying out in small transactions.

No figure of today changes by it: of a Part's Snapshots those stay that a figure may still rest on.
Nothing that a Delivery, a draft or a decision still to come refers to is ever deleted.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, func, or_, select
from sqlalchemy.orm import Session

from bot.model.account import Connecting
from bot.model.alarm import Alarm, Backup
from bot.model.delivery import Decision, Delivery, Part
from bot.model.engagement import PaidReading, Snapshot
from bot.model.person import Manuscript, SignIn
from bot.model.post import Media, Post
from bot.model.stranger import Stranger
from bot.store import byhand
from bot.store.decisions import APPROVALS
from bot.store.deliveries import QUEUED
from bot.store.engine import Store
from bot.store.rounds import END, SKIP, TAKEDOWN
from bot.store.thinning import superfluous

DAY = timedelta(days=1)
POINTS_FOR = 396 * DAY  # thirteen months
AUDIT_FOR = 731 * DAY  # two years
APPROVALS_FOR = 6 * 366 * DAY
SIGN_INS_FOR = 90 * DAY
# Readings themselves forget after 30 days; this is for accounts that nobody reads any more.
STRANGERS_FOR = 60 * DAY
PAID_FOR = 2 * DAY
ALARMS_FOR = 90 * DAY
BACKUPS_NOTED_FOR = 400 * DAY
# A picture is stored before the post that shows it; whoever is writing is given time.
ORPHANS_FOR = 7 * DAY
SIGN_IN_UNDER_WAY_FOR = DAY
# So that no send waits long for the database.
AT_ONCE = 500

# How many rows go, or in a dry run would go.
Clean = Callable[[Store, datetime, bool], int]


@dataclass(frozen=True, slots=True)
class Rule:
    """What goes, in plain words, and why."""

    name: str
    says: str
    why: str
    clean: Clean


def purge(store: Store, now: datetime, *, dry_run: bool) -> dict[str, int]:
    """Carry out every rule; by its name, how many rows went or, in a dry run, would go."""
    return {rule.name: rule.clean(store, now, dry_run) for rule in RULES}


def _deleting(table: Any, condition: Callable[[datetime], ColumnElement[bool]]) -> Clean:
    """A rule that deletes the rows of a table that fulfil a condition, some at a time."""

    def clean(store: Store, now: datetime, dry_run: bool) -> int:
        with store.read() as session:
            query = select(func.count()).select_from(table).where(condition(now))
            count = session.scalar(query) or 0
        for _ in range(0 if dry_run else count, 0, -AT_ONCE):
            with store.write() as session:
                some = select(table.id).where(condition(now)).limit(AT_ONCE)
                session.execute(delete(table).where(table.id.in_(session.scalars(some).all())))
        return count

    return clean


def _thin_out(store: Store, now: datetime, dry_run: bool) -> int:
    return sum(_thin_some(store, ids, now, dry_run) for ids in _parts_with_old_points(store, now))


def _parts_with_old_points(store: Store, now: datetime) -> Iterator[Sequence[int]]:
    last = 0
    while True:
        with store.read() as session:
            ids = session.scalars(
                select(Snapshot.part_id)
                .where(Snapshot.taken_at < now - POINTS_FOR, Snapshot.part_id > last)
                .distinct()
                .order_by(Snapshot.part_id)
                .limit(AT_ONCE // 5)
            ).all()
        if not ids:
            return
        yield ids
        last = ids[-1]


def _thin_some(store: Store, part_ids: Sequence[int], now: datetime, dry_run: bool) -> int:
    with store.read() as session:
        rows = session.execute(
            select(Snapshot, Part.sent_at)
            .join(Part, Part.id == Snapshot.part_id)
            .where(Snapshot.part_id.in_(part_ids))
            .order_by(Snapshot.part_id, Snapshot.taken_at)
        ).all()
    by_part: dict[int, list[Snapshot]] = {}
    sent_at: dict[int, datetime | None] = {}
    for one, at in rows:
        by_part.setdefault(one.part_id, []).append(one)
        sent_at[one.part_id] = at
    doomed = [
        one.id
        for part_id, points in by_part.items()
        for one in superfluous(points, sent_at[part_id], now - POINTS_FOR)
    ]
    if doomed and not dry_run:
        with store.write() as session:
            session.execute(delete(Snapshot).where(Snapshot.id.in_(doomed)))
    return len(doomed)


def _forget_gone(store: Store, now: datetime, dry_run: bool) -> int:  # noqa: ARG001  one signature
    with store.read() as session:
        count = byhand.clear_gone(session, dry_run=True)
    if count and not dry_run:
        with store.write() as session:
            byhand.clear_gone(session, dry_run=False)
    return count


def _drop_orphans(store: Store, now: datetime, dry_run: bool) -> int:
    with store.read() as session:
        doomed = _orphans(session, now)
    for n in range(0, 0 if dry_run else len(doomed), AT_ONCE):
        with store.write() as session:
            # A post that takes one up meanwhile makes it young again, by `media.keep`.
            some = Media.id.in_(doomed[n : n + AT_ONCE])
            session.execute(delete(Media).where(some, _is_old(now)))
    return len(doomed)


def _orphans(session: Session, now: datetime) -> list[int]:
    old = session.execute(select(Media.id, Media.sha256).where(_is_old(now))).all()
    used = set(_digests_used(session)) if old else set()
    return [media_id for media_id, digest in old if digest not in used]


def _is_old(now: datetime) -> ColumnElement[bool]:
    return Media.created_at < now - ORPHANS_FOR


def _digests_used(session: Session) -> Iterator[str]:
    queries: tuple[Select[Any], ...] = (
        select(Part.images),
        select(Post.written),
        select(Manuscript.form),
        select(Manuscript.media),
    )
    for query in queries:
        for kept in session.scalars(query.execution_options(yield_per=AT_ONCE)):
            yield from _digests_in(kept)


def _digests_in(kept: object) -> Iterator[str]:
    """Every value under the name sha256, however deep."""
    if isinstance(kept, dict):
        if isinstance(kept.get("sha256"), str):
            yield kept["sha256"]
        for value in kept.values():
            yield from _digests_in(value)
    elif isinstance(kept, list):
        for value in kept:
            yield from _digests_in(value)


# What still says why a post may not come back, or since when a pause is over.
LASTING = (TAKEDOWN, END, SKIP, "resume", *APPROVALS)


def _old_decisions(now: datetime) -> ColumnElement[bool]:
    still_open = select(Delivery.id).where(Delivery.state.in_(QUEUED))
    recurring = select(Post.id).where(Post.recurs_until >= now.date())
    return and_(
        or_(
            and_(Decision.made_at < now - AUDIT_FOR, Decision.verb.not_in(LASTING)),
            and_(Decision.made_at < now - APPROVALS_FOR, Decision.verb.in_(APPROVALS)),
        ),
        or_(Decision.delivery_id.is_(None), Decision.delivery_id.not_in(still_open)),
        or_(Decision.post_id.is_(None), Decision.post_id.not_in(recurring)),
    )


RULES: tuple[Rule, ...] = (
    Rule(
        "counts",
        "Counts older than 13 months, but for one a month of each post",
        "the newest ones, and those after a day and after a week, stay for good",
        _thin_out,
    ),
    Rule(
        "decisions",
        "Decisions older than two years; approvals older than six",
        "what keeps a post from coming back stays",
        _deleting(Decision, _old_decisions),
    ),
    Rule(
        "sign-ins",
        "Sign-ins not used for 90 days",
        "they say when somebody used which device",
        _deleting(SignIn, lambda now: SignIn.seen_at < now - SIGN_INS_FOR),
    ),
    Rule(
        "half sign-ins",
        "Connections to an account that were begun and not finished",
        "they are good once, and their time is over",
        _deleting(Connecting, lambda now: Connecting.ends_at < now - SIGN_IN_UNDER_WAY_FOR),
    ),
    Rule(
        "readings",
        "The words of posts seen on our own pages more than 60 days ago",
        "they came from the platform and only serve to find second copies",
        _deleting(Stranger, lambda now: Stranger.published_at < now - STRANGERS_FOR),
    ),
    Rule(
        "gone by hand",
        "The words of posts made by hand that are gone from the page; their counts stay",
        "what a platform no longer shows is not kept here",
        _forget_gone,
    ),
    Rule(
        "paid readings",
        "Which posts were paid for on days before yesterday",
        "a reading is free only on the same day",
        _deleting(PaidReading, lambda now: PaidReading.day < (now - PAID_FOR).date()),
    ),
    Rule(
        "alarms",
        "Alarms that have been over for 90 days",
        "some name a person, and what was wrong then helps nobody any more",
        _deleting(Alarm, lambda now: Alarm.ended_at < now - ALARMS_FOR),
    ),
    Rule(
        "backups",
        "When a backup was made more than 400 days ago",
        "only the last one matters; the copies themselves are yours",
        _deleting(Backup, lambda now: Backup.made_at < now - BACKUPS_NOTED_FOR),
    ),
    Rule(
        "pictures",
        "Pictures that no post and no draft shows",
        "nobody can see them any more",
        _drop_orphans,
    ),
)
