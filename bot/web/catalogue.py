"""Keeps the words of the pages ready for translation: gathers them, and makes what the app reads.

    python -m bot.web.catalogue

Gathers what `_` and `plural` mark in this room, and the tables that pages speak from, so that no
other room has to know of translation. What is new in a language is left empty for a person; a test
fails while it is. It never guesses a translation from a similar text.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages import Catalog, pofile
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo

from bot.accounts import questions
from bot.reports import fleetstatus, words
from bot.reports.figures.groups import GROUPINGS
from bot.settings import Settings, names
from bot.web import deciding, figurewords, signinwords, wording
from bot.web.language import FOLDER, LANGUAGES

HERE = Path(__file__).parent
DOMAIN = "messages"
ENGLISH = "en"
METHODS = [
    ("**.py", "python"),
    ("templates/**.html", "jinja2"),
    ("templates/**.txt", "jinja2"),
]
MARKS = {"_": None, "plural": (1, 2)}
# Charts are told outside this room, by a tongue that pages hand in.
CHARTS = HERE.parent / "reports" / "charts"
TONGUE = {"say": None, "plural": (1, 2)}
WIDTH = 100
# Files say nothing of when they were made: the same words make the same files.
ALWAYS = datetime(2026, 11, 1, tzinfo=UTC)


def of_tables() -> Iterator[str]:
    """The words that pages take from tables."""
    tables: tuple[dict[str, str] | dict[str | None, str], ...] = (
        words.STATES,
        words.HOLDS,
        words.OUTCOMES,
        words.DECISIONS,
        words.APPROVALS,
        words.DOORS,
        words.EVIDENCE,
        words.STANDINGS,
        words.ALARMS,
        words.ALARM_STEPS,
        wording.FIELDS,
        signinwords.LABELS,
        signinwords.SUBJECTS,
    )
    for table in tables:
        yield from table.values()
    for pair in words.ROLES.values():
        yield from pair
    yield from (said for said, _kind in signinwords.MESSAGES.values())
    yield from (word for _endpoint, word, _may, _phone in wording.DOORS)
    yield from (verb.done for verb in deciding.VERBS.values() if verb.done)
    yield from GROUPINGS
    for listed in figurewords.TABLES:
        yield from listed
    yield from (*words.TIMES.values(), words.MANY_TIMES, questions.NOT_NO, questions.OF_EACH)
    yield from (fleetstatus.DOUBTS, fleetstatus.BEHIND)
    yield from (str(Settings.model_fields[name].description) for name in names().values())
    for question in questions.QUESTIONS:
        yield from (question.asks, question.because)


def gathered() -> Catalog:
    """Everything the pages may say, in English."""
    found = _empty(None)
    for file, _line, said, _comments, _context in extract_from_dir(HERE, METHODS, keywords=MARKS):
        found.add(said, locations=[(file, 0)])
    for file, _line, said, _comments, _context in extract_from_dir(
        CHARTS, METHODS[:1], keywords=TONGUE
    ):
        found.add(said, locations=[(file, 0)])
    for said in of_tables():
        found.add(said, locations=[("tables", 0)])
    return found


def _empty(language: str | None) -> Catalog:
    return Catalog(
        language,
        project="campaign-bot",
        version="1",
        msgid_bugs_address="",
        last_translator="",
        language_team="",
        header_comment=f"# Made by: python -m bot.web.catalogue ({language or 'the words alone'})",
        creation_date=ALWAYS,
        revision_date=ALWAYS,
        fuzzy=False,
    )


def path(language: str, ending: str = "po") -> Path:
    """Where a language's words stand: `po` for people, `mo` for the app."""
    return FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.{ending}"


def read(language: str) -> Catalog:
    """A language's words as they are stored; none where it is new."""
    if not path(language).exists():
        return _empty(language)
    with path(language).open("rb") as file:
        return pofile.read_po(file, locale=language)


def refreshed(language: str) -> Catalog:
    """A language with what is new left empty, and without what is said no more."""
    known, found = read(language), _empty(language)
    for message in gathered():
        if message.id:
            old = known.get(message.id)
            found.add(message.id, old.string if old else None, locations=message.locations)
    return found


def translated() -> list[str]:
    """The languages beside the one the code is written in."""
    return [language for language in LANGUAGES if language != ENGLISH]


def refresh() -> None:
    """Write every file anew."""
    FOLDER.mkdir(exist_ok=True)
    _write(gathered(), FOLDER / f"{DOMAIN}.pot")
    for language in translated():
        found = refreshed(language)
        _write(found, path(language))
        with path(language, "mo").open("wb") as file:
            write_mo(file, found)


def _write(found: Catalog, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.open("wb") as file:
        pofile.write_po(file, found, width=WIDTH, sort_output=True, include_lineno=False)


if __name__ == "__main__":
    refresh()
