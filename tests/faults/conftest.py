"""One sandbox for all fault tests, on the very clock that the bot goes by."""

import pytest
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
