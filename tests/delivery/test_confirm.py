"""Finding out what became of posts in doubt."""

from dataclasses import replace
from datetime import timedelta

import pytest
from scripted_platform import Accept

from bot.delivery.confirm import Confirmer
from bot.platforms.contract import NotReached, RateLimited, Refused, Unknown, Unreadable

CUT = Unknown("The line went dead.")
LANDED = Accept(then=CUT)


def doubt(world, act=CUT, **fields):
    """A post whose request ended without an answer."""
    delivery_id = world.queue(**fields)
    world.x.script.append(act)
    world.send_due()
    assert "unconfirmed" == world.state(delivery_id)
    return delivery_id


def pass_looks(world, seconds=(15, 60, 300, 900), since=None):
    """Make every planned look at its time."""
    since = since or world.clock()
    for second in seconds:
        world.clock.now = since + timedelta(seconds=second)
        world.look()


def test_found_at_the_first_look_is_sent_with_its_own_time_and_link(world):
    """It landed before the line went dead."""
    delivery_id = doubt(world, LANDED)
    at = world.x.ledger[0].at

    world.clock.move(seconds=14)
    assert 0 == world.look()
    world.clock.move(seconds=1)
    assert 1 == world.look()

    row, part = world.row(delivery_id), world.parts(delivery_id)[0]
    assert ("sent", at, world.x.ledger[0].remote_id) == (row.state, row.sent_at, part.remote_id)
    assert (None, None, 0) == (row.next_look_at, row.doubt_since, row.looks)
    assert row.next_count_at is not None
    assert 1 == world.x.requests


def test_the_looks_come_after_15_s_1_5_and_15_minutes(world):
    """Counted from the doubt, not from the look before."""
    delivery_id = doubt(world)
    began, seen = world.clock(), []
    for _ in range(4):
        seen.append((world.row(delivery_id).next_look_at - began).total_seconds())
        world.clock.now = world.row(delivery_id).next_look_at
        world.look()

    assert [15, 60, 300, 900] == seen
    assert 4 == world.x.looks


def test_listed_late_is_still_found(world):
    """A Platform may show a post only minutes later."""
    delivery_id = doubt(world, LANDED)
    world.x.hidden.add(world.x.ledger[0].remote_id)
    began = world.clock()
    pass_looks(world, (15, 60))
    world.x.hidden.clear()
    pass_looks(world, (300,), began)

    assert "sent" == world.state(delivery_id)
    assert 1 == len(world.x.ledger)


def test_absent_after_every_look_is_sent_again_where_duplicates_are_refused(world):
    """Only at the last look, and then at once, whatever the spacing."""
    delivery_id = doubt(world)
    began = world.clock()
    pass_looks(world, (15, 60, 300))
    assert ("unconfirmed", []) == (world.state(delivery_id), world.send_due())
    pass_looks(world, (900,), began)
    assert "waiting" == world.state(delivery_id)
    world.send_due()

    assert ("sent", 1) == (world.state(delivery_id), len(world.x.ledger))
    assert ["unknown", "sent"] == world.outcomes(delivery_id)


def test_what_could_not_be_sent_again_in_time_is_looked_for_anew(world):
    """The looks that found nothing say less with each hour; nothing leaves on their word alone."""
    delivery_id = doubt(world)
    pass_looks(world)
    assert "waiting" == world.state(delivery_id)
    world.x.publish("Post number 1 for Bogotá.")
    world.x.ledger[0] = replace(world.x.ledger[0], at=world.clock() - timedelta(minutes=14))
    world.clock.move(hours=1)
    world.send_due()
    assert (1, "unconfirmed") == (world.x.requests, world.state(delivery_id))

    world.clock.move(seconds=15)
    world.look()
    assert (1, "sent") == (world.x.requests, world.state(delivery_id))


def test_absent_after_every_look_asks_a_person_where_duplicates_are_accepted(world):
    """Facebook would publish it twice without a word."""
    delivery_id = world.queue(to=("facebook",))
    world.facebook.script.append(CUT)
    world.send_due()
    pass_looks(world)

    row = world.row(delivery_id)
    assert ("held", {"in doubt"}) == (row.state, row.holds)
    assert world.clock() == row.asked_at
    assert "looked 4 times" in row.reason
    assert row.next_look_at is None
    assert (1, 0) == (world.facebook.requests, len(world.facebook.ledger))
    assert row.is_trouble


def test_fewer_than_two_readable_looks_never_send_again(world):
    """One look proves nothing; another is made first."""
    delivery_id = doubt(world)
    began = world.clock()
    world.x.unreadable = Unreadable("X does not answer.")
    pass_looks(world, (15,))
    world.x.unreadable = None
    pass_looks(world, (915,), began)
    assert ("unconfirmed", 1) == (world.state(delivery_id), world.row(delivery_id).readable_looks)

    pass_looks(world, (916, 917), began)
    assert "waiting" == world.state(delivery_id)


def test_a_last_look_later_than_an_hour_asks_instead_of_sending_again(world):
    """A bot that slept for long does not know what people did meanwhile."""
    delivery_id = doubt(world)
    pass_looks(world, (3590, 3599, 3600, 3601))

    row = world.row(delivery_id)
    assert ("held", {"in doubt"}) == (row.state, row.holds)


def test_a_last_look_just_within_the_hour_may_send_again(world):
    """The window is 15 to 60 minutes after the Attempt."""
    delivery_id = doubt(world)
    pass_looks(world, (3590, 3597, 3598, 3599))

    assert "waiting" == world.state(delivery_id)


def test_a_first_readable_look_after_the_hour_asks(world):
    """No further look could lead to sending again."""
    delivery_id = doubt(world)
    began = world.clock()
    world.x.unreadable = Unreadable("X does not answer.")
    pass_looks(world, (15, 915, 1815))
    world.x.unreadable = None
    pass_looks(world, (7200,), began)

    assert {"in doubt"} == world.row(delivery_id).holds


def test_unreadable_says_nothing_so_it_stays_and_asks(world):
    """After the last look a person is asked, and the looks go on."""
    delivery_id = doubt(world)
    world.x.unreadable = Unreadable("X does not answer.")
    pass_looks(world, (15, 915))

    row = world.row(delivery_id)
    assert ("unconfirmed", world.clock()) == (row.state, row.asked_at)
    assert "X does not answer." in row.reason
    assert world.clock() + timedelta(minutes=15) == row.next_look_at
    assert 1 == world.x.requests


def test_an_unreadable_timeline_is_left_alone_until_it_says(world):
    """Looking earlier would hammer a limit."""
    delivery_id = doubt(world)
    until = world.clock() + timedelta(minutes=40)
    world.x.unreadable = Unreadable("Too many requests.", until)
    pass_looks(world, (15,))

    assert until == world.row(delivery_id).next_look_at


def test_a_limit_on_reading_holds_for_the_whole_account(world):
    """The other post in doubt is not looked at either, nor is a doubt that comes later."""
    doubt(world)
    world.clock.move(seconds=5)
    world.change(doubt(world), due_at=world.clock())
    until = world.clock() + timedelta(minutes=40)
    world.x.unreadable = Unreadable("Too many requests.", until)
    pass_looks(world, (15, 60, 300, 900))
    assert 1 == world.x.looks

    world.clock.now = until + timedelta(minutes=1)
    world.look()
    assert 3 == world.x.looks


def test_a_limit_on_reading_is_kept_though_the_doubt_was_settled_meanwhile(world):
    """The Platform meant the timeline, whatever has become of this post."""
    delivery_id = doubt(world)
    until = world.clock() + timedelta(minutes=40)
    world.x.unreadable = Unreadable("Too many requests.", until)
    real = world.x.recent

    def settled_meanwhile(since):
        world.change(delivery_id, state="sent")
        return real(since)

    world.x.recent = settled_meanwhile
    pass_looks(world, (15,))

    assert until == world.account().unreadable_until


@pytest.mark.parametrize("is_set", [False, True])
def test_a_clock_set_forward_does_not_make_a_doubt_older(world, is_set):
    """Else all looks would be made at once, before a late list could show it, and it sent again."""
    delivery_id = doubt(world)
    began = world.clock()
    passed = [0.0]

    def steady():
        return began + timedelta(seconds=passed[0])

    confirmer = Confirmer(world.deliverer, steady)
    ahead = 1200 if is_set else 0
    for second in (15, 60, 300, 900, 1800):
        passed[0] = second
        world.clock.now = began + timedelta(seconds=second + ahead)
        for _ in range(4):
            confirmer.look_due()
        if world.state(delivery_id) == "waiting":
            break

    assert "waiting" == world.state(delivery_id)
    assert second >= 900


def test_an_unreadable_timeline_without_a_time_is_not_looked_at_on_the_quick_schedule(world):
    """The next look comes a quarter of an hour later, not after a minute."""
    delivery_id = doubt(world)
    world.x.unreadable = Unreadable("X does not answer.")
    pass_looks(world, (15, 60, 300))

    assert (1, world.clock() + timedelta(seconds=615)) == (
        world.x.looks,
        world.row(delivery_id).next_look_at,
    )


def test_short_looks_at_an_unreadable_timeline_are_a_second_apart(world):
    """However short CONFIRM_AFTER is, nothing spins."""
    world.limit(confirm_after=(timedelta(0), timedelta(0)))
    delivery_id = doubt(world)
    world.x.unreadable = Unreadable("X does not answer.")
    world.look()
    world.look()

    assert 1 == world.x.looks
    assert world.clock() + timedelta(seconds=1) == world.row(delivery_id).next_look_at


@pytest.mark.parametrize("blocked", [True, False])
def test_a_parked_account_is_looked_at_only_when_a_person_asks(world, blocked):
    """A limit or a block forbids reading as it forbids sending."""
    delivery_id = doubt(world, LANDED)
    until = world.clock() + timedelta(minutes=30)
    world.change_account(parked_until=until, is_blocked=blocked)
    world.clock.move(minutes=1)
    assert (0, 0) == (world.look(), world.x.looks)
    world.confirmer.look(delivery_id, only_finds=True)

    assert ("sent", 1) == (world.state(delivery_id), world.x.looks)


def test_a_park_that_is_over_lets_the_looks_go_on(world):
    """The planned look is late, not lost."""
    delivery_id = doubt(world, LANDED)
    world.change_account(parked_until=world.clock() + timedelta(minutes=30))
    world.clock.move(minutes=30)
    world.look()

    assert "sent" == world.state(delivery_id)


def test_a_look_that_raises_is_an_unreadable_one(world):
    """A broken answer must not take the heartbeat down."""
    delivery_id = doubt(world)
    world.x.unreadable = ValueError("odd")
    pass_looks(world, (15,))

    row = world.row(delivery_id)
    assert ("unconfirmed", 1, 0) == (row.state, row.looks, row.readable_looks)
    assert "ValueError" in row.reason


def test_an_account_that_is_off_cannot_be_looked_at(world):
    """Its keys were taken out while a post was in doubt."""
    delivery_id = doubt(world)
    world.clock.move(seconds=15)
    confirmer = world.confirmer
    object.__setattr__(confirmer.deliverer, "platforms", {})
    confirmer.look_due()

    assert "The account is off." in world.row(delivery_id).reason


def test_an_older_twin_is_never_taken_for_ours(world):
    """The same words from last week are another post."""
    world.x.publish("No to the coup.")
    world.clock.move(minutes=3)
    delivery_id = doubt(world, body="No to the coup.")
    pass_looks(world, (15, 60))

    assert "unconfirmed" == world.state(delivery_id)


def test_a_twin_from_long_after_the_attempt_is_never_taken_for_ours(world):
    """Whoever wrote it, it was not that request."""
    delivery_id = doubt(world, body="No to the coup.")
    world.clock.move(minutes=11)
    world.x.publish("No to the coup.", by_hand=True)
    world.look()

    assert "unconfirmed" == world.state(delivery_id)


def test_other_words_are_never_taken_for_ours(world):
    """A post by hand in the same minute is not the one."""
    delivery_id = doubt(world)
    world.x.publish("Something else.", by_hand=True)
    pass_looks(world, (15,))

    assert "unconfirmed" == world.state(delivery_id)


def test_a_post_already_matched_is_never_taken_twice(world):
    """Of two doubts with the same words and one copy, one is out and one is not."""
    first = doubt(world, LANDED, body="No to the coup.")
    second = doubt(world, CUT, body="No to the coup.", again=True)
    world.clock.move(seconds=15)
    world.look()

    assert ["sent", "unconfirmed"] == [world.state(first), world.state(second)]


def test_of_two_copies_with_the_same_words_each_finds_its_own(world):
    """What is matched already does not hide the other."""
    ids = [doubt(world, LANDED, body="No to the coup.")]
    ids.append(doubt(world, LANDED, body="No to the coup.", again=True))
    world.clock.move(seconds=15)
    world.look()

    assert ["sent", "sent"] == [world.state(row_id) for row_id in ids]
    assert {post.remote_id for post in world.x.ledger} == {
        world.parts(row_id)[0].remote_id for row_id in ids
    }


def test_looks_made_early_never_lead_to_sending_again(world):
    """However many: the last must come fifteen minutes after the Attempt. Nor is anybody asked."""
    delivery_id = doubt(world)
    for _ in range(40):
        world.clock.move(seconds=20)
        world.confirmer.look(delivery_id)

    assert ("unconfirmed", None) == (world.state(delivery_id), world.row(delivery_id).asked_at)
    assert [] == world.send_due()


def test_a_look_before_its_time_that_shows_nothing_leaves_the_planned_ones(world):
    """A bot that is started again and again looks each time, and is no wiser for it."""
    delivery_id = doubt(world)
    for unreadable in (None, Unreadable("X does not answer.")):
        world.x.unreadable = unreadable
        assert 1 == world.confirmer.look_due(everything=True)
    world.x.unreadable = None
    row = world.row(delivery_id)

    assert (0, 0, None) == (row.looks, row.readable_looks, row.asked_at)
    assert timedelta(seconds=15) == row.next_look_at - world.clock()


def test_a_look_before_its_time_that_shows_it_is_as_good_as_any(world):
    """First thing after a start."""
    delivery_id = doubt(world, LANDED)
    world.confirmer.look_due(everything=True)

    assert "sent" == world.state(delivery_id)


def test_a_post_matched_by_another_while_the_look_was_under_way_is_not_taken(world):
    """The listing is old by then; what is known is asked again inside the transaction."""
    first = doubt(world, LANDED, body="No to the coup.")
    second = doubt(world, CUT, body="No to the coup.", again=True)
    world.clock.move(seconds=15)

    def other_heartbeat():
        world.x.on_recent = None
        world.confirmer.look(second)

    world.x.on_recent = other_heartbeat
    world.confirmer.look(first)

    assert ["sent", "unconfirmed"] == sorted([world.state(first), world.state(second)])


def test_a_twin_under_way_this_moment_makes_a_match_uncertain(world):
    """What is listed may be the one whose answer has not come yet."""
    first = doubt(world, CUT, body="No to the coup.")
    world.clock.move(seconds=15)
    second = world.queue("No to the coup.", again=True)
    assert world.claim(second)
    world.x.publish("No to the coup.")
    world.look()

    assert "unconfirmed" == world.state(first)
    assert "same words" in world.row(first).reason


def test_a_look_made_for_an_older_attempt_decides_nothing(world):
    """It was sent again while the listing was on its way."""
    delivery_id = doubt(world)
    world.clock.move(seconds=15)

    def meanwhile():
        world.x.on_recent = None
        world.change(delivery_id, state="sending", lease_token="t")
        world.begin(delivery_id)
        world.change(delivery_id, state="unconfirmed")

    world.x.on_recent = meanwhile
    world.confirmer.look(delivery_id)

    assert 0 == world.row(delivery_id).looks


def test_a_late_answer_during_a_look_wins(world):
    """The look finds the doubt gone and leaves the row alone."""
    delivery_id = doubt(world, LANDED)
    world.clock.move(seconds=15)
    world.x.on_recent = lambda: world.change(delivery_id, state="sent")
    world.confirmer.look(delivery_id)

    assert "sent" == world.state(delivery_id)
    assert world.confirmer.look(delivery_id) is None


def test_a_duplicate_refusal_after_a_doubt_looks_again_and_never_fails(world):
    """It is evidence that the first one landed."""
    delivery_id = doubt(world, LANDED)
    world.x.hidden.add(world.x.ledger[0].remote_id)
    world.x.refuses_duplicates_now = True
    pass_looks(world)
    world.send_due()
    assert ["unknown", "refused"] == world.outcomes(delivery_id)
    assert "unconfirmed" == world.state(delivery_id)

    world.x.hidden.clear()
    pass_looks(world, (15,))
    assert "sent" == world.state(delivery_id)
    assert 1 == len(world.x.ledger)


def test_a_duplicate_refusal_after_a_doubt_that_is_never_found_asks(world):
    """It is there and not there: that is for a person, and nothing is sent a third time."""
    delivery_id = doubt(world, LANDED)
    world.x.hidden.add(world.x.ledger[0].remote_id)
    world.x.refuses_duplicates_now = True
    pass_looks(world)
    world.send_due()
    pass_looks(world)
    world.send_due()

    assert {"in doubt"} == world.row(delivery_id).holds
    assert 2 == world.x.requests


def test_a_duplicate_refusal_counts_the_doubt_even_after_a_limit_in_between(world):
    """The doubt is in the Attempts, whatever came after."""
    delivery_id = doubt(world, LANDED)
    world.x.hidden.add(world.x.ledger[0].remote_id)
    world.x.refuses_duplicates_now = True
    pass_looks(world)
    world.x.script.append(RateLimited(None))
    world.send_due()
    world.clock.move(minutes=15)
    world.send_due()

    assert ["unknown", "rate limited", "refused"] == world.outcomes(delivery_id)
    assert "unconfirmed" == world.state(delivery_id)


def test_after_a_doubt_and_a_line_that_is_down_the_looks_are_not_skipped(world):
    """What reached nobody adds no doubt and removes none."""
    delivery_id = doubt(world)
    pass_looks(world)
    world.x.script.append(NotReached("no line"))
    world.send_due()
    world.clock.move(seconds=30)
    world.x.script.append(CUT)
    world.send_due()

    row = world.row(delivery_id)
    assert ("unconfirmed", 0, 0) == (row.state, row.looks, row.readable_looks)


def test_three_doubted_attempts_are_enough(world):
    """Then a person decides, however absent it looks."""
    delivery_id = world.queue()
    for _ in range(3):
        world.x.script.append(CUT)
        world.send_due()
        pass_looks(world)

    assert {"in doubt"} == world.row(delivery_id).holds
    assert 3 == world.x.requests


def test_two_in_doubt_at_once_park_the_account_until_one_is_settled(world):
    """Something is wrong with the line; more posts would be more doubts."""
    first, second = doubt(world), doubt(world)
    third, elsewhere = world.queue(), world.queue(to=("facebook",))

    assert [elsewhere] == world.send_due()
    assert not world.deliver(third)
    world.x.publish(world.parts(first)[0].text)
    world.clock.move(seconds=15)
    world.look()

    assert ["sent", "unconfirmed"] == [world.state(first), world.state(second)]
    assert [third] == world.send_due()


def test_two_doubts_put_to_a_person_still_park_the_account(world):
    """Asking does not make them less doubtful."""
    for _ in range(2):
        held = doubt(world)
        world.change(held, state="held", holds=frozenset({"in doubt", "paused"}))

    world.queue()
    assert [] == world.due()


def test_one_in_doubt_holds_up_only_itself(world):
    """The Account's other posts go on."""
    doubt(world)
    other = world.queue()

    assert [other] == world.send_due()


LONG = " ".join(f"Sentence number {n} of a long statement about Guatemala." for n in range(11))


def test_a_part_found_of_a_thread_lets_the_rest_follow(world):
    """Part 2 was in doubt and is there; Part 3 answers it."""
    delivery_id = world.queue(LONG, thread=True)
    world.x.script.extend([Accept(), LANDED])
    world.send_due()
    world.clock.move(seconds=15)
    world.look()
    assert "waiting" == world.state(delivery_id)
    world.send_due()

    assert [part.text for part in world.parts(delivery_id)] == world.x.texts()
    assert world.x.ledger[1].remote_id == world.x.ledger[2].reply_to
    assert "sent" == world.state(delivery_id)


def test_the_lease_of_a_claim_without_an_attempt_runs_out_to_waiting(world):
    """No request can have left, so it is simply sent."""
    delivery_id = world.queue()
    assert world.claim(delivery_id)
    assert 0 == world.confirmer.free_expired()
    world.expire_leases()
    assert 1 == world.confirmer.free_expired()

    assert "waiting" == world.state(delivery_id)
    assert [delivery_id] == world.send_due()
    assert "sent" == world.state(delivery_id)


def test_the_lease_of_a_claim_with_an_attempt_runs_out_to_doubt(world):
    """The request may have left; the looks count from the Attempt."""
    delivery_id = world.queue()
    world.claim(delivery_id)
    world.begin(delivery_id)
    began = world.clock()
    world.clock.move(seconds=70)
    world.expire_leases()
    world.confirmer.free_expired()

    row = world.row(delivery_id)
    assert ("unconfirmed", began) == (row.state, row.doubt_since)
    assert began + timedelta(seconds=15) == row.next_look_at
    assert "t" == row.lease_token


def test_a_thread_freed_between_two_parts_goes_on_where_it_was(world):
    """Part 1's Attempt has ended; nothing is in doubt."""
    delivery_id = world.queue(LONG, thread=True)
    world.claim(delivery_id)
    attempt = world.begin(delivery_id)
    with world.store.write() as session:
        from bot.store import claims, deliveries

        row = deliveries.get(session, delivery_id)
        part = deliveries.parts(session, delivery_id)[0]
        part.remote_id = world.x.publish(part.text).remote_id
        done = claims.open_attempt(session, row.id, "t")
        assert attempt == done.id
        done.outcome, done.ended_at = "sent", world.clock()
    world.expire_leases()
    world.confirmer.free_expired()
    world.send_due()

    assert [part.text for part in world.parts(delivery_id)] == world.x.texts()


def test_at_start_every_claim_of_another_worker_is_freed(world):
    """Whoever holds the only heartbeat's lock knows that nobody else is at work."""
    mine, dead = world.worker(), world.worker()
    ours, theirs = world.queue(), world.queue(to=("facebook",))
    world.claim(ours, worker_id=mine)
    world.claim(theirs, worker_id=dead)

    assert 1 == world.confirmer.free_left_by_others(mine)
    assert ["sending", "waiting"] == [world.state(ours), world.state(theirs)]


@pytest.mark.parametrize("sign", ["stopped", "silent"])
def test_the_claim_of_a_dead_worker_is_freed_before_its_lease_ends(world, sign):
    """Its sign of life decides; one that still beats keeps its claim."""
    from bot.model.delivery import Worker

    dead, alive = world.worker(), world.worker()
    theirs, kept = world.queue(), world.queue(to=("facebook",))
    world.claim(theirs, worker_id=dead)
    world.claim(kept, worker_id=alive)
    assert 0 == world.confirmer.free_left_by_dead()
    with world.store.write() as session:
        row, now = session.get_one(Worker, dead), world.store.lease_now(session)
        if sign == "stopped":
            row.stopped_at = now
        else:
            row.seen_at = now - timedelta(seconds=31)

    assert 1 == world.confirmer.free_left_by_dead()
    assert ["waiting", "sending"] == [world.state(theirs), world.state(kept)]


def test_a_row_that_moved_on_is_not_freed(world):
    """Its answer came between the reading and the freeing."""
    delivery_id = world.queue()
    world.claim(delivery_id)
    world.change(delivery_id, state="sent")

    assert 0 == world.confirmer._free([delivery_id], expired_only=True)
    assert "sent" == world.state(delivery_id)


def test_every_open_look_can_be_made_at_once(world):
    """What `everything` asks for."""
    doubt(world, LANDED)

    assert 0 == world.look()
    assert 1 == world.confirmer.look_due(everything=True)


def test_a_look_for_what_is_not_in_doubt_does_nothing(world):
    """Nor for a doubt without an Attempt to look for."""
    delivery_id = world.queue()
    assert world.confirmer.look(delivery_id) is None
    world.change(delivery_id, state="unconfirmed")
    assert world.confirmer.look(delivery_id) is None
    assert 0 == world.x.looks


def test_a_look_asked_for_by_a_person_settles_a_held_doubt_that_is_found(world):
    """Before "not up" is believed, one more look is made."""
    delivery_id = doubt(world, LANDED)
    world.change(delivery_id, state="held", holds=frozenset({"in doubt"}))
    world.confirmer.look(delivery_id)

    assert "sent" == world.state(delivery_id)


def test_a_look_asked_for_by_a_person_leaves_a_held_doubt_that_is_not_found(world):
    """The person has answered; the look only counts."""
    delivery_id = doubt(world)
    world.change(delivery_id, state="held", holds=frozenset({"in doubt"}), readable_looks=4)
    world.confirmer.look(delivery_id)
    world.x.unreadable = Unreadable("X does not answer.")
    world.confirmer.look(delivery_id)

    row = world.row(delivery_id)
    assert ("held", {"in doubt"}, 5) == (row.state, row.holds, row.readable_looks)


def test_short_looks_scale_the_whole_rule(world):
    """CONFIRM_AFTER governs the window for sending again, too."""
    world.limit(confirm_after=(timedelta(0), timedelta(seconds=1)))
    delivery_id = doubt(world)
    world.look()
    world.clock.move(seconds=1)
    world.look()

    assert "waiting" == world.state(delivery_id)


def test_one_planned_look_is_followed_by_the_second_that_the_rule_wants(world):
    """Never sent again on a single look."""
    world.limit(confirm_after=(timedelta(0),))
    delivery_id = doubt(world)
    world.look()
    assert "unconfirmed" == world.state(delivery_id)
    world.clock.move(seconds=1)
    world.look()

    assert "waiting" == world.state(delivery_id)


def test_a_refusal_of_an_older_doubt_is_not_a_reason_to_look(world):
    """Other content, other Part: refused is refused."""
    doubt(world)
    other = world.queue()
    world.x.script.append(Refused("Already there.", duplicate=True))
    world.send_due()

    assert "failed" == world.state(other)
