"""The times between tries and looks, as data."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.delivery import retry

SCHEDULE = tuple(timedelta(seconds=n) for n in (15, 60, 300, 900))
THEN = datetime(2026, 12, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("tries", "seconds"), [(0, 30), (1, 30), (2, 120), (3, 600), (4, 1800), (5, 1800), (99, 1800)]
)
def test_the_pause_after_the_nth_try(tries, seconds):
    """30 s, 2 min, 10 min, then every 30 min."""
    assert timedelta(seconds=seconds) == retry.after_not_reached(tries)


def test_looks_are_counted_from_the_doubt_and_end():
    """Four looks, then none."""
    found = [retry.next_look(THEN, looks, SCHEDULE) for looks in range(5)]

    assert [*(THEN + after for after in SCHEDULE), None] == found


def test_the_window_for_sending_again_is_15_to_60_minutes():
    """Under the default schedule."""
    assert (timedelta(minutes=15), timedelta(hours=1)) == retry.resend_window(SCHEDULE)


def test_a_short_schedule_has_a_window_of_a_minute_at_least():
    """Or a slow look could never lead anywhere."""
    short = (timedelta(0), timedelta(seconds=1))

    assert (timedelta(seconds=1), timedelta(seconds=61)) == retry.resend_window(short)
    assert (timedelta(0), timedelta(minutes=1)) == retry.resend_window(())
