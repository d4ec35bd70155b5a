"""Splits running text into sentences, in English, Spanish and Portuguese.

A full stop after an abbreviation, an initial or inside a figure ends nothing. Where a stop may be
either, the text is left whole: half a sentence must never be quoted.
"""

import re

from bot.intake.folding import folded

CLOSERS = "\"'”’»)]"
OPENERS = "\"'“‘«([¿¡—–-"
END = re.compile(rf"[.!?…]+[{re.escape(CLOSERS)}]*(?=\s)")
LAST_WORD = re.compile(r"[^\s\"'“”‘’«»()\[\]]+$")
INITIALS = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]?", re.UNICODE)

# With the stop they carry left off; folded.
ABBREVIATIONS = frozenset(
    """
    mr mrs ms dr prof rev hon gov gen col lt capt sgt maj cmdr adm sen rep pres supt insp st mt ft
    jr sr inc ltd co corp bros dept univ assn est fig vol ed eds vs etc approx al cf viz
    jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur fri sat sun
    sra srta sres dra lic ing arq mtro mtra gral cnel tte cap alm exmo exma ilmo mons pbro
    ud uds vd vds av avda ctra dpto depto prov pag pags art arts inc cia ee uu ej aprox tel telf
    sto sta dom prof profa eng adv des min dep ver gov pref sec gal cel maj pe fr
    """.split()
)
# Only before a figure: `No. 5`, `art. 12`, `p. 3`. Elsewhere "No." is a sentence.
BEFORE_FIGURES = frozenset({"no", "nos", "num", "nr", "nro", "art", "arts", "p", "pp", "pag", "n"})
# Words that begin a sentence even after `U.S.` or `EE. UU.`
STARTERS = frozenset(
    """
    the a an it he she they we but and in on at this that these those there when while after before
    el la los las un una en pero y esta este estos ella ellos cuando mientras tras desde segun
    o os as um uma em no na mas e ele ela eles quando depois segundo
    """.split()
)


def sentences(paragraph: str) -> list[str]:
    """The sentences of one paragraph, in order; what has no end of its own is the last."""
    found: list[str] = []
    start = 0
    for end in END.finditer(paragraph):
        if _ends_sentence(paragraph, end):
            found.append(paragraph[start : end.end()].strip())
            start = end.end()
    rest = paragraph[start:].strip()
    return [*found, rest] if rest else found


def _ends_sentence(text: str, end: re.Match[str]) -> bool:
    following = text[end.end() :].lstrip()
    if not _begins_sentence(following):
        return False
    marks = end[0].rstrip(CLOSERS)
    if marks != ".":
        return True
    word = LAST_WORD.search(text[: end.start()])
    return word is None or not _is_short_for(word[0], following, closed=end[0] != marks)


def _begins_sentence(following: str) -> bool:
    first = following.lstrip(OPENERS + " ")[:1]
    return bool(first) and (first.isupper() or first.isdigit() or not first.isalpha())


def _is_short_for(word: str, following: str, *, closed: bool) -> bool:
    """Whether the stop belongs to the word and not to the sentence."""
    plain = folded(word).strip("¿¡—–-")
    if plain in BEFORE_FIGURES and following[:1].isdigit():
        return True
    is_initials = INITIALS.fullmatch(word) is not None or (len(word) == 1 and word.isalpha())
    if not is_initials and plain not in ABBREVIATIONS:
        return False
    next_word = re.match(r"[^\W\d_]+", following.lstrip(OPENERS))
    is_start = next_word is not None and folded(next_word[0]) in STARTERS
    # A single initial is a name's: `J. The` is nobody, but `U.S. The` is two sentences.
    return not (closed or (is_start and (len(plain) > 1 or word.isdigit())))
