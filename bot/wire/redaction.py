"""Takes secrets out of text before anyone reads it.

Known values go in every spelling a URL or a JSON body may give them; what merely looks like a
credential goes too, so that a secret nobody registered is still not printed.
"""

import json
import re
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import quote, quote_plus

HIDDEN = "[hidden]"
# Shorter values are no secrets, and hiding them would eat ordinary words.
SHORTEST_SECRET = 4

NAMED_VALUE = re.compile(
    r"(?i)\b(access_token|input_token|fb_exchange_token|client_secret|appsecret_proof|oauth_\w+)"
    r"([\"']?\s*[=:]\s*[\"']?)[^&\s\"',)]+"
)
AUTHORIZATION = re.compile(r"(?i)\b((?:proxy-)?authorization[\"']?\s*[:=]\s*b?[\"']?)[^\r\n\"']+")
SCHEME_VALUE = re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=|-]{4,}")


_learned: frozenset[str] = frozenset()


def learn(secrets: Iterable[str]) -> None:
    """Hide these in all that this process says from now on: secrets that no setting holds."""
    global _learned  # noqa: PLW0603  whoever logs cannot know what another has decrypted
    _learned |= frozenset(secrets)


def redact(text: str, secrets: Iterable[str] = ()) -> str:
    """The text without the secrets given or learned, nor what is written as credentials are."""
    for spelling in _spellings(frozenset((*secrets, *_learned))):
        text = text.replace(spelling, HIDDEN)
    text = AUTHORIZATION.sub(rf"\1{HIDDEN}", text)
    text = NAMED_VALUE.sub(rf"\1\2{HIDDEN}", text)
    return SCHEME_VALUE.sub(rf"\1 {HIDDEN}", text)


@lru_cache(maxsize=8)
def _spellings(secrets: frozenset[str]) -> tuple[str, ...]:
    # Kept, because every word of every line of the log asks for the same ones.
    found: set[str] = set()
    for secret in secrets:
        if len(secret) >= SHORTEST_SECRET:
            found |= {secret, quote(secret), quote(secret, safe=""), quote_plus(secret)}
            found |= {quote(secret, safe="").lower(), json.dumps(secret)[1:-1], repr(secret)[1:-1]}
    # Longest first: a secret that begins with another must not leave its tail behind.
    return tuple(sorted(found, key=len, reverse=True))
