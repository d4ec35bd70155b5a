"""Counts a text the way X does, and finds its links, mentions, hashtags and cashtags.

X published its lists of top-level names and emoji in 2019 and has surely updated its own since. So
a text is read twice, by the lists of 2019 and by today's, and every place counts as the heavier of
its two readings: never lower than X's own count. Time grows with the length of the text and no
faster, whatever the text. Nothing is too long here: limits belong to the rules.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product

from bot.platforms.x import counting_data

LINK_WEIGHT = 23
EMOJI_WEIGHT = 2

_LONGEST_LINK = 4096
_LONGEST_LABEL = 63
_LONGEST_SHORT_LINK_PATH = 40

# Sets of characters, as the inside of a regular expression's brackets.
_SPACES = r"\t-\r \x85\xa0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_DIRECTIONS = r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_INVALID = r"\ufffe\ufeff\uffff"
_PUNCTUATION = r"!#%&'()*+,\\\-./:;<=>?@\[\]^_{|}~$"
_ACCENTED = (
    r"\xc0-\xd6\xd8-\xf6\xf8-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263\u0268\u026f\u0272"
    r"\u0289\u028b\u02bb\u0300-\u036f\u1e00-\u1eff"
)
_PATH = rf"a-z0-9\u0400-\u04ff{_ACCENTED}!*';:=+,.$/%#\[\]\-\u2013_~@|&"
_QUERY = r"A-Za-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|"

_WIDE = re.compile(r"[^\0-\u10ff\u2000-\u200d\u2010-\u201f\u2032-\u2037]")
_PIECE = re.compile(r"[\0-\x7f]*[^\0-\x7f]{1,512}|[\0-\x7f]+")

_HOST_CHARACTER = rf"[^{_PUNCTUATION}{_SPACES}{_INVALID}{_DIRECTIONS}]"
_BEFORE_LINK = rf"[^A-Za-z0-9@＠$#＃{_INVALID}]"
_HOST = re.compile(rf"(?:{_HOST_CHARACTER}|[-_.])+")
# At the very start of a text, X prefers a host that has a character before it.
_HOST_START = re.compile(
    rf"(?:(?<={_BEFORE_LINK})|\A(?!{_BEFORE_LINK}{_HOST_CHARACTER})){_HOST_CHARACTER}"
)
_MAY_PRECEDE = re.compile(_BEFORE_LINK)
_LATIN_HOSTS = re.compile(rf"[-.a-z0-9{_ACCENTED}]+", re.IGNORECASE)

_LATIN_NAME = re.compile(r"[0-9A-Za-z]+")
_PUNYCODE_NAME = re.compile(r"xn--[-0-9a-z]+", re.IGNORECASE | re.ASCII)
_PLAUSIBLE_NAME = re.compile(r"[^\W\d_]{2,63}+(?![0-9A-Za-z@])")
_LETTERS_AND_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MISCODED_HOST = re.compile(r"xn--[^.]*[^.\0-\x7f]\.[^.]*\Z", re.IGNORECASE | re.ASCII)

_IDEOGRAPHIC_STOP = re.compile("[\u3002\uff0e\uff61]")
_PORT = re.compile(r"(?::[0-9]+)?")
_BALANCED = rf"\((?:[{_PATH}]++|[{_PATH}]*+\([{_PATH}]++\)[{_PATH}]*+)\)"
_PATH_RUN = re.compile(rf"[{_PATH}]*+(?:{_BALANCED}[{_PATH}]*+)*+", re.IGNORECASE)
_QUERY_RUN = re.compile(rf"\?([{_QUERY}]*+)")
_PATH_NEVER_ENDS_IN = "!*';:,.$%[]\u2013~@|&"
_QUERY_NEVER_ENDS_IN = "!?*'@();:+$%[].,~|"
_SHORT_LINK = re.compile(r"https?://t\.co/([0-9a-z]+)", re.IGNORECASE | re.ASCII)

_MENTION = re.compile(r"[@＠]([0-9A-Za-z_]{1,20})")
_AFTER_MENTION = re.compile(rf"[@＠{_ACCENTED}]|://", re.IGNORECASE)
_NOT_BEFORE_MENTION = re.compile(r"[0-9A-Za-z_!#$%&*@＠]")
_REPOST = re.compile(r"(?:\A|[^0-9A-Za-z_+~.-])RT\Z", re.IGNORECASE | re.ASCII)
_HASH = re.compile(r"[#＃](?![\ufe0f\u20e3])")
_AFTER_HASHTAG = re.compile(r"[#＃]|://")
_HASHTAG_MARKS = frozenset(
    "_\u200c\u200d\ua67e\u05be\u05f3\u05f4\uff5e\u301c\u309b\u309c\u30a0\u30fb\u3003\u0f0b\u0f0c\xb7"
)
_CASHTAG = re.compile(
    rf"(?:\A|(?<=[{_SPACES}{_DIRECTIONS}]))\$[A-Za-z]{{1,6}}(?:[._][A-Za-z]{{1,2}})?"
    rf"(?=\Z|[\s{_PUNCTUATION}])"
)


_Place = tuple[int, int]
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
    return _weigh(text, _find_links(text, _THEN), _find_links(text, _NOW))


def measure(text: str) -> Counted:
    """Count a text and find what X would make clickable in it."""
    text = _compose(text)
    then, now = _find_links(text, _THEN), _find_links(text, _NOW)
    links = _unite(now, then)
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


def _weigh(text: str, then: list[_Place], now: list[_Place]) -> int:
    emoji = _find_emoji(text)
    readings = (_changes(text, then, emoji), _changes(text, now, emoji))
    return _plain_weight(text) + _heavier(*readings)


def _changes(text: str, links: list[_Place], emoji: list[_Place]) -> list[_Change]:
    """Where this reading counts something other than the plain characters, and how much more."""
    changes: list[_Change] = []
    done = 0
    weights = [(place, LINK_WEIGHT) for place in links] + [(place, EMOJI_WEIGHT) for place in emoji]
    for (start, end), weight in sorted(weights, key=_place_first):
        if start >= done:
            changes.append((start, end, weight - _plain_weight(text[start:end])))
            done = end
    return changes


def _place_first(weighed: tuple[_Place, int]) -> int:
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


def _find_emoji(text: str) -> list[_Place]:
    places: list[_Place] = []
    done = 0
    while not text.isascii() and (found := _EMOJI_START.search(text, done)):
        start = found.start()
        done = start + next((n for n in _EMOJI_LENGTHS if text[start : start + n] in _EMOJI), 1)
        if done > start + 1 or text[start] in _LIGHT_EMOJI:
            places.append((start, done))
    return places


# --- Top-level names


def _decode(name: str) -> str:
    return (
        name.removeprefix("xn--").encode().decode("punycode") if name.startswith("xn--") else name
    )


def _read_names(*lists: str) -> frozenset[str]:
    return frozenset(_decode(name) for names in lists for name in names.split())


def _length_by_2003_rules(host: str) -> int | None:
    """How long a host is in ASCII, by the strict rules of IDNA 2003; None where they refuse it."""
    if len(host) > _LONGEST_LINK or (
        not host.isascii() and max(map(len, host.split("."))) > 4 * _LONGEST_LABEL
    ):
        return None
    try:
        return len(host.encode("idna"))
    except (UnicodeError, IndexError):
        return None


def _length_by_punycode(host: str) -> int | None:
    """How long a host is in ASCII where nothing but the length of its labels is looked at."""
    if _MISCODED_HOST.match(host):
        return None
    total = -1
    for label in host.split("."):
        parts = _IDEOGRAPHIC_STOP.split(label)
        if max(map(len, parts)) > _LONGEST_LABEL:
            return None
        length = len(parts) - 1 + sum(map(_punycode_length, parts))
        if not 0 < length <= _LONGEST_LABEL:
            return None
        total += length + 1
    return total


def _punycode_length(part: str) -> int:
    return len(part) if part.isascii() else len("xn--") + len(part.encode("punycode"))


@dataclass(frozen=True, slots=True)
class _Reading:
    """One of the two ways to read a text."""

    names: frozenset[str]
    not_after_name: frozenset[str]
    host_length: Callable[[str], int | None]
    guesses: bool  # whether an unknown top-level name is believed after http://

    def name_end(self, text: str, start: int) -> int:
        """Where the top-level name that starts here ends; 0 if none does."""
        latin = _LATIN_NAME.match(text, start)
        if latin and latin[0].lower() in self.names and self._may_end(text, latin.end()):
            return latin.end()
        if coded := _PUNYCODE_NAME.match(text, start):
            return coded.end()
        for length in (
            _OTHER_NAME_LENGTHS
            if not text[start : start + _OTHER_NAME_LENGTHS[0]].isascii()
            else ()
        ):
            end = start + length
            if text[start:end].lower() in self.names and self._may_end(text, end):
                return end
        return 0

    def _may_end(self, text: str, end: int) -> bool:
        return text[end : end + 1] not in self.not_after_name

    def guess_end(self, text: str, start: int) -> int:
        """The same, but anything that looks like a top-level name is taken for one."""
        plausible = _PLAUSIBLE_NAME.match(text, start)
        return self.name_end(text, start) or (plausible.end() if plausible else 0)


_THEN = _Reading(
    _read_names(counting_data.NAMES_KEPT, counting_data.NAMES_GONE),
    frozenset(_LETTERS_AND_DIGITS + "@+-"),
    _length_by_2003_rules,
    guesses=False,
)
_NOW = _Reading(
    _read_names(counting_data.NAMES_KEPT, counting_data.NAMES_NEW),
    frozenset(_LETTERS_AND_DIGITS + "@"),  # X's own libraries disagree on the other two
    _length_by_punycode,
    guesses=True,
)
_OTHER_NAME_LENGTHS = sorted(
    {len(name) for name in _THEN.names | _NOW.names if not name.isascii()}, reverse=True
)


# --- Links


class _Labels:
    """The dotted labels of one run of host characters, and which of them a host can end with."""

    def __init__(
        self, text: str, start: int, end: int, name_end: Callable[[str, int], int]
    ) -> None:
        self.starts, self.ends = [start], []
        while (dot := text.find(".", self.starts[-1], end)) >= 0:
            self.ends.append(dot)
            self.starts.append(dot + 1)
        self.ends.append(end)
        self.name_ends = [0, *(name_end(text, start) for start in self.starts[1:])]
        self.reaches = [0] * (len(self.ends) + 1)
        for label in range(len(self.ends) - 2, -1, -1):
            if self._is_whole(text, label):
                self.reaches[label] = self.furthest(text, label, self.starts[label])

    def _is_whole(self, text: str, label: int) -> bool:
        start, end = self.starts[label], self.ends[label]
        return start < end and text[start] not in "-_" and text[end - 1] not in "-_"

    def furthest(self, text: str, label: int, start: int) -> int:
        """The last label whose top-level name a host from here can end with; 0 if there is none."""
        after = label + 1
        if self.reaches[after] or not self.name_ends[after]:
            return self.reaches[after]
        return 0 if text.find("_", start, self.ends[label]) >= 0 else after

    def first_host(self, text: str, label: int, done: int) -> int | None:
        """Where in a label the first host starts that reaches a top-level name."""
        low, end = max(self.starts[label], done + 1 if done else 0), self.ends[label]
        if low >= end or text[end - 1] in "-_":
            return None
        if not self.reaches[label + 1]:
            if not self.name_ends[label + 1]:
                return None
            low = max(low, text.rfind("_", low, end) + 1)
        found = _HOST_START.search(text, low, end)
        return found.start() if found else None


def _find_links(text: str, reading: _Reading) -> list[_Place]:
    finder = _LinkFinder(text, reading)
    for run in _HOST.finditer(text) if "." in text else ():
        if run.end() > finder.done and "." in run[0]:
            finder.read_run(*run.span())
    return finder.places


class _LinkFinder:
    """Collects the links of a text, run by run; what a link has taken is never read again."""

    def __init__(self, text: str, reading: _Reading) -> None:
        self.text = text
        self.reading = reading
        self.places: list[_Place] = []
        self.done = 0

    def read_run(self, start: int, end: int) -> None:
        """Look at one run of host characters: first as a whole after http://, then bare."""
        labels = _Labels(self.text, start, end, self.reading.name_end)
        scheme = self._scheme_before(start)
        if scheme is not None:
            chosen = labels
            if self.reading.guesses and not labels.reaches[0]:
                chosen = _Labels(self.text, start, end, self.reading.guess_end)
            if chosen.reaches[0]:
                self._take_with_scheme(scheme, start, chosen.name_ends[chosen.reaches[0]])
        for label, label_end in enumerate(labels.ends[:-1]):
            if label_end > self.done:
                host = labels.first_host(self.text, label, self.done)
                if host is not None:
                    self._take_bare(labels, host, labels.furthest(self.text, label, host))

    def _scheme_before(self, host: int) -> int | None:
        """Where http:// or https:// starts before a host, if a link may start there."""
        text = self.text
        for scheme in ("https://", "http://"):
            start = host - len(scheme)
            if start >= 0 and text[start:host].lower() == scheme:
                may = start == 0 or (start > self.done and _MAY_PRECEDE.match(text, start - 1))
                return start if may else None
        return None

    def _take_with_scheme(self, start: int, host: int, name_end: int) -> None:
        end, _ = _tail_end(self.text, name_end)
        self.done = end
        if not self._is_sound(start, host, name_end, end):
            return
        if short := _SHORT_LINK.match(self.text, start, end):
            if len(short[1]) > _LONGEST_SHORT_LINK_PATH:
                return
            # X keeps a short link's query but nothing else that follows its path.
            end = end if self.text[short.end() : short.end() + 1] == "?" else short.end()
        self.places.append((start, end))

    def _take_bare(self, labels: _Labels, host: int, last: int) -> None:
        name_end = labels.name_ends[last]
        end, has_path = _tail_end(self.text, name_end)
        self.done = end
        if host and self.text[host - 1] in "-_./":
            return
        if not self._is_sound(host, host, name_end, end):
            return
        places = self._latin_hosts(labels, host, name_end)
        if places and has_path:
            # X measures the path from the last Latin host, even where another alphabet follows.
            first, latin_end = places[-1]
            places[-1] = (first, latin_end + end - name_end)
        self.places += places

    def _latin_hosts(self, labels: _Labels, start: int, end: int) -> list[_Place]:
        """A bare link is Latin; prose in another alphabet may adjoin it on both sides."""
        ends = dict(zip(labels.starts, labels.name_ends, strict=True))
        places = []
        for run in _LATIN_HOSTS.finditer(self.text, start, end):
            first = run.start() + run[0].startswith(".")
            dot = self.text.rfind(".", first, run.end())
            while dot >= 0 and not ends.get(dot + 1):
                dot = self.text.rfind(".", first, dot)
            if dot >= 0:
                places.append((first, ends[dot + 1]))
        return places

    def _is_sound(self, start: int, host: int, name_end: int, end: int) -> bool:
        length = self.reading.host_length(self.text[host:name_end])
        scheme = host - start or len("https://")
        whole = end - start - (name_end - host)
        return length is not None and scheme + whole + length <= _LONGEST_LINK


def _tail_end(text: str, start: int) -> tuple[int, bool]:
    """Where port, path and query end after a host, and whether there is a path."""
    port = _PORT.match(text, start)
    end = port.end() if port else start
    has_path = text.startswith("/", end)
    if has_path and (path := _PATH_RUN.match(text, end + 1)):
        end += 1 + len(path[0].rstrip(_PATH_NEVER_ENDS_IN))
    if query := _QUERY_RUN.match(text, end):
        kept = query[1].rstrip(_QUERY_NEVER_ENDS_IN)
        end += 1 + len(kept) if kept else 0
    return end, has_path


def _unite(now: list[_Place], then: list[_Place]) -> list[_Place]:
    """Today's links, and those of 2019 that overlap none of them."""
    starts = [start for start, _ in now]
    united = list(now)
    for start, end in then:
        place = bisect_right(starts, start)
        before = place == 0 or now[place - 1][1] <= start
        after = place == len(now) or now[place][0] >= end
        if before and after:
            united.append((start, end))
    return sorted(united)


# --- Mentions, hashtags, cashtags


def _find_mentions(text: str) -> list[_Place]:
    return [
        found.span()
        for found in _MENTION.finditer(text)
        if _may_mention_after(text, found.start()) and not _AFTER_MENTION.match(text, found.end())
    ]


def _may_mention_after(text: str, at: int) -> bool:
    if at == 0 or not _NOT_BEFORE_MENTION.match(text, at - 1):
        return True
    return _REPOST.search(text[:at] if at < 4 else text[at - 3 : at]) is not None


def _find_hashtags(text: str) -> list[_Place]:
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


def _outside(links: list[_Place], places: list[_Place]) -> list[_Place]:
    starts = [start for start, _ in links]
    kept = []
    for start, end in places:
        before = bisect_right(starts, start) - 1
        if before < 0 or links[before][1] <= start:
            kept.append((start, end))
    return kept


def _spans(text: str, places: list[_Place]) -> tuple[Span, ...]:
    return tuple(Span(start, end, text[start:end]) for start, end in places)
