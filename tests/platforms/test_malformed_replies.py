"""Replies no Platform should send, byte by byte on raw sockets: after a write all are Unknown."""

import time

import pytest
from raw_server import dripping, endless, reply, reset, silence

from bot.platforms.contract import PartContent, Prepared, Sent, Unknown

GOOD = {
    "x": reply(b'{"data":{"id":"123","text":"t"}}', status="201 Created"),
    "facebook": reply(b'{"id":"7007_8","permalink_url":"https://www.facebook.com/7007/posts/8"}'),
}
HTML = b"<html><head><title>502</title></head><body>Bad gateway</body></html>"
DEEP = b"[" * 100_000 + b"]" * 100_000
STATUSES = ["200 OK", "201 Created", "204 No Content", "400 Bad Request", "401 U", "402 P", "403 F"]
STATUSES += ["404 N", "409 C", "429 T", "500 I", "502 B", "503 S", "504 G", "302 Found", "999 ?"]


def send(platform):
    """One write."""
    return platform.send(PartContent("text"), reply_to=None, prepared=Prepared())


def test_the_good_reply_of_these_tests_is_good(answered_by, name):
    """Otherwise the rest of this file would prove nothing."""
    platform, server = answered_by(name, GOOD[name])
    assert isinstance(send(platform), Sent)
    assert server.connections == 1


def test_a_reply_cut_at_any_byte_is_unknown(answered_by, name):
    """Inside the status, a header or the body: never Sent, never refused, never not reached."""
    whole = GOOD[name]
    platform, _ = answered_by(name, *(whole[:length] for length in range(len(whole))))
    for length in range(len(whole)):
        assert type(send(platform)) is Unknown, length


def test_a_refusal_cut_at_any_byte_is_unknown(answered_by, name):
    """A cut 4xx reads like a refusal with nothing in it."""
    body = b'{"error":{"code":190},"title":"Unauthorized","status":401,"detail":"Unauthorized"}'
    whole = reply(body, status="401 Unauthorized")
    platform, _ = answered_by(name, *(whole[:length] for length in range(len(whole))))
    for length in range(len(whole)):
        assert type(send(platform)) is Unknown, length


@pytest.mark.parametrize("status", STATUSES)
@pytest.mark.parametrize(
    "body",
    [b"", HTML, b"null", b"true", b"[]", b'"text"', b"12", b'{"data":', b"\xff\xfe{}", b"\x00"],
)
def test_any_status_without_a_whole_object_is_unknown(answered_by, name, status, body):
    """A status alone proves nothing, a refusal's no more than a success's."""
    platform, _ = answered_by(name, reply(body, status=status))
    assert type(send(platform)) is Unknown


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b'{"data":null}',
        b'{"data":[]}',
        b'{"data":{"id":null}}',
        b'{"data":{"id":123}}',
        b'{"data":{"id":""}}',
        b'{"data":{"id":"12a"}}',
        b'{"data":{"id":"12345678901234567890"}}',
        '{"data":{"id":"١٢٣"}}'.encode(),
        b'{"data":{"id":"123\\n"}}',
        b'{"id":7007}',
        b'{"id":"7007"}',
        b'{"id":"7007_"}',
        b'{"id":"7007_8 "}',
        b'{"id":["7007_8"]}',
        b'{"id":null}',
        b'{"error":null}',
        b'{"error":"broken"}',
        b'{"error":{}}',
        b'{"error":{"code":"190"}}',
        b'{"error":{"code":true}}',
        b'{"error":{"code":999999}}',
        b'{"errors":null}',
        b'{"errors":["text"]}',
        DEEP,
    ],
)
def test_a_success_that_names_no_post_is_unknown(answered_by, name, body):
    """Wrong types, wrong shapes, wrong alphabets, too deep."""
    platform, _ = answered_by(name, reply(body, status="200 OK"))
    assert type(send(platform)) is Unknown


@pytest.mark.parametrize(
    "answer",
    [
        reset,
        silence,
        dripping(GOOD["x"] + b"x" * 500),
        endless(b"HTTP/1.1 200 OK\r\n\r\n", b"{" * 4096),
        b"not http at all\r\n\r\n",
        reply(b"{}", "Content-Encoding: gzip"),
        reply(b"{}", "Location: http://127.0.0.1:1/elsewhere", status="307 Temporary"),
        reply(b"{}", "Location: http://[broken", status="302 Found"),
    ],
)
def test_a_broken_connection_is_unknown_and_ends_in_time(answered_by, name, answer):
    """Once the request has begun to leave, no failure proves that it was not carried out."""
    platform, server = answered_by(name, answer, timeout="0.3")
    start = time.monotonic()
    assert type(send(platform)) is Unknown
    assert time.monotonic() - start < 1.5
    assert server.connections == 1


def test_an_older_reply_never_answers_for_a_later_request(answered_by, name):
    """After a success, a lost answer is lost."""
    platform, _ = answered_by(name, GOOD[name], b"")
    assert isinstance(send(platform), Sent)
    assert type(send(platform)) is Unknown


def test_a_library_that_fails_before_asking_is_no_success(answered_by, name, monkeypatch):
    """Whatever it raises, an older reply must not be taken for the answer."""
    platform, server = answered_by(name, GOOD[name])
    assert isinstance(send(platform), Sent)
    monkeypatch.setattr("requests.Session.request", lambda *_a, **_n: 1 / 0)
    outcome = send(platform)
    assert not isinstance(outcome, Sent)
    assert server.connections == 1
