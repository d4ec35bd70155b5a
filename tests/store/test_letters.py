"""Letters on both databases: who is owed one, the claim, and what went astray."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from bot.model.person import Letter, Person
from bot.store import letters, unread
from bot.store.engine import Store

WEEK = "2026-W48"
HOUR = timedelta(hours=1)


@pytest.fixture(params=["sqlite", "postgresql"])
def engine_name(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def people(store: Store, clock) -> dict[str, int]:
    """Three who want it; a volunteer, one who was stopped and one who turned it off."""
    more = {"Vera": {"role": "volunteer"}, "Sam": {"active": False}, "Olu": {"weekly_mail": False}}
    with store.write() as session:
        for name in ("Ana", "Bea", "Cleo", *more):
            given = {"role": "staff", "active": True} | more.get(name, {})
            session.add(
                Person(
                    email=f"{name}@example.org", name=name, fs_uniquifier=name, created_at=clock(),
                    **given,
                )
            )  # fmt: skip
        session.flush()
        return {row.name: row.id for row in session.query(Person)}


def owed(store: Store, clock) -> list[str]:
    with store.read() as session:
        return [one.name for one in letters.owed(session, WEEK, clock())]


def test_each_is_claimed_once_and_again_only_after_a_sure_failure(store, clock, people):
    assert owed(store, clock) == ["Ana", "Bea", "Cleo"]
    with store.write() as session:
        claims = {
            name: letters.claim(session, people[name], WEEK, clock())
            for name in ("Ana", "Bea", "Cleo")
        }
        letters.sent(session, claims["Ana"], clock())
        letters.failed(session, claims["Bea"], "It was away.", clock() + HOUR)
        letters.failed(session, claims["Cleo"], "It said nothing.", None)
    assert owed(store, clock) == []
    clock.move(hours=1)
    assert owed(store, clock) == ["Bea"]
    with store.write() as session:
        assert letters.claim(session, people["Bea"], WEEK, clock()) == claims["Bea"]
        for name in ("Ana", "Bea", "Cleo"):
            assert letters.claim(session, people[name], WEEK, clock()) is None
    assert owed(store, clock) == []
    with store.read() as session:
        assert [one.name for one in unread.all_of(session, 9, clock())] == ["Cleo"]
    clock.move(minutes=6)  # nobody noted how Bea's ended
    with store.read() as session:
        found = unread.all_of(session, 9, clock())
    assert [(one.name, one.is_letter) for one in found] == [("Bea", True), ("Cleo", True)]
    clock.move(days=7)
    with store.read() as session:
        assert unread.all_of(session, 9, clock()) == []
        assert letters.waiting_or_astray(session, clock()) == []


def test_the_database_itself_takes_no_second_letter_of_a_week(store, clock, people):
    def write(week: str) -> None:
        with store.write() as session:
            session.add(Letter(person_id=people["Ana"], week=week, claimed_at=clock()))

    write(WEEK)
    write("2026-W49")
    with pytest.raises(IntegrityError):
        write(WEEK)
