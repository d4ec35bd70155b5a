"""One heartbeat on an SQLite file."""

import subprocess
import sys

import pytest

from bot.errors import AlreadyRunning
from bot.store.engine import Store
from bot.store.lock import only_heartbeat

HOLD = """
import sys
from bot.clock import system_now
from bot.store.engine import Store
from bot.store.lock import only_heartbeat
with only_heartbeat(Store(sys.argv[1], system_now)):
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def engine_name():
    """The lock is a file beside an SQLite file."""
    return "sqlite"


def test_a_second_heartbeat_is_refused_naming_the_first(world, database_url):
    """By its process, also across processes, and free again once that is gone."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, database_url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as first:
        assert "held\n" == first.stdout.readline()
        with (
            pytest.raises(AlreadyRunning, match=f"process {first.pid} on"),
            only_heartbeat(world.store),
        ):
            pass
        first.kill()
    with only_heartbeat(world.store) as alone:
        assert alone
    with only_heartbeat(world.store) as alone:
        assert alone


def test_where_there_is_no_file_nobody_is_alone(clock):
    """In memory and on a server, signs of life decide."""
    with only_heartbeat(Store("sqlite://", clock)) as alone:
        assert not alone
