"""Sessions and raw servers for the tests of the wire."""

import socket
from collections.abc import Callable, Iterator

import pytest
from raw_server import Answer, RawServer

from bot.wire import Session


@pytest.fixture
def serve() -> Iterator[Callable[..., RawServer]]:
    """Start raw servers that end with the test."""
    started: list[RawServer] = []

    def start(*answers: Answer, read_request: bool = True) -> RawServer:
        started.append(RawServer(*answers, read_request=read_request))
        return started[-1]

    yield start
    for server in started:
        server.close()


@pytest.fixture
def session() -> Session:
    """A session with small limits and time enough for a busy machine."""
    return Session(deadline_seconds=5, secrets=["s3cret/+value"], max_wire_bytes=50_000)


@pytest.fixture
def hurried() -> Session:
    """A session with a short deadline."""
    return Session(deadline_seconds=0.3)


@pytest.fixture
def closed_port() -> int:
    """A loopback port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
