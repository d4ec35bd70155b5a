"""How often something recurs, and on which days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock.series import Every, parse_day, parse_every
from bot.errors import UsageError

DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))
EVERY = st.one_of(
    st.builds(Every, st.integers(2, 366), st.just("day")),
    st.builds(Every, st.integers(1, 52), st.just("week")),
    st.builds(Every, st.integers(1, 12), st.just("month")),
)


@pytest.mark.parametrize(
    ("typed", "count", "unit", "shown"),
    [
        ("2 weeks", 2, "week", "2 weeks"),
        ("week", 1, "week", "week"),
        ("Every 3 Days", 3, "day", "3 days"),
        ("month", 1, "month", "month"),
        ("every month", 1, "month", "month"),
        ("1 month", 1, "month", "month"),
    ],
)
def test_how_often_is_read_as_people_type_it(typed, count, unit, shown):
    """With or without a number and the word every."""
    assert (Every(count, unit), shown) == (parse_every(typed), str(parse_every(typed)))


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("day", "spam to both platforms"),
        ("1 day", "spam to both platforms"),
        ("0 weeks", "not between 2 days and a year"),
        ("53 weeks", "not between"),
        ("13 months", "not between"),
        ("fortnight", "2 weeks"),
        ("Mondays", "does not say how often"),
        ("2.5 days", "does not say how often"),
        ("-2 weeks", "does not say how often"),
        ("", "does not say how often"),
    ],
)
def test_what_is_unclear_or_too_often_is_refused_with_what_to_write(typed, words):
    """Never guessed."""
    with pytest.raises(UsageError, match=words):
        parse_every(typed)


def test_a_month_too_short_ends_on_its_last_day_and_the_next_is_whole_again():
    """Counted from the first day, so that nothing drifts."""
    month = Every(1, "month")

    assert [date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31)] == [
        month.nth(date(2027, 1, 31), n) for n in range(3)
    ]
    assert date(2028, 2, 29) == month.nth(date(2027, 12, 31), 2)


@given(EVERY, DAYS, st.integers(0, 2000))
def test_the_day_on_or_after_is_the_first_of_the_series_that_is(every, first, ahead):
    """Against counting them one by one."""
    day = first + timedelta(days=ahead)
    n = 0
    while every.nth(first, n) < day:
        n += 1

    assert every.nth(first, n) == every.on_or_after(first, day)


@given(EVERY, DAYS)
def test_the_series_never_comes_before_its_first_day(every, first):
    """However early one asks."""
    assert first == every.on_or_after(first, first - timedelta(days=400))


@pytest.mark.parametrize("typed", ["2027-03-31", "31/3/2027"])
def test_a_day_is_read_without_a_time(typed):
    """As in at:, day first."""
    assert date(2027, 3, 31) == parse_day(typed)


@pytest.mark.parametrize("typed", ["2027-03-31 18:00", "spring", "31/3"])
def test_a_day_that_is_none_is_refused(typed):
    """A time behind it would be lost."""
    with pytest.raises(UsageError):
        parse_day(typed)
