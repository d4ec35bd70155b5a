"""One sandbox for all fault tests, on the very clock that the bot goes by."""

import pytest
from faults.cutting_proxy import CuttingProxy
from faults.stage import begin
from world import HandClock

from bot.clock import system_now
from bot.sandbox import Sandbox

CLOCK = HandClock()


@pytest.fixture
def clock():
    """Starts at the real time, by which OAuth signatures are judged, and is moved by hand."""
    CLOCK.now = system_now()
    return CLOCK


@pytest.fixture(scope="session")
def _one_sandbox():
    with Sandbox(clock=CLOCK) as started:
        yield started


@pytest.fixture
def sandbox(_one_sandbox, clock):
    """Empty, without faults."""
    _one_sandbox.reset()
    yield _one_sandbox
    _one_sandbox.clear_faults()


@pytest.fixture
def stage(world, sandbox):
    """The rooms, wired to it."""
    return begin(world, sandbox)


@pytest.fixture
def proxy(sandbox):
    """Before the sandbox; passes everything on until it is told to cut or to hold back."""
    started = CuttingProxy(int(sandbox.url.rpartition(":")[2]))
    yield started
    started.close()


@pytest.fixture
def behind(world, sandbox, proxy):
    """The rooms, wired to the proxy."""
    graph = f"{proxy.url}/graph"
    return begin(
        world,
        sandbox,
        X_API_URL=f"{proxy.url}/x",
        FACEBOOK_GRAPH_URL=graph,
        SEND_TIMEOUT_SECONDS="30",
    )
