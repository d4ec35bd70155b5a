"""Knows which names can be the host of a link, by the lists of 2019 and by today's.

A Reading holds one list of top-level names and the rules that go with it; Labels says where in a
run of host characters a host starts and with which top-level name it ends. A host whose ASCII form
is too long or malformed has no length. What surrounds a host is left to links.py.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from bot.platforms.x import counting_data

LONGEST_LINK = 4096
_LONGEST_LABEL = 63

# Sets of characters, as the inside of a regular expression's brackets.
SPACES = r"\t-\r \x85\xa0\u1680\u180e\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
DIRECTIONS = r"\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_INVALID = r"\ufffe\ufeff\uffff"
_NEVER_IN_HOST = r"!#%&'()*+,\\/:;<=>?@\[\]^{|}~$"
PUNCTUATION = rf"{_NEVER_IN_HOST}\-._"
ACCENTED = (
    r"\xc0-\xd6\xd8-\xf6\xf8-\u024f\u0253\u0254\u0256\u0257\u0259\u025b\u0263\u0268\u026f\u0272"
    r"\u0289\u028b\u02bb\u0300-\u036f\u1e00-\u1eff"
)

_HOST_CHARACTER = rf"[^{PUNCTUATION}{SPACES}{_INVALID}{DIRECTIONS}]"
BEFORE_LINK = rf"[^A-Za-z0-9@＠$#＃{_INVALID}]"
_RUN = rf"[^{_NEVER_IN_HOST}{SPACES}{_INVALID}{DIRECTIONS}]+"
_HOST_RUN = re.compile(_RUN)
_FROM_INNER_DOT = re.compile(rf"\.(?={_HOST_CHARACTER}){_RUN}")
# At the very start of a text, X prefers a host that has a character before it.
_HOST_START = re.compile(
    rf"(?:(?<={BEFORE_LINK})|\A(?!{BEFORE_LINK}{_HOST_CHARACTER})){_HOST_CHARACTER}"
)

_LATIN_NAME = re.compile(r"[0-9A-Za-z]+")
_PUNYCODE_NAME = re.compile(r"xn--[-0-9a-z]+", re.IGNORECASE | re.ASCII)
_PLAUSIBLE_NAME = re.compile(r"[^\W\d_]{2,63}+(?![0-9A-Za-z@])")
_LETTERS_AND_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MISCODED_HOST = re.compile(r"xn--[^.]*[^.\0-\x7f]\.[^.]*\Z", re.IGNORECASE | re.ASCII)
_IDEOGRAPHIC_STOP = re.compile("[\u3002\uff0e\uff61]")


# --- Top-level names


def _decode(name: str) -> str:
    return (
        name.removeprefix("xn--").encode().decode("punycode") if name.startswith("xn--") else name
    )


def _read_names(*lists: str) -> frozenset[str]:
    return frozenset(_decode(name) for names in lists for name in names.split())


def _length_in_ascii(host: str) -> int | None:
    if len(host) <= _LONGEST_LABEL and ".." not in host:
        return len(host)
    return len(host) if all(0 < len(label) <= _LONGEST_LABEL for label in host.split(".")) else None


def _length_by_2003_rules(host: str) -> int | None:
    """How long a host is in ASCII, by the strict rules of IDNA 2003; None where they refuse it."""
    if host.isascii():
        return _length_in_ascii(host)
    if len(host) > LONGEST_LINK or max(map(len, host.split("."))) > 4 * _LONGEST_LABEL:
        return None
    try:
        return len(host.encode("idna"))
    except (UnicodeError, IndexError):
        return None


def _length_by_punycode(host: str) -> int | None:
    """How long a host is in ASCII where nothing but the length of its labels is looked at."""
    if host.isascii():
        return _length_in_ascii(host)
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
class Reading:
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
        if text[start : start + 1] in {"x", "X"} and (coded := _PUNYCODE_NAME.match(text, start)):
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


THEN = Reading(
    _read_names(counting_data.NAMES_KEPT, counting_data.NAMES_GONE),
    frozenset(_LETTERS_AND_DIGITS + "@+-"),
    _length_by_2003_rules,
    guesses=False,
)
NOW = Reading(
    _read_names(counting_data.NAMES_KEPT, counting_data.NAMES_NEW),
    frozenset(_LETTERS_AND_DIGITS + "@"),  # X's own libraries disagree on the other two
    _length_by_punycode,
    guesses=True,
)
_OTHER_NAME_LENGTHS = sorted(
    {len(name) for name in THEN.names | NOW.names if not name.isascii()}, reverse=True
)


# --- Runs and labels


def host_runs(text: str) -> list[tuple[int, int]]:
    """Where the runs of host characters are that have a dot with more behind it."""
    runs: list[tuple[int, int]] = []
    done = 0
    for rest in _FROM_INNER_DOT.finditer(text) if "." in text else ():
        dot, end = rest.span()
        low = max(done, text.rfind(" ", done, dot))
        start = dot
        for before in _HOST_RUN.finditer(text, low, dot):
            start = before.start() if before.end() == dot else dot
        runs.append((start, end))
        done = end
    return runs


class Labels:
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
