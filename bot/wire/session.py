"""The session that tweepy, facebook-sdk and the feed reader are given in place of requests' own.

Refuses redirects, retries, proxies, cookies, streaming bodies and unverified TLS. Keeps the last
reply of each thread, because facebook-sdk drops its status and headers.
"""

import io
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from bot import __version__
from bot.wire.dial import AddressRule
from bot.wire.exchange import Answer, Call, Evidence, Limits, carry_out
from bot.wire.faults import CutShort, DeadlineExceeded, NotSent, WireError
from bot.wire.redaction import redact

USER_AGENT = f"campaign-bot/{__version__}"
DEFAULT_PORTS = {"http": 80, "https": 443}
FIVE_MEGABYTES = 5 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Reply:
    """A complete reply as it was received, whatever the caller's library made of it."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Session(requests.Session):
    """A requests.Session that keeps the promises of this package; safe to share by threads."""

    def __init__(
        self,
        *,
        deadline_seconds: float,
        secrets: Iterable[str] = (),
        max_wire_bytes: int = FIVE_MEGABYTES,
        max_body_bytes: int = FIVE_MEGABYTES,
        address_allowed: AddressRule | None = None,
    ) -> None:
        super().__init__()
        self.trust_env = False
        self.headers.clear()
        self.headers.update(
            {"User-Agent": USER_AGENT, "Accept": "*/*", "Accept-Encoding": "identity"}
        )
        self._secrets = tuple(secrets)
        self._now = threading.local()
        limits = Limits(deadline_seconds, max_wire_bytes, max_body_bytes)
        adapter = _Adapter(limits, address_allowed, self._now)
        for scheme in DEFAULT_PORTS:
            self.mount(f"{scheme}://", adapter)

    @property
    def last(self) -> Reply | None:
        """This thread's newest reply; None when its newest request got none."""
        return getattr(self._now, "reply", None)

    @property
    def begun(self) -> bool:
        """Whether a byte of this thread's newest request can have left."""
        evidence: Evidence = getattr(self._now, "evidence", Evidence())
        return evidence.begun

    def forget(self) -> None:
        """Drop what is known of this thread's newest request, before a library is given the word.

        A library may fail before it asks anything; an older reply must not pass for its answer.
        """
        self._now.reply, self._now.evidence = None, Evidence()

    def request(self, method: Any, url: Any, *args: Any, **named: Any) -> requests.Response:
        """One request and its whole reply; raises WireError and nothing else."""
        self.forget()
        try:
            return super().request(method, url, *args, **{**named, "allow_redirects": False})
        except Exception as error:  # noqa: BLE001  any kind, so that none leaves with a secret
            fault = self._cleaned(error)
        # Raised out here: inside, the unredacted error would travel along as its context.
        raise fault

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Never: a malformed Location must not raise once the request was carried out."""

    def _cleaned(self, error: Exception) -> WireError:
        if isinstance(error, WireError):
            kind = type(error) if self.begun or isinstance(error, NotSent) else NotSent
            return kind(redact(str(error), self._secrets))
        # Other libraries put addresses and headers into their errors, so only the kind is told.
        cause = getattr(error, "strerror", None) or type(error).__name__
        if not self.begun:
            return NotSent(f"the request could not be made ({cause})")
        if isinstance(error, TimeoutError):
            return DeadlineExceeded("time ran out while sending")
        return CutShort(f"the connection broke ({cause})")


class _Adapter(BaseAdapter):
    def __init__(
        self, limits: Limits, address_allowed: AddressRule | None, now: threading.local
    ) -> None:
        super().__init__()
        self._limits, self._address_allowed, self._now = limits, address_allowed, now

    def send(
        self, request: requests.PreparedRequest, *_given: Any, **_named: Any
    ) -> requests.Response:
        """Carry out one prepared request; what requests adds is not used."""
        evidence: Evidence = self._now.evidence
        answer = carry_out(_call(request), self._limits, evidence, self._address_allowed)
        headers = _folded(answer.headers)
        self._now.reply = Reply(answer.status, headers, answer.body)
        return _response(request, answer, headers)

    def close(self) -> None:
        """Nothing is kept open between requests."""


def _call(request: requests.PreparedRequest) -> Call:
    parts = urlsplit(str(request.url))
    if parts.hostname is None:
        raise ValueError("the address names no host")
    body = request.body
    if body is not None and not isinstance(body, str | bytes):
        raise TypeError("only a body that is already complete is sent")
    own = [("Host", parts.netloc.rpartition("@")[2]), ("Connection", "close")]
    given = [(name, value) for name, value in request.headers.items() if name != "Connection"]
    return Call(
        method=str(request.method),
        host=parts.hostname,
        port=parts.port or DEFAULT_PORTS[parts.scheme],
        tls=parts.scheme == "https",
        target=request.path_url,
        headers=[*own, *given],
        body=body.encode("utf-8") if isinstance(body, str) else body,
    )


def _folded(headers: list[tuple[str, str]]) -> CaseInsensitiveDict[str]:
    folded: CaseInsensitiveDict[str] = CaseInsensitiveDict()
    for name, value in headers:
        folded[name] = f"{folded[name]}, {value}" if name in folded else value
    return folded


def _response(
    request: requests.PreparedRequest, answer: Answer, headers: CaseInsensitiveDict[str]
) -> requests.Response:
    response = requests.Response()
    response.status_code, response.reason = answer.status, answer.reason
    response.headers = headers
    response.encoding = requests.utils.get_encoding_from_headers(headers)
    response.request, response.url = request, str(request.url)
    response.raw = io.BytesIO(answer.body)
    return response
