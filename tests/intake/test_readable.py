"""Capitals for decoration, hidden signs and small capitals made plain."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intake.readable import cleaned, readable, without_cut


@pytest.mark.parametrize(
    ("shouted", "expected"),
    [
        (
            "UN WARNS FARC AND ELN AT COP30 IN BRAZIL",
            "UN warns FARC and ELN at COP30 in Brazil",
        ),
        ("EE. UU. CIERRA SU FRONTERA CON MÉXICO", "EE. UU. cierra su frontera con México"),
        ("THE EU SIGNS A DEAL WITH EL SALVADOR", "The EU signs a deal with El Salvador"),
        ("PROTESTS IN LA PAZ: ‘WE WILL NOT LEAVE’", "Protests in La Paz: ‘We will not leave’"),
        ("VENEZUELA’S President spoke", "Venezuela’s President spoke"),
        ("THE Honduran government said", "The Honduran government said"),
        ("IT was a cold night", "It was a cold night"),
        ("UN experts say", "UN experts say"),
        ("FARC and ELN begin talks", "FARC and ELN begin talks"),
        ("UNITE strikes at COP30", "UNITE strikes at COP30"),
        ("Pope XIV visits Peru", "Pope XIV visits Peru"),
    ],
)
def test_capitals_become_ordinary_letters_and_abbreviations_stay(
    shouted: str, expected: str
) -> None:
    """Headlines, and the first words of an article as newspapers set them."""
    assert readable(shouted) == expected


def test_the_article_itself_says_how_its_words_are_written() -> None:
    """A name no table knows, and a word that looks like one."""
    text = "People came back to Tocoa on Friday. In the square of Tocoa the Guapinol eight sang."

    assert readable("GUAPINOL EIGHT HOME IN TOCOA", text) == "Guapinol eight home in Tocoa"
    shouted = "See: GUAPINOL EIGHT HOME IN TOCOA. And OFRA spoke, said OFRA."
    assert readable("THE EIGHT AND OFRA", shouted) == "The eight and OFRA"


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("Tom &amp;amp; Ana&nbsp;said &hellip;", "Tom & Ana said …"),
        ("de\u00adfend\u200bers\ufeff", "defenders"),
        ("ᴛʜᴇ river", "the river"),
        ("a\n b\t c", "a b c"),
        ("\u202eevil", "evil"),
        ("cafe\u0301", "café"),
    ],
)
def test_hidden_signs_go_and_entities_are_resolved(given_text: str, expected: str) -> None:
    """What a reader would see, on one line."""
    assert cleaned(given_text) == expected


@pytest.mark.parametrize("mark", ["…", "...", " […]", " [...]", " (…)"])
def test_dots_that_say_the_text_was_cut_are_taken_off(mark: str) -> None:
    """And said."""
    assert without_cut(f"They came home{mark}") == ("They came home", True)
    assert without_cut("They came home.") == ("They came home.", False)


@given(st.text(max_size=60))
def test_only_the_size_of_letters_changes(text: str) -> None:
    """No word is added, dropped or moved, whatever the text."""
    plain = cleaned(text)

    assert readable(plain).casefold() == plain.casefold()
