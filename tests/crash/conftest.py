"""What these tests share: sockets to this machine, and small disks of their own."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from world import make_database

DISK_BYTES = 12_000_000


@pytest.fixture(autouse=True)
def loopback_sockets(socket_enabled: None) -> None:
    """The simulated platforms run in this process and are asked over sockets."""


@pytest.fixture
def shared_url(postgres_server: Callable[[str | None], str]) -> str:
    """An empty PostgreSQL database, on which several heartbeats may run."""
    name = f"crash_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    make_database(postgres_server, name)
    return postgres_server(name)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of twelve megabytes; mounting one takes the rights of root."""
    place = tmp_path / "disk"
    place.mkdir()
    size = f"size={DISK_BYTES}"
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", size, "tmpfs", place], capture_output=True, text=True
    )
    if mounted.returncode:
        pytest.skip(f"no small disk can be mounted here: {mounted.stderr.strip()}")
    yield place
    subprocess.run(["umount", "--lazy", place], check=True)
