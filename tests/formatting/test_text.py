"""The shape of every text, and when two are the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.formatting.text import comparison_key, markdown_marks, tidy


@given(st.text())
def test_tidy_is_idempotent(text):
    """Once tidy, always tidy."""
    assert tidy(text) == tidy(tidy(text))


@given(st.text(alphabet="ab \t\r\n\u00e9e\u0301#"))
def test_tidy_loses_nothing_but_spaces_and_line_ends(text):
    """Every sign that shows is still there."""
    import unicodedata

    bare = "".join(unicodedata.normalize("NFC", text).split())
    assert bare == "".join(tidy(text).split())


def test_tidy_composes_ends_lines_and_strips_around():
    """NFC, LF, no blank lines around, none lost within."""
    assert "Bogot\u00e1\n\n  here" == tidy("\r\n \nBogota\u0301 \r\n\r  here\t\n\n")


@pytest.mark.parametrize(
    "other", ["HANDS off  honduras!", "Hands off\nHonduras", "Hands off Honduras \u2026"]
)
def test_case_spaces_and_marks_make_no_other_post(other):
    """A reader would call it the same."""
    assert comparison_key("Hands off Honduras", None) == comparison_key(other, None)


def test_other_words_or_another_link_make_another_post():
    """Also where the words are nothing but emoji."""
    keys = {
        comparison_key("Hands off Honduras", None),
        comparison_key("Hands off Guatemala", None),
        comparison_key("Hands off Honduras", "https://example.org/a"),
        comparison_key("Hands off Honduras", "https://example.org/b"),
        comparison_key("\U0001f339", None),
        comparison_key("\u270a", None),
    }

    assert 6 == len(keys)


def test_a_link_is_the_same_with_or_without_www_or_in_the_text():
    """However it was given."""
    link = "https://www.example.org/a/"

    assert comparison_key("See", link) == comparison_key("See", "http://example.org/a")
    text = "See https://example.org/a"
    assert comparison_key(text, None) == comparison_key(text, link)


@pytest.mark.parametrize("text", ["**bold**", "__bold__", "# Title", "see [this](https://a.org)"])
def test_markdown_marks_are_pointed_out(text):
    """Posts are plain text."""
    assert markdown_marks(text)


@pytest.mark.parametrize("text", ["#Honduras", "2 * 3 * 4", "snake_case_name", "[sic]", "# "])
def test_what_only_looks_like_markdown_is_left_alone(text):
    """A hashtag is no heading."""
    assert [] == markdown_marks(text)
