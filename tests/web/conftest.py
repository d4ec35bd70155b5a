"""One web app a file of tests, with people of every role signed in, on simulated platforms."""

import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from world import QUICK_DISK

from bot.decisions.record import Decider
from bot.decisions.rules import set_approval
from bot.model.base import Base
from bot.model.person import Role
from bot.sandbox import Sandbox

from .site import Site, Visitor, running

ROLES = tuple(role.value for role in Role)


@pytest.fixture(autouse=True)
def loopback_sockets(socket_enabled: None) -> None:
    """Pages are asked for over real sockets."""


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running_sandbox:
        yield running_sandbox


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where Debian's Chromium is; tests that need it are skipped by name without."""
    path = Path("/usr/bin/chromium")
    if not path.exists():
        pytest.skip("there is no Chromium: apt-get install chromium")
    return str(path)


@pytest.fixture(scope="module")
def site(sandbox: Sandbox) -> Iterator[Site]:
    with (
        tempfile.TemporaryDirectory(prefix="bot-web-", dir=QUICK_DISK) as folder,
        running(Path(folder), sandbox) as site,
    ):
        yield site


@pytest.fixture(scope="module")
def crew(site: Site) -> dict[str, Visitor]:
    """Somebody of each role, and nobody."""
    return {"nobody": Visitor(site)} | {role: site.person(role, role.title()) for role in ROLES}


def write(visitor: Visitor, text: str, **fields: str) -> int:
    """Queue a post as somebody; its number."""
    given = {"text": text, "when": "next", "to": "x", "election": "no", "do": "queue", **fields}
    answer = visitor.post(f"/compose/{uuid.uuid4()}", given)
    assert "/posts/" in answer.url, answer.text
    return int(answer.url.rpartition("/")[2])


def rule(site: Site, approval: str, account: str = "x") -> None:
    """Whose posts need an approver."""
    set_approval(Decider(site.bot.store, site.bot.clock, "cli:test"), account, approval)


def tables(site: Site) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    with site.bot.store.read() as session:
        return {
            table.name: [tuple(row) for row in session.execute(select(table))]
            for table in Base.metadata.sorted_tables
        }
