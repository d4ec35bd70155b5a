"""How the tests drive Debian's Chromium: pages of people who are signed in, and what axe finds."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Browser, BrowserContext, Page, expect

from web.site import Visitor

CHROMIUM = Path("/usr/bin/chromium")
# It speaks to loopback only: whatever it would do by itself on the network is switched off.
ARGUMENTS = (
    *("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-quic", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage"),
)
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
OPEN = "document.querySelectorAll('main details').forEach(one => one.open = true)"
DESKTOP, PHONE, NARROW = (1280, 900), (390, 844), (320, 640)


# Waited for on a loaded machine; nothing ever waits that long on a quiet one.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)


@dataclass
class Window:
    """One browser window of somebody; what the page's console says against it is kept."""

    context: BrowserContext
    page: Page
    url: str
    complaints: list[str]

    def go(self, path: str) -> Page:
        """Open a page of the app."""
        self.page.goto(path if path.startswith("http") else f"{self.url}{path}")
        return self.page

    def resize(self, size: tuple[int, int]) -> None:
        self.page.set_viewport_size({"width": size[0], "height": size[1]})


Open = Callable[..., Window]


def open_window(browser: Browser, url: str, size: tuple[int, int] = DESKTOP, **more: Any) -> Window:
    """A new window with nothing in it; a phone's has touch."""
    more |= {"is_mobile": True, "has_touch": True} if size == PHONE else {}
    width, height = size
    viewport = {"width": width, "height": height}
    context = browser.new_context(viewport=viewport, locale="en-GB", **more)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return Window(context, page, url, complaints)


def sign_in(window: Window, visitor: Visitor) -> None:
    """Give the window the cookies of somebody who signed in before."""
    cookies = [
        {"name": one.name, "value": one.value or "", "url": window.url}
        for one in visitor.http.cookies
    ]
    window.context.add_cookies(cookies)


def violations(page: Page, **options: Any) -> list[str]:
    """What axe finds on the page as it is, one line each; the page's own policy stays in force."""
    page.evaluate(AXE)
    chosen = {"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations"], **options}
    found = page.evaluate("options => axe.run(document, options)", chosen)
    return [
        f"{one['id']}: {one['help']}: {' | '.join(node['html'][:160] for node in one['nodes'][:3])}"
        for one in found["violations"]
    ]


def sideways(page: Page) -> int:
    """How many pixels the page, or the bar that is fixed to its window, is wider than that."""
    return int(
        page.evaluate(
            "Math.max(document.documentElement.scrollWidth, ...[...document.querySelectorAll("
            "'.bar a')].map(one => one.getBoundingClientRect().right)) - window.innerWidth"
        )
    )


def faults(window: Window) -> list[str]:
    """What is wrong with the page at each size and colour, with its details closed and open."""
    page, found = window.page, []
    if page.locator("main details").count():
        found += [f"closed: {said}" for said in violations(page)]
    page.evaluate(OPEN)
    for size in (DESKTOP, PHONE):
        window.resize(size)
        found += [f"{size}: {said}" for said in violations(page)]
    page.emulate_media(color_scheme="dark")
    found += [f"dark: {said}" for said in violations(page, **CONTRAST)]
    page.emulate_media(color_scheme="light")
    window.resize(NARROW)
    wide = sideways(page)
    return found + ([f"{wide} pixels too wide at {NARROW}"] if wide > 0 else [])
