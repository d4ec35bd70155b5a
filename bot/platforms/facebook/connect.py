"""Lets a person connect the Facebook Page: Facebook's own dialog, then tokens in exchange.

By https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow and
.../access-tokens/get-long-lived, read 2026-11-26. A Page's token lasts only where it is made from a
long-lived user token, so the short one is exchanged first. No secret is ever part of an address:
what Facebook's pages show as a query is sent as a form.
"""

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from bot.clock import Clock
from bot.platforms.contract import ConnectStep, Grant, NotGranted, Unreadable
from bot.platforms.facebook.classify import Fault
from bot.platforms.facebook.listing import next_cursor
from bot.platforms.facebook.page import NEEDED_TO_COUNT, NEEDED_TO_POST
from bot.platforms.facebook.reading import Declined, Read, read
from bot.platforms.replies import ask, quoted, rows, table, words
from bot.settings import Settings, is_loopback
from bot.wire import redact

SCOPES = ("pages_show_list", *NEEDED_TO_POST, *NEEDED_TO_COUNT)
MAY_POST = frozenset({"CREATE_CONTENT", "PROFILE_PLUS_CREATE_CONTENT", "PROFILE_PLUS_FULL_CONTROL"})
PAGE_FIELDS = "id,name,access_token,tasks"
PAGE_ID = re.compile(r"[0-9]{1,20}", re.ASCII)
TOKEN = re.compile(r"[\w.~+/=|-]{1,2000}", re.ASCII)
PAGES_AT_ONCE, MOST_ASKS = 100, 5
STALE_CODES = frozenset({36007, 36009})
WRONG_ADDRESS_CODES = frozenset({36008, 1349168})

DENIED = "The sign-in at Facebook was cancelled. Nothing was changed."
NO_CODE = "Facebook sent nothing that lets us in. Nothing was changed. Connect again."
STALE = (
    "Facebook says this sign-in was used already or took too long. Nothing was changed. "
    "Connect again."
)
WRONG_ADDRESS = (
    "Facebook will not lead back to this web app. In the app at Meta, under Facebook Login, "
    "Settings, add this to Valid OAuth Redirect URIs, then connect again: {address}"
)
REFUSED = (
    "Facebook did not accept the sign-in. Nothing was changed. If it speaks of the app or its "
    "secret, check FACEBOOK_APP_ID and FACEBOOK_APP_SECRET. It said: {said} ({code})"
)
NO_PAGES = (
    "Facebook names no Page that this person may use. Sign in as somebody with full control of the "
    "Page, and choose the Page when Facebook asks which. Nothing was changed."
)
NO_TASK = (
    "This person may not write posts on {name}. Ask whoever has full control of the Page to give "
    "them content access, or let that person connect it."
)


def begin(settings: Settings, return_to: str) -> ConnectStep:
    """The address of Facebook's dialog, which asks again for what was once declined."""
    state = secrets.token_urlsafe(32)
    query = {
        "client_id": settings.facebook_app_id,
        "redirect_uri": return_to,
        "state": state,
        "response_type": "code",
        "scope": ",".join(SCOPES),
        "auth_type": "rerequest",
    }
    graph = settings.facebook_graph_url
    front = graph if is_loopback(graph) else "https://www.facebook.com"
    url = f"{front}/{settings.facebook_graph_version}/dialog/oauth?{urlencode(query)}"
    return ConnectStep(url, state)


def finish(
    settings: Settings, clock: Clock, returned: Mapping[str, str], return_to: str
) -> tuple[Grant, ...] | NotGranted:
    """Turn the code the person came back with into the tokens of the Pages they may use."""
    if "error" in returned:
        return NotGranted(DENIED)
    if not returned.get("code"):
        return NotGranted(NO_CODE)
    exchange = _Exchange(settings, clock, return_to, [returned["code"]])
    short = exchange.token({"code": returned["code"], "redirect_uri": return_to})
    if isinstance(short, NotGranted):
        return short
    long = exchange.token({"grant_type": "fb_exchange_token", "fb_exchange_token": short})
    return long if isinstance(long, NotGranted) else exchange.pages(long)


@dataclass(slots=True)
class _Exchange:
    """One sign-in's calls; every token that passes through is hidden from then on."""

    settings: Settings
    clock: Clock
    return_to: str
    hidden: list[str] = field(repr=False)

    def token(self, asked: Mapping[str, str]) -> str | NotGranted:
        """A user token for a code or for a shorter token."""
        form = {
            "client_id": self.settings.facebook_app_id,
            "client_secret": self._app_secret,
            **asked,
        }
        answer = self._read("", "oauth/access_token", form=form)
        if not isinstance(answer, Mapping):
            return self._refused(answer)
        found = words(answer.get("access_token"))
        self.hidden.append(found)
        return found if TOKEN.fullmatch(found) else NotGranted(NO_CODE)

    def pages(self, user_token: str) -> tuple[Grant, ...] | NotGranted:
        """Every Page the person may use, each with the token that never ends."""
        proof = hmac.new(self._app_secret.encode(), user_token.encode(), hashlib.sha256)
        query: dict[str, Any] = {
            "fields": PAGE_FIELDS,
            "limit": PAGES_AT_ONCE,
            "appsecret_proof": proof.hexdigest(),
        }
        found: list[Grant] = []
        for _ in range(MOST_ASKS):
            answer = self._read(user_token, "me/accounts", query=query)
            if not isinstance(answer, Mapping):
                return self._refused(answer)
            found += [_grant(page) for page in rows(answer.get("data")) if _is_usable(page)]
            paging = table(answer.get("paging"))
            query["after"] = next_cursor(paging)
            if not paging.get("next") or not query["after"]:
                break
        return tuple(found) or NotGranted(NO_PAGES)

    @property
    def _app_secret(self) -> str:
        return self.settings.facebook_app_secret.get_secret_value()

    def _read(
        self,
        token: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        form: Mapping[str, str] | None = None,
    ) -> Read:
        from bot.platforms.facebook.client import open_graph

        graph = open_graph(self.settings, token, tuple(self.hidden))
        address = f"{graph.sdk.version}/{path}"
        given = dict(form) if form else None
        reply = ask(
            graph.session, lambda: graph.sdk.request(address, dict(query or {}), given), "Facebook"
        )
        return read(reply, self.clock(), self._hide)

    def _refused(self, answer: Declined | Unreadable) -> NotGranted:
        if isinstance(answer, Unreadable):
            return NotGranted(f"{answer.reason.rstrip('.')}. Nothing was changed. Try again.")
        return NotGranted(self._why(answer.fault))

    def _why(self, fault: Fault) -> str:
        if fault.subcode in STALE_CODES:
            return STALE
        if fault.subcode in WRONG_ADDRESS_CODES:
            return WRONG_ADDRESS.format(address=self.return_to)
        said = quoted(self._hide(fault.said)) or "nothing"
        return REFUSED.format(said=said, code=fault.code)

    def _hide(self, text: str) -> str:
        return redact(text, (*self.settings.secrets(), *self.hidden))


def _is_usable(page: Mapping[str, Any]) -> bool:
    page_id, token = words(page.get("id")), words(page.get("access_token"))
    return bool(PAGE_ID.fullmatch(page_id) and TOKEN.fullmatch(token))


def _grant(page: Mapping[str, Any]) -> Grant:
    page_id, name = words(page["id"]), quoted(words(page.get("name"))) or "a Page without a name"
    tasks = page.get("tasks")
    may_post = isinstance(tasks, list) and bool(MAY_POST.intersection(map(str, tasks)))
    credentials = {
        "FACEBOOK_PAGE_ID": page_id,
        "FACEBOOK_PAGE_TOKEN": words(page["access_token"]),
    }
    return Grant(page_id, name, credentials, "" if may_post else NO_TASK.format(name=name))
