"""The site as `make docs` builds it, once for all tests of a worker."""

import subprocess
import sys
from pathlib import Path

import pytest
from plainwords import ROOT


def build(*words: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the command that builds the site."""
    command = [sys.executable, str(ROOT / "bench/docs"), *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the built pages."""
    to = tmp_path_factory.mktemp("docs")
    done = build("--to", to)
    assert done.returncode == 0, done.stdout + done.stderr
    return to / "site"
