"""What runs, what each holds, what waits, how late posts were: the same for table, page and JSON.

Lateness is from a post's time to its first part being public. Left out is what is known to have
been kept waiting on purpose: a person decided, a pause or quiet time stood, a platform asked for a
break, or the bot kept its distance. A bot that did not run, or reached nobody, counts.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.clock import iso
from bot.model.account import Account
from bot.model.delivery import Standing, Worker
from bot.store import deliveries, fleetstatus
from bot.store.engine import Store
from bot.store.fleetstatus import Backlog, Holding, Interruption, WentOut

OVER = timedelta(hours=1)
# A machine that was switched off for good would stand there as silent for ever.
SHOWN_FOR = timedelta(days=1)
# How far back a pause or a break is looked for; what was due before that waited for a person.
LOOKED_BACK = timedelta(days=1)
ON_TIME = timedelta(seconds=1)
QUANTILES = {"p50": 0.50, "p95": 0.95, "p99": 0.99}
DOUBTS = "Two posts there may or may not be out. Answer for one: bot queue"
BEHIND = "Its page is read before anything goes out."


@dataclass(frozen=True, slots=True)
class WorkerSeen:
    """A Worker, how it is, and what it is sending now."""

    worker: Worker
    standing: Standing
    holds: Sequence[Holding]


@dataclass(frozen=True, slots=True)
class Lateness:
    """Seconds between due and out over the last hour; the quantiles are None where none counted."""

    counted: int
    left_out: int
    seconds: dict[str, float | None]


@dataclass(frozen=True, slots=True)
class Parked:
    """An Account of which nothing goes out; `until` None where that waits for something else."""

    account: str
    until: datetime | None
    reason: str
    is_blocked: bool


@dataclass(frozen=True, slots=True)
class FleetStatus:
    """All of it at one moment."""

    seen: Sequence[WorkerSeen]
    backlog: Backlog
    lateness: Lateness
    parked: Sequence[Parked]

    @property
    def alive(self) -> list[WorkerSeen]:
        return [one for one in self.seen if one.standing is Standing.ALIVE]

    @property
    def ok(self) -> bool:
        """False when something is due and no Worker is alive to send it."""
        return bool(self.alive) or not self.backlog.due

    @property
    def as_json(self) -> dict[str, Any]:
        return {
            "ok": self.ok,
            "workers": [_worker(one) for one in self.seen],
            "backlog": {
                "due": self.backlog.due,
                "waiting": self.backlog.waiting,
                "oldest_due_at": iso(self.backlog.oldest_due_at),
            },
            "lateness": {
                "over_seconds": int(OVER.total_seconds()),
                "counted": self.lateness.counted,
                "left_out": self.lateness.left_out,
                **self.lateness.seconds,
            },
            "parked": [
                {
                    "account": one.account,
                    "until": iso(one.until),
                    "reason": one.reason,
                    "blocked": one.is_blocked,
                }
                for one in self.parked
            ],
        }


def _worker(one: WorkerSeen) -> dict[str, Any]:
    row = one.worker
    return {
        "worker": row.id,
        "host": row.host,
        "pid": row.pid,
        "version": row.version,
        "state": one.standing.value,
        "started_at": iso(row.started_at),
        "seen_at": iso(row.seen_at),
        "stopped_at": iso(row.stopped_at),
        "holds": [
            {
                "delivery": str(held.delivery_id),
                "post": f"P{held.post_id}",
                "account": held.account,
                "lease_until": iso(held.lease_until),
            }
            for held in one.holds
        ],
    }


def status(store: Store, now: datetime) -> FleetStatus:
    """Read it; `now` is the bot's clock, signs of life are measured by the store's."""
    with store.read() as session:
        lease_now = store.lease_now(session)
        rows = fleetstatus.seen_since(session, lease_now - SHOWN_FOR)
        held = fleetstatus.holdings(session)
        backlog = fleetstatus.backlog(session, now)
        out = fleetstatus.went_out(session, now - OVER)
        since = _first_late(out, now)
        kept = fleetstatus.interruptions(session, since) if since is not None else ()
        resting = fleetstatus.resting(session, now)
        doubted = deliveries.in_doubt_counts(session)
        names = {row.id: row.name for row in fleetstatus.named(session, doubted)} if doubted else {}
    seen = [
        WorkerSeen(row, row.standing(lease_now), [one for one in held if one.worker_id == row.id])
        for row in rows
    ]
    parked = [*_parked(resting, now), *_doubtful(doubted, names)]
    return FleetStatus(seen, backlog, lateness(out, kept), parked)


def _first_late(out: Iterable[WentOut], now: datetime) -> datetime | None:
    """From when on it matters what stood in the way; None where nothing was late."""
    late = [one.due_at for one in out if one.out_at - one.due_at > ON_TIME]
    return max(min(late), now - LOOKED_BACK) if late else None


def lateness(out: Sequence[WentOut], kept: Sequence[Interruption]) -> Lateness:
    """The quantiles of what counts, each the smallest figure that so many do not exceed."""
    counted = [one for one in out if not was_kept(one, kept)]
    late = sorted(max(0.0, (one.out_at - one.due_at).total_seconds()) for one in counted)
    seconds = {name: quantile(late, share) for name, share in QUANTILES.items()}
    return Lateness(len(counted), len(out) - len(counted), seconds)


def quantile(ordered: Sequence[float], share: float) -> float | None:
    """Nearest rank, to the millisecond; None of nothing."""
    if not ordered:
        return None
    return round(ordered[math.ceil(share * len(ordered)) - 1], 3)


def was_kept(one: WentOut, kept: Sequence[Interruption]) -> bool:
    """Whether it is known that it was kept waiting on purpose."""
    if one.out_at - one.due_at <= ON_TIME:
        return False
    rested = one.rested_until is not None and one.due_at < one.rested_until <= one.out_at
    return one.was_decided or one.was_spaced or rested or any(_stood(each, one) for each in kept)


def _stood(each: Interruption, one: WentOut) -> bool:
    """Whether it stood at any moment between due and out, on that Account."""
    if each.account_id not in (None, one.account_id) or each.began_at >= one.out_at:
        return False
    return each.ended_at is None or each.ended_at > one.due_at


def _parked(rows: Iterable[Account], now: datetime) -> Iterable[Parked]:
    for row in rows:
        if row.parked_until is not None and row.parked_until > now:
            yield Parked(row.name, row.parked_until, row.park_reason or "", row.is_blocked)
        else:
            yield Parked(row.name, None, row.behind_reason or BEHIND, is_blocked=False)


def _doubtful(doubted: dict[int, int], names: dict[int, str]) -> Iterable[Parked]:
    for account_id, count in sorted(doubted.items()):
        if count >= deliveries.IN_DOUBT_PARKS_AT:
            yield Parked(names[account_id], None, DOUBTS, is_blocked=False)
