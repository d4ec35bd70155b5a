"""The days and times of rounds: local times as typed, whatever the clocks do."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from world import LONDON, NOON

from bot.clock.local import resolve
from bot.clock.series import Every
from bot.errors import PostInvalid
from bot.intake.occasions import first_occasion, next_occasion
from bot.model.written import Written

TOO_LATE = timedelta(hours=3)
ZONES = [ZoneInfo(name) for name in ("Europe/London", "America/Santiago", "Australia/Lord_Howe")]
EVERY = st.one_of(
    st.builds(Every, st.integers(2, 60), st.just("day")),
    st.builds(Every, st.integers(1, 8), st.just("week")),
    st.builds(Every, st.integers(1, 3), st.just("month")),
)


def post(every="2 weeks", until="2027-11-30", at=None):
    return Written(body="", every=every, until=until, at=at, timing="typed" if at else "next")


def series(written, zone=LONDON, now=NOON):
    """Every round, each planned the moment the one before is out."""
    found = [first_occasion(written, zone, now, TOO_LATE)]
    anchor = written.at.date() if written.at else now.astimezone(zone).date()
    while True:
        last = found[-1]
        out = max(last.due_at or last.opens_at, now)
        following = next_occasion(written, zone, anchor, last.day, out)
        if following is None:
            return found
        found.append(following)


@given(
    EVERY,
    st.datetimes(datetime(2026, 12, 2), datetime(2027, 3, 1)).map(lambda at: at.replace(second=0)),
    st.sampled_from(ZONES),
    st.integers(30, 600),
)
def test_a_typed_time_is_that_time_of_every_day_of_the_series(every, at, zone, length):
    """Across every change of the clocks; where the hour is missing, as for any typed time."""
    until = at.date() + timedelta(days=length)
    rounds = series(post(str(every), until.isoformat(), at), zone)
    days = []
    while (day := every.nth(at.date(), len(days))) <= until:
        days.append(day)

    assert days == [one.day for one in rounds]
    assert [resolve(datetime.combine(day, at.time()), zone).at for day in days] == [
        one.due_at for one in rounds
    ]
    assert all(one.due_at < one.expires_at for one in rounds)


@given(EVERY, st.sampled_from(ZONES), st.integers(100, 600))
def test_without_a_typed_time_no_slot_before_the_day_is_taken(every, zone, length):
    """From its first minute on; and none after the last day."""
    today = NOON.astimezone(zone).date()
    until = today + timedelta(days=length)
    rounds = series(post(str(every), until.isoformat()), zone)

    assert [today, every.nth(today, 1)] == [one.day for one in rounds[:2]]
    for one in rounds:
        first_minute = (one.opens_at + timedelta(microseconds=1)).astimezone(zone)
        assert one.due_at is None
        assert (one.day, True) == (first_minute.date(), first_minute.time() <= time(2))
        assert one.expires_at.astimezone(zone) >= datetime.combine(until, time(23, 59), zone)


def test_half_past_nine_stays_half_past_nine_through_both_changes_of_the_clocks():
    """In UTC it is half past eight in summer."""
    rounds = series(post("month", "2027-12-31", datetime(2027, 1, 15, 9, 30)))

    assert [9, 9, 9, 8, 8, 8, 8, 8, 8, 8, 9, 9] == [one.due_at.hour for one in rounds]
    assert {15} == {one.day.day for one in rounds}


def test_what_was_missed_is_not_made_up_for():
    """Four weeks late, the next one is the next one to come."""
    written = post(at=datetime(2026, 12, 1, 9, 30))
    late = NOON + timedelta(days=30)
    following = next_occasion(written, LONDON, date(2026, 12, 1), date(2026, 12, 1), late)

    assert date(2027, 1, 12) == following.day


@pytest.mark.parametrize(
    ("until", "at", "words"),
    [
        ("2026-11-30", None, "Monday 30 November 2026 has passed"),
        ("2028-12-31", None, "more than two years ahead"),
        ("2026-12-01", datetime(2026, 12, 1, 8), "before the first time it would go out"),
        ("2026-12-05", datetime(2026, 12, 6, 8), "before the first time it would go out"),
    ],
)
def test_a_last_day_without_a_round_is_refused(until, at, words):
    """It has passed, is too far, or comes too early."""
    with pytest.raises(PostInvalid, match=words):
        first_occasion(post("2 days", until, at), LONDON, NOON, TOO_LATE)


def test_a_first_time_that_has_just_passed_is_due_now_and_an_older_one_gives_way():
    """As for any typed time, three hours of grace."""
    just, older = (
        first_occasion(post("week", at=datetime(2026, 12, 1, hour)), LONDON, NOON, TOO_LATE).day
        for hour in (10, 8)
    )

    assert (date(2026, 12, 1), date(2026, 12, 8)) == (just, older)
