"""The words of the pages in every language: all there, none guessed, and none left unmarked."""

import re
import string
from pathlib import Path

import pytest
from babel.messages import Catalog, pofile
from babel.messages.mofile import read_mo
from flask_security.core import _default_messages
from jinja2 import Environment, nodes

from bot.accounts import questions
from bot.reports import words
from bot.web import catalogue, signinwords

from . import templates

PLACES = re.compile(r"%(?:\((\w+)\))?[sd]")
SCRIPTS = Path(catalogue.HERE / "static")
# Values of the code's own that read like words: they are compared, or name a link's kind.
NOT_SPOKEN = {"noopener noreferrer", "in doubt", "alt text", "needs you"}
# The width of a page, and a post's name before its number.
NO_WORDS = {"wide", "P~", "to: [~]"}
# Flask-Security's messages for what this app does not have: registering, confirming, codes by mail
# or phone, signing in without a password, other addresses or user names, lists of breached ones.
NOT_HERE = re.compile(
    r"(CHANGE_EMAIL|CONFIRM|EMAIL_(CONFIRMED|ALREADY)|ALREADY_CONFIRMED|INVALID_CONFIRM|IDENTITY"
    r"|OAUTH|LOGIN_|INVALID_LOGIN|PASSWORDLESS|PHONE|US_|USE_CODE|USERNAME|REFRESH_TOKEN"
    r"|PASSWORD_BREACHED|CODE_HAS|FAILED_TO_SEND|GENERIC_US|INVALID_PASSWORD_CODE)"
)


def _pairs(language: str) -> list[tuple[str, str]]:
    """Each text with its translation, every plural form for itself."""
    return _pairs_of(catalogue.read(language))


def _pairs_of(stored: Catalog) -> list[tuple[str, str]]:
    found = []
    for message in stored:
        if not message.id:
            continue
        if isinstance(message.id, str):
            found.append((message.id, message.string))
        else:
            found += [(message.id[-1], said) for said in message.string]
    return found


@pytest.mark.parametrize("language", catalogue.translated())
def test_every_word_of_the_pages_is_in_the_catalogue_and_no_other(language: str) -> None:
    """What is marked in the code, and what tables say, is what the file holds."""
    stored = {message.id for message in catalogue.read(language) if message.id}

    assert {message.id for message in catalogue.gathered() if message.id} == stored


@pytest.mark.parametrize("language", catalogue.translated())
def test_every_text_has_a_translation_that_a_person_chose(language: str) -> None:
    """None is empty and none is a guess."""
    empty = [said for said, translation in _pairs(language) if not translation.strip()]
    guessed = [message.id for message in catalogue.read(language) if message.fuzzy and message.id]

    assert (empty, guessed) == ([], [])


@pytest.mark.parametrize("language", catalogue.translated())
def test_a_translation_takes_what_its_text_takes(language: str) -> None:
    """A name, time or number is neither lost nor asked for under another name."""
    wrong = [
        said
        for said, translation in _pairs(language)
        if sorted(PLACES.findall(said)) != sorted(PLACES.findall(translation))
    ]

    assert wrong == []


@pytest.mark.parametrize("language", catalogue.translated())
def test_a_translation_begins_and_ends_as_its_text_does(language: str) -> None:
    """Spaces around it are the sentence's, and a full stop stays one."""

    def ends(text: str) -> tuple[str, str, bool]:
        return (
            text[: len(text) - len(text.lstrip())],
            text[len(text.rstrip()) :],
            text.rstrip().endswith("."),
        )

    assert [one for one, two in _pairs(language) if ends(one) != ends(two)] == []


@pytest.mark.parametrize("language", catalogue.translated())
def test_what_the_app_reads_is_what_the_file_for_people_says(language: str) -> None:
    """The compiled file is never older than its source."""
    with catalogue.path(language, "mo").open("rb") as file:
        compiled = _pairs_of(read_mo(file))

    assert sorted(_pairs(language)) == sorted(compiled)


def test_the_file_to_begin_a_language_with_is_up_to_date() -> None:
    """Whoever adds a language copies this one."""
    with (catalogue.FOLDER / "messages.pot").open("rb") as file:
        stored = {message.id for message in pofile.read_po(file) if message.id}

    assert {message.id for message in catalogue.gathered() if message.id} == stored


@pytest.mark.parametrize("language", catalogue.translated())
def test_the_words_that_pages_share_with_other_doors_are_translated(language: str) -> None:
    """States, reasons, roles, decisions and the questions of set-up."""
    known = dict(_pairs(language))
    said = [
        *(word for table in (words.STATES, words.HOLDS, words.OUTCOMES) for word in table.values()),
        *(word for table in (words.DECISIONS, words.APPROVALS) for word in table.values()),
        *(word for pair in words.ROLES.values() for word in pair),
        *(word for one in questions.QUESTIONS for word in (one.asks, one.because)),
    ]

    assert [word for word in said if word not in known] == []


@pytest.mark.parametrize("path", templates.files(), ids=lambda path: path.name)
def test_a_template_shows_no_word_that_cannot_be_translated(path: Path) -> None:
    """Text, spoken attributes and words inside expressions all go through the catalogue."""
    source = path.read_text(encoding="utf-8")
    bare = set(templates.texts(source)) - NO_WORDS
    bare |= set(_unmarked(Environment(autoescape=True).parse(source))) - NOT_SPOKEN

    assert bare == set()


def _unmarked(node: nodes.Node) -> list[str]:
    """Constants that read like words and that no `_` stands around."""
    if isinstance(node, nodes.Call) and getattr(node.node, "name", "") in ("_", "plural"):
        return []
    found = [said for child in node.iter_child_nodes() for said in _unmarked(child)]
    value = getattr(node, "value", None) if isinstance(node, nodes.Const) else None
    reads = isinstance(value, str) and re.search(r"^[A-Z][a-z]+\b|\b[a-z]+ [a-z]+", value)
    return [*found, value] if reads else found


@pytest.mark.parametrize("path", sorted(SCRIPTS.glob("*.js")), ids=lambda path: path.name)
def test_a_script_takes_its_words_from_the_page(path: Path) -> None:
    """A page hands them over translated; a script has none of its own."""
    code = re.sub(r"//.*|/\*.*?\*/", "", path.read_text(encoding="utf-8"))
    sentences = [said for said in re.findall(r'"([^"\n]*)"', code) if _is_a_sentence(said)]

    assert sentences == []


def _is_a_sentence(said: str) -> bool:
    pieces = [piece.strip(string.punctuation) for piece in said.split()]
    return said[:1].isupper() and sum(piece.isalpha() for piece in pieces) > 1


def test_every_message_of_flask_security_that_can_appear_is_ours() -> None:
    """Its own lead with what is invalid; ours say what to do now."""
    theirs = {key for key in _default_messages if not NOT_HERE.match(key)}

    assert theirs - set(signinwords.MESSAGES) == set()
    assert set(signinwords.MESSAGES) - set(_default_messages) == set()


def test_our_messages_take_no_more_than_flask_security_gives() -> None:
    """A name it does not hand over would break the page."""
    asked = {
        key: set(PLACES.findall(said)) - set(PLACES.findall(str(_default_messages[key][0])))
        for key, (said, _kind) in signinwords.MESSAGES.items()
    }

    assert {key: names for key, names in asked.items() if names} == {}
