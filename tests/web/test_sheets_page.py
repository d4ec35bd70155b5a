"""A sheet through its page: every row is shown before any is queued; a bad row stops itself."""

import pytest

from bot.sandbox import Sandbox
from bot.store import posts
from web.site import running, token_in

SHEET = """id,text,at,to
one,We march for Honduras on Saturday.,next,x
two,Twenty years of solidarity.,31/11/2026 18:30,x
three,Read the report on spyware.,1/12/2030 18:30,facebook
"""


@pytest.fixture
def site(tmp_path):
    with Sandbox() as sandbox, running(tmp_path, sandbox) as started:
        yield started


def hand_in(person, content, name="march.csv"):
    """Choose the file and press the button."""
    page = person.get("/sheets")
    return person.post("/sheets", {}, token=token_in(page.text), files={"file": (name, content)})


def queued(site):
    with site.bot.store.read() as session:
        return [row.written["body"] for row in posts.by_source(session, "sheet")]


def test_rows_are_seen_then_queued_and_the_same_sheet_changes_nothing(site):
    """The bad row says what is wrong beside its text."""
    person = site.person("volunteer", "Vera")

    page = hand_in(person, SHEET)

    assert "31 November 2026 does not exist" in page.text
    assert "Queue 2 good rows" in page.text
    assert [] == queued(site)
    person.post(page.url, {}, token=token_in(page.text))
    assert ["We march for Honduras on Saturday.", "Read the report on spyware."] == queued(site)
    again = hand_in(person, SHEET)
    assert 2 == again.text.count("there already, unchanged")
    person.post(again.url, {}, token=token_in(again.text))
    assert 2 == len(queued(site))


def test_a_changed_row_asks_and_is_replaced_when_that_is_chosen(site):
    """Left alone, it stays as it was."""
    person = site.person("volunteer", "Vera")
    page = hand_in(person, SHEET)
    person.post(page.url, {}, token=token_in(page.text))
    changed = SHEET.replace("on Saturday.", "on Sunday.")

    page = hand_in(person, changed)
    person.post(page.url, {"change.2": "skip"}, token=token_in(page.text))
    assert "We march for Honduras on Saturday." in queued(site)
    page = hand_in(person, changed)
    person.post(page.url, {"change.2": "replace"}, token=token_in(page.text))

    assert "We march for Honduras on Sunday." in queued(site)
    assert 2 == len(queued(site))


def test_a_file_that_is_no_sheet_is_refused_in_words(site):
    """And nothing is kept of it."""
    person = site.person("volunteer", "Vera")

    page = hand_in(person, b"\x89PNG\r\n\x1a\n" + b"0" * 100, "march.xlsx")

    assert 'role="alert"' in page.text
    assert [] == queued(site)


def test_somebody_elses_sheet_is_not_there(site):
    """Handed in is not handed round."""
    page = hand_in(site.person("volunteer", "Vera"), SHEET)

    assert 404 == site.person("volunteer", "Walter").get(page.url).status_code
