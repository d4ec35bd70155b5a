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

_MENTION = re.compile(r"[@＠]([0-9A-Za-z_]{1,20})")
_AFTER_MENTION = re.compile(rf"[@＠{ACCENTED}]|://", re.IGNORECASE)
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
    return _weigh(text, find_links(text, THEN), find_links(text, NOW))


def measure(text: str) -> Counted:
    """Count a text and find what X would make clickable in it."""
    text = _compose(text)
    then, now = find_links(text, THEN), find_links(text, NOW)
    links = unite(now, then)
    return Counted(
        weight=_weigh(text, then, now),
        links=_spans(text, links),
        mentions=_spans(text, _outside(links, _find_mentions(text))),
        hashtags=_spans(text, _outside(links, _find_hashtags(text))),
        cashtags=_spans(text, _outside(links, [m.span() for m in _CASHTAG.finditer(text)])),
    )


# --- Weight


def _compose(text: str) -> str:
    # Piecewise, as NFC takes quadratic time over a run of accents; ASCII starts afresh safely.
    return "".join([unicodedata.normalize("NFC", piece) for piece in _PIECE.findall(text)])


def _plain_weight(text: str) -> int:
    return len(text) if text.isascii() else len(text) + len(_WIDE.findall(text))


def _weigh(text: str, then: list[Place], now: list[Place]) -> int:
    emoji = _find_emoji(text)
    readings = (_changes(text, then, emoji), _changes(text, now, emoji))
    return _plain_weight(text) + _heavier(*readings)


def _changes(text: str, links: list[Place], emoji: list[Place]) -> list[_Change]:
    """Where this reading counts something other than the plain characters, and how much more."""
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
    if then == now:
        return sum(change for _, _, change in now)
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
_EMOJI_LENGTHS = sorted({len(emoji) for emoji in _EMOJI}, reverse=True)
_LIGHT_EMOJI = frozenset(chr(int(code, 16)) for code in counting_data.LIGHT_EMOJI.split())
_EMOJI_START = re.compile(
    f"[{''.join({emoji[0] for emoji in _EMOJI})}](?=[{''.join({emoji[1] for emoji in _EMOJI})}])"
    f"|[{''.join(_LIGHT_EMOJI)}]"
)


def _find_emoji(text: str) -> list[Place]:
    places: list[Place] = []
    done = 0
    while not text.isascii() and (found := _EMOJI_START.search(text, done)):
        start = found.start()
        done = start + next((n for n in _EMOJI_LENGTHS if text[start : start + n] in _EMOJI), 1)
        if done > start + 1 or text[start] in _LIGHT_EMOJI:
            places.append((start, done))
    return places


# --- Mentions, hashtags, cashtags


def _find_mentions(text: str) -> list[Place]:
    return [
        found.span()
        for found in _MENTION.finditer(text)
        if _may_mention_after(text, found.start()) and not _AFTER_MENTION.match(text, found.end())
    ]


def _may_mention_after(text: str, at: int) -> bool:
    if at == 0 or not _NOT_BEFORE_MENTION.match(text, at - 1):
        return True
    return _REPOST.search(text[:at] if at < 4 else text[at - 3 : at]) is not None


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
