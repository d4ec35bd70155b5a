"""Splitting a long text into Parts that fit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import PostInvalid
from bot.formatting.threads import split, without_breaks

WORDS = st.text(alphabet="abc.!? \n\u00e9", max_size=400)


@given(WORDS, st.integers(3, 60))
def test_nothing_is_lost_reordered_or_too_long(text, limit):
    """Every word in its place, every piece within the limit, or an error that names the word."""
    try:
        pieces = split(text, lambda piece, n, last: len(piece) <= limit)
    except PostInvalid:
        assert any(len(word) > limit for word in text.split())
        return

    assert text.split() == " ".join(pieces).split()
    assert all(0 < len(piece) <= limit for piece in pieces)
    assert all(piece == piece.strip() for piece in pieces)


def test_what_fits_is_not_split():
    """Nor touched within."""
    assert ["One.\n\n  Two."] == split(" One.\n\n  Two.\n", lambda piece, n, last: True)
    assert [] == split(" \n", lambda piece, n, last: True)


def test_spaces_at_the_end_of_a_paragraph_belong_to_no_piece():
    """They would not fit, and nobody sees them."""
    assert ["One", "two"] == split("One  \n \n two", lambda piece, n, last: len(piece) <= 3)


def test_paragraphs_are_kept_together_before_sentences_before_words():
    """The best break that fits."""
    text = "One two. Three four.\n\nFive six seven eight nine ten eleven."

    assert ["One two. Three four.", "Five six seven eight", "nine ten eleven."] == split(
        text, lambda piece, n, last: len(piece) <= 20
    )
    assert ["One two.", "Three four.\n\nFive"] == split(
        "One two. Three four.\n\nFive", lambda piece, n, last: len(piece) <= 18
    )


def test_the_first_piece_may_have_less_room():
    """The imprint stands there."""
    room = {True: 5, False: 11}

    assert ["one", "two three"] == split(
        "one two three", lambda piece, n, last: len(piece) <= room[n == 1]
    )


def test_a_word_that_fits_nowhere_is_named_not_cut():
    """Its author must shorten it."""
    with pytest.raises(PostInvalid, match="abcdefgh"):
        split("a abcdefgh b", lambda piece, n, last: len(piece) <= 5)


def test_a_manual_break_ends_a_part_and_elsewhere_is_a_blank_line():
    """Only three hyphens alone on their line are one."""
    text = "One\n---\n---\n\nTwo --- 2\n----\n  ---\n---"

    assert ["One", "Two --- 2\n----\n  ---"] == split(text, lambda piece, n, last: True)
    assert "One\n\nTwo --- 2\n----\n  ---" == without_breaks(text)
    assert " One\n\n  two" == without_breaks(" One\n\n  two")


def test_a_part_too_long_between_manual_breaks_is_split_further():
    """The author's breaks stay."""
    assert ["One two.", "Three", "Four"] == split(
        "One two. Three\n---\nFour", lambda piece, n, last: len(piece) <= 9
    )


def test_the_last_piece_may_have_less_room():
    """The link stands there."""
    room = {True: 9, False: 20}
    pieces = split("one two three four five", lambda piece, n, last: len(piece) <= room[last])

    assert ["one two three four", "five"] == pieces


@pytest.mark.parametrize(
    ("text", "limit", "first"),
    [
        ("They told us: “We will not go.” Not now.", 24, "They told us:"),
        ("They told us: “We will not go.” Not now.", 29, "They told us: “We will not"),
        ('He said "No. Never again" to all.', 15, "He said"),
        ("Ana said (‘no more of it’) today", 18, "Ana said"),
        ("It’s the workers’ own words here", 20, "It’s the workers’"),
    ],
)
def test_the_first_words_of_a_quotation_stay_together(text, limit, first):
    """Three of them at least; an apostrophe opens nothing."""
    assert first == split(text, lambda piece, n, last: len(piece) <= limit)[0]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("We met. Then Dr. Smith and J. K. Rowling spoke", "We met."),
        ("We met… and went on. Then we stopped", "We met… and went on."),
        ("“We met.” Then Mrs. Brown went on and on", "“We met.”"),
        ("We paid 3.50 at No. 10 Downing Street today", "We paid 3.50 at No. 10 Downing"),
    ],
)
def test_initials_titles_and_small_letters_end_no_sentence(text, first):
    """A reader does not stop there either."""
    assert first == split(text, lambda piece, n, last: len(piece) <= 33)[0]


def test_a_book_is_split_in_no_time():
    """Each piece is looked for near its own length, not in all that is left."""
    asked = []

    def fits(piece, n, last):
        asked.append(len(piece))
        return len(piece) <= 280

    pieces = split("Words of a sentence. " * 5000, fits)

    assert 5000 * 4 == sum(len(piece.split()) for piece in pieces)
    assert sum(asked) < 40 * 5000 * 21
