"""From an article's words to one post for each Platform."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scripted_platform import ScriptedPlatform, rules_of

from bot.clock import system_now
from bot.errors import PostInvalid
from bot.formatting.imprint import Imprint
from bot.formatting.variant import render
from bot.intake.articlepage import Page
from bot.intake.articlepost import Composed, Voice, composed
from bot.intake.articlewords import ArticleWords, brought_together
from bot.intake.entry import Entry
from bot.intake.feedoptions import Options
from bot.intake.quotation import single_marks
from bot.model.written import Written
from bot.platforms.contract import PartContent, Platform
from bot.settings import Settings
from bot.wiring import open_platforms

LINK = "https://example.org/free"
QUOTE = "Defenders of the river marched to the court in Tocoa every single week of the trial."
SECOND = "The defenders had been held without trial for 914 days for opposing an iron mine."
WORDS = ArticleWords(
    title="Eight river defenders free in Honduras",
    link=LINK,
    standfirst="Families sang outside the prison.",
    author="Ana López",
    site="The Herald",
    text=f"{QUOTE}\n{SECOND}",
    source="page",
)
LONG = replace(WORDS, title=" ".join(f"word{n}" for n in range(80)), text="", standfirst="")
NO_IMPRINT = Imprint("never")
LONG_IMPRINT = Imprint("always", "A Person", "PO Box 1, London N1 1AA", "The River Group")
SHORT = ScriptedPlatform(system_now, rules_of("short"))
ROOMY = ScriptedPlatform(system_now, rules_of("roomy", max_weight=10_000))
REAL: Mapping[str, Platform] = open_platforms(Settings(), system_now)


def voice(
    platform: Platform, imprint: Imprint, limit: int | None = None, *, is_linked: bool = True
) -> Voice:
    def draw(written: Written) -> object:
        own = written.for_platform(platform.rules.platform)
        return render(own, platform, imprint, limit)

    return Voice(platform.rules.platform, draw, platform.measure, is_linked)  # type: ignore[arg-type]


def made(
    words: ArticleWords = WORDS,
    *limits: int,
    imprint: Imprint = NO_IMPRINT,
    is_linked: bool = True,
    **options: object,
) -> Composed:
    voices = [
        voice(ROOMY, imprint),
        *(voice(SHORT, imprint, limit, is_linked=is_linked) for limit in limits),
    ]
    return composed(words, Options(**options), voices)  # type: ignore[arg-type]


def test_the_default_post_has_title_standfirst_quotation_and_hashtag() -> None:
    """A blank line between; the link is the Platform's to place."""
    post = made()

    assert post.written.body == (
        "Eight river defenders free in Honduras\n\nFamilies sang outside the prison.\n\n"
        f"“{QUOTE}”\n\n#Honduras"
    )
    assert (post.written.link, post.written.texts) == (LINK, {})
    assert post.quotations["roomy"] is not None


def test_where_there_is_less_room_the_standfirst_goes_first() -> None:
    """Title, quotation and hashtag are what a short Platform gets."""
    post = made(WORDS, 180)

    assert post.written.texts == {
        "short": f"Eight river defenders free in Honduras\n\n“{QUOTE}”\n\n#Honduras"
    }


def test_a_sentence_that_fits_is_taken_rather_than_none() -> None:
    """The next best is tried before the quotation is given up."""
    longer = f"{QUOTE[:-1]}, said their lawyer, who had come from the capital that very day."
    post = made(replace(WORDS, text=f"{longer}\n{SECOND}"), 190)

    assert SECOND in post.written.texts["short"]
    assert longer in post.written.body


def test_hashtags_go_before_the_title_is_cut() -> None:
    """And the title alone is cut, at a word."""
    title_only = made(replace(WORDS, text=""), 65)
    cut = made(replace(WORDS, text=""), 55)

    assert title_only.written.texts["short"] == WORDS.title
    assert cut.written.texts["short"] == "Eight river defenders free…"


@pytest.mark.parametrize("imprint", [NO_IMPRINT, LONG_IMPRINT])
def test_a_title_too_long_is_cut_at_the_last_word_that_fits(imprint: Imprint) -> None:
    """Link and imprint are counted; Platforms with room keep the whole title."""
    written = made(LONG, 280, imprint=imprint).written
    text = written.texts["short"]
    words = text.removesuffix("…").split()
    one_more = " ".join([*words, f"word{len(words)}"]) + "…"
    longer = render(replace(written, texts={"short": one_more}), SHORT, imprint)

    assert render(written, SHORT, imprint).errors == ()
    assert words == LONG.title.split()[: len(words)]
    assert longer.weights[0] > 280
    assert written.body == LONG.title


@pytest.mark.parametrize("limits", [(280, 140), (140, 280)])
def test_two_accounts_on_one_platform_get_what_fits_both(limits: tuple[int, int]) -> None:
    """The words are the Platform's, so the smaller Account decides."""
    assert made(LONG, *limits).written.texts == made(LONG, 140).written.texts


def test_one_word_without_end_is_left_for_the_platform_to_refuse() -> None:
    """A word is never cut."""
    assert made(replace(LONG, title="a" * 400), 280).written.texts == {}


def test_a_template_decides_what_stands_where() -> None:
    """A line whose field is empty is left out; marks left over go with it."""
    template = "New on {site}: {title}\nBy {author}\n{quote} {hashtags}\nRead: {link}"
    words = replace(WORDS, author="", title="A march in the capital")

    assert made(template=template).written.body == (
        f"New on The Herald: {WORDS.title}\nBy Ana López\n“{QUOTE}” #Honduras\nRead: {LINK}"
    )
    assert made(words, template=template).written.body == (
        f"New on The Herald: A march in the capital\nRead: {LINK}"
    )


def test_a_title_cannot_play_with_the_template() -> None:
    """Braces in a title are shown as they are."""
    words = replace(WORDS, title="{site} and {quote}")

    body = made(words, template="{title} ({site})").written.body

    assert body == "{site} and {quote} (The Herald)"


def test_an_account_without_link_has_the_sites_name_instead() -> None:
    """Links cost more on some Platforms; the reader still sees whose words these are."""
    post = made(WORDS, 280, is_linked=False, template="{title}\n{quote}\n{link}")
    shown = render(post.written.for_platform("short"), SHORT, NO_IMPRINT)

    assert post.written.unlinked == ("short",)
    assert shown.variant.parts[0].text == f"{WORDS.title}\n“{QUOTE}”\n\n(The Herald)"
    assert LINK in post.written.body


@pytest.mark.parametrize("title", ["", "…", "!!!"])
def test_there_is_never_a_post_that_is_only_a_link(title: str) -> None:
    """Such posts count as spam."""
    with pytest.raises(PostInvalid, match="never only a link"):
        made(replace(WORDS, title=title))


def test_an_article_without_a_link_becomes_no_post() -> None:
    """There is nothing to read."""
    with pytest.raises(PostInvalid, match="no web link"):
        made(replace(WORDS, link=""))


SENTENCES = st.sampled_from(
    [
        QUOTE,
        SECOND,
        "“We are free,” said Ana, one of the defenders, “and the river of Honduras will be free.”",
        "Subscribe to our newsletter about the river defenders and never miss a story of ours.",
        "Skip to main content",
        "Photo: defenders at the river in Honduras, by A. N. Other",
        "Will the defenders of the river in Honduras go back to prison before the spring?",
        "THE river defenders of Honduras were freed, and they thanked everybody who had helped.",
        "The defenders’ page river.example.org was read by 10,000 people in Honduras in a day.",
        "Según el Sr. Gómez, defensor del río, EE. UU. no ha pagado nada a Honduras desde 2019.",
        "Os defensores do rio em Honduras, disse a Dra. Lima, estavam presos há mais de 2 anos.",
        'El "río" de los defensores, en Honduras, es de todos y de nadie, dijo la jueza ayer.',
    ]
)
LOOSE = st.text(
    alphabet=st.sampled_from(
        "abcdeéñ ABC.,:;!?'\"“”‘’@#/-…\u00ad\u200b😀 Honduras river 0123456789"
    ),
    max_size=90,
)
TITLES = st.one_of(
    st.sampled_from(
        [
            "Eight river defenders free in Honduras",
            "EIGHT RIVER DEFENDERS FREE IN HONDURAS AND BRAZIL",
            "@someone and example.com: river #one #two #three in Honduras",
            "Defensores del río en Honduras, México y Perú: «No nos vamos»",
            "x " * 200,
        ]
    ),
    LOOSE,
)


@st.composite
def entries(draw: st.DrawFn) -> tuple[Entry, Page]:
    text = "\n".join(draw(st.lists(st.one_of(SENTENCES, LOOSE), max_size=6)))
    title = draw(TITLES)
    entry = Entry(
        "1",
        title,
        LINK,
        summary=draw(st.one_of(SENTENCES, LOOSE)),
        authors=draw(st.sampled_from([(), ("Ana",), ("@ana",)])),
        tags=draw(st.sampled_from([(), ("Honduras", "Human rights")])),
    )
    return entry, Page(title=title or "River", text=text, site=draw(LOOSE)[:40])


@settings(max_examples=40)
@given(
    entries(),
    st.sampled_from([NO_IMPRINT, LONG_IMPRINT]),
    st.sampled_from(
        [Options().template, "New on {site}: {title}\n{quote}\n{hashtags}", "{title}\n\n{link}"]
    ),
    st.booleans(),
)
def test_every_post_keeps_the_rules_on_every_platform(
    article: tuple[Entry, Page], imprint: Imprint, template: str, is_linked: bool
) -> None:
    """It fits; its quotation is the article's; two hashtags, one link and the title once at most;
    and it is never only a link."""
    words = brought_together(*article, "A site")
    voices = [voice(platform, imprint, is_linked=is_linked) for platform in REAL.values()]
    try:
        post = composed(words, Options(template=template), voices)
        again = composed(words, Options(template=template), voices)
    except PostInvalid:
        nothing_to_say = not says_something(words.title)
        assert nothing_to_say
        return
    assert again == post
    for name, platform in REAL.items():
        shown = render(post.written.for_platform(name), platform, imprint)
        (part,) = shown.variant.parts
        length = platform.measure(part.text)
        assert shown.errors == ()
        assert length.weight <= platform.rules.max_weight
        assert len(length.hashtags) <= 2
        assert length.mentions == ()
        assert links_of(platform, part) == ([LINK] if is_linked else [])
        assert says_something(post.written.text_for(name))
        quotation = post.quotations[name]
        if quotation is not None:
            assert quotation.sentence in article[1].text
            assert part.text.count(f"“{single_marks(quotation.sentence)}”") == 1
        title = words.title.casefold()
        assert part.text.casefold().count(title) <= 1 or len(title) < 12


def test_a_name_that_hides_a_mention_behind_hashes_is_plain_words() -> None:
    """What is left when one mark goes may be another mark."""
    page = Page(title="River defenders are free", text="", site="@##A and @#@bbc.@co.uk")
    entry = Entry(id="1", title="River defenders are free", link="https://example.org/free")
    words = brought_together(entry, page, "A site")
    post = composed(words, Options(), [voice(REAL["x"], NO_IMPRINT, is_linked=False)])
    length = REAL["x"].measure(post.written.text_for("x"))

    assert ((), (), ()) == (length.mentions, length.hashtags, length.links)


def links_of(platform: Platform, part: PartContent) -> list[str]:
    """Every link a reader can follow, by the Platform's own count and its link field."""
    in_text = [span.text for span in platform.measure(part.text).links]
    return sorted({*in_text, *([part.link] if part.link else [])})


def says_something(text: str) -> bool:
    return any(sign.isalnum() for sign in text.replace(LINK, ""))


@pytest.mark.parametrize("name", list(REAL))
def test_the_scripted_and_the_real_platforms_are_asked_alike(name: str) -> None:
    """The same words go through the real counters."""
    shown = partial(render, platform=REAL[name], imprint=LONG_IMPRINT)
    post = composed(WORDS, Options(), [voice(REAL[name], LONG_IMPRINT)])

    assert shown(post.written).errors == ()
    assert f"“{QUOTE}”" in shown(post.written).variant.parts[0].text
