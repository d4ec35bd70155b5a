"""Times, sums and owners at the very edge of a rule, where a slip of one sign would show."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from scripted_platform import Accept

from bot.decisions.pause import pause
from bot.delivery import behind, retry, watch
from bot.delivery.budget import ARTICLES_UP_TO, POSTS_UP_TO, Money
from bot.model.account import Account, AccountCheck, Approval
from bot.model.delivery import Hold
from bot.platforms.contract import NotReached, RateLimited, Unknown, Unreadable
from bot.store import claims, deliveries, workers

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


@pytest.fixture
def engine_name():
    """Arithmetic, not queries: one database is enough."""
    return "sqlite"


def test_a_post_with_a_slot_keeps_it_on_any_hold_but_missed(world):
    """The slot is its time; a pause takes it from nobody."""
    slot = world.clock()
    held, missed = world.queue(timing="next"), world.queue(timing="next")
    for key in (held, missed):
        world.change(key, due_at=world.clock(), slot_start=slot if key == held else slot - HOUR)
    world.change(missed, expires_at=world.clock() - SECOND)
    world.deliver(missed)
    pause(world.decider(), None)
    world.deliver(held)

    assert ({"paused"}, slot) == (set(world.row(held).holds), world.row(held).slot_start)
    assert ({"missed"}, None) == (set(world.row(missed).holds), world.row(missed).slot_start)


@pytest.mark.parametrize(
    ("spent", "share", "enough", "words"),
    [
        ("0.80", ARTICLES_UP_TO, True, "kept for posts that people wrote"),
        ("0.81", ARTICLES_UP_TO, False, "kept for posts that people wrote"),
        ("0.90", POSTS_UP_TO, True, "is spent."),
        ("0.91", POSTS_UP_TO, False, "is spent."),
    ],
)
def test_money_lasts_to_the_last_cent(spent, share, enough, words):
    """Exactly the limit is within it."""
    money = Money(Decimal(1), Decimal(spent), Decimal("0.10"), Decimal(str(share)))

    assert enough == money.is_enough
    assert words in money.shortage
    assert ("people wrote" in money.shortage) == (share == ARTICLES_UP_TO)


def test_the_lease_covers_a_wait_and_a_request_of_full_length_and_a_margin(world):
    """Twenty seconds each, and thirty for the clock of another machine."""
    assert 70 * SECOND == world.limits.lease


def test_a_parked_account_says_what_the_platform_said(world):
    """Parked while its picture was being uploaded."""
    delivery_id = world.queue()
    with world.store.write() as session:
        picture = {"sha256": "0" * 64, "mime_type": "image/png", "alt": "A banner"}
        deliveries.parts(session, delivery_id)[0].images = [picture]
    real = world.x.prepare

    def park_meanwhile(part):
        until = world.clock() + HOUR
        world.change_account(parked_until=until, park_reason="Come back in an hour.")
        return real(part)

    world.x.prepare = park_meanwhile
    world.deliver(delivery_id)

    assert "Come back in an hour." == world.row(delivery_id).reason


@pytest.mark.parametrize(("seconds", "rests"), [(-1, 900), (0, 900), (1, 1)])
def test_only_a_time_still_to_come_is_a_time(world, seconds, rests):
    """Now is over already; going on at once would be hammering."""
    world.x.script.append(RateLimited(world.clock() + seconds * SECOND))
    world.queue()
    world.send_due()

    assert world.clock() + rests * SECOND == world.account().parked_until


@pytest.mark.parametrize(("ago", "is_freed"), [(29, False), (31, True)])
def test_a_worker_without_a_sign_for_half_a_minute_is_dead(world, ago, is_freed):
    """Signs come every ten seconds."""
    worker = world.worker()
    delivery_id = world.queue()
    world.claim(delivery_id, worker_id=worker)
    with world.store.write() as session:
        workers.seen(session, worker, world.store.lease_now(session) - ago * SECOND)
    freed = world.confirmer.free_left_by_dead()

    assert 30 * SECOND == retry.WORKER_IS_DEAD_AFTER
    assert (is_freed, "waiting" if is_freed else "sending") == (
        freed == 1,
        world.state(delivery_id),
    )


@pytest.mark.parametrize("difference", [-1, 1])
def test_what_another_worker_carries_is_not_freed_as_dropped(world, difference):
    """Only one's own claims can have been dropped."""
    delivery_id, worker = world.queue(), world.worker()
    world.claim(delivery_id, worker_id=worker)

    assert not world.confirmer.free_dropped(delivery_id, worker + difference)
    assert "sending" == world.state(delivery_id)
    assert world.confirmer.free_dropped(delivery_id, worker)
    assert "waiting" == world.state(delivery_id)


def test_of_what_dead_workers_held_only_what_is_being_sent_is_freed(world):
    """Held, failed and settled posts keep the number of who had them last."""
    worker, states = world.worker(), ("held", "failed", "cancelled", "sent", "waiting")
    for state in states:
        world.change(world.queue(), state=state, worker_id=worker)
    with world.store.write() as session:
        workers.end(session, worker, world.clock())
        assert [] == claims.left_by_dead(session, world.store.lease_now(session))


def test_an_unreadable_timeline_is_looked_at_when_planned_if_that_is_later(world):
    """Never sooner than the platform's own rest, never sooner than the plan."""
    world.limit(confirm_after=(15 * SECOND, 2 * HOUR, 3 * HOUR))
    world.x.script.append(Accept(then=Unknown("cut")))
    delivery_id = world.queue()
    world.send_due()
    world.x.unreadable = Unreadable("limited", world.clock() + 60 * SECOND)
    world.clock.move(seconds=15)
    since = world.row(delivery_id).doubt_since
    world.look()

    assert since + 2 * HOUR == world.row(delivery_id).next_look_at


def test_a_post_held_for_a_person_is_not_sent_again_by_a_look_that_finds_nothing(world):
    """Only what waits for looks follows their plan."""
    world.x.script.append(Unknown("cut"))
    delivery_id = world.queue()
    world.send_due()
    world.change(delivery_id, state="held", holds=frozenset({"in doubt"}), next_look_at=None)
    for _ in range(6):
        world.clock.move(minutes=20)
        world.confirmer.look(delivery_id)

    assert ("held", 1) == (world.state(delivery_id), world.x.requests)


def test_a_thread_half_found_while_held_stays_held_for_the_other_reason(world):
    """Finding a part settles the doubt and nothing else."""
    world.x.rules = replace(world.x.rules, max_weight=20)
    delivery_id = world.queue("One two three four. Five six seven.", thread=True)
    world.x.script.append(Accept(then=Unknown("cut")))
    world.send_due()
    world.change(
        delivery_id, state="held", holds=frozenset({"in doubt", "paused"}), next_look_at=None
    )
    world.confirmer.look(delivery_id)

    row = world.row(delivery_id)
    assert ("held", {"paused"}) == (row.state, set(row.holds))
    assert world.parts(delivery_id)[0].remote_id is not None


def test_an_account_is_read_a_little_before_its_post_is_due_also_when_the_reading_is_older(world):
    """Fresh until then is what counts, not fresh now."""
    reader = world.watch
    at = (world.clock() + timedelta(minutes=14)).replace(tzinfo=None)
    first = world.queue()
    reader.before(first)
    world.queue(at=at, timing="typed")
    world.deliver(first)
    world.clock.move(minutes=11)

    assert [] == reader.due(timedelta(0))
    assert [] == reader.due(timedelta(seconds=59))
    world.clock.move(minutes=1)
    world.clock.move(seconds=-30)
    assert [world.ids["x"]] == reader.due(timedelta(minutes=3))


def test_strangers_are_remembered_for_thirty_days():
    """As long as the same words are refused."""
    assert timedelta(days=30) == watch.FARTHEST


@pytest.mark.parametrize(
    ("restored", "since", "came_back"),
    [(0, 0, True), (0, -1, True), (-1, 0, False), (None, 0, False)],
)
def test_a_gap_that_began_before_the_restore_comes_from_it(world, restored, since, came_back):
    """One that began afterwards is a sleep."""
    now = world.clock()
    account = Account(
        restored_at=None if restored is None else now + restored * HOUR,
        behind_since=now + since * HOUR,
    )

    assert came_back == behind.is_restored(account)


def test_a_doubt_older_than_the_backup_keeps_its_beginning(world):
    """The look pages back to when it began."""
    world.x.script.append(Unknown("cut"))
    delivery_id = world.queue()
    world.send_due()
    began = world.row(delivery_id).doubt_since
    with world.store.write() as session:
        behind.mark_restored(session, world.clock() + HOUR, world.clock())

    row = world.row(delivery_id)
    assert (began, world.clock() + HOUR) == (row.doubt_since, row.asked_at)


@pytest.mark.parametrize(("state", "becomes"), [("waiting", "held"), ("failed", "failed")])
def test_only_what_waits_is_put_to_a_person_when_the_timeline_stays_unread(world, state, becomes):
    """What has ended has been told already."""
    delivery_id = world.queue()
    world.change(delivery_id, state=state)
    with world.store.write() as session:
        account = session.get(Account, world.ids["x"])
        behind.give_up(session, account, "X", world.clock() + HOUR)

    assert becomes == world.state(delivery_id)
    assert (state == "waiting") == (Hold.MISSED in world.row(delivery_id).holds)


@pytest.mark.parametrize(("hours", "leaves"), [(26, True), (27, False)])
def test_an_imprint_seen_elsewhere_is_good_for_a_day_and_two_hours(world, hours, leaves):
    """The daily look has two hours to be late."""
    delivery_id = world.queue()
    world.change(delivery_id, imprint_place="profile")
    world.change_account(approval=Approval.OFF.value)
    with world.store.write() as session:
        taken = world.clock() - timedelta(hours=hours)
        session.add(
            AccountCheck(
                account_id=world.ids["x"],
                taken_at=taken,
                ok=True,
                imprint_places=frozenset({"profile"}),
            )
        )
    world.send_due()

    assert (1 if leaves else 0, set() if leaves else {"imprint"}) == (
        world.x.requests,
        set(world.row(delivery_id).holds),
    )


@pytest.mark.parametrize(("first", "second"), [("x", "facebook"), ("facebook", "x")])
def test_one_account_sending_does_not_hold_up_another(world, first, second):
    """Whichever of them was made first."""
    busy, free = world.queue(to=(first,)), world.queue(to=(second,))
    world.claim(busy)

    assert world.claim(free, token="other")


def test_an_unreadable_timeline_is_put_to_a_person_when_the_plan_has_ended_not_before(world):
    """A quarter of an hour, as if it had been readable."""
    world.x.script.append(Unknown("cut"))
    delivery_id = world.queue()
    world.send_due()
    world.x.unreadable = Unreadable("down", world.clock() + SECOND)
    asked = []
    for seconds in (15, 885 - 1, 1):
        world.clock.move(seconds=seconds)
        world.change(delivery_id, next_look_at=world.clock())
        world.look()
        asked.append(world.row(delivery_id).asked_at is not None)

    assert [False, False, True] == asked


def test_a_rest_that_ends_this_moment_is_over(world):
    """The bot's own pause follows."""
    world.x.script.append(Unknown("cut"))
    delivery_id = world.queue()
    world.send_due()
    world.clock.move(seconds=15)
    world.x.unreadable = Unreadable("down", world.clock() + 0 * SECOND)
    world.look()

    assert world.clock() + timedelta(minutes=15) == world.row(delivery_id).next_look_at


def test_a_reading_is_fresh_for_twelve_minutes(world):
    """To the second."""
    reader, delivery_id = world.watch, world.queue()
    reader.before(delivery_id)
    world.clock.move(minutes=12, seconds=-1)
    reader.before(delivery_id)
    assert 1 == world.x.looks
    world.clock.move(seconds=1)
    reader.before(delivery_id)

    assert 2 == world.x.looks


@pytest.mark.parametrize("length", [999, 1000, 1001])
def test_a_reason_is_kept_as_far_as_its_column_goes(world, length):
    """A thousand characters."""
    world.x.script.append(NotReached("r" * length))
    delivery_id = world.queue()
    world.send_due()

    assert min(length, 1000) == len(world.row(delivery_id).reason)


@pytest.mark.parametrize(("first", "second"), [("x", "facebook"), ("facebook", "x")])
def test_two_in_doubt_on_one_account_do_not_hold_up_another(world, first, second):
    """Whichever of them was made first."""
    for _ in range(2):
        world.change(world.queue(to=(first,)), state="unconfirmed")

    assert not world.claim(world.queue(to=(first,)))
    assert world.claim(world.queue(to=(second,)))
