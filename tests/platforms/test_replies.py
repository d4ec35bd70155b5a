"""What is made of a call to a library, and of values nobody promised the type of."""

from datetime import UTC, datetime

import pytest
from raw_server import RawServer, reply

from bot.platforms import replies
from bot.platforms.contract import NotReached, Unknown
from bot.wire import Reply, Session


@pytest.fixture
def server():
    """A server that always answers well."""
    started = RawServer(reply(b"{}"))
    yield started
    started.close()


def test_a_library_that_fails_before_asking_reached_nobody(server):
    """The reply to an earlier request must not pass for an answer to this one."""
    session = Session(deadline_seconds=5)
    assert isinstance(replies.ask(session, lambda: session.get(server.url), "X"), Reply)
    outcome = replies.ask(session, lambda: 1 / 0, "X")
    assert isinstance(outcome, NotReached)
    assert "ZeroDivisionError" in outcome.reason


def test_a_library_that_asks_nothing_at_all_reached_nobody(server):
    """Silence of the library is no success either."""
    session = Session(deadline_seconds=5)
    session.get(server.url)
    assert isinstance(replies.ask(session, lambda: None, "X"), NotReached)


def test_a_library_that_fails_over_a_reply_does_not_hide_it(server):
    """Its opinion is not evidence; the reply is."""
    session = Session(deadline_seconds=5)

    def ask():
        session.get(server.url)
        raise KeyError("content-type")

    assert isinstance(replies.ask(session, ask, "X"), Reply)


def test_a_library_that_swallows_a_lost_answer_leaves_it_unknown():
    """The request had begun to leave, whatever the library says."""
    started = RawServer(b"")
    session = Session(deadline_seconds=5)

    def ask():
        try:
            session.get(started.url)
        except OSError as error:
            raise KeyError("content-type") from error

    assert isinstance(replies.ask(session, ask, "X"), Unknown)
    started.close()


@pytest.mark.parametrize("value", [True, False, -1, 1.0, "1", None, [], {}])
def test_a_count_is_a_whole_number_from_zero_up(value):
    """Anything else is no count."""
    assert replies.whole(value) is None


def test_zero_is_a_count():
    """And different from none."""
    assert replies.whole(0) == 0


def test_a_time_is_aware_and_in_utc():
    """Facebook writes offsets without a colon."""
    expected = datetime(2026, 12, 1, 11, tzinfo=UTC)
    assert replies.moment("2026-12-01T12:00:00+0100") == expected
    assert replies.moment("2026-12-01T12:00:00") is None
