"""What is said of a text, rule by rule: what it finds and what it leaves alone."""

from datetime import date
from decimal import Decimal

import pytest

from bot.clock import system_now
from bot.formatting import lint
from bot.formatting.wording import Recent, Wording
from bot.model.written import Picture
from bot.platforms import open_platform
from bot.settings import Settings

X = open_platform("x", Settings(), system_now)
FACEBOOK = open_platform("facebook", Settings(), system_now)
TUESDAY = date(2026, 12, 1)


def said(text, platform=X, **more):
    """What each rule found in a text: its name and its words."""
    wording = Wording(text, platform.measure(text), platform.rules, **more)
    found = [*lint.examine(wording), *lint.examine(wording, part=True)]
    return {rule.name: words for rule, (_, words) in found}


def where(text, name, **more):
    wording = Wording(text, X.measure(text), X.rules, **more)
    return [at for rule, (at, _) in lint.examine(wording) if rule.name == name]


CLEAN = """Families on the Guapinol river have guarded its water for more than ten years.

Come to the TUC in London on Saturday 5 December 2026 at 6.30pm. Bring a friend ✊🏾
https://example.org/rivers #Honduras #LatinAmerica"""


@pytest.mark.parametrize("platform", [X, FACEBOOK])
def test_a_well_written_post_is_left_alone(platform):
    """Nothing cries wolf."""
    assert {} == said(CLEAN, platform, on=TUESDAY)


def test_rules_have_names_of_their_own_and_a_reason():
    """The table is what people are told."""
    names = [rule.name for rule in lint.RULES]

    assert len(names) == len(set(names))
    assert all(rule.why for rule in lint.RULES)
    assert {"missing space", "many cashtags", "long alt text"} == {
        r.name for r in lint.RULES if r.is_error
    }


@pytest.mark.parametrize(
    ("text", "corrected"),
    [
        ("Join us tonight.At seven", "tonight. At"),
        ("Made in Chile.In London", "Chile. In"),
        ("P.O.Box 100", "P.O. Box"),
        ("P.O.BOX 100", "P.O. BOX"),
        ("from 9 a.m.To noon", "a.m. To"),
        ("see https://example.org.At last", "https://example.org. At"),
        ("Solidaridad.La lucha sigue", "Solidaridad. La"),
    ],
)
def test_a_missing_space_that_makes_a_link_is_an_error_with_the_words_put_right(text, corrected):
    """It costs thirteen times as much and shows readers a dead link."""
    words = said(text)["missing space"]

    assert f"“{corrected}”" in words
    assert "under x:" in words


@pytest.mark.parametrize(
    "text",
    [
        "bbc.co.uk says so",
        "lfpla.org.uk",
        "BBC.CO.UK",
        "Change.Org and Lfpla.Org.Uk",
        "chile.in/Solidarity",
        "Chile.In/solidarity is a page",
    ],
)
def test_a_domain_that_was_meant_is_a_warning_only(text):
    """X bills it; that is for its author to know."""
    found = said(text, dearer_by_link=(Decimal("0.015"), Decimal("0.200")))

    assert "missing space" not in found
    assert "costs $0.20 instead of $0.015" in found["bare domain"]


def test_a_sentence_without_a_space_that_makes_no_link_is_left_alone():
    """“Then” is no top-level name, and an address with https:// is meant."""
    assert {} == said("We marched.Then we sang. https://example.org/a")


def test_facebook_makes_no_link_of_a_bare_name():
    """So nothing is said there."""
    assert {} == said("Join us tonight.At seven, says bbc.co.uk", FACEBOOK)


@pytest.mark.parametrize(
    ("text", "rule", "words"),
    [
        ("Read https://a.org and https://b.org now", "many links", "2 links"),
        ("https://example.org/a #Chile", "link without words", "hardly a word"),
        ("So **bold** of them", "markdown", "**bold**"),
        ("# A title over words", "markdown", "heading"),
        ("One\n---\nTwo words", "manual break", "thread: yes"),
        ("March with us #latinamerica", "hashtag case", "#latinamerica"),
        ("March with us #HANDSOFFHONDURAS", "hashtag case", "capital"),
        ("March #One #Two #Three", "many hashtags", "3 hashtags"),
        ("STOP THE WAR now", "capitals", "“STOP THE WAR”"),
        ("We need SOLIDARITY today", "capitals", "“SOLIDARITY”"),
        ("Ask COFADEH about it", "acronym", "“COFADEH”"),
        ("Peace ✊🏾 🌹 🇨🇴 👩‍🏫", "many emoji", "4 emoji"),
        ("We ❤️ our neighbours", "emoji as word", "❤️"),
        ("Read 𝗛𝗮𝗻𝗱𝘀 𝗼𝗳𝗳 now", "fancy letters", "“Hands off”"),
        ("Read Ⓗⓐⓝⓓⓢ and 🅝🅞", "fancy letters", "“Hands and NO”"),
        ("ʜᴀɴᴅꜱ off", "fancy letters", "“HANDS”"),
        ("Thanks to @someone for this", "mention", "@someone"),
        ("Buy $TSLA they say", "cashtag", "$TSLA"),
        ("Buy $TSLA or $AAPL", "many cashtags", "$TSLA and $AAPL"),
    ],
)
def test_each_rule_finds_what_it_is_for(text, rule, words):
    """And says it in words that name the thing."""
    assert words in said(text)[rule]


@pytest.mark.parametrize(
    "text",
    [
        "We spent $5 and $1,000 on leaflets",
        "#LatinAmerica and #LFPLA",
        "#Chile2026 #平和",
        "BBC, ITV and the TUC met NATO and the UN",
        "Comité de Familiares (COFADEH) told us; COFADEH is right",
        "COFADEH (Comité de Familiares) told us",
        "World War II and Pope John XXIII",
        "Vivid colours in the gallery ✊🏾",
        "½ price, 2², E=mc², ™ and ℃ are signs",
        "One. Two ✊🏾 Three",
        "2 * 3 * 4, snake_case_name, [sic]",
        "Write to office@example.org today",
        "Ana - Bogotá --- here",
    ],
)
def test_what_only_looks_wrong_is_left_alone(text):
    """A lint that cries wolf is not read."""
    assert {} == said(text)


def test_mentions_and_hashtags_are_counted_as_the_platform_says():
    """What X refuses, Facebook takes."""
    assert {} == said("Thanks to @someone #One #Two #Three", FACEBOOK)


def test_acronyms_that_readers_know_need_no_explanation():
    """As the settings name them."""
    assert {} == said("Ask COFADEH about it", known_acronyms=frozenset({"COFADEH"}))


def test_the_place_of_what_was_found_is_told():
    """So that a door can name the line."""
    text = "One line.\nJoin us tonight.At seven\n#chile"

    assert [text.index("tonight")] == where(text, "missing space")
    assert [text.index("#chile")] == where(text, "hashtag case")


@pytest.mark.parametrize(
    ("alt", "words"),
    [
        ("", "no alt text"),
        (" ", "no alt text"),
        ("Image of a march", "Image of"),
        ("a photo of two women", "a photo of"),
        ("A picture showing rain", "A picture showing"),
        ("Two women hold a banner; behind them an image of a river", None),
    ],
)
def test_every_picture_needs_words_that_begin_with_what_it_shows(alt, words):
    """A screen reader says by itself that it is a picture."""
    found = said("Words of ours", media=(Picture("media/march.jpg", alt),))

    assert (words is None) == ("alt text" not in found)
    assert words is None or words in found["alt text"]
    assert words is None or "media/march.jpg" in found["alt text"]


def test_alt_text_that_the_platform_would_not_take_is_a_mistake():
    """X takes 1,000 characters."""
    for length, is_wrong in ((1000, False), (1001, True)):
        found = said("Words of ours", media=(Picture("media/march.jpg", "a" * length),))

        assert is_wrong == ("1,001 of 1,000" in found.get("long alt text", ""))


@pytest.mark.parametrize(
    "text",
    [
        "Join us on Saturday 28 November at noon",
        "Join us on Sat 28th Nov, 6pm",
        "Saturday, November 28: the vigil",
        "The delayed vigil is on Saturday 28 November 2026",
        "Come on 28 November 2026",
        "The AGM is on 30 November",
        "SATURDAY 28 NOVEMBER, 6PM",
    ],
)
def test_an_event_that_is_over_when_it_goes_out_is_pointed_out(text):
    """In the forms in which English writes dates."""
    assert (
        "is over when this goes out (Tuesday 1 December 2026)"
        in said(text, on=TUESDAY)["past date"]
    )


@pytest.mark.parametrize(
    "text",
    [
        "Join us on Saturday 5 December",
        "Join us today, 1 December",
        "On 11 September 1973 the tanks came",
        "On 11 September we remember Allende",
        "On 20 November the court ruled against them",
        "She was born on 28 November",
        "Join us on 15 January",
        "The 5 may leave, 20 march on",
        "31 February is no day",
    ],
)
def test_days_to_come_and_history_are_left_alone(text):
    """What was, may be told."""
    assert "past date" not in said(text, on=TUESDAY)


def test_a_weekday_that_does_not_fit_its_date_is_pointed_out():
    """Last year's leaflet, most likely."""
    found = said("Join us on Saturday 6 December", on=TUESDAY)

    assert "6 December 2026 is a Sunday" in found["past date"]
    assert {} == said("Join us on Sunday 6 December", on=TUESDAY)
    assert {} == said("Join us on Saturday 2 January", on=TUESDAY)


def test_a_text_much_like_a_recent_one_is_pointed_out():
    """The most alike of them, by name."""
    text = "Families on the Guapinol river have guarded its water for more than ten years now"
    recent = (
        Recent("P1", "Something else altogether, about forests and those who live there", True),
        Recent("P2", f"{text.upper()}!", True),
        Recent("P3", text.replace("river", "RIVER, yes,"), False),
    )

    assert "nearly the same as P2, which went out" in said(text, recent=recent)["near duplicate"]
    assert "P3, which waits" in said(text, recent=recent[2:])["near duplicate"]
    assert {} == said(text, recent=recent[:1])
    assert {} == said("Words", recent=(Recent("P1", "", True),))


SPANISH = "Las familias del río Guapinol han defendido el agua de su tierra por más de diez años."
PORTUGUESE = "As famílias do rio defendem a água da sua terra há mais de dez anos, e não vão parar."


@pytest.mark.parametrize(
    ("text", "lang", "reads_as"),
    [
        (SPANISH, "en", "Spanish"),
        (SPANISH, "pt", "Spanish"),
        (PORTUGUESE, "es", "Portuguese"),
        (CLEAN, "es", "English"),
        (SPANISH, "es", None),
        (PORTUGUESE, "pt", None),
        (CLEAN, "en", None),
        (SPANISH, None, None),
        ("“El pueblo unido” is what the crowd sang in the square last night.", "en", None),
        ("¡Viva Chile! #LaVictoria", "en", None),
    ],
)
def test_a_language_marked_wrongly_is_pointed_out(text, lang, reads_as):
    """Only where the small words leave little doubt, and never without a mark."""
    words = said(text, lang=lang, on=TUESDAY).get("language")

    assert (reads_as is None) == (words is None)
    assert words is None or f"reads as {reads_as}" in words
