"""What a feed and a page say of one article, brought together."""

from dataclasses import replace

import pytest

from bot.intake.articlepage import Page
from bot.intake.articlewords import brought_together, is_about
from bot.intake.entry import Entry

ENTRY = Entry(
    "1",
    "Eight river defenders are free",
    "https://example.org/free?utm_source=rss",
    summary="They were held without trial for 914 days.",
    content="<p>The court in Tocoa freed them on Friday.</p><ul><li>A list</li></ul>",
    authors=("Ana López",),
    tags=("Honduras",),
)
PAGE = Page(
    title="Eight river defenders are free | Herald",
    standfirst="The mine they opposed is still there.",
    author="A. López",
    site="The Herald",
    canonical="https://www.example.org/free",
    text="Eight river defenders walked out of prison.",
)


def test_the_page_is_believed_where_it_is_the_article() -> None:
    """Its text, standfirst, site and address; the feed's title and author."""
    words = brought_together(ENTRY, PAGE, "Herald: all news")

    assert (words.title, words.standfirst) == (ENTRY.title, PAGE.standfirst)
    assert (words.author, words.site) == ("Ana López", "The Herald")
    assert (words.link, words.text, words.source) == (PAGE.canonical, PAGE.text, "page")


@pytest.mark.parametrize(
    "page",
    [
        None,
        Page(),
        Page(title="Before we go on", text="We value your privacy and that of our partners."),
        replace(PAGE, text="", standfirst=""),
    ],
)
def test_else_the_feeds_own_words_are_used(page: Page | None) -> None:
    """No page, a consent page, a wall."""
    words = brought_together(ENTRY, page, "Herald: all news")

    assert words.standfirst == ENTRY.summary
    assert (words.text, words.source) == ("The court in Tocoa freed them on Friday.", "feed")
    assert not is_about(Page(title="Log in"), ENTRY)


def test_a_title_that_the_feed_cut_is_taken_whole_from_the_page() -> None:
    """And an article without a title in the feed has the page's."""
    page = replace(PAGE, title="Eight river defenders are free at last")

    for title in ("Eight river defenders are […]", "Eight river defenders…", ""):
        assert brought_together(replace(ENTRY, title=title), page, "").title == page.title


@pytest.mark.parametrize(
    ("summary", "expected"),
    [
        ("One sentence. Another that ends in the mid […]", "One sentence."),
        ("A whole one. […] The post Eight free appeared first on Herald.", "A whole one."),
        ("Said whole.&nbsp;Read more", "Said whole."),
        ("Eight river defenders are free. Nobody was paid.", "Nobody was paid."),
        ("By Ana López", ""),
        ("Continue reading", ""),
        ("cut in the middle of a…", ""),
        ("THE court freed them on Friday.", "The court freed them on Friday."),
        ("TOCOA, Honduras (AP) — The court freed them.", "The court freed them."),
        ("See https://example.org/x for all of it.", "See for all of it."),
        (f"Short one. Very {'very ' * 100}long.", "Short one."),
    ],
)
def test_the_standfirst_is_whole_sentences_that_are_the_articles(
    summary: str, expected: str
) -> None:
    """Without what was cut, what the page says of itself, and what the title says."""
    entry = replace(ENTRY, summary=summary)

    assert brought_together(entry, None, "").standfirst == expected


@pytest.mark.parametrize(
    ("link", "canonical", "expected"),
    [
        ("https://example.org/a", "https://m.example.org/b", "https://m.example.org/b"),
        ("https://example.org/a", "https://elsewhere.org/b", "https://example.org/a"),
        ("https://example.org/a?utm_source=x&id=1", "", "https://example.org/a?id=1"),
        (
            "https://feedproxy.google.com/~r/herald/1",
            "https://herald.org/free",
            "https://herald.org/free",
        ),
    ],
)
def test_readers_are_sent_to_the_articles_own_address(
    link: str, canonical: str, expected: str
) -> None:
    """Of the same site, or behind a proxy of feeds; never elsewhere."""
    page = replace(PAGE, canonical=canonical)

    assert brought_together(replace(ENTRY, link=link), page, "").link == expected


def test_a_shouted_title_is_read_by_the_articles_own_spelling() -> None:
    """The text knows how its names are written."""
    entry = replace(ENTRY, title="GUAPINOL DEFENDERS FREE IN TOCOA")
    page = replace(PAGE, text="All of the Guapinol defenders came home, free, to Tocoa.")

    assert brought_together(entry, page, "").title == "Guapinol defenders free in Tocoa"


def test_a_long_name_of_a_site_is_cut_at_a_word() -> None:
    """The title is what matters."""
    site = brought_together(ENTRY, None, "A very long name " * 10).site

    assert site.startswith("A very long name A very")
    assert site.endswith("…")
    assert len(site) <= 61
