"""Dates as feeds write them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intake.feeddates import moment


def at(day: int = 2, hour: int = 10, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Mon, 02 Nov 2026 10:00:00 GMT", at()),
        ("Mon, 2 Nov 26 10:00 +0100", at(hour=9)),
        ("Monday, 02-Nov-26 10:00:00 UTC", at()),
        ("02 November 2026 10:00:00 BST", at(hour=9)),
        ("Mon, 02 Nov 2026 10:00:00 CEST", at(hour=8)),
        ("Mon, 02 Nov 2026 10:00:00 EST", at(hour=15)),
        ("Mon, 02 Nov 2026 10:00:00 COT", at(hour=15)),
        ("Mon, 02 Nov 2026 10:00:00 GMT-05:00", at(hour=15)),
        ("Mon Nov 02 2026 10:00:00 GMT+0200 (CEST)", at(hour=8)),
        ("Mon Nov  2 10:00:00 2026", at()),
        ("Mon Nov  2 10:00:00 -0300 2026", at(hour=13)),
        ("Mon, 02 Nov 2026 24:00:00 GMT", at(day=3, hour=0)),
        ("Mon, 02 Nov 2026 10:00:60 GMT", datetime(2026, 11, 2, 10, 0, 59, tzinfo=UTC)),
        ("November 2, 2026 10:05 am EST", at(hour=15, minute=5)),
        ("Nov 2nd, 2026 3:05 PM", at(hour=15, minute=5)),
        ("2 de noviembre de 2026, 10:00", at()),
        ("lunes, 2 de noviembre de 2026 10:00:00 -0300", at(hour=13)),
        ("martes, 3 de marzo de 2026 10:00", at(day=3, month=3)),
        ("mar. 3 nov. 2026 10:00", at(day=3)),
        ("Mié, 04 Mar 2026 10:00:00 +0000", at(day=4, month=3)),
        ("seg, 02 nov 2026 10:00:00 -0300", at(hour=13)),
        ("terça-feira, 3 de março de 2026", at(day=3, month=3, hour=0)),
        ("sáb, 7 mar 2026 08:00:00 -0500", at(day=7, month=3, hour=13)),
        ("1 agosto 2026", at(day=1, month=8, hour=0)),
        ("vendredi 3 juillet 2026 à 08h30", at(day=3, month=7, hour=8, minute=30)),
        ("Di, 03 März 2026 10:00:00 +0100", at(day=3, month=3, hour=9)),
        ("2026-11-02T10:00:00Z", at()),
        ("2026-11-02T10:00:00.123456+01:00", at(hour=9)),
        ("2026-11-02T10:00-05", at(hour=15)),
        ("2026-11-02 10:00:00 +0530", at(hour=4, minute=30)),
        ("2026-11-02T10:00:00-04:00[America/New_York]", at(hour=14)),
        ("20261102T100000Z", at()),
        ("2026-11-02", at(hour=0)),
        ("2026-11", at(day=1, hour=0)),
        ("2026/11/02 10:00", at()),
        ("13/11/2026 10:00", at(day=13)),
        ("11/13/2026 10:00 PM", at(day=13, hour=22)),
        ("2.11.2026, 10:00", at()),
        ("1793613600", at()),
        ("1793613600000", at()),
        (" \n Mon, 02 Nov 2026 10:00:00 GMT ", at()),
    ],
)
def test_a_date_is_read_in_every_form(text: str, meant: datetime) -> None:
    """Whatever language and zone; a date alone is its midnight."""
    assert moment(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        *("", "yesterday", "2 Nov", "Nov 2026", "Mon, 31 Feb 2026 10:00:00 GMT", "3/4/2026"),
        *("2026-11-02T25:14:55Z", "2026-13-01", "99999", "1" * 90, "10:00", "2026-306"),
    ],
)
def test_what_is_no_date_or_could_be_two_is_none(text: str) -> None:
    """3/4 is the third of April here and the fourth of March elsewhere."""
    assert moment(text) is None


@given(st.text(max_size=200))
def test_any_text_is_a_date_or_none(text: str) -> None:
    """Nothing is raised, and what comes is in UTC."""
    found = moment(text)

    assert found is None or found.tzinfo is UTC
