"""Splitting a long text into Parts that fit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import PostInvalid
from bot.formatting.threads import split

WORDS = st.text(alphabet="abc.!? \n\u00e9", max_size=400)


@given(WORDS, st.integers(3, 60))
def test_nothing_is_lost_reordered_or_too_long(text, limit):
    """Every word in its place, every piece within the limit, or an error that names the word."""
    try:
        pieces = split(text, lambda piece, first: len(piece) <= limit)
    except PostInvalid:
        assert any(len(word) > limit for word in text.split())
        return

    assert text.split() == " ".join(pieces).split()
    assert all(0 < len(piece) <= limit for piece in pieces)
    assert all(piece == piece.strip() for piece in pieces)


def test_what_fits_is_not_split():
    """Nor touched within."""
    assert ["One.\n\n  Two."] == split(" One.\n\n  Two.\n", lambda piece, first: True)
    assert [] == split(" \n", lambda piece, first: True)


def test_paragraphs_are_kept_together_before_sentences_before_words():
    """The best break that fits."""
    text = "One two. Three four.\n\nFive six seven eight nine ten eleven."

    assert ["One two. Three four.", "Five six seven eight", "nine ten eleven."] == split(
        text, lambda piece, first: len(piece) <= 20
    )
    assert ["One two.", "Three four.\n\nFive"] == split(
        "One two. Three four.\n\nFive", lambda piece, first: len(piece) <= 18
    )


def test_the_first_piece_may_have_less_room():
    """The imprint stands there."""
    room = {True: 5, False: 11}

    assert ["one", "two three"] == split(
        "one two three", lambda piece, first: len(piece) <= room[first]
    )


def test_a_word_that_fits_nowhere_is_named_not_cut():
    """Its author must shorten it."""
    with pytest.raises(PostInvalid, match="abcdefgh"):
        split("a abcdefgh b", lambda piece, first: len(piece) <= 5)
