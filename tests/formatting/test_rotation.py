"""The wordings of a post that recurs."""

from hypothesis import given
from hypothesis import strategies as st

from bot.formatting.rotation import count, worded, wordings
from bot.formatting.text import tidy
from bot.model.written import Written

THREE = "One.\n***\n\nTwo.\nMore.\n\n***\nThree."
WORDS = st.text("ab *\n", min_size=1).map(tidy).filter(lambda text: text and "***" not in text)


def post(body, **fields):
    return Written(body=body, every="week", until="2027-01-01", **fields)


def test_wordings_are_parted_by_a_line_of_three_stars_alone():
    """Stars inside a line are words."""
    assert ["One.", "Two.\nMore.", "Three."] == wordings(THREE)
    assert ["One *** two."] == wordings("One *** two.")
    assert ["One."] == wordings("***\nOne.\n***\n***\n")


def test_they_are_taken_in_turn_and_round_again():
    """Counted from none."""
    written = post(THREE)

    assert ["One.", "Two.\nMore.", "Three.", "One."] == [worded(written, n).body for n in range(4)]


def test_each_text_turns_by_itself():
    """X may have more wordings than Facebook."""
    written = post("A.\n***\nB.", texts={"x": THREE})
    third = worded(written, 2)

    assert ("A.", "Three.") == (third.body, third.texts["x"])
    assert (3, 2) == (count(written, "x"), count(written, "facebook"))


def test_a_post_that_does_not_recur_keeps_its_stars():
    """Whoever writes them there means them."""
    written = Written(body=THREE)

    assert written is worded(written, 1)
    assert 1 == count(written, "x")


def test_each_wording_says_on_which_line_of_the_file_it_begins():
    """Also where a later one is the same words as an earlier, or part of them."""
    written = post("Two\n***\nTwo\n***\nTwo three", lines={"body": 5})

    assert [5, 7, 9] == [worded(written, n).lines["body"] for n in range(3)]
    assert {"body": 5} == written.lines


@given(st.lists(WORDS, min_size=2, max_size=5))
def test_what_is_joined_by_stars_comes_apart_again(texts):
    """Whatever the words."""
    written = post("\n***\n".join(texts), lines={"body": 1})
    whole = written.body.split("\n")

    for n, text in enumerate(texts):
        turned = worded(written, n)
        assert text == turned.body
        assert text.split("\n")[0].strip() == whole[turned.lines["body"] - 1].strip()
