"""The sentence a post quotes: whole, the article's own, and about its subject."""

import pytest

from bot.intake.quotation import is_quotable, quotations, single_marks

TITLE = "Eight river defenders freed in Honduras"
GOOD = "The defenders had been held without trial for 914 days for opposing an iron mine."
SPOKEN = "“We are free, but the river is not,” said one of the eight defenders outside the prison."
TEXT = f"A first line about something else, long enough to be a sentence.\n{GOOD} {SPOKEN}"


def best(text: str, title: str = TITLE, standfirst: str = "") -> str:
    return next((one.sentence for one in quotations(text, title, standfirst)), "")


def test_the_sentence_is_taken_word_for_word_and_the_reason_is_told() -> None:
    """Whoever approves sees where it comes from."""
    chosen = quotations(TEXT, TITLE, "")[0]

    assert chosen.sentence == SPOKEN
    assert chosen.sentence in TEXT
    assert chosen.why == (
        "from the second paragraph, out of 3 sentences; it shares 3 words with the title"
    )


def test_the_same_text_gives_the_same_choice() -> None:
    """No chance is involved."""
    assert quotations(TEXT, TITLE, "") == quotations(TEXT, TITLE, "")


@pytest.mark.parametrize(
    "sentence",
    [
        "Will the mine that the defenders opposed be closed before the end of the year?",
        "The defenders of the river were held without trial for 914 days and then",
        "the defenders of the river were held without trial for 914 long days.",
        "They had been held without trial for 914 days for opposing an iron mine.",
        "But the defenders had been held without trial for 914 days, said the court.",
        "Pero los defensores estuvieron 914 días en prisión sin juicio, dijo la corte.",
        "THE defenders had been held without trial for 914 days, said the court in Tocoa.",
        "By the River Herald, the defenders and the mine: Photo: A. N. Other, with thanks.",
        "Read more about the defenders of the river and the mine in our long report here.",
        "Subscribe to our newsletter to hear more of the defenders of the river Guapinol.",
        "The defenders wrote to press@example.org that they had been held without trial.",
        "The defenders, says @riverherald, had been held without trial for 914 long days.",
        "The defenders published it all on example.org before they were taken to prison.",
        "The defenders said: “We had been held without trial for 914 days in the north.",
        "The defenders (of the river had been held without trial for 914 days in Tocoa.",
        "The defenders had been held without trial for 914 days in the north of it …",
        "The defenders were freed.",
        "The defenders had been held without trial [12] for opposing the iron mine there.",
    ],
)
def test_what_is_no_whole_statement_of_its_own_is_not_quoted(sentence: str) -> None:
    """Questions, halves, shouts, bylines, appeals, addresses, and what points back."""
    assert not is_quotable(sentence)


@pytest.mark.parametrize("sentence", [GOOD, SPOKEN])
def test_a_whole_statement_is_quotable(sentence: str) -> None:
    """Said by the article or by somebody in it."""
    assert is_quotable(sentence)


def test_what_repeats_the_title_or_standfirst_is_not_quoted() -> None:
    """It would say the same twice."""
    again = "Eight river defenders were freed in Honduras on Friday, said the court."

    assert best(f"{again}\n{GOOD}") == GOOD
    assert best(GOOD, TITLE, GOOD) == ""


def test_what_is_about_something_else_is_not_quoted() -> None:
    """A sentence shares a word of weight with the title."""
    assert best("The price of coffee rose again in the markets of the capital, traders say.") == ""


def test_a_dateline_is_no_part_of_the_sentence() -> None:
    """Newspapers put place and agency before the first one."""
    assert best(f"TOCOA, Honduras, Dec. 3 (AP) — {GOOD}") == GOOD


def test_furniture_is_never_quoted() -> None:
    """Not even where it names the subject."""
    appeal = "Support our reporting on the defenders of the river: donate now and share this page."

    assert best(appeal) == ""


def test_nothing_is_quoted_where_nothing_is_good_enough() -> None:
    """An invented sentence would be worse than none."""
    assert quotations("", TITLE, "") == ()
    assert quotations("Short. Words. Only.", TITLE, "") == ()


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("“Go,” she said.", "‘Go,’ she said."),
        ('"Go," she said, "now."', "‘Go,’ she said, ‘now.’"),
        ("«Vamos», dijo.", "‘Vamos’, dijo."),
        ("The mine’s owner", "The mine’s owner"),
        ('A ("so-called") deal', "A (‘so-called’) deal"),
    ],
)
def test_marks_inside_are_single(sentence: str, expected: str) -> None:
    """The whole stands in double ones."""
    assert single_marks(sentence) == expected


def test_a_long_text_is_chosen_from_quickly() -> None:
    """A hundred thousand signs are nothing."""
    assert best("\n".join([GOOD] * 1200)) == GOOD
