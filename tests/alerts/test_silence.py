"""Each cause of a silence: what it is called, since when, until when, in which words, how bad."""

from datetime import timedelta
from typing import Any

import pytest
from world import LONDON

from bot.alerts import checks, silence
from bot.alerts.silence import Cause
from bot.decisions.pause import pause
from bot.model.delivery import Hold
from bot.platforms.contract import AccountBlocked, NotReached, RateLimited, Refused, Unknown
from bot.store import deliveries, workers

TITLES = {"x": "X", "facebook": "Facebook"}
OFF = {"x": ("X_API_KEY", "X_API_SECRET")}
SINCE = "Tuesday 1 December 2026, 12:00"


def found(world: Any, off: Any = None) -> list[silence.Silence]:
    with world.store.read() as session:
        around = silence.surroundings(
            session, world.clock(), LONDON, too_late=world.limits.too_late, off=off or {}
        )
        return silence.facts(session, around)


def beat(world: Any) -> int:
    worker_id: int = world.worker()
    return worker_id


def off(world: Any) -> dict[str, Any]:
    beat(world)
    return {"off": OFF}


def is_paused(world: Any) -> None:
    beat(world)
    pause(world.decider("an accident"), "x")


def stopped(world: Any) -> None:
    with world.store.write() as session:
        workers.end(session, beat(world), world.clock())


def silent(world: Any) -> None:
    beat(world)
    world.clock.move(minutes=5)


def answered(*acts: Any) -> Any:
    """The Platform answers so when the post is tried, ten minutes later the bot still beats."""

    def made(world: Any) -> None:
        world.x.script.extend(acts)
        world.send_due()

    return made


def two_doubts(world: Any) -> None:
    for _ in range(2):
        world.change(world.queue(), state="unconfirmed", doubt_since=world.clock())


def left(world: Any) -> None:
    assert world.claim(1)
    world.expire_leases()


def unplanned(world: Any) -> None:
    world.change(1, due_at=None, reason="There is no free slot in the next year.")


def held(*words: str) -> Any:
    return lambda world: world.change(1, state="held", holds=frozenset(words), reason="Why.")


DAYS = timedelta(days=1)

MATRIX: dict[str, tuple[Any, Cause | Hold, bool, str]] = {
    "off": (
        off,
        Cause.OFF,
        True,
        "The account is off. Missing in .env: X_API_KEY, X_API_SECRET. Or connect it.",
    ),
    "paused": (is_paused, Cause.PAUSED, False, f"Paused since {SINCE}: an accident"),
    "never run": (
        lambda _: None,
        Cause.STOPPED,
        True,
        "The bot is not running; start it with bot run.",
    ),
    "stopped": (stopped, Cause.STOPPED, True, "The bot is not running; start it with bot run."),
    "silent": (silent, Cause.SILENT, True, f"The bot gave its last sign of life {SINCE};"),
    "blocked": (
        answered(AccountBlocked("Signed out.")),
        Cause.BLOCKED,
        True,
        "The account rests until Tuesday 1 December 2026, 12:15.",
    ),
    "limited": (
        answered(RateLimited(None, "A break.")),
        Cause.LIMITED,
        False,
        "The account rests until Tuesday 1 December 2026, 12:15.",
    ),
    "two in doubt": (two_doubts, Cause.DOUBTS, True, "Two posts there may or may not be out."),
    "not reached": (
        answered(NotReached("No line."), NotReached("No line."), NotReached("No line.")),
        Cause.RETRY,
        True,
        "No line. It is tried again Tuesday 1 December 2026, 12:14.",
    ),
    "not taken": (lambda _: None, Cause.UNTAKEN, True, "it has not taken it up"),
    "left": (left, Cause.LEFT, True, "What was sending it has stopped;"),
    "no slot": (unplanned, Cause.UNPLANNED, True, "There is no free slot in the next year."),
    "in doubt": (answered(Unknown("Cut.")), Cause.UNCONFIRMED, True, "Cut."),
    "failed": (answered(Refused("Too rude.")), Cause.FAILED, True, "Too rude."),
    "asked": (held("in doubt"), Hold.IN_DOUBT, True, "Why."),
    "missed": (held("missed"), Hold.MISSED, True, "Why."),
    "file gone": (held("file gone", "approval"), Hold.FILE_GONE, True, "Why."),
    "approval": (held("approval"), Hold.APPROVAL, False, "Why."),
    "held by a pause": (held("paused"), Hold.PAUSED, False, "Why."),
    "quiet": (held("blackout"), Hold.BLACKOUT, False, "Why."),
}
WITHOUT_HEARTBEAT = {"off", "paused", "never run", "stopped", "silent"}


@pytest.mark.parametrize("name", MATRIX)
def test_each_cause_has_its_words_its_time_and_its_weight(world: Any, name: str) -> None:
    """One post was due at noon; ten minutes later it is asked why it has not gone."""
    stage, cause, trouble, said = MATRIX[name]
    delivery_id = world.queue()
    extra = stage(world) or {}
    for _ in range(2 if name == "not reached" else 0):
        world.clock.move(minutes=2)
        world.send_due()
    world.clock.now = world.clock.now.replace(hour=12, minute=10, second=0)
    if name not in WITHOUT_HEARTBEAT:
        beat(world)
    facts = [fact for fact in found(world, **extra) if fact.delivery_id == delivery_id]

    assert [(cause, trouble, "P1", "x")] == [
        (fact.cause, fact.trouble, fact.post, fact.account) for fact in facts
    ]
    assert said in facts[0].why
    assert "2026-12-01T12:00" in str(facts[0].as_json["since"])
    finding = checks.overdue(facts, TITLES, LONDON)
    is_due = facts[0].is_due
    assert finding.ok != (trouble and is_due)
    assert (said in finding.says) == is_due


def test_every_cause_and_every_hold_is_in_the_matrix() -> None:
    """A new one without words would reach a person as silence; spacing has a test of its own."""
    tried = {cause for _, cause, _, _ in MATRIX.values()}

    assert set(Cause) - tried == {Cause.SPACING}
    assert set(silence.HOLD_ORDER) == set(Hold)


def test_what_keeps_its_distance_or_has_just_come_due_is_no_trouble(world: Any) -> None:
    """Both go by themselves in a moment."""
    beat(world)
    world.queue()
    world.send_due()
    late = world.queue()
    world.change(late, timing="now")
    world.send_due()
    assert [] == found(world)
    world.clock.move(minutes=10)
    beat(world)

    assert [(Cause.SPACING, False)] == [(fact.cause, fact.trouble) for fact in found(world)]


def test_a_rate_limit_is_trouble_once_it_has_cost_the_post_its_time(world: Any) -> None:
    """It passes by itself, but the post will be missed."""
    world.queue()
    world.x.script.append(RateLimited(world.clock() + timedelta(hours=9), "A long break."))
    world.send_due()
    world.clock.move(hours=3)
    beat(world)
    before = [fact.trouble for fact in found(world)]
    world.clock.move(minutes=1)
    beat(world)

    assert ([False], [True]) == (before, [fact.trouble for fact in found(world)])


def test_posts_of_one_account_with_one_cause_are_told_together(world: Any) -> None:
    """The first since when, and how many; the other account by itself."""
    for _ in range(3):
        world.queue(to=("x", "facebook"))
        world.clock.move(minutes=1)
    world.clock.move(minutes=9)
    said = checks.overdue(found(world), TITLES, LONDON).says

    assert (
        f"P1 and 2 more on X were due and have not gone, the first since {SINCE}. "
        "The bot is not running; start it with bot run. P1 and 2 more on Facebook"
    ) in said


def test_a_post_that_is_not_due_is_no_silence_and_one_without_a_time_is(world: Any) -> None:
    """Also one that is on hold and has no time: its silence counts from when it was queued."""
    world.queue(timing="next")
    world.change(1, state="held", holds=frozenset({"approval"}))
    world.queue(to=("facebook",), timing="next")
    world.change(2, due_at=world.clock() + DAYS)
    world.clock.move(minutes=3)

    assert [(1, Hold.APPROVAL, "2026-12-01T12:00:00Z", False)] == [
        (fact.delivery_id, fact.cause, fact.as_json["since"], fact.trouble) for fact in found(world)
    ]


def test_what_is_asked_of_the_store_leaves_nothing_out(world: Any) -> None:
    """Every state, hold, time and lease: the same answers as from all that is in the queue."""
    now = world.clock()
    ages = [now + timedelta(minutes=n) for n in (-600, -3, -1, 5)]
    holds = [frozenset({hold}) for hold in Hold] + [frozenset({Hold.APPROVAL, Hold.MISSED})]
    rows: list[dict[str, Any]] = [{"state": "waiting", "due_at": at} for at in (*ages, None)]
    rows += [{"state": "waiting", "due_at": None, "created_at": at} for at in ages]
    rows += [{"state": "held", "holds": of, "due_at": at} for of in holds for at in (*ages, None)]
    rows += [{"state": "failed"}, {"state": "unconfirmed", "doubt_since": now}]
    rows += [{"state": of, "asked_at": at} for of in ("sent", "cancelled") for at in (now, None)]
    for number, row in enumerate(rows):
        # One of an account is being sent at a time; the rest need an account as well.
        world.change(world.queue(f"Number {number}."), **row)
    for lease, account in zip((ages[0], ages[3]), ("x", "facebook"), strict=True):
        row = {"state": "sending", "lease_until": lease, "due_at": ages[0]}
        world.change(world.queue(f"Leased to {account}.", to=(account,)), **row)

    with world.store.read() as session:
        around = silence.surroundings(
            session, world.clock(), LONDON, too_late=world.limits.too_late, off={}
        )
        of_all = silence.among(deliveries.queue(session), around)
        few = [row.id for row, _ in deliveries.troubled(session, now - silence.DUE_LATE_AFTER)]

    assert of_all == found(world)
    assert 40 < len(of_all) <= len(few) < len(rows)


def test_what_waits_for_later_is_not_even_read(world: Any) -> None:
    """Thousands that are due next week cost a look at one minute nothing."""
    for number in range(5):
        world.change(world.queue(f"Later {number}."), due_at=world.clock() + timedelta(days=7))
    late = world.queue("Now.")
    world.clock.move(minutes=10)

    with world.store.read() as session:
        read = [
            row.id for row, _ in deliveries.troubled(session, world.clock() - timedelta(minutes=2))
        ]

    assert [late] == read
