"""How X weighs and shows a text."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from twitter_text import parse_tweet

from bot.sandbox.x_text import REFUSED, WEIGHT_LIMIT, links, normalise, show, weigh


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("", 0),
        ("abc def", 7),
        ("https://example.org/a/very/long/path?with=query", 23),
        ("README.md", 23),
        ("See example.com.", 4 + 23 + 1),
        ("日本", 4),
        ("👨‍👩‍👧", 2),
        ("e\u0301", 1),
        ("…", 2),
        ("—“”", 3),
    ],
)
def test_a_text_weighs_what_x_says(text: str, weight: int) -> None:
    """Links 23, wide characters two, emoji two, composed accents one."""
    assert weight == weigh(normalise(text))


WORDS = st.sampled_from(
    [
        "solidarity", "https://example.org/x?y=1", "example.com", "a.b", "t.co/abc", "@you",
        "#one", "日本語です。example.com中国語", "👩‍🚀", "é", "3.5", "(http://a.org)", "...", "$x",
        "http://a.b", "co.uk,", "x@y.org", "-a.com", "_b.org", "\u2066a.org", "ﬁ", "*️⃣", "1",
    ]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(WORDS | st.text(max_size=6), max_size=8), st.sampled_from([" ", "\n", "\t", "  "]))
def test_reading_word_by_word_is_exact(words: list[str], between: str) -> None:
    """The quick way agrees with twitter-text on the whole text, wherever it gives a number."""
    text = normalise(between.join(words))
    whole = parse_tweet(text)
    weight = weigh(text)

    if not text:
        assert weight == 0
    elif whole.valid:
        assert whole.weightedLength == weight
    else:
        assert weight > WEIGHT_LIMIT


@pytest.mark.parametrize(
    "text", ["a." * 2_000, "1.2." * 5_000, "é." * 12_000, ("a." * 150 + " ") * 80, "x" * 30_000]
)
def test_a_hostile_text_is_refused_quickly(text: str) -> None:
    """twitter-text alone takes minutes over these."""
    started = time.monotonic()

    assert weigh(normalise(text)) > WEIGHT_LIMIT
    assert time.monotonic() - started < 2


def test_a_character_x_forbids_is_refused() -> None:
    """U+FFFE and its kind."""
    assert weigh("a\ufffeb") == REFUSED


def test_entities_point_into_the_shown_text() -> None:
    """Places count characters of the text that is returned, escapes and short links included."""
    shown = show("A&B https://example.org/#no #yes @you www.example.com/x", 1, "5")

    cut = {
        kind: [shown.text[one["start"] : one["end"]] for one in spans]
        for kind, spans in shown.entities.items()
    }
    assert [one["url"] for one in shown.entities["urls"]] == cut["urls"]
    assert [one["expanded_url"] for one in shown.entities["urls"]] == [
        "https://example.org/#no",
        "http://www.example.com/x",
    ]
    assert shown.entities["urls"][1]["display_url"] == "example.com/x"
    assert (cut["hashtags"], cut["mentions"]) == (["#yes"], ["@you"])
    assert all(len(url) == 23 for url in cut["urls"])


def test_a_picture_adds_its_own_link() -> None:
    """The text of a post with media ends in one more short link."""
    shown = show("Look", 1, "5", "https://x.com/a/status/5/photo/1")

    assert shown.text.startswith("Look https://t.co/")
    assert shown.entities["urls"][0]["display_url"].startswith("pic.x.com/")


def test_links_are_found_in_order() -> None:
    """With their places in the text."""
    text = "a https://example.org b example.com"

    assert [text[span.start : span.end] for span in links(text)] == [
        "https://example.org",
        "example.com",
    ]
