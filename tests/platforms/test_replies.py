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


@pytest.mark.parametrize(
    "body",
    [
        b'{"id":"1","id":"2"}',
        b'{"id":"1","id":"1"}',
        b'{"data":{"id":"1","id":"2"}}',
        b'{"data":[{"id":"1"},{"id":"2","id":"3"}]}',
    ],
)
def test_an_object_that_says_a_name_twice_is_none(body):
    """At any depth: which of the two is meant is nobody's to guess."""
    assert replies.json_object(body) is None
    assert replies.json_object(b'{"data":[{"id":"1"},{"id":"2"}],"id":"3"}') is not None


def test_quoted_words_can_be_written_anywhere():
    """Half a character in JSON would fail in a database and on a terminal."""
    said = replies.json_object(b'{"message":"bad \\ud800 half"}')["message"]
    assert replies.quoted(said) == "bad ? half"


@pytest.mark.parametrize("value", [None, {}, "text", [1], [{}, None], [{}, []]])
def test_a_list_with_anything_but_objects_is_no_list(value):
    """What was left out might be what is looked for."""
    assert replies.every_row(value) is None
    assert replies.every_row([{"a": 1}, {}]) == [{"a": 1}, {}]
