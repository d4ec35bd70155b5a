"""Local times as people type them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clock import iso, monotonic, system_now
from bot.clock.local import in_short, in_words, parse_typed, resolve
from bot.errors import UsageError

LONDON = ZoneInfo("Europe/London")
ZONES = [
    ZoneInfo(name)
    for name in ("Europe/London", "America/Bogota", "Australia/Lord_Howe", "America/Havana")
]


@pytest.mark.parametrize(
    "text",
    [
        "2026-12-01 18:30",
        " 2026-12-1  18:30 ",
        "2026-12-01T18:30",
        "2026-12-01 18:30:00",
        "1/12/2026 18:30",
        "01/12/2026, 18:30",
    ],
)
def test_a_date_is_read_day_first_or_as_iso(text):
    """As people in Britain write it."""
    assert datetime(2026, 12, 1, 18, 30) == parse_typed(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tomorrow",
        "18:30",
        "2026-12-01",
        "2026-02-30 10:00",
        "2026-13-01 10:00",
        "12/31/2026 10:00",
        "2026-12-01 24:00",
        "2026-12-01 10:60",
        "0001-01-01 10:00",
        "9999-12-31 23:59",
        "01.12.2026 18:30",
        "2026-12-01 18:30 BST",
    ],
)
def test_what_is_no_time_is_refused_with_what_to_write(text):
    """Every message shows how."""
    with pytest.raises(UsageError, match=r"\d\d:\d\d"):
        parse_typed(text)


def test_a_day_alone_will_do_where_no_time_is_asked_for():
    """Reports ask for days."""
    assert datetime(2026, 12, 1) == parse_typed("1/12/2026", time_required=False)


def test_a_time_in_the_gap_of_march_moves_to_the_next_valid_minute_and_says_so():
    """28 March 2027, London."""
    found = resolve(datetime(2027, 3, 28, 1, 30), LONDON)

    assert datetime(2027, 3, 28, 1, 0, tzinfo=UTC) == found.at
    assert "01:30 on 28 March 2027 does not exist in Europe/London" in found.warning
    assert "02:00" in found.warning


def test_a_time_that_happens_twice_in_october_means_the_first_and_says_so():
    """31 October 2027, London."""
    found = resolve(datetime(2027, 10, 31, 1, 30), LONDON)

    assert datetime(2027, 10, 31, 0, 30, tzinfo=UTC) == found.at
    assert "happens twice" in found.warning


@pytest.mark.parametrize("day", [datetime(2027, 3, 27), datetime(2027, 10, 30)])
@pytest.mark.parametrize("zone", ZONES, ids=lambda zone: zone.key)
def test_every_minute_around_a_clock_change_is_resolved_to_itself_or_warned_about(zone, day):
    """All 4,320 minutes of three days: valid ones come back the same, in order, without a word."""
    before = None
    for minute in range(3 * 24 * 60):
        local = day + timedelta(minutes=minute)
        found = resolve(local, zone)
        back = found.at.astimezone(zone).replace(tzinfo=None)
        if found.warning is None:
            assert local == back
        else:
            assert back == local or ("does not exist" in found.warning and back > local)
        assert before is None or found.at >= before
        before = found.at


@given(st.datetimes(datetime(2000, 1, 1), datetime(2199, 1, 1)), st.sampled_from(ZONES))
def test_whatever_is_resolved_is_a_valid_time_that_never_lies_before(local, zone):
    """Rounded to minutes, in any zone."""
    local = local.replace(second=0, microsecond=0)
    found = resolve(local, zone)
    back = found.at.astimezone(zone).replace(tzinfo=None)

    assert back >= local
    assert back == local or found.warning


def test_times_are_shown_in_words_and_for_json():
    """Whole seconds and a trailing Z."""
    moment = datetime(2027, 6, 1, 17, 30, 5, 999, tzinfo=UTC)

    assert "Tuesday 1 June 2027, 18:30" == in_words(moment, LONDON)
    assert "Tue 1 Jun 18:30" == in_short(moment, LONDON)
    assert "2027-06-01T17:30:05Z" == iso(moment)
    assert iso(None) is None


def test_the_system_clock_is_aware_and_the_other_never_jumps():
    """The only two clocks there are."""
    assert timedelta(0) == system_now().utcoffset()
    assert monotonic() <= monotonic()
