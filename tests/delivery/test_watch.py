"""Posts of ours on the timeline that this database did not publish."""

import threading
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from scripted_platform import Accept
from sqlalchemy import select
from world import LONDON

from bot.decisions.pause import resume
from bot.decisions.release import release
from bot.delivery import watch as watching
from bot.model.account import Pause
from bot.model.delivery import Decision, Hold
from bot.model.engagement import Charge
from bot.model.stranger import Stranger
from bot.platforms.contract import Refused, Unknown, Unreadable
from bot.store import workers

HOUR = timedelta(hours=1)


@pytest.fixture
def watch(world):
    """One heartbeat's watch, kept over a test."""
    return world.watch


def holds(world, delivery_id):
    return set(world.row(delivery_id).holds)


def in_an_hour(world, **fields):
    """A post due in an hour."""
    at = (world.clock() + HOUR).replace(tzinfo=None)
    return world.queue(at=at, timing="typed", **fields)


def pauses(world):
    with world.store.read() as session:
        return list(session.scalars(select(Pause).where(Pause.ended_at.is_(None))))


def alive(world, **ago):
    """A worker gave its last sign of life so long ago."""
    with world.store.write() as session:
        now = world.store.lease_now(session) - timedelta(**ago)
        workers.begin(session, host="here", pid=1, now=now)


def twin(world, delivery_id, name="x", **moved):
    """Somebody else publishes the same words."""
    return world.by_name[name].publish(world.parts(delivery_id)[0].text, by_hand=True)


def test_a_waiting_post_that_somebody_else_published_is_held_with_its_link(world, watch):
    """By hand or by a second bot: a person decides."""
    delivery_id = in_an_hour(world)
    other = in_an_hour(world)
    world.clock.move(minutes=59)
    post = twin(world, delivery_id)
    read(world, watch)

    row = world.row(delivery_id)
    assert {Hold.ALREADY_THERE} == set(row.holds)
    assert row.reason.endswith(f"https://example.org/status/{post.remote_id}")
    assert "waiting" == world.state(other)
    world.clock.move(minutes=1)
    world.send_due()
    assert 1 == world.x.texts().count(post.text)


@pytest.mark.parametrize("seconds_before", [0.0, 1.0, 3600.0])
def test_an_older_twin_is_nobodys_business(world, watch, seconds_before):
    """Whoever queues words that were posted by hand before means it."""
    world.x.publish("Hands off Honduras.", by_hand=True)
    world.clock.move(seconds=seconds_before)
    delivery_id = world.queue("Hands off Honduras.")
    watch.read_due()

    assert ("waiting" if seconds_before else "held") == world.state(delivery_id)


def test_a_release_is_heard(world, watch):
    """One twin asks one question."""
    delivery_id = world.queue()
    twin(world, delivery_id)
    watch.read_due()
    assert {Hold.ALREADY_THERE} == holds(world, delivery_id)
    release(world.decider(), str(delivery_id), LONDON)
    world.send_due()

    assert "sent" == world.state(delivery_id)


def test_a_post_queued_again_with_the_same_words_needs_a_twin_of_its_own(world, watch):
    """One post on the timeline stands for one of ours."""
    first, second = (world.queue("Basta.", again=True) for _ in range(2))
    world.x.publish("Basta.", by_hand=True)
    watch.read_due()

    assert ["held", "waiting"] == [world.state(first), world.state(second)]


def test_what_we_sent_ourselves_is_known(world, watch):
    """Also an older round's post."""
    delivery_id = world.queue("Every week.", again=True)
    world.send_due()
    later = world.queue("Every week.", again=True)
    world.clock.move(minutes=13)
    watch.read_due()

    assert ["sent", "waiting"] == [world.state(delivery_id), world.state(later)]
    assert [] == pauses(world)
    with world.store.read() as session:
        assert [] == list(session.scalars(select(Stranger)))


@pytest.mark.parametrize("asked", [False, True])
def test_what_is_in_doubt_is_left_to_its_own_look(world, watch, asked):
    """The post on the timeline is the one asked for, not a stranger's."""
    delivery_id, other = (world.queue("In doubt.", again=True) for _ in range(2))
    world.x.script.append(Accept(Unknown("no answer")))
    world.deliver(delivery_id)
    if asked:
        world.change(delivery_id, state="held", holds=frozenset({"in doubt"}), next_look_at=None)
    watch.read(world.ids["x"])
    assert "waiting" == world.state(other)
    assert holds(world, delivery_id) <= {Hold.IN_DOUBT}
    with world.store.read() as session:
        assert session.scalars(select(Stranger)).one().delivery_id is None
    world.confirmer.look(delivery_id)
    watch._rests.clear()
    watch.read(world.ids["x"])

    assert ["sent", "waiting"] == [world.state(delivery_id), world.state(other)]


def test_three_twins_pause_the_account_and_ask_whether_the_bot_runs_twice(world, watch):
    """Two may be a person's doing."""
    ids = [in_an_hour(world) for _ in range(4)]
    for count, delivery_id in enumerate(ids[:3], 1):
        twin(world, delivery_id)
        watch._rests.clear()
        watch.read(world.ids["x"])
        assert (count == 3) == bool(pauses(world))

    pause = pauses(world)[0]
    assert ("the bot", world.ids["x"]) == (pause.actor, pause.account_id)
    assert "running twice?" in pause.reason
    with world.store.read() as session:
        decision = session.scalars(select(Decision)).one()
    assert ("the bot", "pause", pause.reason) == (
        decision.actor,
        decision.verb,
        decision.reason,
    )
    world.clock.move(hours=1)
    world.send_due()
    assert "held" == world.state(ids[3])


def test_after_a_person_resumed_the_count_begins_anew(world, watch):
    """Else the pause would come back at once."""
    ids = [in_an_hour(world) for _ in range(4)]
    for delivery_id in ids[:3]:
        twin(world, delivery_id)
    watch.read(world.ids["x"])
    assert pauses(world)
    world.clock.move(minutes=1)
    resume(world.decider(), None, world.limits.too_late)
    twin(world, ids[3])
    watch._rests.clear()
    watch.read(world.ids["x"])

    assert {Hold.ALREADY_THERE} == holds(world, ids[3])
    assert [] == pauses(world)


def test_two_bots_that_send_the_same_at_the_same_time_are_noticed_afterwards(world, watch):
    """Neither saw the other's post before it sent its own."""
    for _ in range(3):
        delivery_id = world.queue()
        watch.before(delivery_id)
        world.send_due()
        world.clock.move(seconds=1)
        twin(world, delivery_id)
        world.clock.move(minutes=20)
    assert [] == pauses(world)
    watch.read(world.ids["x"])

    assert "running twice?" in pauses(world)[0].reason


def test_a_post_admitted_after_the_reading_is_held_at_its_claim(world, watch):
    """What was published while nobody was alive here is compared with all that comes."""
    world.clock.move(hours=5)
    alive(world, hours=10)
    world.x.publish("From the file.", by_hand=True)
    world.clock.move(hours=5)
    watch.wake(0)
    watch.read_due()
    delivery_id = world.queue("From the file.")
    world.send_due()

    assert {Hold.ALREADY_THERE} == holds(world, delivery_id)
    assert ["From the file."] == world.x.texts()


def test_a_thread_is_held_by_any_part_that_is_there(world, watch):
    """Its first part may be listed late."""
    delivery_id = world.queue(f"{'One. ' * 50}\n\n{'Two. ' * 50}", thread=True)
    first, second = world.parts(delivery_id)[:2]
    world.x.publish(first.text)
    hidden = world.x.publish(second.text, "1000000")
    world.x.hidden.add("1000000")
    watch.read_due()

    assert world.row(delivery_id).reason.endswith(hidden.remote_id)


def read(world, watch):
    """What the heartbeat does every few seconds."""
    for account_id in watch.due():
        watch.read(account_id)


def test_accounts_are_read_before_their_posts_are_due_and_then_left_alone(world, watch):
    """A post never waits for a reading, and an idle account costs nothing."""
    in_an_hour(world)
    read(world, watch)
    assert 0 == world.x.looks
    world.clock.move(minutes=58)
    read(world, watch)
    assert (1, 0) == (world.x.looks, world.facebook.looks)
    for _ in range(20):
        world.clock.move(seconds=30)
        read(world, watch)
        for delivery_id in world.due():
            watch.before(delivery_id)
            world.deliver(delivery_id)

    assert 1 == world.x.looks


def test_a_post_due_at_once_waits_for_one_reading_and_the_next_for_none(world, watch):
    """Throughput: no reading per post."""
    world.limit(spacing=timedelta(0))
    for _ in range(5):
        world.queue()
    while ids := world.due():
        for delivery_id in ids:
            watch.before(delivery_id)
            world.deliver(delivery_id)

    assert (5, 1) == (len(world.x.ledger), world.x.looks)


def test_every_start_reads_once_what_another_process_read_since_is_good_enough(world):
    """A database that was copied a minute ago was read a minute ago, too."""
    world.queue()
    world.watch.read_due()
    first, second = world.watch, world.watch
    world.clock.move(minutes=1)
    for watch in (first, second):
        watch.wake(0)
    first.read_due()
    assert 2 == world.x.looks
    second.read_due()

    assert 2 == world.x.looks


def test_a_reading_is_charged_by_what_it_lists(world, watch):
    """X bills its own posts too."""
    world.x.rules = replace(world.x.rules, own_read_price=Decimal("0.001"))
    world.queue()
    world.x.publish("one", by_hand=True)
    world.x.publish("two", by_hand=True)
    watch.read_due()

    with world.store.read() as session:
        charge = session.scalars(select(Charge)).one()
    assert ("timeline", 2000) == (charge.purpose, charge.amount_micros)


def test_an_account_that_asked_for_a_break_is_not_read_by_any_room_until_then(world, watch):
    """The watch learns it for the looks, and the looks for the watch."""
    delivery_id = world.queue()
    until = world.clock() + timedelta(minutes=30)
    world.x.unreadable = Unreadable("limited", until)
    watch.before(delivery_id)
    world.x.unreadable = Unreadable("no answer")
    world.clock.move(minutes=20)
    watch.before(delivery_id)
    assert (1, until) == (world.x.looks, world.account().unreadable_until)
    assert [] == watch.due()
    assert [] == world.watch.due(), "nor by a heartbeat that has just begun"
    world.watch.before(delivery_id)
    assert 1 == world.x.looks

    world.clock.move(minutes=10)
    watch.before(delivery_id)
    assert (2, until) == (world.x.looks, world.account().unreadable_until)


def test_a_parked_account_is_not_read(world, watch):
    """A limit forbids reading, too."""
    world.queue()
    world.change_account("x", parked_until=world.clock() + HOUR)
    watch.read_due()

    assert 0 == world.x.looks


@pytest.mark.parametrize("trouble", [Unreadable("down"), RuntimeError("odd")])
def test_one_failed_reading_stops_nothing_when_the_bot_was_alive_just_now(world, watch, trouble):
    """A page that cannot be read must not silence a campaign."""
    alive(world, minutes=30)
    watch.wake(0)
    delivery_id = world.queue()
    world.x.unreadable = trouble
    watch.before(delivery_id)
    world.send_due()

    assert ("sent", 1) == (world.state(delivery_id), world.x.looks)
    world.queue()
    watch.read_due()
    assert 1 == world.x.looks


def asleep(world, watch, **fields):
    """A post that fell due while nobody was alive, and a heartbeat that starts after it."""
    delivery_id = in_an_hour(world, **fields)
    world.clock.move(hours=2)
    alive(world, hours=2)
    watch.wake(0)
    return delivery_id


def test_after_a_long_sleep_nothing_leaves_before_the_timeline_was_read(world, watch):
    """A second copy may have sent it meanwhile."""
    delivery_id = asleep(world, watch)
    assert [] == world.due()
    assert not world.deliver(delivery_id)
    twin(world, delivery_id)
    watch.read_due()
    world.send_due()

    assert {Hold.ALREADY_THERE} == holds(world, delivery_id)
    assert 1 == len(world.x.ledger)
    assert world.account("x").behind_since is None


def test_after_a_long_sleep_and_a_clean_timeline_it_leaves_at_once(world, watch):
    """One request later."""
    delivery_id = asleep(world, watch)
    watch.read_due()
    world.send_due()

    assert "sent" == world.state(delivery_id)


def test_a_crash_between_waking_and_reading_forgets_nothing(world, watch):
    """The next start finds a fresh sign of life, and is behind all the same."""
    delivery_id = asleep(world, watch)
    alive(world, minutes=0)
    again = world.watch
    again.wake(0)
    assert [] == world.due()
    again.read_due()
    world.send_due()

    assert "sent" == world.state(delivery_id)


def test_a_slot_that_went_by_in_the_sleep_gets_no_new_time_before_the_reading(world, watch):
    """Else it would go out again tomorrow."""
    alive(world, days=4)
    delivery_id = world.queue(timing="next")
    world.planner.plan_due()
    world.clock.now = world.row(delivery_id).due_at + timedelta(days=2)
    twin(world, delivery_id)
    watch.wake(0)
    world.planner.plan_due()
    assert world.row(delivery_id).due_at < world.clock()
    watch.read_due()
    world.planner.plan_due()

    assert Hold.ALREADY_THERE in holds(world, delivery_id)


def test_unreadable_after_a_sleep_is_tried_a_few_times_and_then_a_person_is_asked(world, watch):
    """Never sent blind; what falls due later goes out."""
    delivery_id = asleep(world, watch)
    later = in_an_hour(world)
    world.x.unreadable = Unreadable("X does not answer.")
    for seconds in (0, 16, 61, 301, 901):
        assert "waiting" == world.state(delivery_id)
        world.clock.move(seconds=seconds)
        watch.read_due()
        watch.read_due()

    assert 5 == world.x.looks
    row = world.row(delivery_id)
    assert {Hold.MISSED} == set(row.holds)
    assert "cannot be read" in row.reason
    world.clock.now = world.row(later).due_at
    world.send_due()
    assert "sent" == world.state(later)
    assert "held" == world.state(delivery_id)


def test_what_a_platform_says_of_when_to_come_back_is_kept(world, watch):
    """Nobody hammers a limit."""
    asleep(world, watch)
    world.x.unreadable = Unreadable("too many", world.clock() + timedelta(minutes=10))
    watch.read_due()
    world.clock.move(minutes=9)
    watch.read_due()
    assert 1 == world.x.looks
    world.clock.move(minutes=2)
    watch.read_due()

    assert 2 == world.x.looks


def test_a_machine_that_slept_while_the_bot_ran_is_noticed_before_a_post_leaves(world, watch):
    """The process is the same; its clock jumped."""
    watch.wake(0)
    delivery_id = in_an_hour(world)
    watch.due()
    world.clock.move(hours=3)
    twin(world, delivery_id)
    world.x.unreadable = Unreadable("no network yet")
    for due in world.due():
        watch.before(due)
        world.deliver(due)
    assert [] == world.due()
    world.x.unreadable = None
    world.clock.move(seconds=20)
    watch.read_due()

    assert {Hold.ALREADY_THERE} == holds(world, delivery_id)
    assert 1 == len(world.x.ledger)


def test_a_clock_that_was_set_back_does_not_keep_the_timeline_unread(world, watch):
    """What was read tomorrow proves nothing today."""
    world.queue()
    watch.read_due()
    world.clock.move(hours=-5)
    world.queue()
    watch.read_due()

    assert 2 == world.x.looks


def test_readers_that_come_together_read_once(world, watch):
    """The tick and a sender at the same moment."""
    delivery_id = world.queue()
    threads = [threading.Thread(target=watch.before, args=(delivery_id,)) for _ in range(4)]
    gate = threading.Event()
    world.x.on_recent = lambda: gate.wait(5)
    for thread in threads:
        thread.start()
    while not watch._locks[world.ids["x"]].locked():
        pass
    gate.set()
    for thread in threads:
        thread.join()

    assert 1 == world.x.looks


def test_a_lost_database_shows_the_twins_of_what_is_held_at_the_first_run(world, watch):
    """However old they are: whatever was found then may be out."""
    world.x.publish("Found in the folder.", by_hand=True)
    world.clock.move(days=20)
    delivery_id = world.queue("Found in the folder.")
    world.change(delivery_id, state="held", holds=frozenset({"first run"}))
    watch.read_due()

    assert {Hold.FIRST_RUN, Hold.ALREADY_THERE} == holds(world, delivery_id)
    assert "status/1000000" in world.row(delivery_id).reason
    assert [] == pauses(world)


def test_a_failed_post_says_that_the_other_copy_is_there(world, watch):
    """X refuses the second of two: that is how a second bot looks from here."""
    delivery_id = world.queue()
    world.x.script.append(Refused("duplicate", duplicate=True))
    world.deliver(delivery_id)
    twin(world, delivery_id)
    watch.read(world.ids["x"])

    assert ("failed", True) == (
        world.state(delivery_id),
        "status/1000000" in world.row(delivery_id).reason,
    )


def test_old_strangers_are_forgotten(world, watch):
    """What is older than a month is nobody's twin."""
    world.queue()
    world.x.publish("by hand", by_hand=True)
    watch.read(world.ids["x"])
    world.clock.now += watching.FARTHEST + HOUR
    watch._rests.clear()
    watch.read(world.ids["x"])

    with world.store.read() as session:
        assert [] == list(session.scalars(select(Stranger)))
