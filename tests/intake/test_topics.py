"""Topics and their hashtags."""

import pytest

from bot.intake.topics import TOPICS, hashtags

TEXT = "The land defenders of Honduras went on. Honduras is small. Hondurans know."


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("Eight freed in Honduras", ("#Honduras",)),
        ("Hondureños en la calle", ("#Honduras",)),
        ("Brasileiras vão às ruas por direitos humanos", ("#Brazil", "#HumanRights")),
        ("México, Perú y Bolivia firman", ("#Bolivia", "#Mexico")),
        ("El Salvador votes", ("#ElSalvador",)),
        ("The Chilean miners", ("#Chile",)),
        ("A recipe for soup", ()),
        ("Hondurasana", ()),
    ],
)
def test_what_the_title_names_has_its_tag_and_two_at_most(
    title: str, expected: tuple[str, ...]
) -> None:
    """Accents, case and endings do not matter; whole words do."""
    assert hashtags(title, "", (), "", {}) == expected


def test_what_is_only_mentioned_has_none() -> None:
    """The text alone is not enough, nor is the summary alone."""
    assert hashtags("A march", "", (), TEXT, {}) == ()
    assert hashtags("A march", "A march in Honduras.", (), "They marched.", {}) == ()
    assert hashtags("A march", "A march in Honduras.", (), TEXT, {}) == ("#Honduras",)
    assert hashtags("A march", "", ("Honduras",), TEXT, {}) == ("#Honduras",)


def test_topics_of_the_feed_go_first() -> None:
    """And may give a shipped tag more words."""
    more = {"school meals": "#SchoolMeals", "Tegucigalpa": "#Honduras"}

    title = "School meals in Brazil and Tegucigalpa"
    assert hashtags(title, "", (), "", more) == ("#Honduras", "#SchoolMeals")


def test_no_shipped_topic_is_written_in_a_way_that_finds_nothing() -> None:
    """Each of its words finds its own tag."""
    for tag, words in TOPICS.items():
        for phrase in words:
            assert tag in hashtags(phrase.rstrip("*"), "", (), "", {}), (tag, phrase)
