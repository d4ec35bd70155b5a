"""From a feed's bytes to entries, and what is refused before it is parsed."""

import contextlib
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import FetchFailed
from bot.intake.entry import MAX_ENTRIES
from bot.intake.feedmarkup import essential
from bot.intake.feedparse import Entry, Parsed, parse
from bot.intake.plainwords import is_web_link, plain

HERE = "https://example.org/blog/feed"
AT = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
RSS = (
    '<rss version="2.0"><channel><title>The site</title><link>https://example.org/</link>'
    "<image><title>Logo</title><link>https://example.org/logo</link></image>{}</channel></rss>"
)
ITEM = (
    "<item><guid isPermaLink='false'>{n}</guid><title>Article {n}</title>"
    "<link>https://example.org/{n}</link><pubDate>Mon, 02 Nov 2026 10:00:00 GMT</pubDate></item>"
)
ATOM = '<feed xmlns="http://www.w3.org/2005/Atom"><title>The site</title>{}</feed>'
RDF = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
    'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    '<channel rdf:about="x"><title>The site</title></channel>'
    '<item rdf:about="1"><title>Article 1</title><link>https://example.org/1</link>'
    "<dc:date>2026-11-02T10:00:00Z</dc:date></item></rdf:RDF>"
)
ATOM_ENTRY = (
    "<entry><id>1</id><title>Article 1</title><link href='https://example.org/1'/>"
    "<published>2026-11-02T10:00:00Z</published><author><name>Ana</name></author>"
    "<source><id>other</id><title>Other</title></source></entry>"
)


def read(text: str | bytes, content_type: str = "", url: str = HERE) -> Parsed:
    return parse(text.encode() if isinstance(text, str) else text, content_type, url)


def first(text: str | bytes, content_type: str = "") -> Entry:
    return read(text, content_type).entries[0]


def titled(title: str) -> str:
    return first(RSS.format(f"<item><guid>1</guid><title>{title}</title></item>")).title


def refusal(text: str | bytes) -> str:
    with pytest.raises(FetchFailed) as failed:
        read(text)
    return str(failed.value)


@pytest.mark.parametrize(
    "text", [RSS.format(ITEM.format(n=1)), ATOM.format(ATOM_ENTRY), RDF], ids=["rss", "atom", "rdf"]
)
def test_the_usual_formats_give_the_same_entry(text: str) -> None:
    """Id, title, link and time come from wherever the format keeps them."""
    found = read(text)

    assert found.title == "The site"
    assert [(e.title, e.link, e.published_at) for e in found.entries] == [
        ("Article 1", "https://example.org/1", AT)
    ]


def test_a_feed_without_entries_is_a_feed() -> None:
    """A new site has nothing to say yet."""
    assert read(RSS.format("")) == Parsed("The site", (), site="https://example.org/")


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("Plain &amp; simple", "Plain & simple"),
        ("AT&amp;amp;T and 5 &amp;lt; 6", "AT&T and 5 < 6"),
        ("<![CDATA[<b>Bold</b> claim]]>", "Bold claim"),
        ("&lt;img src=x onerror=alert(1)&gt;Hello", "Hello"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;Hello", "Hello"),
        ("two\n   lines\tand a tab", "two lines and a tab"),
        ("turned &#x202e;round&#x2066; and &#x200b;hidden", "turned round and hidden"),
        ("half &#xD83D; a sign&#0; &#99999999999;&#x110000;ends", "half a sign ends"),
        ("&#191;Qu&#xE9;? &#8212; s&#xED;&#128513;", "¿Qué? — sí😁"),
        ("Bogotá — ¿por qué?", "Bogotá — ¿por qué?"),
    ],
)
def test_titles_are_plain_text(raw: str, shown: str) -> None:
    """Tags go, entities are resolved, and nothing invisible stays."""
    assert titled(raw).startswith(shown)
    assert not set(titled(raw)) & set("\u202e\u2066\u200b\x00\n")


def test_an_xhtml_title_keeps_its_words() -> None:
    """Atom may mark a title up with elements of its own."""
    title = '<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">A <b>big</b> day</div>'
    text = ATOM.format(f"<entry><id>1</id>{title}</title></entry>")

    assert first(text).title == "A big day"


def test_fields_are_capped() -> None:
    """A 5 MB title becomes 500 characters; an id that is too long becomes its digest."""
    entry = first(
        RSS.format(f"<item><guid>{'i' * 900}</guid><title>{'a' * 100_000}</title>{LINK}</item>")
    )

    assert len(entry.title) == 500
    assert entry.id.startswith("sha256:")
    assert entry.link == ""


LINK = f"<link>https://example.org/{'a' * 2000}</link>"


@pytest.mark.parametrize(
    ("link", "safe"),
    [
        ("https://example.org/a?b=c#d", True),
        ("http://xn--bogot-2qa.example/", True),
        ("javascript:alert(1)", False),
        ("data:text/html,hello", False),
        ("https://ana:secret@example.org/", False),
        ("https://example.org/a b", False),
        ('https://example.org/"><script>', False),
        ("https://example.org:99999/", False),
        ("https://[::1/", False),
        ("//example.org/", False),
        ("https:///a", False),
    ],
)
def test_only_web_links_are_links(link: str, safe: bool) -> None:
    """Readers are sent to pages, and nowhere else."""
    assert is_web_link(link) is safe


def test_a_link_that_is_none_is_left_out() -> None:
    """The entry is still known, by its id."""
    entry = first(
        RSS.format(
            "<item><guid isPermaLink='false'>1</guid><link>javascript:alert(1)</link></item>"
        )
    )

    assert (entry.id, entry.link) == ("1", "")


def test_relative_links_lead_from_the_feeds_own_address() -> None:
    """As a browser would read them."""
    entry = first(ATOM.format("<entry><id>1</id><link href='../news/1'/></entry>"))

    assert entry.link == "https://example.org/news/1"


def test_an_entry_without_an_id_is_known_by_its_link_or_title() -> None:
    """An entry with none of them cannot be told from others and is left out."""
    linked = "<item><title>A</title><link>https://example.org/a</link></item>"
    found = read(RSS.format(f"{linked}<item><title>B</title></item><item></item>"))

    assert [entry.id for entry in found.entries] == ["https://example.org/a", "B"]


def test_entries_are_newest_first_and_five_hundred_at_most() -> None:
    """Whatever order the feed has; where a date is missing, its own order counts."""
    dated = "".join(
        f"<item><guid isPermaLink='false'>{n}</guid>"
        f"<pubDate>Mon, 02 Nov 2026 {n // 60:02}:{n % 60:02}:00 GMT</pubDate></item>"
        for n in range(600)
    )
    undated = "".join(f"<item><guid isPermaLink='false'>{n}</guid></item>" for n in "ab")

    newest = [entry.id for entry in read(RSS.format(dated)).entries]

    assert newest == [str(n) for n in range(599, 99, -1)]
    assert [entry.id for entry in read(RSS.format(undated + ITEM.format(n=1))).entries] == [
        "a",
        "b",
        "1",
    ]


@pytest.mark.parametrize("size", [600, 10_000])
def test_a_long_feed_is_cut_before_it_is_parsed(size: int) -> None:
    """What is left is well-formed, so that the quick parser reads it; it is the newest part."""
    rows = "".join(ITEM.format(n=n) for n in range(size))
    cut = essential(RDF.replace("</rdf:RDF>", f"{rows}</rdf:RDF>"))

    assert cut.count("<item") == MAX_ENTRIES
    assert cut.endswith("</rdf:RDF>")
    assert "Article 498<" in cut
    assert "Article 499<" not in cut


def test_an_article_of_nothing_but_markup_is_refused_and_many_long_ones_are_cut() -> None:
    """The parser is kept busy for no longer than a second or two."""
    assert "far more markup" in refusal(RSS.format("<item><title>" + "<i/>" * 110_000))
    long = "<item><title>T</title><description>" + "<p>x</p>" * 10_000 + "</description></item>"

    assert essential(RSS.format(long * 20)).count("<item>") == 13


@pytest.mark.parametrize("date", ["yesterday", "x" * 9000, ""])
def test_a_date_that_is_none_is_no_date(date: str) -> None:
    """It costs the entry nothing else."""
    text = RSS.format(f"<item><guid>1</guid><pubDate>{date}</pubDate></item>")

    assert first(text).published_at is None


ODD = "El niño volvió — ¡por fin!"


@pytest.mark.parametrize(
    ("encoding", "declared", "content_type", "title"),
    [
        ("utf-8", "", "", ODD),
        ("utf-8-sig", "", "", ODD),
        ("utf-8", "utf-16", "", ODD),
        ("utf-8", "", "text/xml; charset=iso-8859-1", ODD),
        ("utf-8", "utf-8", "text/html", ODD),
        ("utf-16", "utf-16", "", ODD),
        ("utf-16-le", "utf-16", "", ODD),
        ("utf-16-be", "utf-16", "", ODD),
        ("utf-32", "", "", ODD),
        ("windows-1252", "windows-1252", "", ODD),
        ("windows-1252", "iso-8859-1", "", ODD),
        ("windows-1252", "", "text/xml; charset=iso-8859-1", ODD),
        ("windows-1252", "", "", ODD),
        ("windows-1252", "no-such-thing", "", ODD),
        ("gb18030", "gb2312", "", "自由"),
    ],
)
def test_encodings_are_found_out(
    encoding: str, declared: str, content_type: str, title: str
) -> None:
    """By marks and bytes first, then by what the server and the feed claim."""
    text = RSS.format(f"<item><guid>1</guid><title>{title}</title></item>")
    claim = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""

    assert first((claim + text).encode(encoding), content_type).title == title


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "utf-32"])
@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE rss [<!ENTITY a "b">]>',
        '<!DOCTYPE rss [<!entity % a "b">]>',
        "<!DOCTYPE rss [<!ELEMENT rss ANY>]>",
        '<!DOCTYPE rss SYSTEM "x" [ ]>',
        '<!-- \n<!ENTITY a "b"> -->\n<!DOCTYPE rss>',
        '<!-- <a --><!DOCTYPE rss [<!ENTITY a "b">]>',
    ],
)
def test_entity_declarations_are_refused_in_every_encoding(encoding: str, head: str) -> None:
    """feedparser expands them even where expat refuses to."""
    text = f'<?xml version="1.0"?>\n{head}{RSS.format(ITEM.format(n=1))}'

    assert "entities" in refusal(text.encode(encoding))


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://example.org/rss-0.91.dtd">',
        '<?xml-stylesheet href="a.xsl"?>\n<!-- made by hand -->',
    ],
)
def test_harmless_heads_are_read(head: str) -> None:
    """RSS 0.91 has a document type without declarations."""
    assert first(f"{head}\n{RSS.format(ITEM.format(n=1))}").id == "1"


def test_an_entity_named_in_an_article_is_no_declaration() -> None:
    """A text about XML may be read."""
    assert titled('<![CDATA[About <!ENTITY a "b">]]>') == "About"


M = 200_000
HOSTILE = {
    "nested tags": "<item><title>" + "<a>" * 200_000,
    "nested with names": "<item>" + "".join(f"<a{n}>" for n in range(50_000)),
    "entity bomb": '<!DOCTYPE a [<!ENTITY a "' + "a" * 100_000 + '">]>' + "&a;" * 2000,
    "attributes": "<item><a " + " ".join(f"b{n}=''" for n in range(20_000)) + "/>",
    "title attributes": "<item><title " + " ".join(f"b{n}=''" for n in range(20_000)) + ">",
    "open attributes": "<item><title " + " b='" * 20_000,
    "author": f"<item><author>{'a' * M}</author>",
    "author after a closed title": f"<item><title></TITLE><author>{'a' * M}</author>",
    "author in a title": f"<item><title><author>{'a' * M}</author></title>",
    "author by another prefix": f"<item><title:creator>{'a' * M}</title:creator>",
    "author in capitals": f"<item><AUTHOR>{'a' * M}</AUTHOR>",
    "categories": "<item>" + "".join(f"<category>{n}</category>" for n in range(30_000)),
    "tags": "<item><title>" + "<i/>" * 300_000,
    "ampersands": "<item><title>" + "&" * 600_000,
    "comments": "<item>" + "<!--" * 50_000,
    "sections": "<item><title>" + "<![CDATA[" * 50_000,
    "scripts": "<item><title>" + "&lt;script&gt;" * 10_000,
    "dates": f"<item><pubDate>{'1' * M}</pubDate>",
    "addresses": f"<item><link>{'../' * 100_000}</link>",
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("broken", ["", "&bad;<"], ids=["whole", "broken"])
def test_what_is_made_to_hurt_a_parser_is_over_soon(text: str, broken: str) -> None:
    """Left to feedparser, several of these take minutes; a refusal is as good as an answer."""
    began = time.process_time()
    with contextlib.suppress(FetchFailed):
        read(f'<rss version="2.0"><channel>{text}{broken}')

    assert time.process_time() - began < 1.5


@pytest.mark.parametrize("head", ["<!doctype" * 50_000, "<!DOCTYPE a>" + "\n" * M, "\n <!--" * M])
def test_a_head_made_to_hurt_the_parser_is_over_soon(head: str) -> None:
    """feedparser searches what stands before the first element line by line, again and again."""
    began = time.process_time()
    with contextlib.suppress(FetchFailed):
        read(f"{head}<rss version='2.0'><channel/></rss>")

    assert time.process_time() - began < 1.5


def test_what_is_too_large_is_not_read() -> None:
    """Whoever handed it over."""
    assert "5 MB" in refusal(b"<rss>" + b" " * 5_000_000)


@pytest.mark.parametrize(
    "text",
    [
        b"<!doctype html><html><head><title>A page</title></head><body><p>Hi</p></body></html>",
        b"just words",
        b'{"version": "1"}',
        b"\x89PNG\r\n\x1a\n\x00\x00",
    ],
)
def test_a_page_is_not_a_feed(text: bytes) -> None:
    """The answer says where feeds are found."""
    assert refusal(text).startswith("What is at this address is not a feed.")


@pytest.mark.parametrize("text", [b"", b" \n ", b"\xef\xbb\xbf", b'<?xml version="1.0"?>'])
def test_nothing_is_an_empty_feed(text: bytes) -> None:
    """And it is tried again later."""
    assert "empty" in refusal(text)


def test_bytes_that_name_a_file_are_not_opened(tmp_path: Path) -> None:
    """feedparser opens what it is given as a string, or as bytes."""
    file = tmp_path / "feed<rss>"
    file.write_text(RSS.format(ITEM.format(n=1)))

    with contextlib.suppress(FetchFailed):
        assert read(str(file).encode()).entries == ()


def test_careless_markup_is_still_read() -> None:
    """Unclosed tags, bare ampersands and unescaped text cost nothing around them."""
    careless = (
        "<item><guid isPermaLink='false'>1</guid><title>Salt & pepper</title>"
        "<description><p>One<br><p>Two <b>three</description>"
        "<author>ana</author></item>"
    )
    found = read(RSS.format(careless * 2 + ITEM.format(n=2)))

    assert [(entry.id, entry.title) for entry in found.entries] == [
        ("1", "Salt & pepper"),
        ("1", "Salt & pepper"),
        ("2", "Article 2"),
    ]


def test_capital_letters_are_no_obstacle() -> None:
    """Some early feeds were written so."""
    assert (
        first(
            "<RSS><CHANNEL><ITEM><Description>no</Description><TITLE>Yes</TITLE></ITEM></CHANNEL></RSS>"
        ).title
        == "Yes"
    )


def test_a_feed_cut_short_gives_what_is_there() -> None:
    """Entries that came whole are read."""
    text = RSS.format(ITEM.format(n=1) + ITEM.format(n=2))

    assert next(entry.id for entry in read(text[: text.index("Article 2")]).entries) == "1"


def test_only_what_is_needed_reaches_the_parser() -> None:
    """An element left out takes its whole content along, and nothing else."""
    text = "<rss><item><a:x><a:x><title>no</title></a:x></a:x><title>yes</title><br/></item></rss>"

    assert essential(text) == "<rss><item><title>yes</title><br/></item></rss>"


@given(st.text(max_size=300))
def test_plain_text_is_one_clean_line(text: str) -> None:
    """Whatever the title was."""
    shown = plain(text, 50)

    assert len(shown) <= 50
    assert shown == " ".join(shown.split())
    shown.encode()


PIECES = st.sampled_from(
    [
        *("<rss>", "<item>", "</item>", "<title>", "</title>", "<link>", "<a b='", "'", '"', ">"),
        *("/>", "<!--", "-->", "<![CDATA[", "]]>", "<?x", "?>", "<!DOCTYPE a", "&amp;"),
        *("&#xD800;", "é", "x"),
    ]
)


@given(st.lists(PIECES, max_size=40), st.sampled_from(["utf-8", "utf-16", "windows-1252"]))
def test_any_bytes_are_a_feed_or_a_plain_refusal(pieces: list[str], encoding: str) -> None:
    """Nothing else may leave, or one feed would stop the others."""
    try:
        found = read(f"<rss>{''.join(pieces)}".encode(encoding))
    except FetchFailed:
        return
    for entry in found.entries:
        f"{entry.id}{entry.title}{entry.link}".encode()
