"""Counting what became of sent posts, at set ages."""

from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from scripted_platform import Accept
from sqlalchemy import select

from bot.decisions.retry import retry
from bot.engagement.cadence import next_count
from bot.model.engagement import NEWEST, Charge, Snapshot
from bot.platforms.contract import Counts, CountsRead, Refused, Unreadable
from bot.reports import log
from bot.reports.figures import counted
from bot.settings import Settings
from bot.store import charges, engagement
from bot.store.figures import Asked

HOUR = timedelta(hours=1)
THEN = datetime(2026, 12, 1, 12, tzinfo=UTC)
AGES = (HOUR, 6 * HOUR, 24 * HOUR)


def sent(world, to="x", **fields):
    delivery_id = world.queue(to=(to,), **fields)
    world.send_due()
    return delivery_id


def snapshots(world):
    with world.store.read() as session:
        return list(session.scalars(select(Snapshot).order_by(Snapshot.id)))


def count(world, **counts):
    """Let the platform know these counts of everything public."""
    for post in world.x.ledger:
        world.x.known_counts[post.remote_id] = Counts(**counts)


@pytest.mark.parametrize(
    ("age", "after"),
    [(0, 1), (0.99, 1), (1, 6), (5, 6), (7, 24), (23, 24), (24, 192), (191, 192), (9999, None)],
)
def test_the_next_age_is_the_first_still_to_come(age, after):
    """A bot that slept counts once and goes on, it does not catch up."""
    expected = None if after is None else THEN + after * HOUR

    assert expected == next_count(THEN, THEN + age * HOUR, AGES)


def test_posts_are_counted_at_each_age_and_no_more(world):
    """At one hour, six and twenty-four."""
    delivery_id = sent(world)
    count(world, views=10, likes=2)
    world.clock.move(minutes=59)
    assert 0 == world.collector.collect_due()
    taken = []
    for hours in (1, 6, 24, 99):
        world.clock.now = THEN + hours * HOUR
        taken.append(world.collector.collect_due())

    row = world.row(delivery_id)
    assert [1, 1, 1, 0] == taken
    assert (3, None) == (row.counts_taken, row.next_count_at)
    assert [THEN + n * HOUR for n in (1, 6, 24)] == [one.taken_at for one in snapshots(world)]


def test_unknown_stays_unknown(world):
    """Null, never zero."""
    sent(world)
    count(world, views=0, likes=7)
    world.clock.move(hours=1)
    world.collector.collect_due()

    stored = snapshots(world)[0]
    assert {"views": 0, "likes": 7} == {
        name: getattr(stored, name)
        for name in asdict(Counts())
        if getattr(stored, name) is not None
    }


def test_one_reading_serves_all_due_posts_of_an_account(world):
    """Reads are limited and cost money."""
    for _ in range(3):
        sent(world)
    count(world, views=1)
    world.x.cost = Decimal("0.005")
    world.clock.move(hours=1)

    assert 3 == world.collector.collect_due()
    assert 1 == world.x.readings
    with world.store.read() as session:
        assert Decimal("0.005") == charges.spent_between(session, world.ids["x"], world.clock())


@pytest.mark.parametrize("trouble", [Unreadable("Busy."), ValueError("odd")])
def test_a_platform_that_cannot_be_read_is_asked_again_later(world, trouble):
    """After a quarter of an hour; the other Account is counted meanwhile."""
    ours, other = sent(world), sent(world, "facebook")
    count(world, views=1)
    world.facebook.known_counts[world.facebook.ledger[0].remote_id] = Counts(views=2)
    world.x.unreadable = trouble
    world.clock.move(hours=1)

    assert 1 == world.collector.collect_due()
    assert world.clock() + timedelta(minutes=15) == world.row(ours).next_count_at
    assert 1 == world.row(other).counts_taken
    world.x.unreadable = None
    world.clock.move(minutes=15)
    assert 1 == world.collector.collect_due()


def test_a_stated_time_is_respected(world):
    """No earlier than the platform said."""
    ours = sent(world)
    until = world.clock() + 5 * HOUR
    world.x.unreadable = Unreadable("Limited.", until)
    world.clock.move(hours=1)
    world.collector.collect_due()

    assert until == world.row(ours).next_count_at


def test_a_post_that_is_gone_is_marked_and_counted_no_more(world):
    """Somebody took it down there."""
    delivery_id = sent(world)
    world.x.gone.add(world.x.ledger[0].remote_id)
    world.clock.move(hours=1)

    assert 0 == world.collector.collect_due()
    row = world.row(delivery_id)
    assert ("sent", world.clock(), None) == (row.state, row.gone_at, row.next_count_at)


def test_a_thread_half_of_which_is_gone_is_still_counted(world):
    """The rest is up."""
    delivery_id = sent(world, body="One two three. " * 30, thread=True)
    count(world, views=1)
    gone, kept = [post.remote_id for post in world.x.ledger]
    world.x.gone.add(gone)
    del world.x.known_counts[gone]
    world.clock.move(hours=1)
    world.collector.collect_due()
    world.clock.move(hours=5)
    world.collector.collect_due()

    assert world.row(delivery_id).gone_at is None
    assert [kept] == [part.remote_id for part in world.parts(delivery_id) if not part.gone_at]
    assert 2 == len(snapshots(world))


@pytest.fixture
def half_out(world):
    """A thread whose second part was refused, read once."""
    world.x.script.extend([Accept(), Refused("Not these words.")])
    delivery_id = sent(world, body="One two three. " * 30, thread=True)
    count(world, views=7)
    world.clock.move(hours=1)
    world.collector.collect_due()
    return delivery_id


def test_what_is_public_of_a_thread_that_failed_is_counted_and_logged(world, half_out):
    """People see it, so it is in every figure; what nobody saw is not."""
    row = world.row(half_out)
    with world.store.read() as session:
        logged = list(log.each(session))
        (figured,) = counted.read(session, Asked(), UTC)

    assert ("failed", THEN) == (row.state, row.sent_at)
    assert [7] == [one.views for one in snapshots(world)]
    assert [(world.x.ledger[0].remote_id, 7, world.x.ledger[0].text)] == [
        (one["remote_id"], one["views"], one["text"]) for one in logged
    ]
    assert 7 == figured.value("views", NEWEST, world.clock())


def test_a_thread_that_is_finished_later_is_counted_from_then(world, half_out):
    """Its last part is as old as the thread."""
    world.clock.move(hours=10)
    retry(world.decider(), str(half_out))
    world.planner.plan_due()
    world.send_due()

    row = world.row(half_out)
    assert ("sent", world.clock(), world.clock() + HOUR) == (
        row.state,
        row.sent_at,
        row.next_count_at,
    )


def test_half_a_thread_is_gone_once_its_public_part_is(world, half_out):
    """What never went out need not vanish."""
    world.x.gone.add(world.x.ledger[0].remote_id)
    world.clock.move(hours=5)
    world.collector.collect_due()

    row = world.row(half_out)
    assert (world.clock(), None) == (row.gone_at, row.next_count_at)


def test_an_account_that_is_off_is_left_for_later(world):
    """Its keys were taken out."""
    ours = sent(world)
    world.clock.move(hours=1)
    collector = world.collector
    object.__setattr__(collector, "platforms", {})

    assert 0 == collector.collect_due()
    assert world.clock() + timedelta(minutes=15) == world.row(ours).next_count_at


def test_the_same_moment_is_stored_once(world):
    """A doubled heartbeat adds no second fact."""
    delivery_id = sent(world)
    count(world, views=1)
    world.clock.move(hours=1)
    world.collector.collect_due()
    world.change(delivery_id, next_count_at=world.clock())
    world.collector.collect_due()

    assert 1 == len(snapshots(world))


def test_every_count_of_the_contract_has_its_column():
    """And no column is without a count."""
    columns = set(Snapshot.__table__.columns.keys()) - {"id", "part_id", "taken_at"}

    assert set(asdict(Counts())) == columns


@pytest.mark.parametrize("blocked", [True, False])
def test_the_posts_of_a_parked_account_are_counted_when_the_park_is_over(world, blocked):
    """A limit or a block forbids reading as it forbids sending; other accounts go on."""
    sent(world)
    sent(world, to="facebook")
    count(world, views=1)
    until = world.clock() + timedelta(hours=2)
    world.change_account(parked_until=until, is_blocked=blocked)
    world.clock.move(hours=1)
    world.collector.collect_due()
    assert (0, 1) == (world.x.readings, world.facebook.readings)
    world.clock.now = until

    assert 1 == world.collector.collect_due()


def prices(world):
    with world.store.read() as session:
        return [row.amount_micros for row in session.scalars(select(Charge).order_by(Charge.id))]


def test_a_second_reading_of_the_same_utc_day_is_free(world):
    """X bills a post once a day; at midnight UTC it costs again."""
    sent(world)
    count(world, views=1)
    world.x.cost = Decimal("0.001")
    for hours in (1, 6, 24):
        world.clock.now = THEN + hours * HOUR
        world.collector.collect_due()

    assert 3 == len(snapshots(world))
    assert [1000, 1000] == prices(world)


def test_a_dearer_reading_of_the_day_costs_the_rest(world):
    """A look-up after the timeline: never less than X may bill, never both."""
    account_id = world.ids["x"]
    with world.store.write() as session:
        for dollars in ("0.001", "0.005", "0.001"):
            charges.record_readings(
                session, account_id, "counts", {"1": Decimal(dollars)}, world.clock()
            )

    assert [1000, 4000] == prices(world)


def test_a_timeline_and_the_counts_share_the_day(world):
    """The watch has paid for what the collector reads."""
    sent(world)
    count(world, views=1)
    world.x.cost = Decimal("0.001")
    world.x.rules = replace(world.x.rules, own_read_price=Decimal("0.001"))
    world.watch.read(world.ids["x"])
    world.clock.move(hours=1)

    assert 1 == world.collector.collect_due()
    assert [1000] == prices(world)


def test_what_still_moves_is_counted_beyond_the_named_ages(world):
    """Weekly, then monthly, to a set age, with COUNT_AFTER ending after a day."""
    delivery_id = sent(world)
    views, at = 0, []
    while (due := world.row(delivery_id).next_count_at) is not None:
        views += 1
        count(world, views=views)
        world.clock.now = due
        at.append((due - THEN) / (24 * HOUR))
        assert 1 == world.collector.collect_due()

    assert [1, 8, 15, 22, 29, 59, 89] == at[2:]


def test_what_stands_still_is_counted_no_more(world):
    """Two equal readings; what only one of them knew is no movement."""
    delivery_id = sent(world)
    for days, counts in (
        (1, {"views": 5}),
        (8, {"views": 6, "link_clicks": 1}),
        (15, {"views": 6}),
    ):
        count(world, **counts)
        world.clock.now = THEN + days * 24 * HOUR
        assert 1 == world.collector.collect_due()

    assert world.row(delivery_id).next_count_at is None


def test_what_a_platform_tells_no_more_is_not_unknown_for_that(world):
    """X tells clicks for thirty days; the log goes on showing the last it told."""
    delivery_id = sent(world)
    for days, counts in ((1, {"views": 5, "link_clicks": 3}), (8, {"views": 6})):
        count(world, **counts)
        world.clock.now = THEN + days * 24 * HOUR
        world.collector.collect_due()
    with world.store.read() as session:
        ((_, newest),) = engagement.counted_parts(session, [delivery_id])[delivery_id]
        ((_, counted),) = engagement.counted_parts(session, [delivery_id])[delivery_id]

    for one in (newest, counted):
        assert (6, 3, None) == (one.views, one.link_clicks, one.likes)
        assert world.clock() == one.taken_at
    assert snapshots(world)[-1].link_clicks is None


def test_a_post_that_a_trouble_kept_from_being_read_is_asked_again(world, monkeypatch):
    """Half an answer: the other half is not put off until the next age."""
    read, missed = sent(world), sent(world)
    count(world, views=1)
    ids = [post.remote_id for post in world.x.ledger]
    half = CountsRead({ids[0]: Counts(views=1)}, unread=frozenset(ids[1:]))
    monkeypatch.setattr(type(world.x), "counts", lambda *_: half)
    world.clock.move(hours=1)

    assert 1 == world.collector.collect_due()
    assert THEN + 6 * HOUR == world.row(read).next_count_at
    assert world.clock() + timedelta(minutes=15) == world.row(missed).next_count_at


def test_a_post_that_never_stands_still_costs_a_cent_at_most():
    """Ten days on which it is read, at X's price for a post of ours, whenever it went out."""
    ages = Settings().count_after
    for minutes in range(0, 24 * 60, 10):
        at, days = THEN + timedelta(minutes=minutes), set()
        due = next_count(at, at, ages)
        while due is not None:
            days.add(due.date())
            due = next_count(at, due, ages)
        assert len(days) * Decimal("0.001") <= Decimal("0.010")
