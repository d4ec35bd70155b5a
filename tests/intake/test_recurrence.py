"""Posts that recur: one round ahead, wordings in turn, nothing missed made up for."""

import threading
from collections import Counter
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from sqlalchemy import select
from world import LONDON

from bot.decisions import pause as pausing
from bot.decisions import takedown
from bot.decisions.approve import approve
from bot.decisions.cancel import cancel, skip
from bot.decisions.resolve import Answer, resolve
from bot.decisions.retry import retry
from bot.errors import NotAllowed, PostInvalid
from bot.intake.rows import Source
from bot.model.account import Approval
from bot.model.delivery import Decision, Hold
from bot.model.written import from_json
from bot.platforms.contract import Refused, Unknown
from bot.store import accounts, posts, quarantine

A, B, C = "Sign for Honduras.", "Add your name for Honduras.", "Honduras needs your name."
THREE = f"{A}\n***\n{B}\n***\n{C}"
NINE = datetime(2026, 12, 1, 13, 30)


class Life:
    """One post that recurs, and the beats of a heartbeat."""

    def __init__(self, world):
        self.world = world
        self.most_waiting = 0

    def queue(self, body=THREE, every="2 weeks", until="2027-11-30", **fields):
        given = {"at": NINE, "to": ("x",)} | fields
        if given["at"] is None:
            given["timing"] = "next"
        self.first = self.world.queue(body, every=every, until=until, **given)
        return self.first

    def beat(self):
        self.world.recurrence.plan_due()
        self.world.planner.plan_due()
        self.world.send_due()
        self.world.recurrence.plan_due()
        self.world.planner.plan_due()
        waiting = Counter(row.account_id for row in self.world.all_rows() if not is_over(row))
        self.most_waiting = max(self.most_waiting, *waiting.values(), 0)

    def next(self):
        return next((row for row in reversed(self.world.all_rows()) if not is_over(row)), None)

    def to_next(self):
        """Let time pass until the next round is due, and send it."""
        self.world.clock.now = self.next().due_at
        self.beat()

    def local(self, name="x"):
        """When it went out, in London."""
        return [post.at.astimezone(LONDON) for post in self.world.by_name[name].ledger]

    def texts(self, name="x"):
        return self.world.by_name[name].texts()

    def amend(self, **changed):
        with self.world.store.write() as session:
            post = posts.get(session, self.world.row(self.first).post_id)
            written = replace(from_json(post.written), **changed)
            source = Source("test", post.key, f"after {changed}", "ana")
            return self.world.admission.amend(session, post, written, source)

    def verbs(self):
        with self.world.store.read() as session:
            return [row.verb for row in session.scalars(select(Decision).order_by(Decision.id))]

    def complaints(self):
        with self.world.store.read() as session:
            return {row.key: row.reason for row in quarantine.all_of(session)}


def is_over(row):
    return row.state in ("sent", "cancelled")


@pytest.fixture
def life(world):
    return Life(world)


@pytest.mark.parametrize("engine_name", ["sqlite", "postgresql"])
def test_a_year_every_two_weeks_at_a_typed_time(life):
    """Across both changes of the clocks: the right days, the right local time, words in turn."""
    life.queue(to=("x", "facebook"))
    while life.next() is not None:
        life.to_next()
    days = [date(2026, 12, 1) + timedelta(weeks=2 * n) for n in range(27) if n * 14 < 365]

    assert 27 == len(days)
    for name in ("x", "facebook"):
        assert [datetime.combine(day, time(13, 30), LONDON) for day in days] == life.local(name)
        assert [A, B, C] * 9 == life.texts(name)
    assert 1 == life.most_waiting


@pytest.mark.parametrize(
    ("every", "count", "body", "turns"),
    [
        ("month", 12, f"{A}\n***\n{B}", [A, B] * 6),
        ("week", 53, THREE, ([A, B, C] * 18)[:53]),
    ],
)
def test_a_year_at_the_next_free_times(life, every, count, body, turns):
    """The first Slot of each day that it is due; noon has passed on the first."""
    life.queue(body, every=every, at=None)
    life.beat()
    while life.next() is not None:
        life.to_next()
    went = life.local()

    assert (count, turns, 1) == (len(went), life.texts(), life.most_waiting)
    assert datetime(2026, 12, 1, 12, 30, tzinfo=LONDON) == went[0]
    for at in went[1:]:
        assert at.time() == (time(8, 30) if at.weekday() < 5 else time(10))


def test_the_next_round_waits_as_soon_as_one_is_out(life):
    """Planned one ahead, so that people see it; never two."""
    life.queue()
    life.beat()
    assert 1 == len(life.world.all_rows())
    life.to_next()
    first, second = life.world.all_rows()
    life.beat()

    assert ("sent", 1, 0) == (first.state, first.round, first.wording)
    assert ("waiting", 2, 1) == (second.state, second.round, second.wording)
    assert [B] == [part.text for part in life.world.parts(second.id)]
    assert 2 == len(life.world.all_rows())


def test_a_slot_that_is_taken_moves_the_round_to_the_next_of_its_day(life):
    """Another post goes out at half past eight."""
    life.queue(at=None)
    life.beat()
    life.world.queue("Another.", at=datetime(2026, 12, 15, 8, 30))
    life.to_next()

    assert datetime(2026, 12, 15, 12, 30, tzinfo=LONDON) == life.next().due_at


def test_a_missed_round_is_skipped_and_its_wording_keeps_its_turn(life):
    """The machine was off for five weeks; one goes out then, not three."""
    life.queue()
    life.to_next()
    life.world.clock.move(weeks=5)
    life.beat()
    missed, following = life.world.all_rows()[1:]
    life.to_next()

    assert ("cancelled", "Skipped: its time went by. It is not made up for.") == (
        missed.state,
        missed.reason,
    )
    assert date(2027, 1, 12) == following.occasion
    assert [A, B] == life.texts()
    assert ["skip"] == life.verbs()


def test_a_slot_that_was_missed_moves_on_until_the_day_of_the_next_round_has_come(life):
    """Late within its two weeks is no miss; it is one post all the same."""
    life.queue(at=None)
    life.beat()
    life.to_next()
    life.world.clock.now = life.next().due_at + timedelta(days=3)
    life.beat()
    life.to_next()
    assert [A, B] == life.texts()
    life.world.clock.now = life.next().due_at + timedelta(days=15)
    life.beat()

    assert ["sent", "sent", "cancelled", "waiting"] == [row.state for row in life.world.all_rows()]


def test_a_round_that_was_late_is_not_followed_on_the_same_day(life):
    """Its day was the first; it went out on the day the next one would have."""
    life.queue(every="2 days", at=None)
    life.beat()
    life.world.clock.now = datetime(2026, 12, 3, 0, 1, tzinfo=LONDON)
    life.world.change(life.first, due_at=life.world.clock(), slot_start=life.world.clock())
    life.world.send_due()
    life.beat()

    assert [A] == life.texts()
    assert date(2026, 12, 5) == life.next().occasion


@pytest.mark.parametrize("how", ["failed", "in doubt", "taken down", "gone", "cancelled"])
def test_nothing_follows_one_that_a_person_must_look_at(life, how):
    """And what waits already is withdrawn where the last one is public no more."""
    life.queue()
    if how == "failed":
        life.world.x.script.append(Refused("No."))
    if how == "in doubt":
        life.world.x.script.append(Unknown("The line went dead."))
    if how == "cancelled":
        cancel(life.world.decider(), "P1")
    life.world.clock.now = life.world.row(life.first).due_at
    life.world.send_due()
    if how == "taken down":
        takedown.decide(life.world.decider(), str(life.first))
    if how == "gone":
        life.beat()
        life.world.change(life.first, gone_at=life.world.clock())
    life.world.clock.move(weeks=3)
    life.world.recurrence.plan_due()

    waiting = [row for row in life.world.all_rows() if row.state == "waiting"]
    assert [] == waiting
    assert (2 if how == "gone" else 1) == len(life.world.all_rows())


@pytest.mark.parametrize("how", ["taken down", "gone"])
def test_what_waits_is_withdrawn_at_once_when_the_last_one_is_public_no_more(life, how):
    """Not when its time comes; people would see it in the queue until then."""
    life.queue()
    life.to_next()
    assert life.next() is not None
    if how == "gone":
        life.world.change(life.first, gone_at=life.world.clock())
    else:
        takedown.decide(life.world.decider(), str(life.first))
    life.beat()

    assert life.next() is None
    assert "Not repeated: an earlier one was taken down, or is gone." == (
        life.world.all_rows()[-1].reason
    )


def test_it_goes_on_when_a_person_has_put_it_right(life):
    """A refused round is sent after all."""
    life.queue()
    life.world.x.script.append(Refused("No."))
    life.to_next()
    assert "failed" == life.world.state(life.first)
    retry(life.world.decider(), "P1")
    life.beat()

    assert [A] == life.texts()
    assert ("waiting", 1) == (life.next().state, life.next().wording)


def test_it_goes_on_when_the_doubt_is_settled(life):
    """It was out; the next one is another wording."""
    life.queue()
    life.world.x.script.append(Unknown("The line went dead."))
    life.to_next()
    assert 1 == len(life.world.all_rows())
    life.world.x.publish(A)
    life.world.clock.move(minutes=1)
    life.world.look()
    life.beat()

    assert ("sent", "waiting") == tuple(row.state for row in life.world.all_rows())
    assert 1 == life.next().wording


def test_an_earlier_round_with_the_same_words_is_not_taken_for_one_in_doubt(life):
    """It is ours, and known: only a post nobody knows proves that this one is out."""
    life.queue(f"{A}\n***\n{B}", to=("facebook",), every="2 days")
    life.to_next()
    life.to_next()
    life.world.facebook.script.append(Unknown("The line went dead."))
    life.to_next()
    doubted = life.next()
    assert ("unconfirmed", [A]) == (
        doubted.state,
        [part.text for part in life.world.parts(doubted.id)],
    )
    for _ in range(6):
        life.world.clock.move(minutes=10)
        life.world.look()

    assert "sent" != life.world.state(doubted.id)
    assert [A, B] == life.texts("facebook")


def test_a_wording_that_went_out_last_is_passed_over_for_thirty_days(life):
    """After an edit it would be its turn again."""
    life.queue(f"{A}\n***\n{B}")
    life.to_next()
    life.amend(body=f"{B}\n***\n{A}")
    cancelled = life.next()
    skip(life.world.decider(), str(cancelled.id))
    life.beat()

    assert [A] == life.texts()
    assert [B] == [part.text for part in life.world.parts(life.next().id)]


def test_words_of_another_post_are_no_next_wording(life):
    """The same refusal as for a new post; its own earlier rounds are none."""
    life.queue(f"{A}\n***\n{B}\n***\n{C}")
    life.world.clock.now = life.world.row(life.first).due_at
    life.world.send_due()
    life.world.queue(B, at=None, timing="next")
    life.beat()

    assert [C] == [part.text for part in life.world.parts(life.next().id)]
    assert {} == life.complaints()


def test_when_no_wording_may_go_out_somebody_is_told_and_it_tries_again(life):
    """Said once; lifted when it goes on."""
    life.queue(f"{A}\n***\n{B}")
    life.world.clock.now = life.world.row(life.first).due_at
    life.world.send_due()
    other = life.world.queue(B, at=None, timing="next")
    life.world.recurrence.plan_due()
    life.world.recurrence.plan_due()
    told = life.complaints()
    cancel(life.world.decider(), str(other))
    life.beat()

    assert ["P1 on x"] == list(told)
    assert "cannot be repeated" in told["P1 on x"]
    assert {} == life.complaints()
    assert [B] == [part.text for part in life.world.parts(life.next().id)]


def test_each_wording_is_approved_once(life):
    """By itself; the same bytes need no second look, others do."""
    life.world.change_account("x", approval=Approval.VOLUNTEERS.value)
    life.queue(f"{A}\n***\n{B}")
    for _ in range(2):
        assert Hold.APPROVAL in life.next().holds
        approve(life.world.decider(), str(life.next().id))
        life.to_next()
    third = life.next()
    life.to_next()
    life.amend(body=f"{A}\n***\nAnother wording.")

    assert (frozenset(), third.variant_digest) == (third.holds, third.approved_digest)
    assert [A, B, A] == life.texts()
    assert Hold.APPROVAL in life.next().holds


def test_one_that_waits_for_approval_is_not_skipped(life):
    """A person must say first."""
    life.world.change_account("x", approval=Approval.VOLUNTEERS.value)
    life.queue()
    life.world.clock.move(weeks=6)
    life.beat()

    assert [("held", 1)] == [(row.state, row.round) for row in life.world.all_rows()]


def test_a_pause_lets_no_round_pile_up(life):
    """Six weeks of silence, then one."""
    life.queue()
    life.to_next()
    pausing.pause(life.world.decider(), None)
    for _ in range(7):
        life.world.clock.move(weeks=1)
        life.beat()
    pausing.resume(life.world.decider(), None, timedelta(hours=3))
    life.beat()

    assert [A] == life.texts()
    assert ("waiting", 1) == (life.next().state, life.most_waiting)
    assert life.next().due_at > life.world.clock()


def test_cancelling_ends_it_on_every_account_and_stays_so(life):
    """What is out stays out."""
    life.queue(to=("x", "facebook"))
    life.to_next()
    cancel(life.world.decider(), "P1")
    life.world.clock.move(weeks=3)
    life.beat()

    assert ["sent", "sent", "cancelled", "cancelled"] == [
        row.state for row in life.world.all_rows()
    ]


def test_cancelling_one_number_ends_it_on_that_account_alone(life):
    """The other goes on."""
    life.queue(to=("x", "facebook"))
    life.to_next()
    number = next(
        row.id
        for row in life.world.all_rows()
        if not is_over(row) and row.account_id == life.world.ids["x"]
    )
    cancel(life.world.decider(), str(number))
    life.to_next()

    assert ([A], [A, B]) == (life.texts("x"), life.texts("facebook"))


@pytest.mark.parametrize("then", ["out", "skipped", "in doubt"])
def test_it_can_be_ended_also_while_no_round_waits(life, then):
    """Between two rounds, or when the last one is in doubt: whatever becomes of that one."""
    life.queue()
    if then == "in doubt":
        life.world.x.script.append(Unknown("The line went dead."))
    life.world.clock.now = life.world.row(life.first).due_at
    if then == "skipped":
        skip(life.world.decider(), "P1")
    life.world.send_due()
    cancel(life.world.decider(), "P1")
    cancel(life.world.decider(), "P1")
    if then == "in doubt":
        resolve(life.world.decider(), life.first, Answer.SENT, "https://example.org/1", "1", None)
    life.world.clock.move(weeks=3)
    life.beat()

    assert 1 == len(life.world.all_rows())
    assert 1 == life.verbs().count("end the repeats")


def test_skipping_withdraws_one_round_and_the_next_has_its_wording(life):
    """Two weeks later, in the words that were skipped."""
    life.queue()
    life.to_next()
    skip(life.world.decider(), "P1")
    life.beat()
    with pytest.raises(NotAllowed, match="1 has no next round to skip"):
        skip(life.world.decider(), str(life.first))

    assert (3, 1, date(2026, 12, 29)) == (
        life.next().round,
        life.next().wording,
        life.next().occasion,
    )


def test_only_a_post_that_recurs_has_a_next_round_to_skip(life):
    """Any other is cancelled."""
    life.world.queue("Once.")
    with pytest.raises(NotAllowed, match="P1 does not recur"):
        skip(life.world.decider(), "P1")


def test_an_edit_changes_what_is_to_come_and_leaves_what_is_out(life):
    """The round that waits, and those after it."""
    life.queue()
    life.to_next()
    life.amend(body=f"{A}\n***\nNew words.\n***\n{C}")
    life.to_next()
    life.to_next()

    assert [A, "New words.", C] == life.texts()


@pytest.mark.parametrize("timing", ["typed", "next"])
def test_an_edit_of_the_last_day_moves_no_round(life, timing):
    """Least of all to a day on which one went out already."""
    life.queue(at=NINE if timing == "typed" else None)
    life.beat()
    life.to_next()
    if timing == "next":
        taken = life.next().due_at + timedelta(hours=4)  # half past eight was another's, then
        life.world.change(life.next().id, due_at=taken, slot_start=taken)
    before = life.next()
    life.amend(until="2027-06-30")
    life.beat()

    assert (before.id, before.due_at, date(2026, 12, 15)) == (
        life.next().id,
        life.next().due_at,
        life.next().occasion,
    )
    assert 1 == len(life.texts())
    assert life.next().expires_at < before.expires_at


def test_an_edit_of_how_often_holds_from_the_last_round_that_is_out(life):
    """The one that waits takes its day by it."""
    life.queue(every="month")
    life.to_next()
    life.amend(every="week")
    life.beat()

    assert date(2026, 12, 8) == life.next().occasion
    life.amend(until="2026-12-05")
    life.beat()
    assert life.next() is None
    assert 1 == len(life.texts())


def test_an_edit_to_a_last_day_that_has_passed_is_refused(life):
    """Whoever wants it to end cancels it."""
    life.queue()
    life.to_next()
    with pytest.raises(PostInvalid, match="has passed"):
        life.amend(until="2026-11-01")


def test_a_file_that_says_no_more_that_it_recurs_has_no_further_round(life):
    """What waits of it is withdrawn."""
    life.queue()
    life.to_next()
    life.amend(body=A, every=None, until=None)
    life.world.clock.move(weeks=3)
    life.beat()

    assert [("sent", None), ("cancelled", "The file no longer says that it recurs.")] == [
        (row.state, row.reason) for row in life.world.all_rows()
    ]


def test_a_post_that_is_out_may_begin_to_recur(life):
    """By an edit: its first round is the one that is out."""
    first = life.world.queue(A)
    life.first = first
    life.world.send_due()
    life.amend(body=f"{A}\n***\n{B}", every="week", until="2027-03-31")
    life.beat()

    assert (2, 1, date(2026, 12, 8)) == (
        life.next().round,
        life.next().wording,
        life.next().occasion,
    )


def test_an_account_taken_out_of_the_file_gets_no_further_round(life):
    """The other goes on."""
    life.queue(to=("x", "facebook"))
    life.to_next()
    life.amend(to=("facebook",))
    life.to_next()

    assert ([A], [A, B]) == (life.texts("x"), life.texts("facebook"))


def test_a_round_without_a_free_slot_before_the_last_day_is_skipped(life):
    """It never goes out after it."""
    life.queue(at=None, until="2026-12-15")
    life.beat()
    life.to_next()
    with life.world.store.write() as session:
        accounts.replace_slots(session, life.world.ids["x"], [(4, "08:30")])
    life.world.change(life.next().id, due_at=None, slot_start=None)
    life.beat()

    assert [A] == life.texts()
    assert "Skipped: there is no free time before its last day." == life.world.all_rows()[-1].reason


def test_every_wording_must_be_fit_to_go_out_before_the_first_does(life):
    """Else it would fail in spring, when nobody looks."""
    with pytest.raises(PostInvalid, match="280"):
        life.queue(f"{A}\n***\n{'long ' * 80}")


@pytest.mark.parametrize("engine_name", ["sqlite", "postgresql"])
def test_two_heartbeats_make_one_round(life):
    """Whoever comes second finds it made."""
    life.queue()
    life.world.clock.now = life.world.row(life.first).due_at
    life.world.send_due()
    start = threading.Barrier(4)
    errors = []

    def plan():
        start.wait()
        try:
            life.world.recurrence.plan_due()
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=plan) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert ([], 2) == (errors, len(life.world.all_rows()))


def test_a_decision_of_the_bot_is_written_down_as_its_own(life):
    """Who skipped it, and why."""
    life.queue()
    life.world.clock.move(weeks=3)
    life.beat()
    with life.world.store.read() as session:
        (made,) = session.scalars(select(Decision)).all()

    assert ("bot", "skip") == (made.actor, made.verb)
