"""Fixtures that start Debian's Chromium; without it their tests are skipped by name, with a reason.

One browser for the tests of a module on a worker, and a window of its own for every test.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright
from world import HandClock

from bot.sandbox import Sandbox
from web.driving import ARGUMENTS, CHROMIUM, DESKTOP, Open, Window, open_window, sign_in
from web.seeded import Used, in_use
from web.site import Site, Visitor, running


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is not there. On Debian: sudo apt-get install chromium")
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(ARGUMENTS))
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def used(chromium: Browser) -> Iterator[Used]:
    """An app with a week of posts in it, which no test of the module changes."""
    with in_use() as found:
        yield found


@pytest.fixture
def fresh(chromium: Browser, tmp_path: Path) -> Iterator[Site]:
    """An app with nothing in it; its clock, and that of the platforms, is moved by hand."""
    clock = HandClock()
    with Sandbox(clock=clock) as sandbox, running(tmp_path, sandbox, clock) as found:
        yield found


@pytest.fixture
def open_as(chromium: Browser) -> Iterator[Open]:
    """Opens a window of somebody; at the end no page's console may have complained."""
    opened: list[Window] = []

    def opener(
        url: str, visitor: Visitor | None = None, size: tuple[int, int] = DESKTOP, **more: object
    ) -> Window:
        window = open_window(chromium, url, size, **more)
        opened.append(window)
        if visitor is not None:
            sign_in(window, visitor)
        return window

    yield opener
    complaints = [said for window in opened for said in window.complaints]
    for window in opened:
        window.context.close()
    assert not complaints
