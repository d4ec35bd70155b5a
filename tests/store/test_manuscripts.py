"""Drafts are kept once, also when two saves of a new one arrive together."""

import threading

import pytest

from bot.model.person import Manuscript, Person
from bot.store import manuscripts

KEY = "11111111-1111-4111-8111-111111111111"


@pytest.mark.parametrize("engine_name", ["sqlite", "postgresql"])
def test_two_first_saves_at_once_make_one_draft(store, clock):
    """Each finds a row to write to; none fails."""
    with store.write() as session:
        person = Person(
            email="vera@example.org",
            name="Vera",
            role="volunteer",
            active=True,
            likes_list=False,
            fs_uniquifier="u" * 64,
            created_at=clock(),
        )
        session.add(person)
        session.flush()
        person_id = person.id
    together = threading.Barrier(2)
    failures = []

    def save(words):
        row = Manuscript(
            key=KEY,
            person_id=person_id,
            form={},
            media=[],
            version=1,
            created_at=clock(),
            saved_at=clock(),
        )
        try:
            with store.read() as session:
                assert manuscripts.by_key(session, KEY) is None
            together.wait(10)
            with store.write() as session:
                manuscripts.stored(session, row).form = {"text": words}
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=save, args=(words,)) for words in ("One", "Two")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [] == failures
    with store.read() as session:
        assert manuscripts.by_key(session, KEY).form["text"] in ("One", "Two")
