"""Sending one Delivery: claim, gates, Attempt, request, outcome."""

from datetime import timedelta

import pytest
from scripted_platform import Accept, rules_of
from sqlalchemy import create_engine, event, text
from world import World

from bot import clock as clocks
from bot.decisions.pause import pause
from bot.model.account import Blackout
from bot.model.delivery import Part
from bot.platforms.contract import NotReached, Prepared, Refused, Sent, Unknown
from bot.store import deliveries
from bot.wire.dial import Deadline

MINUTE = timedelta(minutes=1)
PICTURE = {"sha256": "0" * 64, "mime_type": "image/png", "alt": "A banner"}


def pictured(world, body="", **fields):
    """A post whose first Part has a picture: its upload comes between claim and Attempt."""
    delivery_id = world.queue(body, **fields)
    with world.store.write() as session:
        deliveries.parts(session, delivery_id)[0].images = [PICTURE]
    return delivery_id


def test_a_due_post_goes_out_once_with_its_stored_words(world):
    """The plain case: one request, one copy, an id, a link and a time."""
    delivery_id = world.queue("Hands off Honduras.")

    world.send_due()
    world.send_due()

    row, part = world.row(delivery_id), world.parts(delivery_id)[0]
    assert ["Hands off Honduras."] == world.x.texts()
    assert "sent" == row.state
    assert (world.x.ledger[0].remote_id, world.clock()) == (part.remote_id, part.sent_at)
    assert part.url.endswith(part.remote_id)
    assert world.clock() == row.sent_at
    assert row.lease_until is None
    assert ["sent"] == world.outcomes(delivery_id)
    assert world.clock() + timedelta(hours=1) == row.next_count_at


def test_the_attempt_is_committed_before_its_request_leaves(world):
    """Another connection finds the open Attempt and the claim while the request is under way."""
    delivery_id = world.queue()
    seen = []

    def look(_part):
        engine = create_engine(world.store.url)
        with engine.connect() as other:
            attempt = other.execute(text("SELECT outcome, ended_at FROM attempt")).one()
            state = other.execute(text("SELECT state FROM delivery")).scalar_one()
            seen.append((tuple(attempt), state))
        engine.dispose()

    world.x.on_send = look
    world.deliver(delivery_id)

    assert [((None, None), "sending")] == seen


def test_a_pause_between_claim_and_request_stops_it(world):
    """The transaction that writes the Attempt reads the pause once more."""
    delivery_id = pictured(world)
    real = world.x.prepare

    def pause_meanwhile(part):
        pause(world.decider("stop"), None)
        return real(part)

    world.x.prepare = pause_meanwhile
    world.deliver(delivery_id)

    row = world.row(delivery_id)
    assert 0 == world.x.requests
    assert ("held", {"paused"}) == (row.state, row.holds)
    assert [] == world.attempts(delivery_id)
    assert row.lease_until is None


def test_a_machine_that_slept_between_claim_and_request_does_not_send_late(world):
    """Every gate is asked once more: what became too late meanwhile is missed, and said so."""
    delivery_id = pictured(world)
    real = world.x.prepare

    def sleep(part):
        world.clock.move(hours=14)
        return real(part)

    world.x.prepare = sleep
    world.deliver(delivery_id)

    row = world.row(delivery_id)
    assert 0 == world.x.requests
    assert ("held", {"missed"}) == (row.state, row.holds)
    assert [] == world.attempts(delivery_id)


def test_the_request_must_be_over_when_its_time_from_the_attempt_is(world):
    """Who stands still after the Attempt was written cannot send when others took over."""
    delivery_id, seen = world.queue(), []
    world.x.on_send = lambda part: seen.append(Deadline.after(3600).left())
    world.deliver(delivery_id)

    assert 0 < seen[0] <= world.limits.send_timeout.total_seconds()
    assert Deadline.after(3600).left() > 3000


def test_quiet_time_that_begins_between_claim_and_request_stops_it(world):
    """What was decided a second ago holds for what has not left yet."""
    delivery_id = pictured(world)

    def quiet_meanwhile(_part):
        now = world.clock()
        quiet = Blackout(starts_at=now, ends_at=now + MINUTE, reason="silence", actor="ana")
        with world.store.write() as session:
            session.add(quiet)
        return Prepared()

    world.x.prepare = quiet_meanwhile
    world.deliver(delivery_id)

    assert 0 == world.x.requests
    assert ("held", {"blackout"}) == (world.row(delivery_id).state, world.row(delivery_id).holds)


def test_a_park_between_claim_and_request_stops_it(world):
    """A late answer to an earlier request parked the account: nothing more is asked of it."""
    delivery_id = pictured(world)
    until = world.clock() + 20 * MINUTE

    def park_meanwhile(_part):
        world.change_account(parked_until=until, park_reason="too many requests")
        return Prepared()

    world.x.prepare = park_meanwhile
    world.deliver(delivery_id)

    row = world.row(delivery_id)
    assert (0, "waiting", until) == (world.x.requests, row.state, row.not_before)
    assert (0, []) == (row.tries, world.attempts(delivery_id))


@pytest.mark.parametrize(("seconds", "leaves"), [(20.0, True), (20.1, False)])
@pytest.mark.parametrize(
    ("queued", "asked_before"),
    [(World.queue, 1), (pictured, 3)],  # before the claim, the upload and the Attempt
    ids=["words", "picture"],
)
def test_a_request_that_stood_still_behind_its_attempt_does_not_leave(
    world, monkeypatch, seconds, leaves, queued, asked_before
):
    """By then another may have looked, found nothing and sent it: the lease no longer covers it."""
    delivery_id = queued(world)
    moments = iter([0.0] * asked_before + [seconds])
    monkeypatch.setattr(clocks, "monotonic", lambda: next(moments, seconds))
    world.deliver(delivery_id)

    assert (1 if leaves else 0) == world.x.requests
    assert ["sent" if leaves else "not reached"] == world.outcomes(delivery_id)


def test_words_alone_are_claimed_and_attempted_in_one_transaction(world):
    """Whoever dies between two of them never leaves a claim of which nobody knows what it did."""
    world.queue()
    commits = []
    event.listen(world.store.engine, "commit", lambda _connection: commits.append(1))
    before = []
    world.x.on_send = lambda _part: before.extend(commits)
    world.send_due()

    hinted, claimed = 1, 1
    assert hinted + claimed == len(before)
    assert "sent" == world.all_rows()[0].state


def test_a_part_that_a_late_answer_brings_out_is_not_sent_by_the_newer_claim(world):
    """The newer claim of a thread chose that Part before the answer to the older one came."""
    world.x.rules = rules_of("x", max_weight=20)
    delivery_id = pictured(world, "One two three four. Five six seven.", thread=True)
    first = world.parts(delivery_id)[0]

    def answered_meanwhile(_part):
        with world.store.write() as session:
            session.get_one(Part, first.id).remote_id = "1000"
        return Prepared()

    world.x.prepare = answered_meanwhile
    world.deliver(delivery_id)
    assert (0, "waiting") == (world.x.requests, world.state(delivery_id))

    world.x.prepare = lambda _part: Prepared()
    world.send_due()
    assert [("Five six seven.", "1000")] == [(post.text, post.reply_to) for post in world.x.ledger]


def test_a_claim_lost_before_the_request_stops_it(world):
    """Who no longer holds the lease sends nothing."""
    delivery_id = pictured(world)
    real = world.x.prepare

    def lose(part):
        world.expire_leases()
        world.confirmer.free_expired()
        return real(part)

    world.x.prepare = lose
    world.deliver(delivery_id)

    assert 0 == world.x.requests
    assert "waiting" == world.state(delivery_id)


def test_a_claim_taken_over_by_another_token_stops_the_first(world):
    """A worker that slept past its lease finds a new token and leaves the row alone."""
    delivery_id = pictured(world)
    real = world.x.prepare

    def taken_over(part):
        world.change(delivery_id, lease_token="another")
        return real(part)

    world.x.prepare = taken_over
    world.deliver(delivery_id)

    assert 0 == world.x.requests
    assert ("sending", "another") == (
        world.row(delivery_id).state,
        world.row(delivery_id).lease_token,
    )


def test_what_is_not_due_is_not_sent(world):
    """Neither before its time nor before a retry's time."""
    early = world.queue(at=(world.clock() + MINUTE).replace(tzinfo=None))
    later = world.queue()
    world.change(later, not_before=world.clock() + MINUTE)

    assert [] == world.due()
    assert not world.deliver(early)
    assert not world.deliver(later)
    assert 0 == world.x.requests


def test_a_platform_that_raises_leaves_a_doubt(world):
    """Whatever slips through is Unknown, never a retry and never a crash."""
    delivery_id = world.queue()
    world.x.script.append(ValueError("not foreseen"))

    world.send_due()

    row = world.row(delivery_id)
    assert "unconfirmed" == row.state
    assert ["unknown"] == world.outcomes(delivery_id)
    assert "ValueError" in row.reason
    assert 1 == world.x.requests


def test_an_upload_that_fails_or_raises_is_no_doubt(world):
    """Nothing visible was asked for, so it is tried again like any request that reached nobody."""
    for trouble in (Unknown("cut off"), ValueError("odd"), NotReached("no line")):
        delivery_id = pictured(world)
        world.x.uploads.append(trouble)
        world.send_due()

        row = world.row(delivery_id)
        assert ("waiting", 1) == (row.state, row.tries)
        assert world.clock() + timedelta(seconds=30) == row.not_before
        assert ["not reached"] == world.outcomes(delivery_id)
    assert 0 == world.x.requests


def test_an_upload_refused_fails_the_post(world):
    """A picture the Platform will not take is refused content."""
    delivery_id = pictured(world)
    world.x.uploads.append(Refused("The picture is too big."))

    world.send_due()

    assert "failed" == world.state(delivery_id)
    assert ["refused"] == world.outcomes(delivery_id)


def test_an_upload_that_ends_after_the_claim_was_lost_changes_nothing(world):
    """Its token is not the row's any more."""
    delivery_id = pictured(world)

    def lost(_part):
        world.change(delivery_id, lease_token="another")
        return NotReached("no line")

    world.x.prepare = lost
    world.deliver(delivery_id)

    assert "sending" == world.state(delivery_id)
    assert [] == world.attempts(delivery_id)


def test_uploads_have_minutes_in_every_part_that_has_files(world):
    """Nobody takes a post over while its film is on its way; words alone need no such time."""
    delivery_id = world.queue(LONG, thread=True)
    with world.store.write() as session:
        first, _, third = deliveries.parts(session, delivery_id)
        first.images = third.images = [PICTURE]
    covered = []
    real = world.x.prepare

    def uploading(part):
        with world.store.read() as session:
            left = world.row(delivery_id).lease_until - world.store.lease_now(session)
        covered.append(left > world.limits.upload_time)
        return real(part)

    world.x.prepare = uploading
    world.send_due()

    assert [True, True] == covered
    assert "sent" == world.state(delivery_id)


LONG = " ".join(f"Sentence number {n} of a long statement about Guatemala." for n in range(11))


def test_a_thread_goes_out_part_by_part_each_a_reply_to_the_one_before(world):
    """Each Part has its own Attempt and answers its forerunner."""
    delivery_id = world.queue(LONG, thread=True)

    world.send_due()

    parts, ledger = world.parts(delivery_id), world.x.ledger
    assert len(parts) == len(ledger) == 3
    assert [part.text for part in parts] == world.x.texts()
    assert [None, ledger[0].remote_id, ledger[1].remote_id] == [post.reply_to for post in ledger]
    assert ["sent"] * 3 == world.outcomes(delivery_id)
    assert "sent" == world.state(delivery_id)


def test_a_thread_is_resumed_after_the_last_confirmed_part(world):
    """What is out stays out and is never sent again, however late the rest comes."""
    delivery_id = world.queue(LONG, thread=True, too_late_seconds=60)
    world.x.script.extend([Accept(), NotReached("no line")])

    world.send_due()
    assert "waiting" == world.state(delivery_id)
    world.clock.move(hours=5)
    world.send_due()

    assert [part.text for part in world.parts(delivery_id)] == world.x.texts()
    assert "sent" == world.state(delivery_id)
    assert ["sent", "not reached", "sent", "sent"] == world.outcomes(delivery_id)
    assert [None, *(post.remote_id for post in world.x.ledger[:2])] == [
        post.reply_to for post in world.x.ledger
    ]


def test_a_thread_stops_at_a_refused_part_and_a_retry_resumes_there(world):
    """Half out, shown as failed; nothing that is public is repeated."""
    from bot.decisions.retry import retry

    delivery_id = world.queue(LONG, thread=True)
    world.x.script.extend([Accept(), Refused("Not this sentence.")])
    world.send_due()
    assert ("failed", 1) == (world.state(delivery_id), len(world.x.ledger))

    retry(world.decider(), str(delivery_id))
    world.planner.plan_due()
    world.send_due()

    assert [part.text for part in world.parts(delivery_id)] == world.x.texts()


def test_a_pause_stops_a_thread_between_two_parts(world):
    """Too late and expiry stop applying once Part 1 is out; the stop switch does not."""
    delivery_id = world.queue(LONG, thread=True)
    world.x.on_send = lambda _part: world.x.requests == 2 and pause(world.decider("stop"), "x")

    world.send_due()

    assert (2, "held") == (len(world.x.ledger), world.state(delivery_id))


def test_the_lease_is_renewed_for_each_part(world):
    """A long thread never outlives its own lease."""
    delivery_id = world.queue(LONG, thread=True)
    leases = []

    def shorten(_part):
        leases.append(world.row(delivery_id).lease_until)
        with world.store.write() as session:
            now = world.store.lease_now(session)
        world.change(delivery_id, lease_until=now + timedelta(seconds=1))

    world.x.on_send = shorten
    world.send_due()

    assert 3 == len(leases)
    assert all(later >= leases[0] for later in leases)


def test_the_lease_is_longer_than_any_request(world):
    """A living call keeps its claim."""
    assert world.limits.lease > world.limits.send_timeout * 2


def test_a_late_sent_after_the_reaper_is_believed(world):
    """The lease ran out while the request was under way; its answer still counts."""
    delivery_id = world.queue()

    def outlive(_part):
        world.expire_leases()
        assert 1 == world.confirmer.free_expired()
        assert "unconfirmed" == world.state(delivery_id)

    world.x.on_send = outlive
    world.deliver(delivery_id)

    row = world.row(delivery_id)
    assert "sent" == row.state
    assert (None, None) == (row.next_look_at, row.doubt_since)
    assert ["sent"] == world.outcomes(delivery_id)


def test_a_late_refusal_after_the_reaper_proves_it_absent(world):
    """It waits again and hears the refusal in time; nothing is shown as out."""
    delivery_id = world.queue()

    def outlive(_part):
        world.expire_leases()
        world.confirmer.free_expired()

    world.x.on_send = outlive
    world.x.script.append(Refused("No."))
    world.deliver(delivery_id)
    assert "waiting" == world.state(delivery_id)

    world.x.on_send = None
    world.x.script.append(Refused("No."))
    world.send_due()

    assert "failed" == world.state(delivery_id)
    assert [] == world.x.ledger


def test_a_late_unknown_after_the_reaper_starts_the_looks_anew(world):
    """The request ended later than thought, so the looks count from there."""
    delivery_id = world.queue()

    def outlive(_part):
        world.expire_leases()
        world.confirmer.free_expired()
        world.clock.move(seconds=50)

    world.x.on_send = outlive
    world.x.script.append(Unknown("cut off"))
    world.deliver(delivery_id)

    row = world.row(delivery_id)
    assert ("unconfirmed", 0) == (row.state, row.looks)
    assert world.clock() + timedelta(seconds=15) == row.next_look_at


def test_a_late_failure_of_an_old_claim_does_not_touch_the_new_one(world):
    """Only the holder of the newest token may change the row."""
    delivery_id = world.queue()

    def superseded(_part):
        world.change(delivery_id, state="waiting", lease_until=None)
        assert world.claim(delivery_id, token="newer")

    world.x.on_send = superseded
    world.x.script.append(NotReached("no line"))
    world.deliver(delivery_id)

    row = world.row(delivery_id)
    assert ("sending", "newer", 0) == (row.state, row.lease_token, row.tries)
    assert ["not reached"] == world.outcomes(delivery_id)


def test_a_late_sent_of_an_old_claim_ends_the_new_one_before_its_request(world):
    """Evidence outranks the newer claim, which then finds the row no longer its own."""
    delivery_id = world.queue()

    def superseded(_part):
        world.change(delivery_id, state="waiting", lease_until=None)
        assert world.claim(delivery_id, token="newer")

    world.x.on_send = superseded
    world.deliver(delivery_id)

    assert "sent" == world.state(delivery_id)
    assert 1 == len(world.x.ledger)


def test_a_late_sent_settles_even_a_failed_post(world):
    """The Platform's own word that it is out outranks what was believed meanwhile."""
    delivery_id = world.queue()
    world.x.on_send = lambda _part: world.change(delivery_id, state="failed")

    world.deliver(delivery_id)

    assert "sent" == world.state(delivery_id)


def test_a_late_sent_never_revives_what_was_cancelled(world):
    """The link is kept for people to see; the state stays."""
    delivery_id = world.queue()
    world.x.on_send = lambda _part: world.change(delivery_id, state="cancelled")

    world.deliver(delivery_id)

    assert "cancelled" == world.state(delivery_id)
    assert world.parts(delivery_id)[0].url is not None


def test_a_second_copy_is_written_down_with_its_link(world):
    """Should the worst happen all the same, a person can find it."""
    delivery_id = world.queue()
    part_id = world.parts(delivery_id)[0].id

    def found_meanwhile(_part):
        with world.store.write() as session:
            from bot.model.delivery import Part

            session.get_one(Part, part_id).remote_id = "777"

    world.x.on_send = found_meanwhile
    world.x.script.append(Sent("888", "https://example.org/status/888"))
    world.deliver(delivery_id)

    assert "777" == world.parts(delivery_id)[0].remote_id
    assert "https://example.org/status/888" in world.attempts(delivery_id)[0].reason


def test_only_what_is_being_sent_is_claimed(world):
    """One row right before its call, never a batch, whatever else is due on any Account."""
    ids = [world.queue(), world.queue(), world.queue(to=("facebook",))]
    world.clock.move(seconds=1)
    claimed = []
    world.x.on_send = lambda _part: claimed.append(
        [row.id for row in world.all_rows() if row.state == "sending"]
    )
    world.deliver(ids[0])

    assert [[ids[0]]] == claimed
    assert ["sent", "waiting", "waiting"] == [world.state(row_id) for row_id in ids]


def test_a_bot_that_stops_begins_no_further_part_and_leaves_the_rest_to_anybody(world):
    """The claim is given back at once, and the next worker resumes behind the last part."""
    delivery_id = world.queue(LONG, thread=True)
    parts = len(world.parts(delivery_id))
    world.deliverer.deliver(delivery_id, world.worker(), lambda: not world.x.ledger)

    assert 1 == len(world.x.ledger) < parts
    row = world.row(delivery_id)
    assert ("waiting", None, None) == (row.state, row.hinted_at, row.lease_until)
    assert world.deliver(delivery_id)
    assert "sent" == world.state(delivery_id)
    assert parts == len(set(world.x.texts()))


def test_a_bot_that_stops_before_the_request_gives_its_claim_back(world):
    """Not even the Attempt is written."""
    delivery_id = world.queue()

    assert world.deliverer.deliver(delivery_id, None, lambda: False)
    assert ("waiting", []) == (world.state(delivery_id), world.attempts(delivery_id))
