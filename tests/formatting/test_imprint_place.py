"""The imprint stands in the post wherever it fits; elsewhere only for want of room."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scripted_platform import ScriptedPlatform, rules_of

from bot.formatting.imprint import Imprint
from bot.formatting.variant import render
from bot.model.written import Written

LINE = "Promoted by LFPLA, PO Box 1, London."
PAGE = "https://example.org/imprint"


def imprint(fallback="profile", mode="always"):
    return Imprint(mode, "LFPLA", "PO Box 1, London", fallback=fallback)


def platform(*, elsewhere=True):
    rules = replace(rules_of("x"), imprint_elsewhere=elsewhere)
    return ScriptedPlatform(lambda: None, rules)


def drawn(body, fallback="profile", *, elsewhere=True, **fields):
    return render(Written(body, **fields), platform(elsewhere=elsewhere), imprint(fallback))


def test_where_it_fits_it_is_in_the_post():
    """To the last character."""
    room = 280 - len(LINE) - 2
    fitting, too_long = drawn("a" * room), drawn("a" * (room + 1))

    assert ("post", 280) == (fitting.imprint_place, fitting.weights[0])
    assert fitting.variant.parts[0].text.endswith(LINE)
    assert "profile" == too_long.imprint_place
    assert not too_long.errors
    assert LINE not in too_long.variant.parts[0].text
    assert any("no room for the imprint" in said for said in too_long.warnings)


@pytest.mark.parametrize(
    ("fallback", "elsewhere", "length"),
    [("", True, 270), ("profile", False, 270), ("profile", True, 281)],
)
def test_else_it_stays_an_error(fallback, elsewhere, length):
    """No other place named, a platform with room for it, or words that are too long anyway."""
    found = drawn("a" * length, fallback, elsewhere=elsewhere)

    assert found.errors
    assert "post" == found.imprint_place


def test_a_page_is_pointed_to_from_the_post():
    """Its address takes the line's place and is counted and priced as what it is."""
    found = drawn("a" * 245, PAGE)

    assert "link" == found.imprint_place
    assert found.variant.parts[0].text.endswith(f"\n{PAGE}")


def test_a_thread_has_room_in_its_first_part():
    """Splitting beats leaving it out."""
    found = drawn("A sentence of some length. " * 20, thread=True)

    assert "post" == found.imprint_place
    assert found.variant.parts[0].text.endswith(LINE)


def test_a_post_that_needs_none_relies_on_no_other_place():
    """The author said no, and is believed; the reason is kept."""
    found = render(Written("Words.", election="no"), platform(), imprint(mode="election"))

    assert ("none", None) == (found.imprint_place, found.imprint)
    assert "its author said no" in found.imprint_reason


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=400))
def test_nothing_ever_trims_the_line(body):
    """Whole in the post, wholly elsewhere, or the post does not go."""
    found = drawn(body)
    text = "\n".join(part.text for part in found.variant.parts)

    assert found.errors or (found.imprint_place == "post") == (LINE in text)
    assert found.imprint == LINE
