"""A simulated X and Facebook, raw servers, and every Platform of the registry pointed at them."""

from collections.abc import Iterator

import pytest
from raw_server import RawServer

from bot.clock import system_now
from bot.platforms import REGISTRY, open_platform
from bot.sandbox import Sandbox
from bot.settings import load

CREDENTIALS = {
    "X_API_KEY": "key-key-key",
    "X_API_SECRET": "secret-secret",
    "X_ACCESS_TOKEN": "42-token-token",
    "X_ACCESS_TOKEN_SECRET": "token-secret",
    "FACEBOOK_PAGE_ID": "7007",
    "FACEBOOK_PAGE_TOKEN": "EAAB-page-token",
}


@pytest.fixture(scope="session")
def _one_sandbox():
    with Sandbox() as started:
        yield started


@pytest.fixture
def sandbox(_one_sandbox):
    """The one sandbox of this run, empty and without faults."""
    _one_sandbox.reset()
    _one_sandbox.clear_faults()
    yield _one_sandbox
    _one_sandbox.clear_faults()


@pytest.fixture(params=sorted(REGISTRY))
def name(request) -> str:
    """Every Platform there is, by its name in the registry."""
    return request.param


@pytest.fixture
def open_on(sandbox):
    """Open a Platform on the sandbox, with other settings where a test wants them."""

    def open_one(name, clock=system_now, picture_bytes=None, **changed):
        given = {**sandbox.settings(), "SEND_TIMEOUT_SECONDS": "5", **changed}
        return open_platform(name, load(given, None), clock, picture_bytes)

    return open_one


@pytest.fixture
def platform(name, open_on):
    """One Platform on the sandbox."""
    return open_on(name)


@pytest.fixture
def answered_by() -> Iterator:
    """Open a Platform on a raw server that gives these answers in turn."""
    started = []

    def open_one(name, *answers, clock=system_now, timeout="5", **changed):
        server = RawServer(*answers)
        started.append(server)
        given = {
            **CREDENTIALS,
            "X_API_URL": server.url + "/x",
            "FACEBOOK_GRAPH_URL": server.url + "/graph",
            "SEND_TIMEOUT_SECONDS": timeout,
            **changed,
        }
        return open_platform(name, load(given, None), clock), server

    yield open_one
    for server in started:
        server.close()
