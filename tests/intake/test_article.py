"""From an entry to the words of a post."""

from dataclasses import replace
from functools import partial

import pytest
from scripted_platform import ScriptedPlatform, rules_of

from bot.clock import system_now
from bot.errors import PostInvalid
from bot.formatting.imprint import Imprint
from bot.formatting.variant import render
from bot.intake.article import fitted, write
from bot.intake.feedoptions import Options
from bot.intake.feedparse import Entry
from bot.intake.identity import canonical, title_key
from bot.model.written import Written

ENTRY = Entry("1", "The eight are free", "https://example.org/free")
LONG = replace(ENTRY, title=" ".join(f"word{n}" for n in range(80)))
SHORT_PLATFORM = ScriptedPlatform(system_now, rules_of("short"))
ROOMY_PLATFORM = ScriptedPlatform(system_now, rules_of("roomy", max_weight=10_000))


def fit(entry: Entry, imprint: Imprint, *limits: int, options: Options | None = None) -> Written:
    chosen = options or Options()
    voices = [
        ("roomy", partial(render, platform=ROOMY_PLATFORM, imprint=imprint)),
        *(
            ("short", partial(render, platform=SHORT_PLATFORM, imprint=imprint, max_weight=limit))
            for limit in limits
        ),
    ]
    return fitted(write(entry, "Site", chosen), entry, "Site", chosen, voices)


NO_IMPRINT = Imprint("never")


@pytest.mark.parametrize(
    "link",
    [
        "https://example.org/a/b?id=1&x=2",
        "http://example.org/a/b?id=1&x=2",
        "https://www.example.org/a/b?id=1&x=2",
        "HTTPS://EXAMPLE.ORG/a/b?id=1&x=2",
        "https://example.org:443/a/b/?x=2&id=1",
        "https://example.org/a/b/?id=1&x=2#comments",
        "https://example.org/%61/b?id=1&x=2&utm_source=rss&utm_medium=feed",
        "https://example.org/a/b?fbclid=abc&id=1&gclid=1&x=2&mc_cid=1&UTM_Campaign=y",
    ],
)
def test_spellings_of_one_address_are_one(link: str) -> None:
    """What does not change the page does not make a new article."""
    assert canonical(link) == "https://example.org/a/b?id=1&x=2"


@pytest.mark.parametrize(
    "link",
    [
        "https://example.org/A/b?id=1&x=2",
        "https://example.org/a/b?id=2&x=2",
        "https://example.org/a/b",
        "https://news.example.org/a/b?id=1&x=2",
        "https://example.org:8443/a/b?id=1&x=2",
    ],
)
def test_different_pages_have_different_addresses(link: str) -> None:
    """Two articles must not be taken for one."""
    assert canonical(link) != canonical("https://example.org/a/b?id=1&x=2")


def test_the_front_page_and_no_address_at_all() -> None:
    """A trailing slash means nothing, and nothing stays nothing."""
    assert canonical("https://example.org") == canonical("http://example.org/")
    assert canonical("") == ""


def test_titles_are_compared_by_their_words() -> None:
    """Case, marks and spaces aside; signs alone are nothing to compare."""
    assert title_key("“The eight  are FREE!”") == title_key("the eight are free")
    assert title_key("The eight are free") != title_key("The nine are free")
    assert title_key("— … !") == ""


def test_the_post_has_words_and_its_link_apart() -> None:
    """The template, campaign and labels are the feed's; the rest is what is safe for a feed."""
    options = Options(accounts=("x",), campaign="honduras", labels=("news",))

    assert write(ENTRY, "LFPLA", options) == Written(
        body="New on LFPLA: The eight are free",
        to=("x",),
        campaign="honduras",
        labels=("news",),
        link="https://example.org/free",
        timing="next",
        election="unsure",
    )


def test_a_title_cannot_play_with_the_template() -> None:
    """Braces in a title are shown as they are."""
    entry = replace(ENTRY, title="{site} and {title}")

    assert write(entry, "S", Options(template="{title} ({site})")).body == "{site} and {title} (S)"


def test_a_long_name_of_a_site_is_cut_at_a_word() -> None:
    """The title is what matters."""
    body = write(ENTRY, "A very long name " * 10, Options()).body

    assert body.startswith("New on A very long name A very")
    assert body.endswith("…: The eight are free")
    assert len(body) < 100


@pytest.mark.parametrize("title", ["", "…", "https://example.org/free", "www.example.org"])
def test_there_is_never_a_post_that_is_only_a_link(title: str) -> None:
    """Such posts count as spam."""
    with pytest.raises(PostInvalid, match="never only a link"):
        write(replace(ENTRY, title=title), "Site", Options())


def test_an_article_without_a_link_becomes_no_post() -> None:
    """There is nothing to read."""
    with pytest.raises(PostInvalid, match="no web link"):
        write(replace(ENTRY, link=""), "Site", Options())


def test_what_fits_is_left_alone() -> None:
    """No platform gets words of its own."""
    assert fit(ENTRY, NO_IMPRINT, 280).texts == {}


@pytest.mark.parametrize("imprint", [NO_IMPRINT, Imprint("always", "A Person", "PO Box 1, London")])
def test_a_title_too_long_is_cut_at_the_last_word_that_fits(imprint: Imprint) -> None:
    """Link and imprint are counted; platforms with room keep the whole title."""
    written = fit(LONG, imprint, 280)
    shown = render(written, SHORT_PLATFORM, imprint)
    text = written.texts["short"]
    words = text.removeprefix("New on Site: ").removesuffix("…").split()
    one_more = f"New on Site: {' '.join([*words, f'word{len(words)}'])}…"
    longer = render(replace(written, texts={"short": one_more}), SHORT_PLATFORM, imprint)

    assert shown.errors == ()
    assert words == LONG.title.split()[: len(words)]
    assert text.endswith("…")
    assert longer.weights[0] > 280
    assert written.body == f"New on Site: {LONG.title}"
    assert set(written.texts) == {"short"}


@pytest.mark.parametrize("limits", [(280, 140), (140, 280)])
def test_two_accounts_on_one_platform_get_what_fits_both(limits: tuple[int, int]) -> None:
    """The words are the platform's, so the smaller account decides."""
    written = fit(LONG, NO_IMPRINT, *limits)

    assert written.texts == fit(LONG, NO_IMPRINT, 140).texts


def test_marks_before_the_cut_are_taken_off() -> None:
    """Not “word ,…”."""
    entry = replace(ENTRY, title="One, two, three – four: five")
    written = fit(entry, NO_IMPRINT, len("One, two…\n\nhttps://example.org/free"),
                  options=Options(template="{title}"))  # fmt: skip

    assert written.texts["short"] == "One, two…"


def test_one_word_without_end_is_left_for_the_platform_to_refuse() -> None:
    """A word is never cut."""
    assert fit(replace(ENTRY, title="a" * 400), NO_IMPRINT, 280).texts == {}
