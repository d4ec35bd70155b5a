"""A person at the simulated platforms' sign-in pages: reads one, presses a button, is led back."""

import re
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import requests

HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')
SECONDS = 10


def led_back(url: str, answer: str = "yes") -> tuple[str, dict[str, str]]:
    """Where pressing a button on the page leads, and the query the person comes back with."""
    with requests.Session() as browser:
        browser.trust_env = False
        page = browser.get(url, timeout=SECONDS)
        page.raise_for_status()
        fields = {name: unescape(value) for name, value in HIDDEN.findall(page.text)}
        form = url.partition("?")[0]
        reply = browser.post(
            form, data={**fields, "answer": answer}, timeout=SECONDS, allow_redirects=False
        )
    place = urlsplit(reply.headers["location"])
    return f"{place.scheme}://{place.netloc}{place.path}", dict(parse_qsl(place.query))


def came_back(url: str, answer: str = "yes") -> dict[str, str]:
    """The query alone."""
    return led_back(url, answer)[1]
