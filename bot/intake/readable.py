"""Makes a publisher's words readable as plain text: no hidden signs, no capitals for decoration.

Pure. Words set in capitals take the form the article itself gives them; without one, known names
and abbreviations stay and the rest becomes small. Nothing is added and no word is exchanged.
"""

import html
import re
import unicodedata
from collections import Counter

from bot.intake.folding import EMPTY_WORDS, folded
from bot.intake.names import ACRONYMS, LONG_NAMES, NAMES

# Soft hyphens, joiners, marks of direction and of order: a reader never sees them.
UNSEEN = re.compile("[\u00ad\u034f\u061c\u115f\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]")
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
CUT_SHORT = re.compile(r"\s*(?:\[\s*(?:…|\.{3}|&hellip;)\s*\]|\(\s*(?:…|\.{3})\s*\)|…|\.{3})\s*$")
SMALL_CAPITALS = str.maketrans("ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡʏᴢ", "abcdefghijklmnopqrstuvwyz")
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
SENTENCE_START = re.compile(r"(?:^|(?<!\bEE)(?<!\bUU)[.!?:]\s+|[“\"'‘«¿¡(]\s*)$")
DOUBLED = re.compile(r"([A-Z])\1")  # plural abbreviations: EE. UU., FF. AA.
LONG_NAME_FORMS = {name.lower(): name for name in LONG_NAMES}
LONG_NAME = re.compile(rf"\b(?:{'|'.join(LONG_NAMES)})\b", re.IGNORECASE)
# Two words in capitals in a row: no evidence of how either is written.
SHOUTED_RUN = re.compile(r"\b[A-ZÁÉÍÓÚÂÊÔÃÕÇÑÜ]{2,}(?:\W+[A-ZÁÉÍÓÚÂÊÔÃÕÇÑÜ]{2,}\b)+")
MIN_LETTERS_OF_A_SHOUT = 8
MAX_OPENING_WORDS = 8
ROMAN = re.compile(r"[IVX]{2,5}")


def cleaned(text: str) -> str:
    """One line of what a reader sees: entities resolved, hidden signs out, small capitals plain."""
    for _ in range(2):  # what a site escapes twice is common
        text = html.unescape(text)
    text = UNSEEN.sub("", CONTROL.sub(" ", text)).translate(SMALL_CAPITALS)
    return " ".join(unicodedata.normalize("NFC", text).split())


def without_cut(text: str) -> tuple[str, bool]:
    """The text without the dots that say it was cut short, and whether it had any."""
    whole = CUT_SHORT.sub("", text)
    return whole, whole != text


def readable(text: str, known: str = "") -> str:
    """The text with shouted words, all of them or its opening ones, in ordinary letters."""
    if is_shouted(text):
        return _lowered(text, len(text), known)
    return _lowered(text, opening_length(text), known)


def is_shouted(text: str) -> bool:
    """Whether nearly all of it is in capitals."""
    letters = [sign for sign in text if sign.isalpha()]
    capitals = sum(sign.isupper() for sign in letters)
    small = sum(sign.islower() for sign in letters)
    return len(letters) >= MIN_LETTERS_OF_A_SHOUT and small <= 0.1 * capitals


def opening_length(text: str) -> int:
    """How many signs at the beginning are shouted words, as newspapers open articles; often 0."""
    end, shouted, ordinary = 0, 0, False
    for n, word in enumerate(WORD.finditer(text)):
        bare = re.sub(r"['’].*", "", word[0])
        if n >= MAX_OPENING_WORDS or not bare.isupper():
            break
        end, shouted = word.end(), shouted + 1
        ordinary |= is_ordinary(bare)
    return end if shouted and ordinary else 0


def is_ordinary(word: str) -> bool:
    """Whether a word in capitals is one that is usually not written so."""
    plain = folded(word)
    if _stays(word):
        return False
    return len(word) >= 6 or plain in EMPTY_WORDS or plain in SHORT_WORDS


def _stays(word: str) -> bool:
    return word in ACRONYMS or bool(
        ROMAN.fullmatch(word) or DOUBLED.fullmatch(word) or any(sign.isdigit() for sign in word)
    )


# Short words that open sentences; a lone capital of three to five letters is an abbreviation else.
SHORT_WORDS = frozenset(
    """
    the it is in on at an as if we he she they you his her our all for and but not one two who how
    why now new when what el la los las en del al con por su sus se lo le les mas muy os da do das
    dos na no nas nos um uma que como
    """.split()
)


def _lowered(text: str, length: int, known: str) -> str:
    if not length:
        return text
    forms = _forms(known)
    pieces: list[str] = []
    position = 0
    for word in WORD.finditer(text, 0, length):
        pieces.append(text[position : word.start()])
        pieces.append(
            _form(word[0], forms, starts=bool(SENTENCE_START.search(text[: word.start()])))
        )
        position = word.end()
    return LONG_NAME.sub(_long_name, "".join(pieces)) + text[position:]


def _long_name(found: re.Match[str]) -> str:
    return LONG_NAME_FORMS[found[0].lower()]


def _form(word: str, forms: dict[str, str], *, starts: bool) -> str:
    if not word.isupper() or (len(word) == 1 and not starts and folded(word) not in "aeoyu"):
        return word
    stem, mark, rest = _parted(word)
    plain = stem.lower()
    written = stem if _stays(stem) else forms.get(plain) or NAMES.get(plain) or plain
    if starts and written.islower():
        written = written[:1].upper() + written[1:]
    return f"{written}{mark}{rest.lower()}"


def _parted(word: str) -> tuple[str, str, str]:
    """`PERU` and `’s` of PERU’S."""
    found = re.search(r"['’]", word)
    if found is None:
        return word, "", ""
    return word[: found.start()], found[0], word[found.end() :]


def _forms(known: str) -> dict[str, str]:
    """How the article writes its words inside sentences, by their small letters."""
    counted: dict[str, Counter[str]] = {}
    plain_text = SHOUTED_RUN.sub(" ", known)
    for word in WORD.finditer(plain_text):
        before = plain_text[max(0, word.start() - 3) : word.start()]
        if len(word[0]) < 2 or SENTENCE_START.search(before) or not before:
            continue
        stem = _parted(word[0])[0]
        if stem.isupper() and is_ordinary(stem):
            continue  # another shout is no evidence
        counted.setdefault(stem.lower(), Counter())[stem] += 1
    return {plain: forms.most_common(1)[0][0] for plain, forms in counted.items()}
