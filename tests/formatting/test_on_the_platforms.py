"""Rendering as X and Facebook really count it: whatever the text, nothing is lost and all fits."""

import re
from dataclasses import replace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.clock import system_now
from bot.formatting import threads
from bot.formatting.imprint import Imprint
from bot.formatting.style import Style
from bot.formatting.text import tidy
from bot.formatting.variant import render
from bot.model.written import Picture, Rendition, Written
from bot.platforms import open_platform
from bot.platforms.arrange import has_link
from bot.settings import Settings

X = open_platform("x", Settings(), system_now)
FACEBOOK = open_platform("facebook", Settings(), system_now)
IMPRINT = Imprint("always", "LFPLA", "PO Box 100, London N1 1AA")
LINE = "Promoted by LFPLA, PO Box 100, London N1 1AA."
NONE = Imprint("never")
LINK = "https://example.org/honduras?a=1"

WORDS = st.one_of(
    st.sampled_from(
        [
            *("Families", "on", "the", "river", "have", "guarded", "it.", "Then", "we", "marched!"),
            *("https://example.org/a/b?c=d", "bbc.co.uk", "@lfplam", "#LatinAmérica", "$ABC", LINK),
            *(
                "✊🏾",
                "🇨🇴🇬🇧",
                "👩🏽\u200d🏫",
                "1\ufe0f\u20e3",
                "“We",
                "will",
                "not”",
                "‘no’",
                "(see",
                "和平",
            ),
            *("e\u0301l", "—", "…", "tonight.At", "a.b.c.org", "1/3", "---", "Dr.", "J."),
        ]
    ),
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12),
)
SPACES = st.sampled_from([" ", " ", " ", " ", "\n", "\n\n", "\n---\n", "  "])
TEXTS = st.lists(st.tuples(WORDS, SPACES), min_size=1, max_size=160).map(
    lambda pairs: "".join(word + space for word, space in pairs)
)
POSTS = st.builds(
    Written,
    body=TEXTS,
    link=st.sampled_from([None, LINK, "https://example.org/" + "x" * 300]),
    thread=st.just(True),
    numbering=st.sampled_from(["", "1/3", "(1/3)"]),
    link_part=st.sampled_from([0, 0, 1, 2]),
    utm=st.booleans(),
    campaign=st.sampled_from([None, "Río"]),
)


def texts(rendered):
    return [part.text for part in rendered.variant.parts]


def without_additions(rendered, written, link):
    """The words of each part as the author wrote them: number, link and imprint taken off."""
    parts = texts(rendered)
    bare = []
    for n, part in enumerate(parts, 1):
        if n == 1 and rendered.imprint:
            assert part.endswith(f"\n\n{rendered.imprint}")
            part = part.removesuffix(f"\n\n{rendered.imprint}")
        chosen = written.link_part if len(parts) > 1 else 1
        if link and n == (chosen or len(parts)):
            assert part.endswith(f"\n\n{link}")
            part = part.removesuffix(f"\n\n{link}")
        if written.numbering and len(parts) > 1:
            number = written.numbering.replace("1/3", f"{n}/{len(parts)}")
            assert part.endswith(f"\n{number}")
            part = part.removesuffix(f"\n{number}")
        bare.append(part)
    return bare


@settings(max_examples=150)
@given(POSTS, st.sampled_from([IMPRINT, NONE]))
@example(Written(body="word " * 700, thread=True, numbering="1/3"), IMPRINT)
@example(Written(body="One\n---\nTwo", thread=True, numbering="(1/3)", link=LINK), IMPRINT)
def test_every_part_fits_and_nothing_is_lost_or_moved(written, imprint):
    """Or the error names what cannot be done; then nothing goes out at all."""
    rendered = render(written, X, imprint)
    text = tidy(written.body)
    link = None if not written.link or has_link(text, written.link) else tagged(rendered, written)
    if any(remark.rule in {"too long", "no text"} for remark in rendered.remarks):
        assert rendered.errors
        return

    assert max(rendered.weights) <= 280
    assert rendered.weights == tuple(X.measure(part).weight for part in texts(rendered))
    sent = " ".join(without_additions(rendered, written, link)).split()
    written_words = threads.without_breaks(text)
    if written.link and not link:
        written_words = written_words.replace(written.link, tagged(rendered, written))
    assert sent == written_words.split()


def tagged(rendered, written):
    """The link as it went out, which begins with the link as it was written."""
    if not written.utm:
        return written.link
    found = re.search(re.escape(written.link) + r"[?&]utm_source=x\S*", "\n".join(texts(rendered)))
    return found[0] if found else written.link


@settings(max_examples=60)
@given(TEXTS)
def test_no_link_mention_hashtag_or_emoji_is_torn(text):
    """Each part has whole ones, and all of them."""
    rendered = render(Written(body=text, thread=True), X, NONE)
    if rendered.errors and any(remark.rule == "too long" for remark in rendered.remarks):
        return
    whole = X.measure(threads.without_breaks(tidy(text)))
    parts = [X.measure(part) for part in texts(rendered)]

    for kind in ("links", "mentions", "hashtags", "cashtags"):
        before = [span.text for span in getattr(whole, kind)]
        assert before == [span.text for part in parts for span in getattr(part, kind)]


@settings(max_examples=60)
@given(TEXTS, st.sampled_from([None, LINK]))
def test_facebook_gets_the_whole_text_in_one(text, link):
    """With manual breaks as blank lines, the link as a card, and the imprint last."""
    written = Written(body=text, thread=True, link=link, numbering="1/3")
    (part,) = render(written, FACEBOOK, IMPRINT).variant.parts

    assert part.text.endswith(LINE)
    wanted = threads.without_breaks(tidy(text)).split() + LINE.split()
    assert part.text.split() == wanted
    assert link is None or part.link == link


def test_facebook_makes_a_card_of_a_link_that_stands_in_the_words_only():
    """As its own editor does; a post's own link goes first."""
    words = Written(body="Read https://a.org/b, then https://c.org.")

    assert "https://a.org/b" == render(words, FACEBOOK, NONE).variant.parts[0].link
    assert LINK == render(replace(words, link=LINK), FACEBOOK, NONE).variant.parts[0].link
    assert render(Written(body="bbc.co.uk"), FACEBOOK, NONE).variant.parts[0].link is None


def test_a_number_of_two_digits_is_counted_too():
    """Twelve parts say 10/12, and none is too long."""
    rendered = render(Written(body="word " * 560, thread=True, numbering="(1/3)"), X, NONE)

    assert len(rendered.weights) in range(10, 20)
    assert texts(rendered)[9].endswith(f"\n(10/{len(rendered.weights)})")
    assert max(rendered.weights) <= 280


def test_the_link_stands_in_the_part_its_author_chose():
    """Or the last; in one only, and not where the words have it already."""
    body = "One.\n---\nTwo.\n---\nThree."

    def carrying(body, **chosen):
        rendered = render(Written(body=body, thread=True, link=LINK, **chosen), X, IMPRINT)
        return [LINK in part for part in texts(rendered)]

    assert [False, False, True] == carrying(body)
    assert [True, False, False] == carrying(body, link_part=1)
    assert [False, True, False] == carrying(body, link_part=2)
    assert [True, False, False] == carrying(f"See {LINK}.\n---\nTwo.\n---\nThree.")
    rendered = render(Written(body=body, thread=True, link=LINK, link_part=4), X, NONE)
    assert "there is no part 4; the thread has 3" in rendered.errors[0]


def test_pictures_stand_in_the_parts_their_author_chose():
    """The first, unless it says otherwise; on Facebook all stand in the one post."""
    rendition = Rendition("f" * 64, "image/png")
    both = {"x": rendition, "facebook": rendition}
    pictures = {
        alt: Picture(f"{alt}.png", alt, part=part, renditions=both)
        for alt, part in {"A": 1, "B": 0, "C": 2, "D": 1, "E": 4}.items()
    }

    def shown(names, body="One.\n---\nTwo.\n---\nThree.", platform=X):
        media = tuple(pictures[name] for name in names)
        rendered = render(Written(body=body, thread=True, media=media), platform, NONE)
        parts = ["".join(image.alt for image in part.images) for part in rendered.variant.parts]
        return parts, rendered.errors

    assert (["AD", "C", "B"], ()) == shown("ABCD")
    assert (["", "CB"], ()) == shown("CB", "One.\n---\nTwo.")
    assert (["ABCD"], ()) == shown("ABCD", "One.")
    assert (["ABCDE"], ()) == shown("ABCDE", platform=FACEBOOK)
    _, (mistake,) = shown("AE")
    assert "E.png: there is no part 4; the thread has 3." in mistake


def test_what_is_said_of_a_pictures_words_names_its_line():
    """Of the file, as it does for the text."""
    rendition = {"x": Rendition("f" * 64, "image/png")}
    alts = ("", "Picture of us", "a" * 1_001)
    media = tuple(Picture("a.png", alt, renditions=rendition) for alt in alts)
    lines = {"body": 9, "media 1": 3, "media 2": 4, "media 3": 5}
    rendered = render(Written("One.", media=media, lines=lines), X, NONE)

    assert [("alt text", 3), ("alt text", 4), ("long alt text", 5)] == [
        (one.rule, one.line) for one in rendered.remarks
    ]


def test_a_break_without_thread_yes_is_a_blank_line_and_said_so():
    """X gets one post."""
    rendered = render(Written(body="One.\n---\nTwo.", lines={"body": 5}), X, NONE)

    assert ["One.\n\nTwo."] == texts(rendered)
    assert [("manual break", 6)] == [(one.rule, one.line) for one in rendered.remarks]


def test_a_link_is_tagged_where_its_author_or_its_campaign_says_so():
    """Off by default; the author's no outranks the campaign's yes."""
    style = Style(tagged_campaigns=frozenset({"honduras"}))

    def is_tagged(**given):
        written = Written(body="Read on", link=LINK, **given)
        return "utm_source=x" in texts(render(written, X, NONE, style=style))[0]

    assert [False, True, True, False] == [
        is_tagged(),
        is_tagged(utm=True),
        is_tagged(campaign="Honduras"),
        is_tagged(campaign="honduras", utm=False),
    ]


def test_a_tagged_link_in_the_words_is_not_added_again():
    """And the words compare as without tags."""
    plain = Written(body=f"Read {LINK}, all of it", link=LINK)
    rendered = render(replace(plain, utm=True), X, NONE)

    assert 1 == texts(rendered)[0].count("example.org")
    assert "&utm_source=x" in texts(rendered)[0]
    assert render(plain, X, NONE).text_key == rendered.text_key
    nothing = render(Written(body="Read on", utm=True), X, NONE)
    assert ["X: utm: tags only link:, and there is none."] == list(nothing.warnings)


@pytest.mark.parametrize(
    ("address", "word", "is_error"),
    [
        ("P.O.Box 100, London", "“P.O. Box”", True),
        ("1 High Street, London, lfpla.org.uk", "lfpla.org.uk", False),
        ("PO Box 100, London N1 1AA", None, False),
    ],
)
def test_what_the_imprint_makes_a_link_of_is_said_before_every_post_pays_for_it(
    address, word, is_error
):
    """A missing space stops the post; an address that was meant is its group's choice."""
    rendered = render(Written(body="Words of ours"), X, Imprint("always", "LFPLA", address))
    found = rendered.errors if is_error else rendered.warnings

    assert (word is None) == (not found)
    assert word is None or word in found[0]
    assert not (rendered.errors and not is_error)


def test_an_account_with_premium_gets_long_posts():
    """As the settings say; 280 is not the end there."""
    premium = open_platform("x", Settings(x_long_posts=True), system_now)

    assert () == render(Written(body="word " * 4999), premium, NONE).errors
    assert 25_000 == premium.rules.max_weight
