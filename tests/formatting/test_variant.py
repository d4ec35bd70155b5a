"""Rendering a Post for one Platform, and the imprint."""

import pytest
from scripted_platform import ScriptedPlatform, rules_of

from bot.formatting.imprint import Imprint
from bot.formatting.variant import render
from bot.model.written import Written

ANSWERED = Imprint("always", "LFPLA", "1 High Street, London", "the members")
LINE = "Promoted by LFPLA, 1 High Street, London, on behalf of the members."
NONE = Imprint("never")


@pytest.fixture
def platform(clock):
    return ScriptedPlatform(clock, rules_of("x", max_weight=60))


def texts(rendered):
    return [part.text for part in rendered.variant.parts]


def test_the_text_of_the_platform_comes_first_then_link_then_imprint(platform):
    """Last, on its own line, and nothing after it."""
    written = Written(body="Long", texts={"x": "Short "}, link="https://a.org")
    rendered = render(written, platform, ANSWERED, 500)

    assert [f"Short\n\nhttps://a.org\n\n{LINE}"] == texts(rendered)
    assert LINE == rendered.imprint
    assert (len(texts(rendered)[0]),) == rendered.weights


@pytest.mark.parametrize(
    ("mode", "election", "shown"),
    [
        ("always", "no", True),
        (None, "no", True),
        ("election", "yes", True),
        ("election", "unsure", True),
        ("election", "no", False),
        ("never", "yes", False),
    ],
)
def test_when_the_imprint_is_added(mode, election, shown):
    """Unanswered means always; unsure means yes."""
    imprint = Imprint(mode, "LFPLA", "1 High Street")

    assert ("Promoted by LFPLA, 1 High Street." if shown else None) == imprint.line(election)


def test_set_up_is_answered_by_never_or_by_name_and_address():
    """Half an answer is none; no mode means always; an open question keeps everything back."""
    answered = [
        Imprint(mode, promoter, address).is_answered
        for mode in (None, "never", "always")
        for promoter, address in (("", ""), ("LFPLA", ""), ("LFPLA", "1 High Street"))
    ]

    assert [False, False, True] + [True] * 3 + [False, False, True] == answered
    assert not Imprint("never", questions_open=1).is_answered
    assert Imprint("always", "LFPLA", "").line("yes") is None


def test_too_long_is_an_error_with_the_excess_and_three_ways_out(platform):
    """Nothing is cut."""
    rendered = render(Written(body="a" * 61), platform, NONE)

    assert "61 of 60 characters, 1 too many" in rendered.errors[0]
    assert "Shorten it, write a shorter text under x: or set thread: yes." in rendered.errors[0]
    assert ["a" * 61] == texts(rendered)
    assert () == render(Written(body="a" * 60), platform, NONE).errors


def test_a_platform_without_threads_offers_two_ways_out(clock):
    """What it cannot do is not offered."""
    page = ScriptedPlatform(clock, rules_of("facebook", max_weight=10, threads=False))
    rendered = render(Written(body="a" * 11, thread=True), page, NONE)

    assert "thread" not in rendered.errors[0]


def test_a_thread_keeps_the_imprint_first_and_the_link_last(platform):
    """Every part within the limit."""
    imprint = Imprint("always", "LFPLA", "London")
    written = Written(body="One two three four. " * 6, thread=True, link="https://a.org")
    rendered = render(written, platform, imprint)
    parts = texts(rendered)

    assert len(parts) > 2
    assert ["Promoted by LFPLA, London." in part for part in parts] == [True] + [False] * (
        len(parts) - 1
    )
    assert ["https://a.org" in part for part in parts] == [False] * (len(parts) - 1) + [True]
    assert max(rendered.weights) <= 60
    assert () == rendered.errors


def test_a_thread_with_a_word_too_long_is_an_error(platform):
    """A link of 300 signs fits nowhere."""
    rendered = render(Written(body="One. " + "a" * 61, thread=True), platform, NONE)

    assert "too long" in rendered.errors[0]


def test_no_text_for_a_platform_is_an_error(platform):
    """Words for another one only."""
    rendered = render(Written(body="", texts={"facebook": "Words"}), platform, NONE)

    assert "there is no text" in rendered.errors[0]


def test_the_digest_is_of_every_byte_that_is_sent(platform):
    """And equal for equal bytes."""
    first, same, other = (render(Written(body=b), platform, NONE) for b in ("a", "a ", "b"))

    assert first.digest == same.digest != other.digest
    assert first.digest != render(Written(body="a", link="https://a.org"), platform, NONE).digest


def test_markdown_is_a_warning_not_an_error(platform):
    """It would be shown as it is."""
    rendered = render(Written(body="**Now**"), platform, NONE)

    assert () == rendered.errors
    assert "bold" in rendered.warnings[0]
