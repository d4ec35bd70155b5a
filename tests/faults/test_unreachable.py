"""Nobody is reached: dead DNS, refused, swallowed by a full queue, no trusted TLS.

Surely not sent, so it is tried again by itself, ever more slowly, and goes out once it can.
"""

import socket
from contextlib import closing

import pytest
from raw_server import RawServer, silence

from bot.model.delivery import State

BOTH = pytest.mark.parametrize("name", ["x", "facebook"])
NUMBER, FAULT = 15, "nobody reached"


def pointed(url):
    """Settings that point both platforms at an address."""
    return {"X_API_URL": f"{url}/x", "FACEBOOK_GRAPH_URL": f"{url}/graph"}


def cut_off_for(stage, name, minutes):
    """Queue a post, let the bot try for so many minutes, then let it reach the platform again."""
    delivery_id = stage.post(name)
    stage.run(hours=minutes / 60)
    tries = len(stage.world.attempts(delivery_id))
    assert {"not reached"} == set(stage.world.outcomes(delivery_id))
    assert ("waiting", tries) == (
        stage.world.state(delivery_id),
        stage.world.row(delivery_id).tries,
    )
    stage.heal()
    stage.run()
    assert ("sent", 1) == (stage.world.state(delivery_id), stage.writes(name))
    stage.settle(FAULT, NUMBER)
    return tries


@BOTH
def test_a_refused_connection_is_tried_again_ever_more_slowly(stage, name):
    """After 30 s, 2 and 10 minutes, then every half hour: five tries in the first hour."""
    with closing(socket.create_server(("127.0.0.1", 0))) as once:
        url = f"http://127.0.0.1:{once.getsockname()[1]}"
    stage.connect(**pointed(url))
    assert 5 == cut_off_for(stage, name, 60)


@BOTH
def test_a_name_that_does_not_resolve_is_no_doubt(stage, name, monkeypatch):
    """DNS is dead for a quarter of an hour."""

    def dead(*_, **__):
        raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")

    with monkeypatch.context() as patched:
        patched.setattr("bot.wire.dial.socket.getaddrinfo", dead)
        delivery_id = stage.post(name)
        stage.run(hours=0.25)
        assert {"not reached"} == set(stage.world.outcomes(delivery_id))
    stage.heal()
    stage.run()
    assert ("sent", 1) == (stage.world.state(delivery_id), stage.writes(name))
    stage.settle(FAULT, NUMBER)


@BOTH
def test_a_blackhole_is_given_up_at_the_deadline_and_is_no_doubt(stage, name):
    """A queue for connections that is full answers no more: as a firewall that drops."""
    with closing(socket.create_server(("127.0.0.1", 0), backlog=0)) as deaf:
        port = deaf.getsockname()[1]
        callers = [socket.socket() for _ in range(4)]
        for caller in callers:
            caller.setblocking(False)
            caller.connect_ex(("127.0.0.1", port))
        stage.connect(**pointed(f"http://127.0.0.1:{port}"), SEND_TIMEOUT_SECONDS="0.3")
        try:
            assert 2 == cut_off_for(stage, name, 1)
        finally:
            for caller in callers:
                caller.close()


@BOTH
@pytest.mark.parametrize("answer", [b"HTTP/1.1 200 OK\r\n\r\n", silence])
def test_no_trusted_connection_is_no_doubt(stage, name, answer):
    """The other end speaks no TLS, or says nothing: the request never began."""
    server = RawServer(answer, read_request=False)
    url = server.url.replace("http://", "https://")
    stage.connect(**pointed(url), SEND_TIMEOUT_SECONDS="0.3")
    try:
        assert 2 == cut_off_for(stage, name, 1)
    finally:
        server.close()


@BOTH
def test_a_platform_that_stays_away_is_shown_to_a_person_and_the_other_goes_on(stage, name):
    """Until it would be too late; then a person decides. Nothing went out by stealth."""
    with closing(socket.create_server(("127.0.0.1", 0))) as once:
        url = f"http://127.0.0.1:{once.getsockname()[1]}"
    away = {"x": "X_API_URL", "facebook": "FACEBOOK_GRAPH_URL"}[name]
    stage.connect(**{away: pointed(url)[away]})
    other = "facebook" if name == "x" else "x"
    ids = [stage.post(name), stage.post(other)]
    stage.run(hours=5)

    held = stage.world.row(ids[0])
    assert (State.HELD, {"missed"}) == (held.state, held.holds)
    assert (State.SENT, 0, 1) == (
        stage.world.state(ids[1]),
        len(stage.entries(name)),
        len(stage.entries(other)),
    )
    assert 1 == stage.settle(FAULT, NUMBER).shown
