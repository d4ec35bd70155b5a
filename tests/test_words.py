"""People read plain words: no name of the code, on any door."""

import re
from pathlib import Path

import pytest
from plainwords import ROOT, bare, in_code, sentences

from bot.reports import words
from bot.web import catalogue

MODULES = sorted(
    path
    for path in (ROOT / "bot").rglob("*.py")
    # Migrations speak to databases, the sandbox in the words of the platforms it simulates, and a
    # list of every web address's endings to nobody.
    if not {"migrations", "sandbox", "counting_data.py"} & set(path.parts)
)
PAGES = [*(ROOT / "posts").rglob("*.md"), *(ROOT / "docs").glob("*.md")]
KEYS = re.compile(r"`[^`\n]+`")
TABLES = (
    words.STATES,
    words.HOLDS,
    words.OUTCOMES,
    words.DECISIONS,
    words.STOPS,
    words.SOURCES,
    words.APPROVALS,
    words.DOORS,
    words.ARTICLE_DECISIONS,
    words.EVENTS,
    words.TICKS,
    words.STANDINGS,
    words.ALARMS,
    words.ALARM_STEPS,
)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT / "bot")))
def test_no_sentence_of_the_code_speaks_in_the_codes_words(path: Path) -> None:
    """Errors, reasons, alarms, mails, doctor and every line of the command."""
    assert [said for said in sentences(path) if in_code(said)] == []


def test_the_table_of_words_has_none() -> None:
    """What every door takes its words from."""
    said = [word for table in TABLES for word in table.values()]
    said += [word for pair in words.ROLES.values() for word in pair]

    assert [word for word in said if in_code(word) or bare(word)] == []


def test_no_text_of_the_pages_has_one() -> None:
    """Templates, flashes, mails of the web app, and the texts that scripts are handed."""
    said = [message.id for message in catalogue.gathered() if message.id]
    texts = [text for one in said for text in ([one] if isinstance(one, str) else one)]

    assert len(texts) > 500
    assert [text for text in texts if in_code(text) or bare(text)] == []


@pytest.mark.parametrize("path", sorted(PAGES), ids=lambda path: path.name)
def test_no_page_for_people_has_one(path: Path) -> None:
    """Volunteers and staff read these; only the glossary says what the code calls things.

    What stands between backticks is typed, or read by machines: keys of JSON are fixed.
    """
    prose = KEYS.sub("", path.read_text(encoding="utf-8"))

    assert path.name == "glossary.md" or in_code(prose) == []


@pytest.mark.parametrize(
    "said",
    [
        "The delivery is over",
        "Variants differ",
        "its lease ends",
        "Lint: 3",
        "quarantined files",
        "still unconfirmed",
        "Held by Ana",
    ],
)
def test_the_check_finds_what_it_looks_for(said: str) -> None:
    """Whatever its case or form."""
    assert in_code(said)


@pytest.mark.parametrize("said", ["State: held", "P1; X; sent", "sending", "X (unconfirmed)"])
def test_the_check_finds_a_state_that_stands_alone(said: str) -> None:
    """A cell or a label's value; but “sent to X” is a sentence."""
    assert bare(said)
    assert not bare("It was sent to X, while sending is paused.")


def test_the_check_reads_what_is_put_together_and_not_what_is_logged(tmp_path: Path) -> None:
    """Pieces of one sentence count as one; names of events and keys of tables are for programs."""
    module = tmp_path / "a.py"
    module.write_text(
        '"""A delivery."""\nKEYS = {"held back": 1}\nlog.info("held back", action="held back")\n'
        'said = f"It is held {1} since"\nraise Error("No variant fits.")\n'
    )

    assert list(sentences(module)) == ["It is held … since", "No variant fits."]
