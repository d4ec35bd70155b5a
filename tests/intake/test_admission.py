"""The checks every post passes, whatever door it came through."""

from datetime import datetime, timedelta

import pytest

from bot.decisions.resolve import Answer, resolve
from bot.errors import PostInvalid
from bot.intake.rows import Source
from bot.model.written import Written
from bot.platforms.contract import Unknown
from bot.store import accounts, posts


def refuse(world, match, **fields):
    with pytest.raises(PostInvalid, match=match):
        world.queue(**fields)


def test_a_post_goes_to_every_account_that_is_on_unless_it_says_otherwise(world):
    """In the order of the accounts."""
    world.queue(to=None)
    assert [world.ids["x"], world.ids["facebook"]] == [row.account_id for row in world.all_rows()]

    world.facebook.missing_settings = ("FACEBOOK_PAGE_TOKEN",)
    world.queue(to=None)
    assert 3 == len(world.all_rows())


def test_unknown_accounts_and_those_that_are_off_are_named(world):
    """With the right name or the missing settings."""
    refuse(world, "no account named facebok. Did you mean facebook?", to=("facebok",))
    refuse(world, "Accounts: x, facebook", to=("mastodon",))
    world.x.missing_settings = ("X_API_KEY", "X_API_SECRET")
    refuse(world, "x is off. Missing settings: X_API_KEY, X_API_SECRET", to=("x",))
    world.facebook.missing_settings = ("FACEBOOK_PAGE_TOKEN",)
    refuse(world, "No account is on", to=None)
    assert [] == world.all_rows()


@pytest.mark.parametrize("when", ["waiting", "sent", "held", "unconfirmed"])
def test_the_same_words_for_the_same_account_are_refused(world, when):
    """Whether they wait or went out within thirty days."""
    first = world.queue("No to the coup.")
    world.change(first, state=when, sent_at=world.clock())

    refuse(world, "Same as P1 on X, which", body="NO to the  coup!")
    world.queue("No to the coup.", to=("facebook",))
    world.queue("No to the coup.", again=True)


@pytest.mark.parametrize("when", ["cancelled", "failed"])
def test_words_that_never_went_out_may_be_queued_again(world, when):
    """Cancelled or refused is not published."""
    world.change(world.queue("No to the coup."), state=when)

    assert world.queue("No to the coup.")


def test_thirty_days_later_the_same_words_are_welcome(world):
    """To the second."""
    first = world.queue("No to the coup.")
    world.change(first, state="sent", sent_at=world.clock())
    world.clock.move(days=29, hours=23)
    refuse(world, "which went out", body="No to the coup.")
    world.clock.move(hours=1)

    assert world.queue("No to the coup.")


def test_a_past_time_is_due_now_within_the_limit_and_refused_beyond(world):
    """Three hours, or what the post says."""
    at = datetime(2026, 12, 1, 11, 30)
    times = world.admission.times(Written(body="b", timing="typed", at=at))
    assert "has just passed: it is due now" in times.notes[0]
    refuse(world, "has passed", at=datetime(2026, 12, 1, 8, 59))
    refuse(world, "has passed", at=at, too_late_seconds=60)

    assert world.queue(at=datetime(2026, 12, 1, 9, 0))


def test_an_expiry_must_lie_ahead_and_after_the_post(world):
    """Else it could never go out."""
    noon = datetime(2026, 12, 1, 12, 0)
    refuse(world, "expires: .* has passed", expires=noon)
    refuse(
        world,
        "comes before the time",
        at=noon + timedelta(hours=2),
        expires=noon + timedelta(hours=2),
    )

    assert world.queue(expires=noon + timedelta(minutes=1))


def test_a_typed_time_too_near_another_is_a_warning_only(world):
    """A person's time is never moved."""
    world.queue(at=datetime(2026, 12, 1, 14, 0))
    source = Source("test", "near.md", "d", "ana")
    written = Written(body="Near", to=("x",), timing="typed", at=datetime(2026, 12, 1, 14, 19))
    with world.store.write() as session:
        admitted = world.admission.admit(session, written, source)

    assert "another post goes out at Tuesday 1 December 2026, 14:00" in admitted.notes[0]
    assert 14 == admitted.deliveries[0].due_at.hour


def test_too_long_for_every_account_is_refused_whole(world):
    """Nothing is stored."""
    refuse(world, "too many", body="a" * 281, to=("x",))
    assert [] == world.all_rows()


def test_an_account_may_have_a_longer_limit(world):
    """X Premium."""
    world.change_account(max_weight=4000)

    assert world.queue("a" * 281)


def test_what_needs_a_person_is_held_from_the_start(world):
    """Review, approval, the imprint questions, the first run; several at once."""
    world.x.is_live = True
    world.imprint = type(world.imprint)(None)
    source = Source("feed", "1", "d", "a feed", review=True, first_run=frozenset({"x"}))
    with world.store.write() as session:
        row = world.admission.admit(session, Written(body="b", to=("x",)), source).deliveries[0]

    assert ("held", {"approval", "first run", "imprint"}) == (row.state, row.holds)


def test_when_in_doubt_is_decided_by_the_platforms_rules(world):
    """Sent again only where duplicates are refused."""
    world.queue(to=("x", "facebook"))

    assert ["resend", "ask"] == [row.when_in_doubt for row in world.all_rows()]


def test_an_edit_into_a_shorter_thread_drops_the_parts_left_over(world):
    """What is stored is what goes out."""
    with world.store.write() as session:
        source = Source("test", "t.md", "1", "ana")
        written = Written(body="One two three. " * 30, to=("x",), thread=True, labels=("a", "b"))
        post = world.admission.admit(session, written, source).post
    with world.store.write() as session:
        source = Source("test", "t.md", "2", "ana")
        shorter = Written(body="One.", to=("x",), labels=("c",))
        world.admission.amend(session, session.merge(post), shorter, source)

    assert ["One."] == [part.text for part in world.parts(1)]
    world.planner.plan_due()
    world.clock.move(hours=1)
    world.send_due()
    assert ["One."] == world.x.texts()


def test_an_edit_that_fits_no_account_changes_nothing(world):
    """The old words are held by the caller."""
    delivery_id = world.queue("One.")
    with world.store.read() as session:
        post = posts.get(session, world.row(delivery_id).post_id)
    with pytest.raises(PostInvalid, match="too many"), world.store.write() as session:  # noqa: PT012
        source = Source("test", "1.md", "new", "ana")
        world.admission.amend(
            session, session.merge(post), Written(body="a" * 281, to=("x",)), source
        )

    assert ["One."] == [part.text for part in world.parts(delivery_id)]


def test_accounts_that_were_removed_get_nothing(world):
    """Not even by default."""
    world.change_account("facebook", removed_at=world.clock())
    world.queue(to=None)

    assert [world.ids["x"]] == [row.account_id for row in world.all_rows()]
    with world.store.read() as session:
        assert ["x"] == [row.name for row in accounts.all_of(session)]


@pytest.mark.parametrize(("answered", "text"), [(False, "Old words."), (True, "New words.")])
def test_words_stay_while_a_post_is_to_be_sent_again(world, answered, text):
    """A Platform that has them refuses the same words, and would publish new ones beside them."""
    delivery_id = world.queue("Old words.")
    world.x.script.append(Unknown("cut"))
    world.send_due()
    if answered:
        world.clock.move(seconds=1)
        resolve(world.decider(), delivery_id, Answer.ABSENT_NEXT)
    else:
        world.change(delivery_id, state="waiting")
    with world.store.write() as session:
        world.admission.amend(
            session,
            posts.get(session, world.row(delivery_id).post_id),
            Written(body="New words.", to=("x",)),
            Source("test", "1.md", "another digest", "ana"),
        )

    assert [text] == [part.text for part in world.parts(delivery_id)]
