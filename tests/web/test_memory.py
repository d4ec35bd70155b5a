"""What keeps the pages' process small: results packed, one long reading at a time, loaded late."""

import ast
import gc
import inspect
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from importlib import import_module
from random import Random
from time import monotonic, sleep

import pytest
from werkzeug.exceptions import ServiceUnavailable

from bot.confined import environment
from bot.web import passkeys, turns
from bot.web.kept import Kept

from .site import Site, Visitor

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def test_a_result_is_kept_for_its_time_and_made_anew_after_it() -> None:
    """Everybody gets a copy of their own."""
    kept: Kept[list[int]] = Kept(10_000, MINUTE)
    made: list[int] = []

    def make() -> list[int]:
        made.append(len(made))
        return [len(made)]

    first = kept.get("a", NOW, make)
    first.append(9)

    assert [1] == kept.get("a", NOW + MINUTE / 2, make)
    assert [2] == kept.get("b", NOW, make)
    assert [3] == kept.get("a", NOW + MINUTE, make)


def test_no_more_is_kept_than_so_many_bytes() -> None:
    """The oldest goes, and something too large is not kept at all."""
    kept: Kept[bytes] = Kept(280, MINUTE)
    made: list[str] = []

    def asked(key: str, size: int = 80) -> None:
        content = Random(key).randbytes(size)
        kept.get(key, NOW, lambda: (made.append(key), content)[1])

    for key in ("a", "b", "b", "a", "c", "a"):
        asked(key)
    asked("large", 2_000)
    asked("large", 2_000)

    assert ["a", "b", "c", "a", "large", "large"] == made


def test_who_asks_for_what_is_being_made_waits_for_it() -> None:
    """Instead of making it once more."""
    kept: Kept[int] = Kept(1_000, MINUTE)
    begun, go, made = threading.Event(), threading.Event(), []

    def make() -> int:
        begun.set()
        assert go.wait(10)
        made.append(1)
        return 1

    asking = [threading.Thread(target=kept.get, args=("a", NOW, make)) for _ in range(3)]
    asking[0].start()
    assert begun.wait(10)
    for one in asking[1:]:
        one.start()
    go.set()
    for one in asking:
        one.join(10)

    assert [1] == made


def test_a_long_reading_may_take_its_turn_again_within() -> None:
    """As a chart on a page that is itself one."""
    with turns.long_work(), turns.long_work():
        gc.collect()


def test_one_thread_is_left_for_the_other_pages() -> None:
    """Who comes when too many wait is asked to come back, and who waits gets their turn."""
    done: list[str] = []
    waiting = threading.Semaphore(0)

    def ask() -> None:
        waiting.release()
        with turns.long_work():
            done.append("read")

    asking = [threading.Thread(target=ask) for _ in range(turns.MAY_WAIT)]
    with turns.long_work():
        for one in asking:
            one.start()
            assert waiting.acquire(timeout=10)
        ends = monotonic() + 10
        while turns._places._value and monotonic() < ends:
            sleep(0.01)
        with ThreadPoolExecutor(1) as pool:
            refused = pool.submit(lambda: turns.long_work().__enter__()).exception(10)
        assert [] == done
    for one in asking:
        one.join(10)

    assert isinstance(refused, ServiceUnavailable)
    assert turns.COME_BACK_SECONDS == refused.retry_after
    assert ["read"] * turns.MAY_WAIT == done


def test_a_turn_that_does_not_come_ends_the_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    """One reading that hangs takes nobody's page with it."""
    monkeypatch.setattr(turns, "LONGEST_WAIT_SECONDS", 0.05)
    with turns.long_work(), ThreadPoolExecutor(1) as pool:
        refused = pool.submit(lambda: turns.long_work().__enter__()).exception(10)

    assert isinstance(refused, ServiceUnavailable)


def test_who_is_asked_to_come_back_is_told_when(
    site: Site, crew: dict[str, Visitor], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the words of a page, with the header that programs read; the other pages go on."""
    monkeypatch.setattr(turns, "LONGEST_WAIT_SECONDS", 0.05)
    with turns.long_work():
        answer = crew["staff"].get("/engagement?period=1y")
        beside = crew["staff"].get("/queue")

    assert (503, "30") == (answer.status_code, answer.headers["Retry-After"])
    assert "Many ask for figures just now" in answer.text
    assert 200 == beside.status_code == crew["staff"].get("/engagement?period=1y").status_code


LOADS = """
import sys
from bot import lean
lean.load("structlog")
lean.load("flask_security")
from bot.web import application, passkeys
for name in ("rich", "webauthn", "pydantic", "icalendar", "PIL", "tweepy", "facebook", "lxml"):
    assert name not in sys.modules, name
passkeys.bring()
from flask_security import webauthn
assert webauthn.webauthn.generate_registration_options
"""


def test_the_pages_start_without_what_they_seldom_need() -> None:
    """And passkeys have their library when one is used."""
    done = subprocess.run(
        [sys.executable, "-c", LOADS],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (0, "") == (done.returncode, done.stderr)


@pytest.mark.parametrize("name", sorted(passkeys.BROUGHT))
def test_passkeys_are_brought_all_that_their_pages_import(name: str) -> None:
    """Of the release that is installed; another may want more."""
    tree = ast.parse(inspect.getsource(import_module(name)))
    imported = [
        (one.module, alias.name)
        for tried in ast.walk(tree)
        if isinstance(tried, ast.Try)
        for one in tried.body
        if isinstance(one, ast.ImportFrom) and (one.module or "").startswith("webauthn")
        for alias in one.names
    ]
    brought = passkeys.BROUGHT[name]

    assert imported
    assert {(module, one) for module in brought for one in brought[module]} == set(imported)
