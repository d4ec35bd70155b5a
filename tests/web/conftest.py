"""One web app a file of tests, with people of every role signed in, on simulated platforms."""

import tempfile
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from passlib.totp import TOTP
from sqlalchemy import select
from world import QUICK_DISK

from bot.decisions.record import Decider
from bot.decisions.rules import set_approval
from bot.model.base import Base
from bot.model.delivery import Delivery
from bot.model.person import Person, Role
from bot.sandbox import Sandbox
from bot.store import deliveries, people

from .site import PASSWORD, Site, Visitor, running, token_in

ROLES = tuple(role.value for role in Role)


@pytest.fixture(autouse=True)
def loopback_sockets(socket_enabled: None) -> None:
    """Pages are asked for over real sockets."""


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as running_sandbox:
        yield running_sandbox


@pytest.fixture(scope="module")
def site(sandbox: Sandbox) -> Iterator[Site]:
    with (
        tempfile.TemporaryDirectory(prefix="bot-web-", dir=QUICK_DISK) as folder,
        running(Path(folder), sandbox, MIN_SPACING_MINUTES="0") as site,
    ):
        yield site


@pytest.fixture(scope="module")
def crew(site: Site) -> dict[str, Visitor]:
    """Somebody of each role, and nobody."""
    return {"nobody": Visitor(site)} | {role: site.person(role, role.title()) for role in ROLES}


@pytest.fixture
def named() -> str:
    """A name nobody else has."""
    return f"P{uuid.uuid4().hex[:10]}"


def by_cli(site: Site) -> Decider:
    """Decisions of whoever sits at the machine."""
    return Decider(site.bot.store, site.bot.clock, "cli:test")


def person_row(site: Site, name: str) -> Person:
    """Somebody as the database has them."""
    with site.bot.store.read() as session:
        return people.get(session, site.people[name])


def write(visitor: Visitor, text: str, **fields: str) -> int:
    """Queue a post as somebody; its number."""
    given = {"text": text, "when": "next", "to": "x", "election": "no", "do": "queue", **fields}
    answer = visitor.post(f"/compose/{uuid.uuid4()}", given)
    assert "/posts/" in answer.url, answer.text
    return int(answer.url.rpartition("/")[2])


def delivery_of(site: Site, post_id: int) -> Delivery:
    """The post on its one account."""
    with site.bot.store.read() as session:
        (row,) = deliveries.of_post(session, post_id)
        return row


def rule(site: Site, approval: str, account: str = "x") -> None:
    """Whose posts need an approver."""
    set_approval(by_cli(site), account, approval)


def tables(site: Site) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    with site.bot.store.read() as session:
        return {
            table.name: [tuple(row) for row in session.execute(select(table))]
            for table in Base.metadata.sorted_tables
        }


def sign_in(site: Site, name: str, password: str = PASSWORD) -> tuple[Visitor, requests.Response]:
    """Another browser, in which somebody types address and password."""
    visitor = Visitor(site)
    visitor.name = name
    fields = {"email": f"{name.lower()}@example.org", "password": password}
    return visitor, visitor.post("/login", fields, token=visitor.token("/login"))


def give_code(visitor: Visitor, page: requests.Response, code: str) -> requests.Response:
    """Answer the second step."""
    return visitor.post("/tf-validate", {"code": code}, token=token_in(page.text))


def code_at(secret: str, ahead_seconds: int) -> str:
    """What an app on a phone will show; a code that was used opens nothing more."""
    return str(TOTP(key=secret, format="base32").generate(time.time() + ahead_seconds).token)


def is_in(visitor: Visitor) -> bool:
    """Whether pages are shown to that browser."""
    return visitor.get("/me", allow_redirects=False).status_code == 200


def copy_of(visitor: Visitor) -> Visitor:
    """The same cookies in other hands."""
    other = Visitor(visitor.site)
    other.name, other.secret = visitor.name, visitor.secret
    other.http.cookies.update(visitor.http.cookies)
    return other
