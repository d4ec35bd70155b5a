"""OAuth 1.0a as X checks it: both secrets, the URL really asked for, a fresh time, a new nonce.

The signature is computed over the request's own host, so a client that signs for api.twitter.com
and is rerouted here is refused, as it would be at api.x.com. Time is the machine's, not the
sandbox clock's, because the client signs with the machine's.
"""

import threading
import time
from collections import deque
from collections.abc import Mapping
from typing import NamedTuple

from oauthlib.oauth1.rfc5849 import signature
from werkzeug.wrappers import Request

from bot.sandbox.accounts import Accounts

FRESH_SECONDS = 300
NEEDED = (
    "oauth_consumer_key",
    "oauth_nonce",
    "oauth_timestamp",
    "oauth_signature_method",
    "oauth_signature",
)


class Signed(NamedTuple):
    """The parts of a request that oauthlib signs over."""

    http_method: str
    uri: str
    params: list[tuple[str, str]]
    signature: str


class Nonces:
    """Nonces seen within the fresh period."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: set[tuple[str, str]] = set()
        self._order: deque[tuple[float, tuple[str, str]]] = deque()

    def is_new(self, timestamp: str, nonce: str) -> bool:
        """Remember a nonce; False when it was used before."""
        now, key = time.time(), (timestamp, nonce)
        with self._lock:
            while self._order and self._order[0][0] < now - 2 * FRESH_SECONDS:
                self._seen.discard(self._order.popleft()[1])
            if key in self._seen:
                return False
            self._seen.add(key)
            self._order.append((now, key))
            return True


def is_signed(request: Request, accounts: Accounts, nonces: Nonces) -> bool:
    """Whether the request carries a good OAuth 1.0a signature of the one known user."""
    user = {accounts.x_token: accounts.x_token_secret}
    return signed_by(request, accounts, nonces, user) is not None


def signed_by(
    request: Request, accounts: Accounts, nonces: Nonces, secrets: Mapping[str, str]
) -> dict[str, str] | None:
    """The OAuth parameters of a request that the app signed for one of these tokens, else None.

    `secrets` are the tokens' by token; the empty token is the app alone.
    """
    try:
        collected = signature.collect_parameters(
            uri_query=request.query_string.decode("ascii"),
            body=_form_body(request),
            headers={"Authorization": request.headers.get("Authorization", "")},
            exclude_oauth_signature=False,
        )
    except ValueError:
        return None
    oauth = {name: value for name, value in collected if name.startswith("oauth_")}
    if any(not oauth.get(name) for name in NEEDED) or oauth.get("oauth_version", "1.0") != "1.0":
        return None
    token = oauth.get("oauth_token", "")
    if oauth["oauth_consumer_key"] != accounts.x_key or token not in secrets:
        return None
    if oauth["oauth_signature_method"] != "HMAC-SHA1" or not _is_fresh(oauth["oauth_timestamp"]):
        return None
    signed = Signed(
        request.method,
        request.base_url,
        [(name, value) for name, value in collected if name != "oauth_signature"],
        oauth["oauth_signature"],
    )
    if not signature.verify_hmac_sha1(signed, accounts.x_secret, secrets[token]):
        return None
    return oauth if nonces.is_new(oauth["oauth_timestamp"], oauth["oauth_nonce"]) else None


def _form_body(request: Request) -> str:
    """Only form bodies are signed; JSON and multipart are not (RFC 5849, 3.4.1.3.1)."""
    if request.mimetype != "application/x-www-form-urlencoded":
        return ""
    return request.get_data(cache=True).decode("ascii", "replace")


def _is_fresh(timestamp: str) -> bool:
    return timestamp.isdecimal() and abs(time.time() - int(timestamp)) <= FRESH_SECONDS
