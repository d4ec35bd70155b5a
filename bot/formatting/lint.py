"""The table of what every door says about a text, each rule with its reason.

A warning never stops anything. An error stops that account's Delivery alone. Pure: the day, the
recent posts and the Platform's reading of the text are handed in.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.formatting import addresses, language, likeness, pastdates, prose, signs
from bot.formatting.wording import Wording

# A position in the text, or what has a line of its own in the file: `media 1` is the first picture.
Found = tuple[int | str | None, str]
Look = Callable[[Wording], Iterator[Found]]


@dataclass(frozen=True, slots=True)
class Remark:
    """What a rule says of a text, and where in it; `line` is the file's, where that is known."""

    rule: str
    is_error: bool
    said: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what it is called, why there is one, whether it stops a post, and how it looks.

    `each_part` rules look at what goes out, part by part; the others at what the author wrote.
    """

    name: str
    look: Look
    why: str
    is_error: bool = False
    each_part: bool = False


RULES = (
    Rule(
        "missing space",
        addresses.missing_spaces,
        "readers would see a dead link, and X would bill it",
        is_error=True,
    ),
    Rule("bare domain", addresses.bare_domains, "X makes a link of it and bills it"),
    Rule("many links", addresses.many_links, "one clear link is followed more", each_part=True),
    Rule("link without words", addresses.link_without_words, "X counts bare links as spam"),
    Rule("manual break", prose.useless_breaks, "a break without a thread is only a blank line"),
    Rule("markdown", prose.markdown, "posts are plain text"),
    Rule("hashtag case", prose.hashtag_case, "screen readers read #LatinAmerica as two words"),
    Rule("many hashtags", prose.many_hashtags, "more than two read as spam", each_part=True),
    Rule("capitals", prose.capitals, "capitals are hard to read and sound like shouting"),
    Rule("acronym", prose.acronyms, "new readers do not know it"),
    Rule("many emoji", signs.many_emoji, "screen readers say each by name", each_part=True),
    Rule("emoji as word", signs.emoji_as_words, "a screen reader breaks the sentence"),
    Rule("fancy letters", signs.fancy_letters, "screen readers skip or spell them"),
    Rule("alt text", signs.alt_texts, "people who do not see the picture need its words"),
    Rule("long alt text", signs.long_alt_texts, "the platform takes no longer one", is_error=True),
    Rule("mention", addresses.mentions, "X refuses programs that mention strangers"),
    Rule("cashtag", addresses.cashtags, "X makes a stock price link of it"),
    Rule(
        "many cashtags",
        addresses.many_cashtags,
        "X refuses more than one",
        is_error=True,
        each_part=True,
    ),
    Rule("past date", pastdates.past_dates, "an event that is over helps nobody"),
    Rule("language", language.marked_wrongly, "programs read a text aloud by its mark"),
    Rule("near duplicate", likeness.near_duplicates, "X calls repeated posts spam"),
)


def examine(wording: Wording, *, part: bool = False) -> Iterator[tuple[Rule, Found]]:
    """What the rules for a whole text, or for one part of it as it goes out, find."""
    for rule in RULES:
        if rule.each_part == part:
            for found in rule.look(wording):
                yield rule, found
