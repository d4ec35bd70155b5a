"""The figures a Prometheus may read: counts, ages and sums of money, by state, reason or account.

All are gauges, read from the database at that moment, so that it does not matter which process is
asked. Nothing in them is a person, a text or a host.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.model.delivery import Hold, Standing, State
from bot.reports import fleetstatus, words
from bot.reports.fleetstatus import OVER, FleetStatus
from bot.store import accounts, charges, deliveries
from bot.store import fleetstatus as rows
from bot.store.engine import Store

PREFIX = "campaign_bot_"
QUANTILES = {"p50": "0.5", "p95": "0.95", "p99": "0.99"}
NO_ANSWER = "none yet"
Figures = Sequence[tuple[str, int | float]]


@dataclass(frozen=True, slots=True)
class Family:
    """One metric: what it means, the name of its label (empty for none), and its figures."""

    name: str
    means: str
    figures: Figures
    label: str = ""


def families(store: Store, now: datetime) -> list[Family]:
    """Every figure at that moment."""
    found = fleetstatus.status(store, now)
    with store.read() as session:
        lease_now = store.lease_now(session)
        states, holds = rows.state_counts(session), rows.hold_counts(session)
        doubts = sum(deliveries.in_doubt_counts(session).values())
        tries = rows.outcomes(session, now - OVER)
        month = charges.month_start(now), charges.next_month(now)
        spent = charges.spent_by_account(session, *month)
        names = [row.name for row in accounts.all_of(session)]
    ended = {key or NO_ANSWER: count for key, count in tries.items()}
    dollars = {name: float(spent.get(name, 0)) for name in names}
    return [
        *_of_workers(found, lease_now),
        *_of_times(found, now),
        _family("deliveries", "Posts by state, each account's own.", _each(State, states), "state"),
        _family(
            "deliveries_on_hold", "By reason; one may have several.", _each(Hold, holds), "reason"
        ),
        _family("deliveries_in_doubt", "Nobody knows whether they are out.", _one(doubts)),
        _family("attempts_last_hour", "Tries by how they ended.", _each(_ends(), ended), "outcome"),
        _family(
            "charges_month_dollars", "Charged this month (UTC).", [*dollars.items()], "account"
        ),
        _family("accounts_resting", "Accounts of which nothing goes out.", _one(len(found.parked))),
    ]


def _of_workers(found: FleetStatus, lease_now: datetime) -> Iterable[Family]:
    standing = [one.standing.value for one in found.seen]
    counted = {state: standing.count(state) for state in standing}
    ages = [
        (str(one.worker.id), (lease_now - one.worker.seen_at).total_seconds())
        for one in found.seen
        if one.standing is not Standing.STOPPED
    ]
    yield _family("workers", "Workers by sign of life.", _each(Standing, counted), "state")
    yield _family("worker_seen_seconds", "Age of a sign of life.", ages, "worker")


def _of_times(found: FleetStatus, now: datetime) -> Iterable[Family]:
    waits, late = found.backlog, found.lateness
    oldest = (now - waits.oldest_due_at).total_seconds() if waits.oldest_due_at else 0.0
    quantiles = [
        (QUANTILES[name], seconds) for name, seconds in late.seconds.items() if seconds is not None
    ]
    yield _family("backlog_due", "Due and not out.", _one(waits.due))
    yield _family("backlog_waiting", "Waiting in all.", _one(waits.waiting))
    yield _family("backlog_oldest_due_seconds", "Since the first is due.", _one(oldest))
    yield _family("lateness_seconds", "From due to out, last hour.", quantiles, "quantile")
    yield _family("lateness_counted", "Posts behind lateness.", _one(late.counted))
    yield _family("lateness_left_out", "Kept waiting on purpose.", _one(late.left_out))


def _family(name: str, means: str, figures: Figures, label: str = "") -> Family:
    return Family(PREFIX + name, means, figures, label)


def _one(value: int | float) -> Figures:
    return [("", value)]


def _ends() -> list[str]:
    return [key or NO_ANSWER for key in words.OUTCOMES]


def _each(known: Iterable[str], counted: Mapping[str, int]) -> Figures:
    """Each that there may be, those without any as 0: a series that vanishes raises no alarm."""
    return [(str(key), counted.get(key, 0)) for key in known]
