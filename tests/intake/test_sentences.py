"""Splitting running text into sentences, in three languages."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intake.sentences import sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They came home. The mine is there.", 2),
        ("El Sr. Gómez habló con la Dra. Ruiz. Luego se fue.", 2),
        ("Viajó a EE. UU. y volvió en mayo. Nadie lo esperaba.", 2),
        ("Viajó a EE. UU. El presidente no habló.", 2),
        ("The U.S. Senate voted for it. Nobody was surprised.", 2),
        ("It is in the U.S. The court must decide.", 2),
        ("Article No. 5 was struck out. No. We will not stop.", 3),
        ("Según el art. 12 de la ley, es delito. Así consta.", 2),
        ("Prices rose 3.5 percent, then 1,204.75 in all. It hurt.", 2),
        ("J. R. Smith and Mr. T. spoke on Dec. 3. They left.", 2),
        ("“We are free,” he said. “Are you?” she asked. “It ended.” The mine is there.", 4),
        ("He said: “It is over. We won.” The crowd cheered.", 3),
        ("¿Qué pasó? ¡Nada! Todo sigue.", 3),
        ("O Sr. Silva e a Profa. Lima falaram. Depois saíram.", 2),
        ("They waited … and waited. Then they left.", 2),
        ("No end here", 1),
        ("", 0),
    ],
)
def test_a_stop_ends_a_sentence_only_where_it_means_to(text: str, expected: int) -> None:
    """Abbreviations, initials, figures and questions inside speech end nothing."""
    found = sentences(text)

    assert len(found) == expected, found


@given(st.text(alphabet="aA. ?!“”\"'1,é…", max_size=80))
def test_no_sign_is_lost_or_moved(text: str) -> None:
    """What comes out is the text, without the spaces between sentences."""
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())
