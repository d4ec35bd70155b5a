"""Every format and what it calls the parts of an article."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.errors import FetchFailed
from bot.intake.entry import MAX_CONTENT, MAX_SUMMARY, Entry, Parsed
from bot.intake.feedparse import parse

HERE = "https://example.org/blog/feed"
AT = datetime(2026, 11, 2, 10, 0, tzinfo=UTC)
NAMESPACES = (
    'xmlns:media="http://search.yahoo.com/mrss/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" '
    'xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0" '
    'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
)
RSS = (
    f'<rss version="2.0" {NAMESPACES}><channel><title>The site</title>'
    "<link>https://example.org/</link><language>es-AR</language>{}</channel></rss>"
)
WHOLE_ITEM = """<item><title>Water &amp; land</title><link>https://example.org/1</link>
<guid isPermaLink="false">1</guid><pubDate>Mon, 02 Nov 2026 10:00:00 GMT</pubDate>
<description>&lt;p&gt;The &lt;b&gt;eight&lt;/b&gt; are free.&lt;/p&gt;</description>
<content:encoded><![CDATA[<p>They are home, and <b>well</b>, their families say.</p>]]>
</content:encoded><dc:creator>Ana Pérez</dc:creator><category>Honduras</category>
<category>Water</category></item>"""


def read(text: str, content_type: str = "application/xml") -> Parsed:
    return parse(text.encode(), content_type, HERE)


def only(text: str) -> Entry:
    (entry,) = read(text).entries
    return entry


def item(inside: str) -> Entry:
    return only(RSS.format(f"<item><title>T</title>{inside}</item>"))


def test_rss_gives_every_field() -> None:
    """Summary and authors as plain text, the content as the feed marks it up."""
    parsed = read(RSS.format(WHOLE_ITEM))

    assert (parsed.title, parsed.site, parsed.language) == (
        "The site", "https://example.org/", "es-AR",
    )  # fmt: skip
    assert parsed.entries == (
        Entry(
            id="1",
            title="Water & land",
            link="https://example.org/1",
            published_at=AT,
            summary="The eight are free.",
            content="<p>They are home, and <b>well</b>, their families say.</p>",
            authors=("Ana Pérez",),
            tags=("Honduras", "Water"),
            language="es-AR",
        ),
    )


@pytest.mark.parametrize("version", ["0.91", "0.92", "0.93", "0.94", "2.0", "2.0.1", ""])
def test_every_version_of_rss_is_read(version: str) -> None:
    """Some name none, some leave the channel out."""
    row = "<item><title>T</title><link>https://example.org/1</link><description>D</description></item>"
    start = f'<rss version="{version}">' if version else "<rss>"

    for text in (f"{start}<channel>{row}</channel></rss>", f"{start}{row}</rss>"):
        entry = only(text)
        assert (entry.title, entry.link, entry.summary) == ("T", "https://example.org/1", "D")


def test_rdf_keeps_its_fields_in_dublin_core() -> None:
    """RSS 1.0, whose logo and list of contents are no articles."""
    parsed = read(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        f'xmlns="http://purl.org/rss/1.0/" {NAMESPACES}><channel rdf:about="x"><title>R</title>'
        "<link>https://example.org/</link><sy:updatePeriod>hourly</sy:updatePeriod>"
        "<sy:updateFrequency>2</sy:updateFrequency><items><rdf:Seq><rdf:li rdf:resource='1'/>"
        "</rdf:Seq></items></channel><image><title>Logo</title><link>https://example.org/l</link>"
        "</image><item rdf:about='https://example.org/1'><title>One</title>"
        "<link>https://example.org/1</link><description>D</description><dc:creator>Ana</dc:creator>"
        "<dc:subject>Water</dc:subject><dc:date>2026-11-02T11:00:00+01:00</dc:date></item></rdf:RDF>"
    )

    assert (parsed.title, parsed.ttl) == ("R", timedelta(minutes=30))
    (entry,) = parsed.entries
    assert (entry.id, entry.title, entry.published_at) == ("https://example.org/1", "One", AT)
    assert (entry.authors, entry.tags, entry.summary) == (("Ana",), ("Water",), "D")


def test_atom_with_bases_xhtml_and_several_authors() -> None:
    """Each address is read from the base nearest to it."""
    entry = only(
        '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="pt-BR" '
        'xml:base="https://example.org/news/"><title>Site</title><entry xml:base="2026/">'
        '<id>tag:1</id><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">A <em>day</em>'
        "’s work</div></title><link href='one.html'/><summary>Short</summary>"
        '<link rel="enclosure" type="image/png" href="one.png"/><content type="xhtml">'
        '<div xmlns="http://www.w3.org/1999/xhtml"><p>Body</p><p>Two</p></div></content>'
        "<author><name>Ana</name><email>a@example.org</email></author><author><name>Luis</name>"
        "</author><category term='agua' label='Água'/><category term='http://example.org/kind#post'/>"
        "<published>2026-11-02T07:00:00-03:00</published><updated>2026-11-02T12:00:00Z</updated>"
        "<source><id>other</id><title>Other</title><link href='https://other.example/'/></source>"
        "</entry></feed>"
    )

    assert (entry.title, entry.link) == ("A day’s work", "https://example.org/news/2026/one.html")
    assert (entry.published_at, entry.updated_at) == (AT, AT + timedelta(hours=2))
    assert (entry.summary, entry.content) == ("Short", "<p>Body</p><p>Two</p>")
    assert (entry.authors, entry.tags) == (("Ana", "Luis"), ("Água",))
    assert entry.image == "https://example.org/news/2026/one.png"
    assert entry.language == "pt-BR"


def test_atom_03_has_other_names_for_its_dates() -> None:
    """And marks escaped titles its own way."""
    entry = only(
        '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>Old</title><entry><id>tag:1</id>'
        '<title mode="escaped" type="text/html">Salt &amp;amp; water</title>'
        '<link rel="alternate" type="text/html" href="https://example.org/1"/>'
        "<issued>2026-11-02T10:00:00Z</issued><modified>2026-11-03T10:00:00Z</modified></entry></feed>"
    )

    assert (entry.title, entry.published_at) == ("Salt & water", AT)
    assert entry.updated_at == AT + timedelta(days=1)


def test_a_namespace_may_have_any_prefix() -> None:
    """What counts is the format, not how its author abbreviates it."""
    entry = only(
        '<a:feed xmlns:a="http://www.w3.org/2005/Atom"><a:entry><a:id>tag:1</a:id><a:title>T</a:title>'
        "<a:link href='https://example.org/1'/><a:updated>2026-11-02T10:00:00Z</a:updated>"
        "</a:entry></a:feed>"
    )

    assert (entry.title, entry.link, entry.published_at) == ("T", "https://example.org/1", AT)


JSON_FEED: dict[str, Any] = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "J",
    "home_page_url": "https://example.org/",
    "language": "es",
    "authors": [{"name": "Ana"}],
    "items": [
        {
            "id": 7,
            "url": "/1",
            "title": "<b>One</b>",
            "content_html": "<p>Hello</p>",
            "summary": "S",
            "image": "i.jpg",
            "date_published": "2026-11-02T07:00:00-03:00",
            "tags": ["a", "b", 3],
        },
        {"id": "2", "content_text": "only words", "author": {"name": "Luis"}},
        {"title": ["not", "a", "text"]},
        "not an item",
    ],
}


@pytest.mark.parametrize("content_type", ["application/feed+json", "text/plain", "text/html"])
def test_json_feed_is_read_whatever_it_is_called(content_type: str) -> None:
    """Wrong types inside cost their field, not the feed; a number may be an id."""
    parsed = read(json.dumps(JSON_FEED), content_type)

    assert (parsed.title, parsed.site, parsed.language) == ("J", "https://example.org/", "es")
    one, two = parsed.entries
    assert (one.id, one.title, one.link) == ("7", "One", "https://example.org/1")
    assert (one.published_at, one.summary, one.content) == (AT, "S", "<p>Hello</p>")
    assert (one.authors, one.tags) == (("Ana",), ("a", "b"))
    assert (one.image, one.language) == ("https://example.org/blog/i.jpg", "es")
    assert (two.id, two.link, two.summary, two.authors) == ("2", "", "only words", ("Luis",))


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        '{"items": []}',
        '{"version": "https://jsonfeed.org/version/1", "items": {}}',
        '{"version": 1, "items": [',
        '{"items":' + "[" * 100_000,
        '{"version": "https://jsonfeed.org/version/1", "items": [' + "9" * 5000 + "]}",
    ],
)
def test_other_json_is_no_feed(text: str) -> None:
    """However deep or large."""
    with pytest.raises(FetchFailed, match="not a feed"):
        read(text)


@pytest.mark.parametrize(
    ("inside", "image", "alt"),
    [
        ('<media:content url="https://example.org/a.jpg" medium="image"/>', "a.jpg", ""),
        ('<media:content url="/a.jpg" type="image/jpeg"/>', "a.jpg", ""),
        ('<media:content url="https://example.org/a.mp4" type="video/mp4"/>', "", ""),
        (
            (
                '<media:content url="https://example.org/a.jpg" width="90"/>'
                '<media:content url="https://example.org/b.jpg" width="900"><media:title>A "march"'
                "</media:title><media:credit>X</media:credit></media:content>"
            ),
            "b.jpg",
            'A "march"',
        ),
        (
            (
                "<description>Words</description>"
                '<media:thumbnail url="https://example.org/t.jpg"/>'
                "<media:description>A crowd</media:description>"
            ),
            "t.jpg",
            "A crowd",
        ),
        ('<enclosure url="https://example.org/e.png" type="image/png" length="1"/>', "e.png", ""),
        ('<itunes:image href="https://example.org/i.jpg"/>', "i.jpg", ""),
        ("<image>https://example.org/j.jpg</image>", "j.jpg", ""),
        (
            (
                "<image><url>https://example.org/k.jpg</url><title>Logo</title>"
                "<link>https://example.org/elsewhere</link></image>"
            ),
            "k.jpg",
            "",
        ),
        ('<media:content url="javascript:alert(1)" medium="image"/>', "", ""),
        ("", "", ""),
    ],
)
def test_the_best_picture_is_found_with_what_it_shows(inside: str, image: str, alt: str) -> None:
    """The largest that the feed calls a picture; what describes it is not the article's summary."""
    entry = item(f"<link>https://example.org/1</link>{inside}")

    assert entry.image == (f"https://example.org/{image}" if image else "")
    assert entry.image_alt == alt
    assert (entry.title, entry.link) == ("T", "https://example.org/1")
    assert entry.summary in ("", "Words")


def test_a_video_has_its_description_in_its_media() -> None:
    """YouTube has it nowhere else."""
    entry = only(
        '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/">'
        "<entry><id>yt:1</id><title>V</title><link href='https://example.org/v'/><media:group>"
        "<media:title>V</media:title><media:thumbnail url='https://example.org/t.jpg'/>"
        "<media:description>What happens.</media:description></media:group></entry></feed>"
    )

    assert (entry.summary, entry.image) == ("What happens.", "https://example.org/t.jpg")


def test_an_episode_without_a_page_leads_to_its_sound() -> None:
    """The show's own author and picture are not the episode's; its description is the summary."""
    parsed = read(
        RSS.format(
            "<itunes:author>Show</itunes:author><itunes:image href='https://example.org/logo.jpg'/>"
            "<itunes:owner><itunes:name>Owner</itunes:name></itunes:owner>"
            "<item><title>Episode 1</title><itunes:summary>Second</itunes:summary>"
            "<description>First</description><guid isPermaLink='false'>g1</guid>"
            "<enclosure url='https://example.org/1.mp3' type='audio/mpeg' length='1'/></item>"
        )
    )

    (entry,) = parsed.entries
    assert (entry.id, entry.link) == ("g1", "https://example.org/1.mp3")
    assert (entry.summary, entry.authors, entry.image) == ("First", (), "")


@pytest.mark.parametrize(
    ("inside", "link"),
    [
        ("<link>/news/1</link>", "https://example.org/news/1"),
        ("<link>\n   https://example.org/two words\n</link>", "https://example.org/two%20words"),
        ("<link>//cdn.example.org/1</link>", "https://cdn.example.org/1"),
        ("<link><![CDATA[https://example.org/?a=1&b=2]]></link>", "https://example.org/?a=1&b=2"),
        ("<link>https://example.org/?a=1&b=2</link>", "https://example.org/?a=1&b=2"),
        ("<link href='https://example.org/1'/>", "https://example.org/1"),
        ("<guid>https://example.org/perma</guid>", "https://example.org/perma"),
        (
            (
                "<link>https://feedproxy.google.com/~r/x/~3/abc/</link>"
                "<feedburner:origLink>https://example.org/real</feedburner:origLink>"
            ),
            "https://example.org/real",
        ),
        (
            "<link>https://www.google.com/url?rct=j&amp;url=https://example.org/alert&amp;ct=ga</link>",
            "https://example.org/alert",
        ),
    ],
)
def test_a_link_is_where_a_reader_would_come_to(inside: str, link: str) -> None:
    """Relative, wrapped, behind a proxy or only in the guid."""
    assert item(inside).link == link


def test_what_has_no_name_at_all_is_known_by_its_words() -> None:
    """Some feeds have only texts; the same text is the same entry."""
    rows = "<item><description>One</description></item><item><description>Two</description></item>"
    first, second = (read(RSS.format(rows)).entries for _ in range(2))

    assert first == second
    assert len({entry.id for entry in first}) == 2
    assert all(entry.id.startswith("text:") for entry in first)


@pytest.mark.parametrize(
    ("said", "authors"),
    [
        ("<author>ana@example.org (Ana Pérez)</author>", ("Ana Pérez",)),
        ("<author>ana@example.org</author>", ()),
        ("<author>Ana</author><dc:creator>Ana</dc:creator>", ("Ana",)),
        ("<dc:creator>Ana</dc:creator><dc:creator>Luis</dc:creator>", ("Ana", "Luis")),
        (f"<author>{'a' * 400}</author>", ()),
    ],
)
def test_authors_are_names_each_once(said: str, authors: tuple[str, ...]) -> None:
    """An e-mail address is no name."""
    assert item(f"<guid>1</guid>{said}").authors == authors


def test_a_bare_ampersand_costs_nothing() -> None:
    """Invalid, and common."""
    text = "<item><title>Q&A: salt & water &lt; &eacute;</title><guid>1</guid></item>"

    assert only(RSS.format(text)).title == "Q&A: salt & water < é"


def test_notices_before_the_feed_are_passed_over() -> None:
    """A careless server writes its warnings first."""
    notice = "<!-- made <by> hand -->\n<?xml-stylesheet href='a'?>\n"

    assert only(f"{notice}{RSS.format(WHOLE_ITEM)}").id == "1"
    assert only(f"Notice: undefined\n{RSS.format(WHOLE_ITEM)}").id == "1"


def test_texts_are_capped() -> None:
    """Long content is for taking sentences from, not for keeping."""
    entry = item(f"<guid>1</guid><description>{'word ' * 100_000}</description>")

    assert len(entry.content) == MAX_CONTENT
    assert len(entry.summary) <= MAX_SUMMARY


@pytest.mark.parametrize(
    ("said", "ttl"),
    [
        ("<ttl>60</ttl>", timedelta(hours=1)),
        ("<ttl>soon</ttl>", None),
        ("<ttl>0</ttl>", None),
        ("<ttl>999999</ttl>", timedelta(days=7)),
        ("<sy:updatePeriod>daily</sy:updatePeriod>", timedelta(days=1)),
        (
            "<sy:updatePeriod> hourly </sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>",
            timedelta(minutes=15),
        ),
        ("", None),
    ],
)
def test_a_feed_says_how_long_to_leave_it_alone(said: str, ttl: timedelta | None) -> None:
    """In minutes, or by the syndication module."""
    assert read(RSS.format(said)).ttl == ttl


def test_a_feed_says_when_not_to_come() -> None:
    """Hours and days in UTC; skipping all of them is a mistake."""
    said = (
        "<skipHours><hour>1</hour><hour>24</hour></skipHours>"
        "<skipDays><day>Sunday</day><day>saturday</day></skipDays>"
    )
    every = "".join(f"<hour>{n}</hour>" for n in range(24))

    parsed = read(RSS.format(said))

    assert (parsed.skip_hours, parsed.skip_days) == ((0, 1), (5, 6))
    assert read(RSS.format(f"<skipHours>{every}</skipHours>")).skip_hours == ()


def test_one_bad_byte_does_not_spoil_the_accents_of_a_feed() -> None:
    """A feed that is UTF-8 but for a slip is still read as that."""
    row = "<item><title>El niño volvió — ¡por fin, señor! {}</title><guid>1</guid></item>"
    body = RSS.format(row).encode().replace(b"{}", b"\xe9")

    for content_type in ("", "text/xml; charset=iso-8859-1", "text/xml; charset=utf-8"):
        (entry,) = parse(body, content_type, HERE).entries
        assert entry.title == "El niño volvió — ¡por fin, señor! \ufffd"


def test_names_of_marks_do_not_become_marks() -> None:
    """HTML has names for brackets and quotation marks too, which XML and JSON would obey."""
    text = "<item><title>1 &LT; 2 &QUOT;x&QUOT; &bsol; &Tab;end</title><guid>1</guid></item>"
    feed = {**JSON_FEED, "items": [{"id": "1", "content_html": "a &QUOT; b &bsol; &NewLine; é"}]}

    assert only(RSS.format(text)).title == '1 < 2 "x" \\ end'
    assert read(json.dumps(feed)).entries[0].content == "a &QUOT; b &bsol; &NewLine; é"
