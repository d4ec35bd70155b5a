"""Finds the links in a text, as one Reading sees them: with or without http://, and how far.

A link ends before trailing punctuation, and what a link has taken is never read again. What stands
in an e-mail address or after a sign, has no known top-level name or is longer than X allows is
refused. The text must be in its NFC form; time grows with its length and no faster.
"""

import re
from bisect import bisect_right

from bot.platforms.x.hosts import ACCENTED, BEFORE_LINK, LONGEST_LINK, Labels, Reading, host_runs

Place = tuple[int, int]

_LONGEST_SHORT_LINK_PATH = 40

_PATH = rf"a-z0-9\u0400-\u04ff{ACCENTED}!*';:=+,.$/%#\[\]\-\u2013_~@|&"
_QUERY = r"A-Za-z0-9!?*'@();:&=+$/%#\[\]\-_.,~|"

_MAY_PRECEDE = re.compile(BEFORE_LINK)
_LATIN_HOSTS = re.compile(rf"[-.a-z0-9{ACCENTED}]+", re.IGNORECASE)
_PORT = re.compile(r":[0-9]+")
# Read in turn by a loop: Python before 3.11.5 gets possessive repeats of groups wrong.
_PATH_SIGNS = re.compile(rf"[{_PATH}]*", re.IGNORECASE)
_BALANCED = re.compile(rf"\([{_PATH}]+\)|\([{_PATH}]*\([{_PATH}]+\)[{_PATH}]*\)", re.IGNORECASE)
_QUERY_RUN = re.compile(rf"\?([{_QUERY}]*)")
_PATH_NEVER_ENDS_IN = "!*';:,.$%[]\u2013~@|&"
_QUERY_NEVER_ENDS_IN = "!?*'@();:+$%[].,~|"
_SHORT_LINK = re.compile(r"https?://t\.co/([0-9a-z]+)", re.IGNORECASE | re.ASCII)


def find_links(text: str, then: Reading, now: Reading) -> tuple[list[Place], list[Place]]:
    """Where the links of a text are, in order, as each of two Readings sees them."""
    runs = host_runs(text)
    if not runs:
        return [], []
    old, new = _LinkFinder(text, then), _LinkFinder(text, now)
    for start, end in runs:
        labels = Labels(text, start, end, now.name_end)
        if old.done == new.done and _reads_alike(text, labels, then):
            old.places += new.read_run(labels)
            old.done = new.done
        else:
            new.read_run(labels)
            old.read_run(Labels(text, start, end, then.name_end))
    return old.places, new.places


def _reads_alike(text: str, labels: Labels, then: Reading) -> bool:
    """Whether the readings agree on a run, as they do on nearly all; then one is read for both."""
    start, end = labels.starts[0], labels.ends[-1]
    is_guess = not labels.reaches[0] and text.startswith("//", start - 2)
    if is_guess or not text[start:end].isascii():
        return False
    return labels.name_ends[1:] == [then.name_end(text, at) for at in labels.starts[1:]]


class _LinkFinder:
    """Collects the links of a text, run by run; what a link has taken is never read again."""

    def __init__(self, text: str, reading: Reading) -> None:
        self.text = text
        self.reading = reading
        self.places: list[Place] = []
        self.done = 0

    def read_run(self, labels: Labels) -> list[Place]:
        """The links in one run of host characters: first as a whole after http://, then bare."""
        known = len(self.places)
        start, end = labels.starts[0], labels.ends[-1]
        if end <= self.done:
            return []
        scheme = self._scheme_before(start)
        if scheme is not None:
            chosen = labels
            if self.reading.guesses and not labels.reaches[0]:
                chosen = Labels(self.text, start, end, self.reading.guess_end)
            if chosen.reaches[0]:
                self._take_with_scheme(scheme, start, chosen.name_ends[chosen.reaches[0]])
        for label, label_end in enumerate(labels.ends[:-1]):
            if label_end > self.done:
                host = labels.first_host(self.text, label, self.done)
                if host is not None:
                    self._take_bare(labels, host, labels.furthest(self.text, label, host))
        return self.places[known:]

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
        is_short = name_end - host == len("t.co")
        if is_short and (short := _SHORT_LINK.match(self.text, start, end)):
            if len(short[1]) > _LONGEST_SHORT_LINK_PATH:
                return
            # X keeps a short link's query but nothing else that follows its path.
            end = end if self.text[short.end() : short.end() + 1] == "?" else short.end()
        self.places.append((start, end))

    def _take_bare(self, labels: Labels, host: int, last: int) -> None:
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

    def _latin_hosts(self, labels: Labels, start: int, end: int) -> list[Place]:
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
        return length is not None and scheme + whole + length <= LONGEST_LINK


def _tail_end(text: str, start: int) -> tuple[int, bool]:
    """Where port, path and query end after a host, and whether there is a path."""
    port = _PORT.match(text, start) if text.startswith(":", start) else None
    end = port.end() if port else start
    has_path = text.startswith("/", end)
    if has_path:
        path = text[end + 1 : _path_end(text, end + 1)]
        end += 1 + len(path.rstrip(_PATH_NEVER_ENDS_IN))
    if text.startswith("?", end) and (query := _QUERY_RUN.match(text, end)):
        kept = query[1].rstrip(_QUERY_NEVER_ENDS_IN)
        end += 1 + len(kept) if kept else 0
    return end, has_path


def _path_end(text: str, start: int) -> int:
    """Where a path ends: signs, and brackets that close, one level deep inside another."""
    end = _after(_PATH_SIGNS, text, start)
    while text.startswith("(", end) and (balanced := _BALANCED.match(text, end)):
        end = _after(_PATH_SIGNS, text, balanced.end())
    return end


def _after(pattern: re.Pattern[str], text: str, start: int) -> int:
    found = pattern.match(text, start)
    return found.end() if found else start


def unite(now: list[Place], then: list[Place]) -> list[Place]:
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
