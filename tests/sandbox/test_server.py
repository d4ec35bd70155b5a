"""The server as a server: addresses, connections, sizes, starting and stopping."""

import http.client
import socket
import threading
import time

import pytest
import requests

from bot.sandbox import Sandbox

from .conftest import GraphClient, XClient


def port_of(sandbox: Sandbox) -> int:
    """The port it listens on."""
    return int(sandbox.url.rpartition(":")[2])


def test_settings_name_everything_a_bot_needs(sandbox: Sandbox) -> None:
    """Addresses, and credentials that belong together."""
    settings = sandbox.settings()

    assert (sandbox.x_url, sandbox.graph_url) == (
        settings["X_API_URL"],
        settings["FACEBOOK_GRAPH_URL"],
    )
    assert {
        "X_API_KEY",
        "X_API_SECRET",
        "X_ACCESS_TOKEN",
        "X_ACCESS_TOKEN_SECRET",
        "FACEBOOK_PAGE_ID",
        "FACEBOOK_PAGE_TOKEN",
        "FACEBOOK_APP_ID",
        "FACEBOOK_APP_SECRET",
    } < set(settings)


def test_the_same_seed_is_the_same_accounts() -> None:
    """Another seed is another profile and Page."""
    first, same, other = Sandbox(seed=5), Sandbox(seed=5), Sandbox(seed=6)

    assert first.accounts == same.accounts
    assert first.accounts.page_id != other.accounts.page_id


def test_it_listens_on_loopback_alone(sandbox: Sandbox) -> None:
    """The socket is bound to 127.0.0.1."""
    assert sandbox.url.startswith("http://127.0.0.1:")
    assert sandbox._server is not None
    assert sandbox._server.socket.getsockname()[0] == "127.0.0.1"


def test_many_requests_go_over_one_connection(sandbox: Sandbox) -> None:
    """HTTP/1.1 keep-alive, after a refusal too."""
    connection = http.client.HTTPConnection("127.0.0.1", port_of(sandbox), timeout=5)
    for path in ("/", "/nowhere", "/x/2/users/me", "/graph/v26.0/me", "/feed.atom"):
        connection.request("GET", path)
        connection.getresponse().read()
        if path == "/":
            first = connection.sock

    assert first is connection.sock
    connection.close()


def test_a_reply_does_not_wait_for_an_acknowledgement(sandbox: Sandbox, graph: GraphClient) -> None:
    """Fifty requests in a row would take two seconds with Nagle's algorithm in the way."""
    started = time.monotonic()
    for number in range(50):
        graph.post(f"post {number}")

    assert time.monotonic() - started < 1


def test_head_has_no_body(sandbox: Sandbox) -> None:
    """But the length of one."""
    reply = requests.head(sandbox.url + "/feed.atom", timeout=5)

    assert (reply.status_code, reply.content) == (200, b"")
    assert int(reply.headers["content-length"]) > 0


def test_a_body_over_the_cap_is_413(sandbox: Sandbox) -> None:
    """Announced, so refused unread."""
    with socket.create_connection(("127.0.0.1", port_of(sandbox)), timeout=5) as connection:
        connection.sendall(
            b"POST /control/clear HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n"
        )
        assert connection.recv(100).startswith(b"HTTP/1.1 413")


def test_a_chunked_body_is_read(sandbox: Sandbox, graph: GraphClient) -> None:
    """For clients that stream."""
    body = b"message=Solidarity&access_token=" + graph.token.encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    url = f"{graph.base}/{graph.page}/feed"

    reply = requests.post(url, data=iter([body[:9], body[9:]]), headers=headers, timeout=5)

    assert reply.ok
    assert [entry.text for entry in sandbox.ledger.posts()] == ["Solidarity"]


def test_a_taken_port_is_an_oserror(sandbox: Sandbox) -> None:
    """Not the end of the program."""
    with pytest.raises(OSError, match="in use"):
        Sandbox(port=port_of(sandbox)).start()


def test_it_can_stop_and_start_again_where_it_was(sandbox: Sandbox, x: XClient) -> None:
    """Same port, same accounts, same ledger; in between nothing answers."""
    x.post("Solidarity")
    url = sandbox.url
    sandbox.stop()
    with pytest.raises(requests.ConnectionError):
        x.post("again")

    sandbox.start()

    assert url == sandbox.url
    assert x.timeline()["meta"]["result_count"] == 1


def test_stopping_does_not_wait_for_a_late_answer(sandbox: Sandbox, graph: GraphClient) -> None:
    """A planned wait ends with the sandbox."""
    sandbox.fault("facebook", "late", seconds=60)
    outcome: list[str] = []

    def post() -> None:
        try:
            graph.post("Solidarity")
        except requests.RequestException as error:
            outcome.append(type(error).__name__)
        else:
            outcome.append("answered")

    client = threading.Thread(target=post)
    client.start()
    while not sandbox.ledger.posts():
        time.sleep(0.01)
    started = time.monotonic()
    sandbox.stop()
    client.join(5)

    assert time.monotonic() - started < 2
    assert len(outcome) == 1


def test_requests_are_recorded_in_order(sandbox: Sandbox, x: XClient, graph: GraphClient) -> None:
    """Platform, method, path, time and status."""
    x.post("Solidarity")
    graph.call("GET", "me", token="wrong")

    assert [
        (asked.platform, asked.method, asked.path, asked.status) for asked in sandbox.requests
    ] == [("x", "POST", "/x/2/tweets", 201), ("facebook", "GET", "/graph/v26.0/me", 400)]


def test_nothing_is_printed_per_request(
    sandbox: Sandbox, x: XClient, capfd: pytest.CaptureFixture[str]
) -> None:
    """Neither requests nor resets make a noise."""
    x.post("Solidarity")
    sandbox.fault("x", "cut_after")
    with pytest.raises(requests.ConnectionError):
        x.post("again")

    assert capfd.readouterr() == ("", "")
