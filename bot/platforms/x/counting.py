"""Counts a text the way X does, and finds its links, mentions, hashtags and cashtags.

X published its lists of top-level names and emoji in 2019 and has surely updated its own since. So
a text is read twice, by the lists of 2019 and by today's, and every place counts as the heavier of
its two readings: never lower than X's own count. Time grows with the length of the text and no
faster, whatever the text. Nothing is too long here: limits belong to the rules.
"""

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from itertools import product

from bot.platforms.x import counting_data
from bot.platforms.x.hosts import ACCENTED, DIRECTIONS, NOW, PUNCTUATION, SPACES, THEN
from bot.platforms.x.links import Place, find_links, unite

LINK_WEIGHT = 23
EMOJI_WEIGHT = 2

_WIDE = re.compile(r"[^\0-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]")
_PIECE = re.compile(r"[\0-\x7f]*[^\0-\x7f]{1,512}|[\0-\x7f]+")
# Composed already: Latin letters, dashes and quotation marks, most emoji and their parts.
_MAY_COMPOSE = re.compile(
    r"[^\0-\u02ff\u200b-\u205f\u20ac\u20e3\u2600-\u27bf\ufe0f\U0001f000-\U0001faff]"
)

_MENTION = re.compile(r"([@＠][0-9A-Za-z_]{1,20})(?:/[A-Za-z][0-9A-Za-z_-]{0,24})?")
_AFTER_MENTION = re.compile(rf"[@＠{ACCENTED}]|://")
_NOT_BEFORE_MENTION = re.compile(r"[0-9A-Za-z_!#$%&*@＠]")
_REPOST = re.compile(r"(?:\A|[^0-9A-Za-z_+~.-])RT\Z", re.IGNORECASE | re.ASCII)
_HASH = re.compile(r"[#＃](?![\ufe0f\u20e3])")
_AFTER_HASHTAG = re.compile(r"[#＃]|://")
_HASHTAG_MARKS = frozenset(
    "_\u200c\u200d\ua67e\u05be\u05f3\u05f4\uff5e\u301c\u309b\u309c\u30a0\u30fb\u3003\u0f0b\u0f0c\xb7"
)
_CASHTAG = re.compile(
    rf"(?:\A|(?<=[{SPACES}{DIRECTIONS}]))\$[A-Za-z]{{1,6}}(?:[._][A-Za-z]{{1,2}})?"
    rf"(?=\Z|[\s{PUNCTUATION}])"
)

_Change = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of the text and where it stands."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Counted:
    """What X makes of a text; positions are in its NFC form, which is how we store every text."""

    weight: int
    links: tuple[Span, ...]
    mentions: tuple[Span, ...]
    hashtags: tuple[Span, ...]
    cashtags: tuple[Span, ...]


def weighted_length(text: str) -> int:
    """Count a text: 1 for most letters, 2 for wide ones and emoji, 23 for a link."""
    text = _compose(text)
    return _weigh(text, *_read_twice(text))


def measure(text: str) -> Counted:
    """Count a text and find what X would make clickable in it."""
    text = _compose(text)
    then, now = _read_twice(text)
    links = unite(now, then)
    return Counted(
        weight=_weigh(text, then, now),
        links=_spans(text, links),
        mentions=_spans(text, _outside(links, _find_mentions(text))),
        hashtags=_spans(text, _outside(links, _find_hashtags(text))),
        cashtags=_spans(text, _outside(links, _find_cashtags(text))),
    )


def _read_twice(text: str) -> tuple[list[Place], list[Place]]:
    """The links by the lists of 2019, and by today's."""
    return find_links(text, THEN, NOW)


# --- Weight


def _compose(text: str) -> str:
    if text.isascii() or not _MAY_COMPOSE.search(text):
        return text
    # Piecewise, as NFC takes quadratic time over a run of accents; ASCII starts afresh safely.
    return "".join([unicodedata.normalize("NFC", piece) for piece in _PIECE.findall(text)])


def _plain_weight(text: str) -> int:
    return len(text) if text.isascii() else len(text) + len(_WIDE.findall(text))


def _weigh(text: str, then: list[Place], now: list[Place]) -> int:
    emoji = _find_emoji(text)
    changes = _changes(text, now, emoji)
    if then == now:
        return _plain_weight(text) + sum(change for _, _, change in changes)
    return _plain_weight(text) + _heavier(_changes(text, then, emoji), changes)


def _changes(text: str, links: list[Place], emoji: list[Place]) -> list[_Change]:
    """Where this reading counts something other than the plain characters, and how much more."""
    if not emoji:
        return [(at, end, LINK_WEIGHT - _plain_weight(text[at:end])) for at, end in links]
    changes: list[_Change] = []
    done = 0
    weights = [(place, LINK_WEIGHT) for place in links] + [(place, EMOJI_WEIGHT) for place in emoji]
    for (start, end), weight in sorted(weights, key=_place_first):
        if start >= done:
            changes.append((start, end, weight - _plain_weight(text[start:end])))
            done = end
    return changes


def _place_first(weighed: tuple[Place, int]) -> int:
    return weighed[0][0]


def _heavier(then: list[_Change], now: list[_Change]) -> int:
    """Take the heavier reading of each stretch in which the two overlap, and add them all up."""
    total = edge = 0
    sums = [0, 0]
    for start, end, change, reading in sorted(
        [(*one, 0) for one in then] + [(*one, 1) for one in now]
    ):
        if start >= edge:
            total += max(sums)
            sums = [0, 0]
        sums[reading] += change
        edge = max(edge, end)
    return total + max(sums)


# --- Emoji


def _read_emoji() -> frozenset[str]:
    """Spell out the patterns of the data: T is any skin tone, S a style mark or nothing."""
    letters = {
        "T": "\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff",
        "V": "\ufe0f",
        "J": "\u200d",
    }
    found = {
        key + style + "\u20e3" for key in counting_data.KEYCAPS.split() for style in ("", "\ufe0f")
    }
    for flag in counting_data.FLAGS.split():
        found.add("".join(chr(ord(letter) - ord("A") + 0x1F1E6) for letter in flag))
    for pattern in counting_data.EMOJI.split():
        parts = [
            ("", "\ufe0f") if part == "S" else letters.get(part) or chr(int(part, 16))
            for part in pattern.split("-")
        ]
        found.update(map("".join, product(*parts)))
    return frozenset(found)


# Only the list of 2019: an emoji it does not know counts its pieces, which is never less. Single
# characters are not in it, as nearly all weigh the same 2 either way; the light ones would weigh 1.
_EMOJI = _read_emoji()
_LIGHT_EMOJI = frozenset(chr(int(code, 16)) for code in counting_data.LIGHT_EMOJI.split())


def _lengths_by_start() -> dict[str, list[int]]:
    """How long the emoji are that start with a character, longest first."""
    lengths: dict[str, set[int]] = {light: {1} for light in _LIGHT_EMOJI}
    for emoji in _EMOJI:
        lengths.setdefault(emoji[0], set()).add(len(emoji))
    return {start: sorted(found, reverse=True) for start, found in lengths.items()}


_EMOJI_LENGTHS = _lengths_by_start()
# Only a character that continues an emoji is searched for: few texts have any.
_CONTINUES_EMOJI = re.compile(
    f"[\u200d\u20e3\ufe0f\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff\U000e0067{''.join(_LIGHT_EMOJI)}]"
)


def _find_emoji(text: str) -> list[Place]:
    places: list[Place] = []
    done = 0
    for found in _CONTINUES_EMOJI.finditer(text) if not text.isascii() else ():
        start = found.start() if found[0] in _LIGHT_EMOJI else found.start() - 1
        length = _emoji_length(text, start) if start >= done else 0
        if length:
            done = start + length
            places.append((start, done))
    return places


def _emoji_length(text: str, start: int) -> int:
    for length in _EMOJI_LENGTHS.get(text[start], ()):
        if length == 1 or text[start : start + length] in _EMOJI:
            return length
    return 0


# --- Mentions, hashtags, cashtags


def _find_mentions(text: str) -> list[Place]:
    if "@" not in text and "＠" not in text:
        return []
    return [
        found.span(1)  # a list's name counts as text, but what follows it spoils the mention too
        for found in _MENTION.finditer(text)
        if _may_mention_after(text, found.start()) and not _AFTER_MENTION.match(text, found.end())
    ]


def _may_mention_after(text: str, at: int) -> bool:
    if at == 0 or not _NOT_BEFORE_MENTION.match(text, at - 1):
        return True
    return _REPOST.search(text[:at] if at < 4 else text[at - 3 : at]) is not None


def _find_cashtags(text: str) -> list[Place]:
    return [found.span() for found in _CASHTAG.finditer(text)] if "$" in text else []


def _find_hashtags(text: str) -> list[Place]:
    places = []
    for sign in _HASH.finditer(text):
        start, end = sign.span()
        if start and _joins_hashtag(text[start - 1]):
            continue
        while end < len(text) and _in_hashtag(text[end]):
            end += 1
        letters = any(unicodedata.category(c)[0] in "LM" for c in text[start + 1 : end])
        if letters and not _AFTER_HASHTAG.match(text, end):
            places.append((start, end))
    return places


def _joins_hashtag(before: str) -> bool:
    return before == "&" or (before not in "\ufe0e\ufe0f" and _in_hashtag(before))


def _in_hashtag(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] in "LM" or category == "Nd" or character in _HASHTAG_MARKS


def _outside(links: list[Place], places: list[Place]) -> list[Place]:
    starts = [start for start, _ in links]
    kept = []
    for start, end in places:
        before = bisect_right(starts, start) - 1
        if before < 0 or links[before][1] <= start:
            kept.append((start, end))
    return kept


def _spans(text: str, places: list[Place]) -> tuple[Span, ...]:
    return tuple(Span(start, end, text[start:end]) for start, end in places)
