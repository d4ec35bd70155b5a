"""Words as a reader compares them: case, accents and compatibility forms folded.

Pure. Rules of feeds, the choice of a quotation and the topics of an article all compare by these.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

WORD = re.compile(r"[^\W_]+")
STEM_LETTERS = 6
MIN_STEM = 4

# Words that say nothing of a subject, in English, Spanish and Portuguese, without accents.
EMPTY_WORDS = frozenset(
    """
    about above after again against also amid among another around because been before being below
    between both could does doing down during each from further have having here hers herself
    himself into itself just like made make many might more most much must near next none only
    other ours over said says same should since some still such than that their theirs them then
    there these they this those through today under until upon very want were what when where which
    while whom whose will with within without would year years your yours
    ademas ahora algo ante antes aquel aquella aqui aunque bajo cada como contra cual cuando desde
    despues dice dijo donde durante ella ellas ellos entonces entre eran eres esos esta estaba
    estado estan estar estas este esto estos fueron hace hacer hacia hasta haya incluso luego
    mas mediante mientras misma mismo mucha mucho muchos nada nosotros nuestra nuestro nueva nuevo
    otra otras otro otros para pero poco porque pues puede pueden quien quienes segun sera sido
    siempre sino sobre solo somos tambien tanto tener tiene tienen toda todas todo todos tras unas
    unos usted vamos
    agora ainda alem apenas apos assim cada com como contra desde deve disse dois duas durante
    elas eles entao entre essa essas esse esses esta estao estava isso isto mais mas mesma mesmo
    muita muito muitos nao nossa nosso outra outras outro outros para pela pelas pelo pelos porque
    quando quem sao segundo seja sem sera seus sobre sua suas tambem tem tinha toda todas todo
    todos uma umas voce
    """.split()
)


@lru_cache(maxsize=4096)
def folded(text: str) -> str:
    """Without accents and case: `hondureno` for `Hondureño`."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in apart if not unicodedata.combining(sign)).casefold()


def words_of(text: str) -> list[str]:
    """The folded words of a text, in order."""
    return WORD.findall(folded(text))


def in_a_row(text: str) -> str:
    """The folded words with one space around each, so that phrases can be looked up whole."""
    return f" {' '.join(words_of(text))} "


def has_phrase(row: str, phrase: str) -> bool:
    """Whether the words stand in `in_a_row` text, whole; `hondur*` stands for all that begin so."""
    return count_phrase(row, phrase) > 0


def count_phrase(row: str, phrase: str) -> int:
    """How often they do."""
    return len(_pattern(phrase).findall(row))


@lru_cache(maxsize=2048)
def _pattern(phrase: str) -> re.Pattern[str]:
    words = words_of(phrase)
    ending = r"\w*" if phrase.rstrip().endswith("*") else ""
    return re.compile(rf" {re.escape(' '.join(words))}{ending}(?= )" if words else r"(?!)")


def stems(text: str) -> set[str]:
    """The beginnings of the words that carry a subject; figures count whole."""
    return set(stem_list(text))


def stem_list(text: str) -> list[str]:
    """The same in the order of the text, with repeats."""
    return [word[:STEM_LETTERS] for word in words_of(text) if _carries_subject(word)]


def _carries_subject(word: str) -> bool:
    return (len(word) >= MIN_STEM or word.isdigit()) and word not in EMPTY_WORDS


def shared(stems_of_one: Iterable[str], stems_of_other: set[str]) -> float:
    """The share of the first that the second has, 0 to 1; 0 for nothing."""
    one = set(stems_of_one)
    return len(one & stems_of_other) / len(one) if one else 0.0
