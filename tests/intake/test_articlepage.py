"""Article pages as publishing systems write them, and pages that are no article."""

import gzip
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.intake.articlepage import Page, read_page

URL = "https://news.example.org/2026/11/eight-free?utm_source=rss"
LEAD = (
    "Eight river defenders walked out of prison in Honduras on Friday after 914 days without trial."
)
SAID = "“We are free, but the river is not,” said one of them outside the prison in Tocoa."
LAST = "The Supreme Court must decide by March whether the licence of the mine was lawful."
BODY = f"<p>{LEAD}</p><h2>What comes next?</h2><p>{SAID}</p><p>{LAST}</p>"
TEXT = f"{LEAD}\n{SAID}\n{LAST}"
AT = datetime(2026, 11, 20, 10, 30, tzinfo=UTC)
FURNITURE = """
<a class="skip-link" href="#main">Skip to main content</a>
<div class="cookie-notice"><p>We use cookies. Accept all cookies</p></div>
"""
AFTER = """
<div class="share-buttons"><a href="#">Share on X</a><a href="#">Share on Facebook</a></div>
<p><strong>Donate now to keep our reporting free.</strong></p>
<div class="newsletter-box"><p>Sign up for our newsletter.</p></div>
<p>Read more: <a href="/2">The river that would not die</a></p>
"""


def page(head: str, body: str, attributes: str = 'lang="en-GB"') -> bytes:
    return (
        f'<!doctype html><html {attributes}><head><meta charset="utf-8">{head}</head>'
        f"<body>{body}</body></html>"
    ).encode()


def read(body: bytes, content_type: str = "text/html; charset=utf-8", url: str = URL) -> Page:
    return read_page(body, content_type, url)


def linked_data(**about: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(about)}</script>'


def news_site() -> bytes:
    """A newspaper: JSON-LD with a graph, OpenGraph beside it."""
    graph = [
        {"@type": "Organization", "@id": "#site", "name": "The River Herald"},
        {"@type": "Person", "@id": "#ana", "name": "Ana López"},
        {
            "@type": ["NewsArticle"],
            "headline": "Eight are free",
            "description": "They were held without trial.",
            "author": [{"@id": "#ana"}],
            "publisher": {"@id": "#site"},
            "datePublished": "2026-11-20T11:30:00+01:00",
            "image": {"url": "/eight.jpg"},
            "inLanguage": "en",
        },
    ]
    head = (
        "<title>Eight are free | The River Herald</title>"
        '<meta property="og:image:alt" content="Eight people wave">'
        '<link rel="canonical" href="/2026/11/eight-free">' + linked_data(**{"@graph": graph})
    )
    bodied = f"{FURNITURE}<nav><ul><li>World</li></ul></nav><main><article><h1>Eight are free</h1>"
    byline = '<p class="byline">By Ana López</p>'
    figure = "<figure><img src='/eight.jpg'><figcaption>Photo: A. N. Other</figcaption></figure>"
    footer = "<footer><p>All rights reserved</p></footer>"
    return page(head, f"{bodied}{byline}{figure}{BODY}{AFTER}</article></main>{footer}")


def wordpress() -> bytes:
    head = (
        "<title>Eight are free - The River Herald</title>"
        '<meta property="og:title" content="Eight are free - The River Herald">'
        '<meta property="og:site_name" content="The River Herald">'
        '<meta property="og:description" content="They were held without trial. &hellip;">'
        '<meta property="article:published_time" content="2026-11-20T10:30:00+00:00">'
        '<meta name="author" content="Ana López">'
        '<meta property="og:image" content="https://news.example.org/eight.jpg">'
        '<link rel="canonical" href="https://news.example.org/2026/11/eight-free">'
    )
    inner = (
        f'<article class="post type-post"><header class="entry-header"><h1>Eight are free</h1>'
        f'<div class="entry-meta">Posted on 20 November 2026</div></header>'
        f'<div class="entry-content">{BODY}<div class="sharedaddy">Share this: X</div>'
        '<div class="jp-relatedposts"><p>Related: The dam that broke</p></div></div></article>'
        '<div id="comments"><p>Great article, thank you so much for writing all of this!</p></div>'
        '<img src="/eight.jpg?w=300" alt="Eight people wave">'
    )
    return page(head, inner)


def ghost() -> bytes:
    head = (
        "<title>Eight are free</title>"
        '<meta property="og:site_name" content="The River Herald">'
        '<meta name="description" content="They were held without trial.">'
        '<meta property="og:url" content="https://news.example.org/2026/11/eight-free">'
        '<meta property="og:image" content="https://news.example.org/eight.jpg">'
        + linked_data(
            **{"@type": "Article", "author": {"name": "Ana López"}, "headline": "Eight are free"},
            datePublished="2026-11-20T10:30:00.000Z",
        )
    )
    inner = (
        f'<main><article class="article"><h1>Eight are free</h1><img alt="Eight people wave" '
        f'src="https://news.example.org/eight.jpg"><section class="gh-content">{BODY}'
        '<div class="kg-card kg-signup-card"><p>Subscribe to The River Herald</p></div>'
        "</section></article></main>"
    )
    return page(head, inner)


def substack() -> bytes:
    head = (
        '<title data-rh="true">Eight are free - by Ana López</title>'
        '<meta property="og:title" content="Eight are free"/>'
        '<meta name="author" content="Ana López">'
        '<meta name="description" content="They were held without trial.">'
        '<meta property="og:image" content="https://news.example.org/eight.jpg">'
        '<meta property="og:image:alt" content="Eight people wave">'
        '<link rel="canonical" href="https://news.example.org/2026/11/eight-free"/>'
        + linked_data(
            **{"@type": "NewsArticle"},
            headline="Eight are free",
            datePublished="2026-11-20T10:30:00+00:00",
            isAccessibleForFree=True,
            author=[{"@type": "Person", "name": "Ana López"}],
            publisher={"@type": "Organization", "name": "The River Herald"},
        )
    )
    inner = (
        f'<article class="post"><h1 class="post-title">Eight are free</h1>'
        f'<div class="available-content"><div class="body markup">{BODY}'
        '<div class="subscription-widget-wrap"><p>Thanks for reading! Subscribe for free.</p>'
        "</div></div></div></article>"
    )
    return page(head, inner)


@pytest.mark.parametrize("made", [news_site, wordpress, ghost, substack])
def test_each_publishing_system_gives_the_same_article(made: object) -> None:
    """Title, standfirst, author, site, date, address, picture, and nothing of the furniture."""
    found = read(made())  # type: ignore[operator]

    assert (found.title, found.author, found.site) == (
        "Eight are free",
        "Ana López",
        "The River Herald",
    )
    assert found.standfirst.startswith("They were held without trial.")
    assert (found.published_at, found.canonical) == (
        AT,
        "https://news.example.org/2026/11/eight-free",
    )
    assert (found.image, found.image_alt) == (
        "https://news.example.org/eight.jpg",
        "Eight people wave",
    )
    assert found.language == "en"
    assert found.text == TEXT


def test_a_spanish_page_in_an_old_encoding() -> None:
    """Latin-1 declared in the page, and nothing in the header."""
    body = (
        "<html lang='es'><head><meta http-equiv='Content-Type' content='text/html; "
        "charset=iso-8859-1'><title>Ocho están libres</title></head><body><a>Saltar al contenido"
        "</a><article><h1>Ocho están libres</h1><p>Por Ana López</p><p>Ocho defensores del río "
        "salieron de la prisión el viernes después de 914 días sin juicio en Honduras.</p>"
        "<p>La Corte Suprema debe decidir antes de marzo si la licencia de la mina era legal.</p>"
        "<p>Lee también: <a>El río</a></p><p>Suscríbete a nuestro boletín</p></article></body>"
    ).encode("latin-1")

    found = read(body, "text/html")

    assert (found.title, found.language) == ("Ocho están libres", "es")
    assert found.text == (
        "Ocho defensores del río salieron de la prisión el viernes después de 914 días sin juicio "
        "en Honduras.\n"
        "La Corte Suprema debe decidir antes de marzo si la licencia de la mina era legal."
    )


def test_a_portuguese_page_without_any_metadata() -> None:
    """The heading, the host and the paragraphs are enough."""
    body = (
        "<h1>Oito estão livres</h1><p>Oito defensores do rio saíram da prisão na sexta-feira, "
        "depois de 914 dias sem julgamento em Honduras.</p><p>Leia também: O rio</p>"
        "<p>Assine nossa newsletter</p>"
    ).encode()

    found = read(body, "text/html; charset=utf-8", "https://www.exemplo.org.br/oito")

    assert (found.title, found.site) == ("Oito estão livres", "exemplo.org.br")
    assert "Oito defensores" in found.text
    assert "Leia" not in found.text
    assert "Assine" not in found.text


def test_only_running_text_is_text() -> None:
    """Lists, quotation blocks, asides, figures and forms are none, however much they say."""
    said = "The mine opened in 2014, and the river has been brown and bitter ever since that year."
    around = (
        f"<ul><li><p>List: {said}</p></li></ul>",
        f"<blockquote><p>Block: {said}</p></blockquote>",
        f"<aside><p>Aside: {said}</p></aside>",
        f"<figure><figcaption><p>Figure: {said}</p></figcaption></figure>",
        f"<form><p>Form: {said}</p></form>",
        f"<div class='related-posts'><p>Related: {said}</p></div>",
        f"<div class='post newsletter-signup'><p>Letter: {said}</p></div>",
        f"<div role='dialog'><p>Dialog: {said}</p></div>",
        f"<div class='donate-box'><p>Box: {said}</p></div>",
    )
    long = "".join(f"<p>{LEAD[:-1]}, on day {day}.</p>" for day in range(30))
    body = f"<article><h1>Eight</h1><p>{LEAD}</p>{''.join(around)}{long}</article>"

    text = read(page("<title>Eight</title>", body)).text

    assert text.startswith(LEAD)
    assert said not in text


def test_a_page_behind_a_wall_has_no_text() -> None:
    """Its teaser is not the article; what the head says stays."""
    free = "false"
    marked = linked_data(
        **{"@type": "NewsArticle", "headline": "Eight", "isAccessibleForFree": free}
    )
    said = "<p>Subscribe to continue reading this story.</p>"

    assert read(page(marked, f"<article><h1>Eight</h1>{BODY}</article>")).text == ""
    walled = read(page("<title>Eight</title>", f"<article>{BODY}{said}</article>"))
    assert (walled.title, walled.text) == ("Eight", "")


@pytest.mark.parametrize(
    "title",
    [
        "Just a moment...",
        "Log in to continue",
        "Before you continue to Example",
        "Access denied",
        "404 Not Found",
        "Página no encontrada",
        "Cookie consent",
        "Are you a robot?",
        "",
    ],
)
def test_a_page_that_stands_in_an_articles_place_is_empty(title: str) -> None:
    """Consent, sign-in, checks and errors are no article."""
    assert read(page(f"<title>{title}</title>", "<p>Please wait.</p>")) == Page()


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"%PDF-1.7", "application/pdf"),
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"", "text/html"),
        (b"\x00\x01\x02", "text/html"),
        (gzip.compress(b"<h1>x</h1>", mtime=0), "text/html"),
        (b"<h1>Big</h1>" + b"x" * 5_000_001, "text/html"),
    ],
)
def test_what_is_no_page_is_an_empty_page(body: bytes, content_type: str) -> None:
    """Files, nothing, noise, and more than we read."""
    assert read(body, content_type).text == ""


def test_addresses_that_lead_elsewhere_are_not_taken() -> None:
    """A page that calls itself the front page, or gives no web address."""
    for address in ("/", "javascript:alert(1)", "https://u:p@example.org/x"):
        head = f'<title>Eight</title><link rel="canonical" href="{address}">'
        assert read(page(head, BODY)).canonical == ""


@pytest.mark.parametrize(
    ("byline", "expected"),
    [
        ("By Ana López", "Ana López"),
        ("admin", ""),
        ("The River Herald", ""),
        ("https://facebook.com/ana", ""),
        ("ana@example.org", ""),
        ("x" * 200, ""),
    ],
)
def test_only_a_name_is_an_author(byline: str, expected: str) -> None:
    """Not a role, an address or the site itself."""
    head = (
        f'<title>Eight</title><meta name="author" content="{byline}">'
        '<meta property="og:site_name" content="The River Herald">'
    )
    assert read(page(head, BODY)).author == expected


def test_the_same_bytes_give_the_same_page() -> None:
    """Whatever was read before."""
    first = read(wordpress())
    for made in (ghost, news_site, substack):
        read(made())

    assert read(wordpress()) == first


@given(st.binary(max_size=300))
def test_no_bytes_break_it(noise: bytes) -> None:
    """Pages are written by strangers."""
    found = read(b"<html><head><title>Eight</title>" + noise + BODY.encode())

    assert isinstance(found, Page)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=9),
                    lambda inner: st.lists(inner, max_size=4)
                    | st.dictionaries(
                        st.sampled_from(("@type", "@graph", "@id", "headline", "author", "name",
                                         "image", "url", "publisher", "datePublished")),
                        inner, max_size=4)))  # fmt: skip
def test_no_linked_data_breaks_it(about: object) -> None:
    """Any JSON may stand in a page."""
    head = f'<title>Eight</title><script type="application/ld+json">{json.dumps(about)}</script>'

    assert read(page(head, BODY)).title
