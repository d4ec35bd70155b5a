"""Chooses the sentence of an article that a post quotes, word for word.

Pure and without chance: the same text gives the same choice. A sentence is taken whole or not at
all; what only makes sense after another sentence, repeats the title or belongs to the page is not
taken. Where nothing is good enough nothing is quoted.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.intake.folding import shared, stems, words_of
from bot.intake.furniture import is_furniture
from bot.intake.readable import opening_length
from bot.intake.sentences import sentences

MIN_LETTERS, BEST_LETTERS, MAX_LETTERS = 50, (80, 190), 320
MIN_WORDS = 8
MAX_PARAGRAPHS = 60
# A sentence that says so much of the title or standfirst, and so little else, says nothing new.
REPEATS, ADDS_LITTLE = 0.65, 0.5
# `TEGUCIGALPA, Honduras, Dec. 3 (AP) — ` before a sentence.
DATELINE = re.compile(
    r"^(?=[A-ZÁÉÍÓÚÂÊÔÃÕÇÑÜ])(?:[A-ZÁÉÍÓÚÂÊÔÃÕÇÑÜ\d][^\s,.—–]*[\s,.]+){1,7}?(?:\([^)]{2,40}\)\s*)?"
    r"(?:—|–|--?)\s+(?=[\"'“‘«¿¡]?[A-ZÁÉÍÓÚÂÊÔÃÕÇÑÜ\d])|^\([^)]{2,30}\)\s*(?:—|–|--?)\s+"
)
ADDRESS = re.compile(r"[@#]\w|://|\bwww\.|\b[\w-]+\.[a-z]{2,}\b", re.IGNORECASE)
UNPRINTED = re.compile(r"[\[\]{}<>|\\^~_*=©®™]")
CITED = re.compile(r"\[\d{1,3}\]|\d\s*$")
# Folded words that point back at a sentence the reader has not seen.
POINTS_BACK = frozenset(
    """
    he she it they we i you this that these those his her its their our such both there here but
    and so yet nor however moreover furthermore also meanwhile instead then thus therefore still
    another others likewise similarly additionally nevertheless because which who otherwise indeed
    el ella ello ellos ellas esto esta este estos estas eso esa ese esos esas aquello su sus pero y
    sin embargo ademas tambien asimismo entonces luego asi alli ahi aqui por tanto mientras ambos
    nosotros yo usted otro otra otros otras dicho dicha
    ele ela eles elas isso isto esse essa esses essas aquilo seu sua seus suas mas e porem ainda
    alem tambem entao assim ali la aqui portanto enquanto ambos nos eu voce outro outra
    """.split()
) - {"el", "la"}  # the Spanish articles
# Folded words near its beginning that make a sentence lean on the one before.
LEANS = frozenset(
    """
    he she they him her them his hers their also then since however therefore thus this these
    tambien ademas embargo dicho dicha ello ellos ellas entonces
    ele ela eles elas tambem alem entanto porem portanto entao
    """.split()
)
ASKS_OR_CALLS = re.compile(
    r"^(?:click|read|sign|join|share|donate|subscribe|watch|listen|follow|support|help|see|note"
    r"|lee|lea|firma|comparte|dona|mira|escucha|apoya|leia|assine|compartilhe|doe|veja|apoie)\b"
)
OPENING_MARKS = '“«„"‘'
DOUBLE_MARKS = re.compile('[“”„«»"]')
PAIRS = (("“", "”"), ("«", "»"), ("(", ")"))


@dataclass(frozen=True, slots=True)
class Quotation:
    """One sentence as the article has it, and why it was chosen, for the person who approves."""

    sentence: str
    why: str

    @property
    def marked(self) -> str:
        """In quotation marks, with those inside it made single."""
        return f"“{single_marks(self.sentence)}”"


def quotations(text: str, title: str, standfirst: str) -> tuple[Quotation, ...]:
    """The sentences good enough to quote, best first."""
    about = stems(title)
    scored = []
    considered = 0
    for place, sentence in _candidates(text):
        considered += 1
        if not is_quotable(sentence) or _repeats(sentence, title, standfirst):
            continue
        common = about & stems(sentence)
        if about and not common:
            continue
        scored.append((-_score(sentence, place, about), place, sentence, common))
    scored.sort(key=lambda one: one[:2])
    return tuple(
        Quotation(sentence, _why(place, common, considered))
        for _, place, sentence, common in scored
    )


def _candidates(text: str) -> Iterator[tuple[int, str]]:
    """Every sentence with the number of its paragraph, from 0."""
    for place, paragraph in enumerate(text.split("\n")[:MAX_PARAGRAPHS]):
        if is_furniture(paragraph):
            continue
        for sentence in sentences(DATELINE.sub("", paragraph, count=1)):
            yield place, sentence


def is_quotable(sentence: str) -> bool:
    """Whether it is a whole statement that can stand alone."""
    words = words_of(sentence)
    if not MIN_LETTERS <= len(sentence) <= MAX_LETTERS or len(words) < MIN_WORDS:
        return False
    bare = sentence.strip("\"'“”‘’«»")
    if not bare[:1].isupper() or not bare.rstrip("\"'“”‘’«»)").endswith((".", "!")):
        return False
    if bare.endswith(("...", "…")) or "?" in sentence or "¿" in sentence:
        return False
    if ADDRESS.search(sentence) or UNPRINTED.search(sentence) or CITED.search(sentence):
        return False
    is_spoken = sentence[0] in OPENING_MARKS  # what somebody says may begin with anything
    stands_alone = is_spoken or words[0] not in POINTS_BACK
    is_whole = stands_alone and not ASKS_OR_CALLS.match(words[0])
    return (
        is_whole
        and is_balanced(sentence)
        and not opening_length(bare)
        and not is_furniture(sentence)
    )


def is_balanced(sentence: str) -> bool:
    """Whether every mark that opens is closed, in order."""
    if sentence.count('"') % 2:
        return False
    for opens, closes in PAIRS:
        depth = 0
        for sign in sentence:
            depth += (sign == opens) - (sign == closes)
            if depth < 0:
                return False
        if depth:
            return False
    return True


def _repeats(sentence: str, title: str, standfirst: str) -> bool:
    said = stems(sentence)
    return any(
        shared(other, said) >= REPEATS and shared(said, other) >= ADDS_LITTLE
        for other in (stems(title), *(stems(one) for one in sentences(standfirst)))
    )


def _score(sentence: str, place: int, about: set[str]) -> float:
    low, high = BEST_LETTERS
    length = len(sentence)
    fits = (
        1.0
        if low <= length <= high
        else 0.6
        if length < low
        else max(0.2, 1 - (length - high) / 150)
    )
    subject = min(len(about & stems(sentence)), 4) / 4 if about else 0.5
    early = 1 / (1 + place / 6)
    names = len(re.findall(r"(?<=[^\W\d_]\s)[A-ZÁÉÍÓÚ]\w{2,}", sentence))
    figures = bool(re.search(r"\d", sentence))
    spoken = bool(DOUBLE_MARKS.search(sentence))
    leans = sentence[0] not in OPENING_MARKS and any(
        word in LEANS for word in words_of(sentence)[:8]
    )
    said = 0.25 * min(names, 3) / 3 + 0.1 * figures + 0.2 * spoken - 0.5 * leans
    return round(1.2 * subject + 0.8 * fits + 0.6 * early + said, 6)


def _why(place: int, common: Iterable[str], considered: int) -> str:
    first = {0: "first", 1: "second", 2: "third"}.get(place, f"{place + 1}th")
    from_where = f"from the {first} paragraph, out of {considered} sentences"
    many = len(set(common))
    return f"{from_where}; it shares {many} word{'' if many == 1 else 's'} with the title"


def single_marks(sentence: str) -> str:
    """Double quotation marks made single, opening or closing by where they stand."""
    return DOUBLE_MARKS.sub(lambda found: _single(sentence, found.start()), sentence)


def _single(sentence: str, at: int) -> str:
    mark = sentence[at]
    if mark in "“«„":
        return "‘"
    if mark in "”»":
        return "’"
    before = sentence[at - 1 : at]
    return "‘" if not before or before.isspace() or before in "(—–-¿¡" else "’"
