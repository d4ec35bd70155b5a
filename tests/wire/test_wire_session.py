"""The session on raw sockets: bounded in time and size, honest about what may have left."""

import gzip
import socket
import threading
import time
import zlib

import pytest
import requests
from raw_server import dripping, endless, reply, reset, silence

from bot import clock, wire
from bot.wire import dial, exchange

OK = reply(b'{"ok": true}')


def elapsed_of(call):
    """Seconds a call took until it raised a wire error, and the error."""
    start = time.monotonic()
    with pytest.raises(wire.WireError) as caught:
        call()
    return time.monotonic() - start, caught.value


def test_a_complete_reply_is_given_back_with_status_headers_and_body(serve, session):
    """The plain case: what was sent is what is read."""
    server = serve(reply(b'{"a": 1}', "X-Trace: t1", "Vary: a", "Vary: b", status="201 Created"))
    answer = session.post(server.url + "/path?q=1", json={"text": "é"})
    assert (answer.status_code, answer.json()) == (201, {"a": 1})
    assert answer.headers["vary"] == "a, b"
    assert session.last == wire.Reply(201, answer.headers, b'{"a": 1}')


def test_the_request_names_the_bot_and_asks_for_nothing_encoded(serve, session):
    """Identity encoding, our own name, one connection per request, the host as dialled."""
    server = serve(OK)
    session.get(server.url + "/x?y=z")
    head = server.requests[0].decode()
    assert head.startswith("GET /x?y=z HTTP/1.1\r\n")
    for line in (
        f"Host: 127.0.0.1:{server.port}",
        "User-Agent: campaign-bot/",
        "Accept-Encoding: identity",
        "Connection: close",
    ):
        assert line in head
    assert "python-requests" not in head


@pytest.mark.parametrize(
    "answer",
    [
        dripping(reply(b"x" * 500)),
        dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + b"x" * 500),
        silence,
        dripping(b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 500),
    ],
)
def test_a_drip_or_silence_is_ended_by_the_deadline(serve, hurried, answer):
    """Each byte comes in good time, the whole never does; the request may have been carried out."""
    server = serve(answer)
    seconds, error = elapsed_of(lambda: hurried.post(server.url, data=b"x"))
    assert isinstance(error, wire.DeadlineExceeded)
    assert 0.25 < seconds < 1.0


def test_a_server_that_does_not_read_is_ended_by_the_deadline(serve, hurried):
    """A body that cannot be written in time counts as partly sent."""
    server = serve(silence, read_request=False)
    seconds, error = elapsed_of(lambda: hurried.post(server.url, data=b"x" * 30_000_000))
    assert isinstance(error, wire.DeadlineExceeded)
    assert seconds < 1.0


def test_a_silent_tls_handshake_ends_in_time_and_nothing_was_sent(serve, hurried):
    """TLS comes before the first byte of the request."""
    server = serve(silence, read_request=False)
    seconds, error = elapsed_of(
        lambda: hurried.post(f"https://127.0.0.1:{server.port}/", data=b"x")
    )
    assert isinstance(error, wire.NotSent)
    assert seconds < 1.0


def test_a_tls_failure_is_proof_that_nothing_was_sent(serve, session):
    """A server that speaks no TLS never sees the request."""
    server = serve(OK, read_request=False)
    with pytest.raises(wire.NotSent):
        session.post(f"https://127.0.0.1:{server.port}/", data=b"x")


def test_a_refused_connection_is_proof_that_nothing_was_sent(session, closed_port):
    """Nobody listens there."""
    with pytest.raises(wire.NotSent):
        session.post(f"http://127.0.0.1:{closed_port}/", data=b"x")


def test_a_name_that_does_not_resolve_is_proof_that_nothing_was_sent(session, monkeypatch):
    """DNS comes before everything."""

    def fail(*_args, **_named):
        raise socket.gaierror("no such name")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(wire.NotSent):
        session.post("https://api.example.org/", data=b"x")


def test_a_resolver_that_hangs_is_left_behind_at_the_deadline(hurried, monkeypatch):
    """The system's resolver cannot be interrupted, so nobody waits for it."""
    release = threading.Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_named: release.wait(5) and [])
    seconds, error = elapsed_of(lambda: hurried.post("https://api.example.org/", data=b"x"))
    release.set()
    assert isinstance(error, wire.NotSent)
    assert seconds < 1.0


def test_a_frozen_program_writes_nothing_once_its_time_is_over(serve, session, monkeypatch):
    """Stopped after connecting and woken after the deadline, it must not send."""
    server = serve(OK)
    real = exchange.dial

    def dial_and_freeze(*args, **named):
        line = real(*args, **named)
        now = clock.monotonic()
        monkeypatch.setattr(clock, "monotonic", lambda: now + 60)
        return line

    monkeypatch.setattr(exchange, "dial", dial_and_freeze)
    with pytest.raises(wire.NotSent):
        session.post(server.url, data=b"x")
    time.sleep(0.05)
    assert server.requests in ([], [b""])


def test_what_was_promised_to_be_over_does_not_begin(serve, session):
    """A program that stood still between its promise and its request must not send."""
    server = serve(OK)
    with wire.over_by(clock.monotonic() - 1), pytest.raises(wire.NotSent):
        session.post(server.url, data=b"x")
    with wire.over_by(clock.monotonic() + 60):
        assert session.post(server.url, data=b"x").ok
    assert session.post(server.url, data=b"x").ok
    assert 2 == len([request for request in server.requests if request])


def test_time_counts_while_the_machine_sleeps():
    """Where the system can tell, a deadline passes with the lid closed."""
    if not hasattr(time, "CLOCK_BOOTTIME"):
        pytest.skip("this system's clocks do not tell sleep apart")
    assert abs(clock.monotonic() - time.clock_gettime(time.CLOCK_BOOTTIME)) < 5


@pytest.mark.parametrize("url", ["foo:bar", "http://", "no scheme", "http://127.0.0.1:99999/"])
def test_an_address_that_is_none_is_proof_that_nothing_was_sent(session, url):
    """Faults of our own settings never look like a lost answer."""
    with pytest.raises(wire.NotSent):
        session.post(url, data=b"x")


def test_a_body_that_is_not_complete_yet_is_not_sent(session, serve):
    """A generator could fail half way through."""
    with pytest.raises(wire.NotSent):
        session.post(serve(OK).url, data=iter([b"a", b"b"]))


def test_a_header_with_a_line_break_is_not_sent(session, serve):
    """Nothing can smuggle a second header in."""
    with pytest.raises(wire.NotSent):
        session.get(serve(OK).url, headers={"X-A": "b\r\nX-C: d"})


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
@pytest.mark.parametrize("status", ["301 M", "302 F", "303 S", "307 T", "308 P"])
def test_no_redirect_is_followed(serve, session, method, status):
    """A redirected write could be carried out twice, or turn into a read."""
    other = serve(OK)
    server = serve(reply(b"{}", f"Location: {other.url}/", status=status))
    answer = session.request(method, server.url, data=b"x", allow_redirects=True)
    assert answer.status_code == int(status[:3])
    assert other.connections == 0


@pytest.mark.parametrize("location", ["http://[broken", "foo://x", "//", "http://a b/", "\xff"])
def test_a_malformed_location_does_not_hide_that_the_request_was_sent(serve, session, location):
    """requests would raise over it after the write was carried out."""
    server = serve(reply(b"{}", f"Location: {location}", status="302 Found"))
    assert session.post(server.url, data=b"x").status_code == 302


def test_every_cut_of_a_reply_is_an_error(serve, session):
    """However many bytes of it arrive, a cut reply never passes for a whole one."""
    whole = reply(b'{"data": {"id": "12"}}', "X-A: b", status="201 Created")
    server = serve(*(whole[:length] for length in range(len(whole))))
    for length in range(len(whole)):
        with pytest.raises(wire.WireError) as caught:
            session.post(server.url, data=b"x")
        assert not isinstance(caught.value, wire.NotSent), length
        assert session.last is None


CHUNKED = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\n\r\n"
)


def test_a_chunked_reply_is_read_whole(serve, session):
    """The other way to frame a body."""
    assert session.get(serve(CHUNKED).url).content == b"hello world"


def test_every_cut_of_a_chunked_reply_before_its_last_chunk_is_an_error(serve, session):
    """Up to the closing chunk nothing may be taken for the end."""
    last = CHUNKED.index(b"0\r\n\r\n")
    server = serve(*(CHUNKED[:length] for length in range(last)))
    for length in range(last):
        with pytest.raises(wire.WireError) as caught:
            session.post(server.url, data=b"x")
        assert not isinstance(caught.value, wire.NotSent), length


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        (b"", wire.CutShort),
        (reset, wire.CutShort),
        (b"SSH-2.0-OpenSSH_9\r\n", wire.BadReply),
        (b"HTTP/1.1 20 OK\r\n\r\n", wire.BadReply),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 500 + b"\r\n", wire.BadReply),
        (endless(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 4096), wire.BodyTooLarge),
        (
            endless(b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 100 C\r\n\r\n" * 99),
            wire.BodyTooLarge,
        ),
        (reply(b"x" * 60_000), wire.BodyTooLarge),
    ],
)
def test_what_is_no_whole_reply_has_a_name_and_may_have_been_sent(serve, session, answer, fault):
    """None of these says that the request was not carried out."""
    server = serve(answer)
    with pytest.raises(fault) as caught:
        session.post(server.url, data=b"x")
    assert not isinstance(caught.value, wire.NotSent)
    assert session.begun


def packed(body):
    """gzip without the time in its header, so that every run tests the same bytes."""
    return gzip.compress(body, mtime=0)


def bare_deflate(body):
    """deflate as some servers understand it, without the header it should have."""
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


ENCODED = {
    "gzip": ("gzip", packed(b"hello")),
    "capitals, two members": ("GZIP", packed(b"hel") + packed(b"lo")),
    "deflate": ("deflate", zlib.compress(b"hello")),
    "bare deflate": ("deflate", bare_deflate(b"hello")),
    "identity": ("identity", b"hello"),
}


@pytest.mark.parametrize("case", ENCODED)
def test_an_encoding_that_was_not_asked_for_is_undone(serve, session, case):
    """Some edges compress whatever they are asked for."""
    encoding, body = ENCODED[case]
    answer = session.get(serve(reply(body, f"Content-Encoding: {encoding}")).url)
    assert answer.content == b"hello"


BADLY_ENCODED = {
    "bomb": ("gzip", packed(b"x" * 5_000_000), wire.BodyTooLarge),
    "cut": ("gzip", packed(b"hello")[:-9], wire.CutShort),
    "not gzip": ("gzip", b"not gzip", wire.BadReply),
    "rubbish behind": ("gzip", packed(b"hello") + b"rubbish", wire.BadReply),
    "unknown": ("br", b"anything", wire.BadReply),
    "twice": ("gzip, gzip", packed(packed(b"hello")), wire.BadReply),
}


@pytest.mark.parametrize("case", BADLY_ENCODED)
def test_an_encoded_reply_is_bounded_and_whole_or_an_error(serve, case):
    """A small body may unfold into gigabytes, or stop half way."""
    encoding, body, fault = BADLY_ENCODED[case]
    session = wire.Session(deadline_seconds=5, max_body_bytes=1_000_000)
    with pytest.raises(fault):
        session.get(serve(reply(body, f"Content-Encoding: {encoding}")).url)


def test_no_cookie_is_kept(serve, session):
    """A second request carries nothing of the first one's reply."""
    server = serve(reply(b"{}", "Set-Cookie: a=b; Path=/"))
    session.get(server.url)
    session.get(server.url)
    assert b"Cookie" not in server.requests[1]
    assert not session.cookies


def test_every_request_has_a_connection_of_its_own(serve, session):
    """A stale kept connection would make a write ambiguous for nothing."""
    server = serve(OK)
    session.get(server.url)
    session.get(server.url)
    assert server.connections == 2


def test_a_failure_is_not_repeated(serve, session):
    """One call, one try."""
    server = serve(b"", OK)
    with pytest.raises(wire.CutShort):
        session.get(server.url)
    assert server.connections == 1


def test_proxies_of_the_environment_are_not_used(serve, session, monkeypatch, closed_port):
    """A proxy would see tokens and could get round the address rule."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{closed_port}")
    assert session.get(serve(OK).url).status_code == 200


def test_passwords_of_the_environment_are_not_used(serve, session, monkeypatch, tmp_path):
    """A netrc file would add credentials nobody configured here."""
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login someone password something\n")
    monkeypatch.setenv("NETRC", str(netrc))
    server = serve(OK)
    session.get(server.url)
    assert b"Authorization" not in server.requests[0]


def test_a_host_that_is_a_secret_is_hidden(monkeypatch):
    """Some addresses are secrets as a whole, a ping address for one."""
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_a, **_n: [])
    session = wire.Session(deadline_seconds=1, secrets=["s3cret-host"])
    with pytest.raises(wire.NotSent) as caught:
        session.get("http://s3cret-host.example.org/")
    assert "s3cret" not in str(caught.value)


SECRET_URL = "/me?access_token=EAABtokentoken&x=s3cret%2F%2Bvalue"


def test_no_fault_carries_a_secret(serve, session, closed_port):
    """Neither in its text, nor in the error it hides, nor in a request it holds on to."""
    calls = [
        f"http://127.0.0.1:{closed_port}{SECRET_URL}",
        f"http://[s3cret/+value{SECRET_URL}",
        f"nowhere://h{SECRET_URL}",
        serve(b"").url + SECRET_URL,
        serve(reset).url + SECRET_URL,
    ]
    for url in calls:
        with pytest.raises(wire.WireError) as caught:
            session.get(url, headers={"Authorization": "Bearer s3cret/+value"})
        error = caught.value
        shown = f"{error} {error!r} {error.args} {error.__context__!r} {error.__cause__!r}"
        assert "s3cret" not in shown
        assert "EAABtoken" not in shown
        assert error.request is None


def test_an_error_after_the_reply_does_not_say_that_nothing_was_sent(serve, session):
    """Whatever breaks in the library afterwards, the evidence stands."""

    def explode(*_args, **_named):
        raise requests.exceptions.InvalidURL("s3cret/+value")

    session.hooks["response"].append(explode)
    with pytest.raises(wire.WireError) as caught:
        session.post(serve(OK).url, data=b"x")
    assert not isinstance(caught.value, wire.NotSent)
    assert "s3cret" not in str(caught.value)


def test_each_thread_sees_its_own_last_reply(serve, session):
    """Accounts are served at once, through one session each or through the same one."""
    server = serve(OK)
    seen = []

    def ask():
        seen.append(session.last)
        session.get(server.url)
        seen.append(session.last)

    session.get(server.url)
    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert [seen[0], seen[1].status] == [None, 200]


def test_an_older_reply_is_forgotten_before_a_new_request(serve, session, closed_port):
    """A failed request must not be judged by the reply to the one before."""
    session.get(serve(OK).url)
    with pytest.raises(wire.NotSent):
        session.get(f"http://127.0.0.1:{closed_port}/")
    assert session.last is None
    session.get(serve(OK).url)
    session.forget()
    assert (session.last, session.begun) == (None, False)


def addresses(*ips):
    """What the resolver gives for these addresses."""
    return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 0)) for ip in ips]


def test_a_refused_address_is_not_dialled(serve):
    """The rule is asked about the resolved address, whatever the name looks like."""
    server = serve(OK)
    guarded = wire.Session(deadline_seconds=1, address_allowed=wire.public_address)
    for host in ("127.0.0.1", "localhost", "0x7f000001", "2130706433", "127.1", "0177.0.0.1"):
        with pytest.raises(wire.AddressRefused):
            guarded.get(f"http://{host}:{server.port}/")
    assert server.connections == 0


def test_a_host_with_any_refused_address_is_refused(monkeypatch):
    """One public address among private ones opens nothing."""
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda *_a, **_n: addresses("93.184.216.34", "10.0.0.1")
    )
    guarded = wire.Session(deadline_seconds=1, address_allowed=wire.public_address)
    with pytest.raises(wire.AddressRefused):
        guarded.get("http://feeds.example.org/")


def test_the_address_that_was_checked_is_the_one_dialled(serve, monkeypatch):
    """A name that answers differently the second time gains nothing: it is asked once."""
    server, asked = serve(OK), []

    def once(*_args, **_named):
        asked.append(1)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", server.port))]

    monkeypatch.setattr(socket, "getaddrinfo", once)
    guarded = wire.Session(deadline_seconds=1, address_allowed=lambda ip: ip == "127.0.0.1")
    assert guarded.get(f"http://rebinding.example.org:{server.port}/").status_code == 200
    assert len(asked) == 1


def test_the_next_address_is_tried_when_one_fails(serve, session, monkeypatch, closed_port):
    """A host with a dead first address is still reached."""
    server = serve(OK)
    dead = ("127.0.0.1", closed_port)
    both = (dead, ("127.0.0.1", server.port))
    monkeypatch.setattr(
        socket,
        "getaddrinfo",
        lambda *_a, **_n: [(socket.AF_INET, socket.SOCK_STREAM, 6, "", to) for to in both],
    )
    assert session.get(f"http://two.example.org:{server.port}/").status_code == 200


def test_a_deadline_that_is_over_raises():
    """The clock is asked, not remembered."""
    with pytest.raises(wire.DeadlineExceeded):
        dial.Deadline.after(0).left()
