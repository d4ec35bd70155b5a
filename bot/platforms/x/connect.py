"""Lets a person connect the X account: OAuth 1.0a in three steps.

By https://docs.x.com/fundamentals/authentication/oauth-1-0a/obtaining-user-access-tokens, read
2026-11-26. X answers these steps with a form, not with JSON, and a refusal in any shape it likes.
No token of an account is ever part of an address here; the request token is, and opens nothing.
"""

import hmac
import re
from collections.abc import Callable, Mapping
from urllib.parse import parse_qs, urlencode

from bot.platforms.contract import ConnectStep, Grant, NotGranted
from bot.platforms.replies import ask
from bot.settings import Settings
from bot.wire import Reply, Session

TOKEN = re.compile(r"[\w-]{1,300}", re.ASCII)
USER_ID = re.compile(r"[0-9]{1,19}", re.ASCII)
USERNAME = re.compile(r"\w{1,50}", re.ASCII)
MOST_FIELDS = 20
NO_CALLBACK = "415"

WRONG_KEYS = (
    "X does not know the app. Check X_API_KEY and X_API_SECRET, and that the machine's clock is "
    "right. Nothing was changed."
)
WRONG_ADDRESS = (
    "X will not lead back to this web app. In the app's settings at X, under User authentication "
    "settings, add this callback address, then connect again: {address}"
)
NO_ANSWER = "X gave an answer that cannot be understood ({status}). Nothing was changed. Try again."
DENIED = "The sign-in at X was cancelled. Nothing was changed."
STALE = "X says this sign-in was used already or took too long. Nothing was changed. Connect again."
READ_ONLY = (
    "X lets the app read only. Set its permission to Read and write in the app's settings at X, "
    "then connect again. Nothing was changed."
)


def begin(settings: Settings, return_to: str) -> ConnectStep | NotGranted:
    """Get a request token; the person is sent to X's page with it, and asked who they are."""
    from bot.platforms.x.client import ask_for_request_token

    key, secret = _app(settings)
    session = _session(settings)
    reply = _asked(
        session, lambda: ask_for_request_token(session, settings.x_api_url, key, secret, return_to)
    )
    if isinstance(reply, NotGranted):
        return reply
    given = _form(reply)
    token, token_secret = given.get("oauth_token", ""), given.get("oauth_token_secret", "")
    if given.get("oauth_callback_confirmed") != "true" or not _are_tokens(token, token_secret):
        return NotGranted(_why_not_begun(reply, return_to))
    # Whoever is signed in to X in this browser is often not the group.
    query = urlencode({"oauth_token": token, "force_login": "true"})
    url = f"{settings.x_api_url}/oauth/authorize?{query}"
    return ConnectStep(url, token, {"token": token, "secret": token_secret})


def finish(
    settings: Settings, kept: Mapping[str, str], returned: Mapping[str, str]
) -> tuple[Grant, ...] | NotGranted:
    """Turn what the person came back with into the account's own token."""
    from bot.platforms.x.client import ask_for_access_token

    token, verifier = returned.get("oauth_token", ""), returned.get("oauth_verifier", "")
    if "denied" in returned:
        return NotGranted(DENIED)
    if not verifier or not hmac.compare_digest(token.encode(), kept["token"].encode()):
        return NotGranted(STALE)
    key, secret = _app(settings)
    session = _session(settings, *kept.values(), verifier)
    permit = (kept["token"], kept["secret"], verifier)
    reply = _asked(
        session, lambda: ask_for_access_token(session, settings.x_api_url, key, secret, permit)
    )
    return reply if isinstance(reply, NotGranted) else _granted(reply)


def _granted(reply: Reply) -> tuple[Grant, ...] | NotGranted:
    given = _form(reply)
    own = given.get("oauth_token", ""), given.get("oauth_token_secret", "")
    user_id, username = given.get("user_id", ""), given.get("screen_name", "")
    if reply.status == 401:
        return NotGranted(STALE)
    if not (_are_tokens(*own) and USER_ID.fullmatch(user_id) and USERNAME.fullmatch(username)):
        return NotGranted(NO_ANSWER.format(status=reply.status))
    # The header is a hint that X sends on most replies; its absence says nothing.
    may_write = reply.headers.get("x-access-level", "").strip().lower() != "read"
    credentials = {"X_ACCESS_TOKEN": own[0], "X_ACCESS_TOKEN_SECRET": own[1]}
    return (Grant(user_id, f"@{username}", credentials, "" if may_write else READ_ONLY),)


def _why_not_begun(reply: Reply, return_to: str) -> str:
    if NO_CALLBACK in reply.body[:2000].decode("utf-8", "replace"):
        return WRONG_ADDRESS.format(address=return_to)
    return WRONG_KEYS if reply.status == 401 else NO_ANSWER.format(status=reply.status)


def _asked(session: Session, call: Callable[[], object]) -> Reply | NotGranted:
    reply = ask(session, call, "X")
    return (
        reply if isinstance(reply, Reply) else NotGranted(f"{reply.reason}. Nothing was changed.")
    )


def _form(reply: Reply) -> dict[str, str]:
    """The fields of a good answer; none where there is anything else in it."""
    if reply.status != 200:
        return {}
    try:
        found = parse_qs(reply.body.decode("ascii"), max_num_fields=MOST_FIELDS)
    except ValueError:
        return {}
    return {name: values[0] for name, values in found.items() if len(values) == 1}


def _are_tokens(*given: str) -> bool:
    return all(TOKEN.fullmatch(one) for one in given)


def _app(settings: Settings) -> tuple[str, str]:
    return settings.x_api_key.get_secret_value(), settings.x_api_secret.get_secret_value()


def _session(settings: Settings, *secrets: str) -> Session:
    hidden = (*settings.secrets(), *secrets)
    return Session(deadline_seconds=settings.send_timeout_seconds, secrets=hidden)
