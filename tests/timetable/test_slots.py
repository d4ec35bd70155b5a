"""Weekly Slots and the moments they fall on, across clock changes."""

from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UsageError
from bot.timetable.slots import (
    DEFAULT_TIMETABLE,
    HORIZON_DAYS,
    first_spaced,
    in_plain_words,
    next_free,
    occurrences,
    parse_timetable,
)

LONDON = ZoneInfo("Europe/London")
MINUTE = timedelta(minutes=1)
TUESDAY_NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)


def free(timetable=DEFAULT_TIMETABLE, after=TUESDAY_NOON, **given_):
    options = {"taken_slots": (), "taken_times": (), "spacing": 20 * MINUTE, **given_}
    options.setdefault("until", after + timedelta(days=HORIZON_DAYS))
    return next_free(timetable, LONDON, after=after, **options)


def test_what_is_free_later_than_asked_for_is_not_found():
    """A Slot at the very end is."""
    moment = free()

    assert moment == free(until=moment)
    assert free(until=moment - MINUTE) is None


def test_a_timetable_is_read_as_people_write_it():
    """Groups of days, three letters, commas or spaces, several lines."""
    text = "Weekdays: 08:30, 18:00\nsat 10:00; sunday 9:05 10:00"

    found = parse_timetable(text)

    assert [(0, "08:30"), (0, "18:00")] == found[:2]
    assert [(5, "10:00"), (6, "09:05"), (6, "10:00")] == found[-3:]
    assert 13 == len(found)
    assert "Sunday 09:05, 10:00" == in_plain_words(found)[-1]
    assert 7 == len(parse_timetable("daily 12:00"))


@pytest.mark.parametrize(
    "text", ["", " ; ", "someday 10:00", "monday", "monday 25:00", "monday ten", "monday 10:00:00"]
)
def test_what_is_unclear_in_a_timetable_is_refused(text):
    """With an example of how to write it."""
    with pytest.raises(UsageError, match=r"\d\d:\d\d"):
        parse_timetable(text)


def test_the_shipped_timetable_is_three_a_weekday_and_two_a_day_at_weekends():
    """Nobody has to set one."""
    assert 19 == len(DEFAULT_TIMETABLE)


def test_the_next_slot_is_strictly_after_now():
    """A Slot that has begun is not the next one."""
    at_slot = datetime(2026, 12, 1, 12, 30, tzinfo=UTC)

    assert at_slot == free(after=at_slot - MINUTE)
    assert datetime(2026, 12, 1, 18, 0, tzinfo=UTC) == free(after=at_slot)


def test_a_taken_slot_a_crowded_one_and_a_closed_one_are_passed_over():
    """One post per Slot, spaced from typed times, outside blackouts."""
    half_past = datetime(2026, 12, 1, 12, 30, tzinfo=UTC)
    six = datetime(2026, 12, 1, 18, 0, tzinfo=UTC)

    assert six == free(taken_slots={half_past})
    assert six == free(taken_times=[half_past + 19 * MINUTE])
    assert half_past == free(taken_times=[half_past + 20 * MINUTE])
    assert six == free(closed=[(half_past, half_past + MINUTE)])
    assert half_past == free(closed=[(half_past - MINUTE, half_past)])


def test_a_year_without_a_free_slot_gives_none():
    """A blackout for ever."""
    ever = (TUESDAY_NOON, TUESDAY_NOON + timedelta(days=500))

    assert free(closed=[ever]) is None


def test_when_clocks_go_forward_a_slot_in_the_gap_moves_to_the_next_valid_minute():
    """28 March 2027, 01:30 does not exist in London."""
    after = datetime(2027, 3, 27, 12, 0, tzinfo=UTC)
    found = list(islice(occurrences([(6, "01:30"), (6, "02:00")], LONDON, after), 2))

    assert datetime(2027, 3, 28, 1, 0, tzinfo=UTC) == found[0]
    assert datetime(2027, 4, 4, 0, 30, tzinfo=UTC) == found[1]


def test_when_clocks_go_back_a_slot_that_happens_twice_means_the_first():
    """31 October 2027, 01:30 happens at 00:30 and 01:30 UTC; one post goes out."""
    after = datetime(2027, 10, 30, 12, 0, tzinfo=UTC)
    found = list(islice(occurrences([(6, "01:30")], LONDON, after), 2))

    assert datetime(2027, 10, 31, 0, 30, tzinfo=UTC) == found[0]
    assert datetime(2027, 11, 7, 1, 30, tzinfo=UTC) == found[1]
    between = datetime(2027, 10, 31, 0, 45, tzinfo=UTC)
    assert found[1] == next(occurrences([(6, "01:30")], LONDON, between))


@pytest.mark.parametrize(
    ("day", "utc_hour"),
    [((2027, 3, 27), 8), ((2027, 3, 28), 7), ((2027, 10, 30), 7), ((2027, 10, 31), 8)],
)
def test_a_slot_keeps_its_local_time_around_clock_changes(day, utc_hour):
    """Half past eight in the morning is half past eight in the morning."""
    moment = datetime(*day, tzinfo=UTC)
    slot = next(occurrences([(n, "08:30") for n in range(7)], LONDON, moment))

    assert datetime(*day, utc_hour, 30, tzinfo=UTC) == slot


def test_now_is_the_first_moment_with_room_on_both_sides():
    """Between what went out and what is planned."""
    times = [TUESDAY_NOON + n * MINUTE for n in (-10, 15, 40, 100)]

    assert TUESDAY_NOON == first_spaced(TUESDAY_NOON, [], 20 * MINUTE)
    assert TUESDAY_NOON + 60 * MINUTE == first_spaced(TUESDAY_NOON, times, 20 * MINUTE)
    assert TUESDAY_NOON == first_spaced(TUESDAY_NOON, times, timedelta(0))


@given(
    st.lists(st.integers(-600, 6000), max_size=30),
    st.integers(0, 90),
)
def test_now_always_keeps_its_distance(offsets, spacing):
    """From everything, whatever is planned."""
    taken = [TUESDAY_NOON + n * MINUTE for n in offsets]
    found = first_spaced(TUESDAY_NOON, taken, spacing * MINUTE)

    assert found >= TUESDAY_NOON
    assert all(abs(found - other) >= spacing * MINUTE for other in taken)


@given(
    st.lists(
        st.tuples(st.integers(0, 6), st.times().map(lambda t: f"{t:%H:%M}")), min_size=1, max_size=6
    ),
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1)),
)
def test_slots_come_in_order_each_local_day_and_time_once(timetable, after):
    """All year round, in a zone with clock changes."""
    moments = list(islice(occurrences(timetable, LONDON, after.replace(tzinfo=UTC)), 30))

    assert sorted(set(moments)) == moments
    local = [moment.astimezone(LONDON).replace(tzinfo=None) for moment in moments]
    assert len(local) == len(set(local))
    assert all(moment > after.replace(tzinfo=UTC) for moment in moments)
