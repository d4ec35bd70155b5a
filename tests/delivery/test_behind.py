"""After a restore: what the timeline shows is out, and what may be out waits for a person."""

from datetime import timedelta

import pytest
from scripted_platform import Accept
from world import LONDON

from bot import flow
from bot.decisions.pause import resume
from bot.decisions.release import release
from bot.decisions.resolve import Answer, resolve
from bot.model.delivery import Hold
from bot.platforms.contract import Refused, Unknown, Unreadable

HOUR = timedelta(hours=1)


@pytest.fixture
def engine_name():
    """Queries shared with the watch, which is tried on both databases."""
    return "sqlite"


def holds(world, delivery_id):
    return set(world.row(delivery_id).holds)


def due_in(world, hours, **fields):
    at = (world.clock() + hours * HOUR).replace(tzinfo=None)
    return world.queue(at=at, timing="typed", **fields)


def published_since(world, delivery_id, parts=None, name="x"):
    """The lost database published it, Part after Part."""
    before = None
    for part in world.parts(delivery_id)[:parts]:
        before = world.by_name[name].publish(part.text, before).remote_id


def restored(world, **later):
    """The database of this moment comes back later."""
    world.clock.move(**later)
    return flow.mark_restored(world.store, LONDON, "cli:ana")


def go_on(world, steps=14, hours=1):
    """A person resumes, and everything that then may go out does."""
    resume(world.decider(), None, world.limits.too_late)
    pass_time(world, steps, hours)


def pass_time(world, steps=14, hours=1):
    for _ in range(steps):
        world.clock.move(hours=hours)
        world.planner.plan_due()
        world.send_due()


@pytest.mark.parametrize("name", ["x", "facebook"])
def test_what_went_out_after_the_backup_is_known_again_and_stays_out_once(world, name):
    """With its own time and link."""
    delivery_id = due_in(world, 1, to=(name,))
    unsent = due_in(world, 60, to=(name,))
    world.clock.move(hours=1)
    published_since(world, delivery_id, name=name)
    at = world.clock()
    restored(world, hours=48)
    world.watch.read_due()
    row = world.row(delivery_id)
    assert ("sent", at) == (row.state, row.sent_at)
    assert world.parts(delivery_id)[0].url.endswith("status/1000000")
    assert ["sent"] == world.outcomes(delivery_id)
    assert "waiting" == world.state(unsent)
    go_on(world)

    assert "sent" == world.state(unsent)
    assert 2 == len(world.by_name[name].ledger)


def test_nothing_is_sent_before_a_person_resumes(world):
    """It boots paused."""
    delivery_id = due_in(world, 2)
    restored(world, hours=1)
    world.watch.read_due()
    world.clock.move(hours=2)
    world.send_due()

    assert {Hold.PAUSED} == holds(world, delivery_id)
    assert "Restored from a backup of Tuesday 1 December 2026" in world.row(delivery_id).reason


@pytest.mark.parametrize("timing", ["typed", "next"])
def test_what_was_due_and_is_not_shown_waits_for_a_person(world, timing):
    """Hidden or never sent: nobody here can tell, so it never goes out by itself."""
    delivery_id = due_in(world, 1) if timing == "typed" else world.queue(timing="next")
    world.planner.plan_due()
    world.clock.now = world.row(delivery_id).due_at
    published_since(world, delivery_id)
    world.x.hidden.add("1000000")
    restored(world, hours=48)
    world.watch.read_due()
    assert Hold.MISSED in holds(world, delivery_id)
    assert "does not show it" in world.row(delivery_id).reason
    go_on(world)

    assert ["held", 1] == [world.state(delivery_id), len(world.x.ledger)]


def test_what_was_just_queued_and_had_no_time_yet_may_be_out_too(world):
    """It got its time a second after the backup."""
    delivery_id = world.queue(timing="now")
    restored(world, hours=1)
    go_on(world)

    assert {Hold.MISSED} == holds(world, delivery_id)


def test_a_thread_half_out_is_resumed_only_by_a_person(world):
    """Two of three parts are shown."""
    delivery_id = due_in(world, 1, body="\n\n".join(f"{n} " * 120 for n in "123"), thread=True)
    assert 3 == len(world.parts(delivery_id))
    world.clock.move(hours=1)
    published_since(world, delivery_id, parts=2)
    restored(world, hours=24)
    world.watch.read_due()
    assert Hold.MISSED in holds(world, delivery_id)
    assert "first 2 of 3 parts" in world.row(delivery_id).reason
    go_on(world)
    assert 2 == len(world.x.ledger)
    release(world.decider(), str(delivery_id), LONDON)
    pass_time(world, 12, 3)

    assert ("sent", 3) == (world.state(delivery_id), len(world.x.ledger))
    assert world.x.ledger[1].remote_id == world.x.ledger[2].reply_to


def test_a_thread_whose_first_part_was_out_in_the_backup_is_finished_from_the_timeline(world):
    """The backup fell between two parts."""
    delivery_id = due_in(world, 0, body="\n\n".join(f"{n} " * 120 for n in "123"), thread=True)
    world.x.script.extend([Accept(), Unknown("cut")])
    world.send_due()
    assert "unconfirmed" == world.state(delivery_id)
    for part in world.parts(delivery_id)[1:]:
        world.x.publish(part.text, world.x.ledger[-1].remote_id)
    restored(world, hours=24)
    world.watch.read_due()

    assert "sent" == world.state(delivery_id)
    assert 3 == len(world.x.ledger)


@pytest.mark.parametrize("attempted", [True, False])
def test_what_was_on_its_way_is_asked_about_and_never_sent_again_by_itself(world, attempted):
    """Claimed, or its request under way, when the backup was made."""
    delivery_id = world.queue()
    world.claim(delivery_id)
    if attempted:
        world.begin(delivery_id)
    restored(world, minutes=16)
    worker = world.worker()
    world.confirmer.free_left_by_others(worker)
    world.watch.read_due()
    for _ in range(3):
        world.look()
    go_on(world)
    assert {Hold.IN_DOUBT} == holds(world, delivery_id)
    assert [] == world.x.ledger
    resolve(world.decider(), delivery_id, Answer.ABSENT_NOW)
    world.planner.plan_due()
    world.send_due()

    assert ("sent", 1) == (world.state(delivery_id), len(world.x.ledger))


def test_what_was_on_its_way_and_went_out_much_later_is_found(world):
    """The lost database had looked, and sent it again."""
    delivery_id = world.queue()
    world.x.script.append(Unknown("cut"))
    world.send_due()
    world.clock.move(minutes=20)
    published_since(world, delivery_id)
    restored(world, minutes=5)
    world.watch.read_due()

    assert ("sent", 1) == (world.state(delivery_id), len(world.x.ledger))


def test_a_failed_post_that_a_person_sent_meanwhile_is_out(world):
    """`bot retry` came after the backup."""
    delivery_id = world.queue()
    world.x.script.append(Refused("no"))
    world.send_due()
    assert "failed" == world.state(delivery_id)
    published_since(world, delivery_id)
    restored(world, hours=2)
    world.watch.read_due()

    assert "sent" == world.state(delivery_id)


def test_one_post_on_the_timeline_stands_for_one_of_ours(world):
    """Two with the same words, one of them out: the one that was due first."""
    second, first = (due_in(world, hours, body="Basta.", again=True) for hours in (30, 1))
    world.clock.move(hours=1)
    published_since(world, first)
    restored(world, hours=24)
    world.watch.read_due()

    assert ["sent", "waiting"] == [world.state(first), world.state(second)]


def test_the_parts_of_two_threads_with_the_same_words_are_told_apart(world):
    """By the post each of them answers."""
    body = "\n\n".join((f"{'first ' * 40}", f"{'second ' * 35}"))
    first, second = (due_in(world, n, body=body, thread=True, again=True) for n in (1, 2))
    heads = []
    for _ in range(2):
        heads.append(world.x.publish(world.parts(first)[0].text))
        world.clock.move(seconds=1)
    for head in reversed(heads):
        world.x.publish(world.parts(first)[1].text, head.remote_id)
    restored(world, hours=24)
    world.watch.read_due()

    assert ["1000000", "1000003"] == [part.remote_id for part in world.parts(first)]
    assert ["1000001", "1000002"] == [part.remote_id for part in world.parts(second)]


def test_an_older_post_with_the_same_words_is_not_taken_for_it(world):
    """It was there before ours was queued."""
    world.x.publish("Basta.", by_hand=True)
    world.clock.move(hours=3)
    delivery_id = due_in(world, 1, body="Basta.")
    restored(world, hours=24)
    world.watch.read_due()

    assert "held" == world.state(delivery_id)


def test_nothing_leaves_a_restored_account_whose_timeline_was_never_read(world):
    """Not even after a resume; and when it stays unreadable a person gets all of it."""
    later = due_in(world, 5)
    world.x.unreadable = Unreadable("signed out")
    restored(world, hours=1)
    watch = world.watch
    watch.read_due()
    resume(world.decider(), None, world.limits.too_late)
    world.clock.now = world.row(later).due_at
    world.send_due()
    assert "waiting" == world.state(later)
    for _ in range(5):
        world.clock.move(minutes=16)
        watch.read_due()
    world.send_due()

    assert [] == world.x.ledger
    assert "held" == world.state(later)
    assert "cannot be read" in world.row(later).reason


def test_reconciling_comes_with_the_first_reading_after_an_offline_restore(world):
    """Some time later, by the heartbeat."""
    delivery_id = due_in(world, 1)
    world.clock.move(hours=1)
    published_since(world, delivery_id)
    world.x.unreadable = Unreadable("no network")
    restored(world, hours=24)
    world.watch.read_due()
    assert {Hold.MISSED} == holds(world, delivery_id)
    world.x.unreadable = None
    world.clock.move(hours=5)
    watch = world.watch
    watch.wake(world.worker())
    watch.read_due()

    assert "sent" == world.state(delivery_id)


def test_a_post_that_came_after_the_backup_is_held_by_its_twin(world):
    """Its file is still in the folder, and this database has never seen it."""
    due_in(world, 90)
    world.clock.move(hours=3)
    world.x.publish("Newer than the backup.")
    restored(world, hours=24)
    world.watch.read_due()
    delivery_id = world.queue("Newer than the backup.")
    go_on(world, 3)

    assert Hold.ALREADY_THERE in holds(world, delivery_id)
    assert 1 == len(world.x.ledger)


def test_a_file_newer_than_the_backup_is_known_again_with_the_first_reading(world):
    """The folder was read before the timeline."""
    due_in(world, 90)
    world.clock.move(hours=3)
    world.x.publish("Newer than the backup.")
    restored(world, hours=24)
    delivery_id = world.queue("Newer than the backup.")
    world.watch.read_due()

    assert ("sent", 1) == (world.state(delivery_id), len(world.x.ledger))


def test_posts_found_after_a_restore_do_not_ask_whether_the_bot_runs_twice(world):
    """They are our own."""
    ids = [due_in(world, hours) for hours in (1, 2, 3, 4)]
    for delivery_id in ids:
        world.clock.move(hours=1)
        published_since(world, delivery_id)
    restored(world, hours=24)
    world.watch.read_due()
    resume(world.decider(), None, world.limits.too_late)
    world.clock.move(minutes=20)
    later = world.queue()
    world.watch.read_due()
    world.send_due()

    assert "sent" == world.state(later)
