"""When a feed is read next."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.intake.feedtimes import after_error, next_check

NOW = datetime(2026, 12, 1, 12, 20, tzinfo=UTC)  # a Tuesday
EVERY = timedelta(minutes=15)
HOURS = timedelta(hours=1)


@pytest.mark.parametrize(
    ("ttl", "not_before", "skips", "wait"),
    [
        (None, None, {}, EVERY),
        (timedelta(minutes=5), None, {}, EVERY),
        (2 * HOURS, None, {}, 2 * HOURS),
        (90 * HOURS, None, {}, 24 * HOURS),
        (None, NOW + HOURS, {}, HOURS),
        (2 * HOURS, NOW + HOURS, {}, 2 * HOURS),
        (None, NOW - HOURS, {}, EVERY),
        (None, None, {"hours": [12, 13]}, timedelta(hours=1, minutes=40)),
        (None, None, {"days": [1]}, timedelta(hours=11, minutes=40)),
        (None, None, {"days": [1, 2, 3]}, 24 * HOURS + EVERY),
        (None, None, {"hours": [3], "days": [6]}, EVERY),
    ],
)
def test_each_wish_only_puts_it_off_and_none_for_longer_than_a_day(
    ttl: timedelta | None, not_before: datetime | None, skips: dict[str, list[int]], wait: timedelta
) -> None:
    """The longest of them counts; then hours and days to skip."""
    assert next_check(NOW, EVERY, ttl, skips, not_before) == NOW + wait


def test_errors_double_the_wait_up_to_a_day() -> None:
    """Or until the server says, where that is later."""
    waits = [after_error(NOW, EVERY, n, None) - NOW for n in (1, 2, 3, 20, 1000)]

    assert waits == [2 * EVERY, 4 * EVERY, 8 * EVERY, 24 * HOURS, 24 * HOURS]
    assert after_error(NOW, EVERY, 1, NOW + 3 * HOURS) == NOW + 3 * HOURS
    assert after_error(NOW, timedelta(days=2), 5, None) == NOW + timedelta(days=2)
