"""The page on which a person lets an app use an account, and the way back from it.

Plain HTML with two buttons, for both platforms. Leads back only to https or to this machine, and
tells nobody anything it was not given.
"""

from collections.abc import Mapping
from html import escape
from urllib.parse import urlencode, urlsplit

from bot.sandbox.page_style import STYLE
from bot.sandbox.wire import Reply, text_reply

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
LOOPBACK = ("127.0.0.1", "localhost", "::1")


def draw(platform: str, title: str, asks: str, hidden: Mapping[str, str]) -> Reply:
    """The question, with what the answer must bring along in hidden fields."""
    fields = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in hidden.items()
    )
    return _page(
        f'<section class="{platform}" aria-labelledby="asked"><header><h1 id="asked">'
        f'{escape(title)} <small>simulated</small></h1></header><form method="post" class="post">'
        f'<div class="body"><p class="text">{escape(asks)}</p>{fields}'
        '<p><button name="answer" value="yes">Authorise</button> '
        '<button name="answer" value="no">Cancel</button></p></div></form></section>'
    )


def refuse(status: int, why: str) -> Reply:
    """A page that leads nowhere."""
    page = _page(f'<section><p class="empty">{escape(why)}</p></section>')
    return Reply(status, page.body, page.content_type, page.headers)


def _page(inside: str) -> Reply:
    page = text_reply(
        200,
        '<!doctype html><html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        f"<title>Simulated platforms</title><style>{STYLE}</style></head><body>"
        '<p class="notice" role="note"><strong>Simulated platforms.</strong> Nothing on this page '
        f"is on X or Facebook.</p><main>{inside}</main></body></html>",
    )
    guards = [("content-security-policy", POLICY), ("referrer-policy", "no-referrer")]
    return Reply(200, page.body, page.content_type, guards)


def is_allowed(return_to: str) -> bool:
    """Whether an address may be led back to: https, or this machine."""
    parts = urlsplit(return_to)
    return bool(parts.hostname) and (parts.scheme == "https" or parts.hostname in LOOPBACK)


def lead_back(return_to: str, answer: Mapping[str, str]) -> Reply:
    """The redirect that takes the person, and the answer, back to the app."""
    joint = "&" if urlsplit(return_to).query else "?"
    return Reply(302, b"", None, [("location", f"{return_to}{joint}{urlencode(answer)}")])
