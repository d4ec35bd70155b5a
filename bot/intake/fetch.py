"""One guarded GET for all that strangers serve: feeds, pages and pictures.

Only http and https, standard ports, public addresses; few redirects, each checked like the first;
one deadline and one size for the whole walk; no two requests to one host right after another. Hosts
in FETCH_ALLOW_HOSTS are exempt from the port and address rules. No error repeats what the server
said.
"""

import email.utils
import re
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from urllib.parse import SplitResult, urldefrag, urljoin, urlsplit

import requests

from bot.clock import Clock, monotonic
from bot.errors import FetchFailed
from bot.intake.pace import Pace
from bot.wire import (
    AddressRefused,
    BadReply,
    BodyTooLarge,
    CutShort,
    DeadlineExceeded,
    NotSent,
    Session,
    WireError,
    public_address,
)

# A site that needs longer is slow or means ill; either way it is asked again later.
DEADLINE_SECONDS = 4.0
MAX_BYTES = 5_000_000
MAX_REDIRECTS = 3
MAX_URL = 2000
MAX_ETAG = 500
MAX_DATE = 100
SCHEMES = frozenset({"http", "https"})
PORTS = frozenset({None, 80, 443})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
PERMANENT = frozenset({301, 308})
# A server may put us off, but neither a typing error nor malice may silence a feed for good.
MAX_RETRY_AFTER = timedelta(hours=24)
MAX_CACHE_AGE = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Kind:
    """What is asked for, and which content types may be it; none given may be anything."""

    accept: str
    fits: re.Pattern[str]
    called: str


FEED = Kind(
    "application/rss+xml, application/atom+xml, application/feed+json, application/xml;q=0.9, "
    "text/xml;q=0.9, */*;q=0.5",
    # Feeds come under every name there is, but not under these.
    re.compile(r"(?!image/|video/|audio/|font/|application/(pdf|zip|x-tar|vnd\.)).*"),
    "a feed",
)
PAGE = Kind(
    "text/html, application/xhtml+xml, */*;q=0.1",
    re.compile(r"text/.*|application/(xhtml\+xml|xml)|"),
    "a web page",
)
PICTURE = Kind(
    "image/jpeg, image/png, image/webp", re.compile(r"image/(jpeg|png|webp)"), "a picture"
)

STATUS_WORDS = {
    401: "{host} wants a password for this address. Ask the site for a public one.",
    403: "{host} does not let us read this address.",
    404: "{host} has nothing at this address any more. Check the address.",
    410: "{host} says this address is gone for good. Look for the site's new one.",
    429: "{host} asks us to come less often. We wait.",
}
OTHER_STATUS = "{host} did not give us the page. We try again later."
SERVER_STATUS = "{host} has trouble of its own. We try again later."
PRIVATE = "{host} is on this machine or a private network. Feeds must be on the public internet."
FAULT_WORDS: tuple[tuple[type[WireError], str], ...] = (
    (AddressRefused, PRIVATE),
    (NotSent, "{host} cannot be reached. Check the address; we try again later."),
    (DeadlineExceeded, "{host} took too long to answer. We try again later."),
    (CutShort, "{host} broke off in the middle of its answer. We try again later."),
    (BodyTooLarge, "What {host} sends is larger than 5 MB, the most we read."),
    (BadReply, "What {host} sends is not a web page or feed. Check the address."),
)


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a GET brought. `body` is empty on 304; `moved_to` is a redirect that is permanent."""

    status: int
    url: str
    body: bytes = b""
    content_type: str = ""
    etag: str | None = None
    last_modified: str | None = None
    moved_to: str | None = None
    not_before: datetime | None = None

    @property
    def is_unchanged(self) -> bool:
        return self.status == 304


@dataclass(frozen=True, slots=True)
class Fetcher:
    """Reads web addresses within fixed limits."""

    clock: Clock
    allow_hosts: Collection[str] = ()
    deadline_seconds: float = DEADLINE_SECONDS
    max_bytes: int = MAX_BYTES
    pace: Pace = field(default_factory=Pace)

    def mistake_in(self, url: str) -> str | None:
        """Why this address may not be read, in words; None when it may."""
        try:
            parts = urlsplit(url)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            return "This is not a web address. Write it in full: https://example.org/feed"
        if parts.scheme not in SCHEMES or not host or re.search(r"[\s\\\x00-\x1f\x7f]", url):
            return "This is not a web address. Write it in full: https://example.org/feed"
        if len(url) > MAX_URL:
            return f"The address is longer than {MAX_URL:,} characters."
        if "@" in parts.netloc:
            return "The address has a name or password in it. Only public addresses are read."
        if host in self.allow_hosts:
            return None
        if _is_inward(host):
            return PRIVATE.format(host=host)
        if port not in PORTS:
            return f"The address names port {port}. Only the usual web ports are read."
        return None

    def get(
        self,
        url: str,
        *,
        etag: str | None = None,
        last_modified: str | None = None,
        kind: Kind = FEED,
    ) -> Fetched:
        """The address's content or 304; FetchFailed (with `gone` on 410) for everything else."""
        headers = {"Accept": kind.accept, "Accept-Encoding": "gzip"}
        headers |= {"If-None-Match": etag} if etag else {}
        headers |= {"If-Modified-Since": last_modified} if last_modified else {}
        self._check(url, url)
        self.pace.wait(_host(url))
        give_up_at = monotonic() + self.deadline_seconds
        here, permanent = url, True
        for _ in range(MAX_REDIRECTS + 1):
            response = self._ask(here, headers, give_up_at)
            if response.status_code not in REDIRECTS:
                moved_to = here if permanent and here != url else None
                fetched = self._fetched(response, here, moved_to, bool(etag or last_modified))
                return _fitting(fetched, kind)
            permanent = permanent and response.status_code in PERMANENT
            here = _next_address(here, response)
            self._check(here, url)
        raise FetchFailed(f"{_host(url)} sends us from one address to the next without end.")

    def _check(self, here: str, url: str) -> None:
        mistake = self.mistake_in(here)
        if mistake and here == url:
            raise FetchFailed(mistake)
        if mistake:
            raise FetchFailed(f"{_host(url)} sends us on to an address we do not read. {mistake}")

    def _ask(self, url: str, headers: dict[str, str], give_up_at: float) -> requests.Response:
        parts = urlsplit(url)
        session = Session(
            deadline_seconds=give_up_at - monotonic(),
            max_wire_bytes=self.max_bytes,
            max_body_bytes=self.max_bytes,
            address_allowed=None if parts.hostname in self.allow_hosts else public_address,
        )
        try:
            return session.get(url, headers=headers)
        except WireError as error:
            raise FetchFailed(_fault_words(error, parts)) from None

    def _fetched(
        self, response: requests.Response, url: str, moved_to: str | None, conditional: bool
    ) -> Fetched:
        status, headers = response.status_code, response.headers
        if status == 304 and conditional:
            return Fetched(304, url, moved_to=moved_to, not_before=self._not_before(headers))
        if status != 200:
            retry_at = self._retry_at(headers.get("Retry-After", ""))
            raise FetchFailed(_status_words(status, url), gone=status == 410, retry_at=retry_at)
        return Fetched(
            200,
            url,
            body=response.content,
            content_type=headers.get("Content-Type", ""),
            etag=_short(headers.get("ETag"), MAX_ETAG),
            last_modified=_short(headers.get("Last-Modified"), MAX_DATE),
            moved_to=moved_to,
            not_before=self._not_before(headers),
        )

    def _not_before(
        self, headers: "requests.structures.CaseInsensitiveDict[str]"
    ) -> datetime | None:
        moments = [
            self._fresh_until(headers),
            self._retry_at(headers.get("Retry-After", "")),
        ]
        return max((moment for moment in moments if moment), default=None)

    def _fresh_until(
        self, headers: "requests.structures.CaseInsensitiveDict[str]"
    ) -> datetime | None:
        """Until when the server says its answer holds; Expires counts where max-age is not said."""
        cache_control = headers.get("Cache-Control", "").lower()
        age = re.search(r"\bmax-age=\"?(\d{1,9})", cache_control)
        if "no-cache" in cache_control or "no-store" in cache_control:
            return None
        if age is None:
            moment = self._moment(headers.get("Expires", ""))
            return moment and min(moment, self.clock() + MAX_CACHE_AGE)
        seconds = int(age[1]) - _seconds(headers.get("Age", ""))
        if seconds <= 0:
            return None
        return self.clock() + min(timedelta(seconds=seconds), MAX_CACHE_AGE)

    def _retry_at(self, retry_after: str) -> datetime | None:
        now = self.clock()
        if re.fullmatch(r"\d{1,9}", retry_after.strip()):
            return now + min(timedelta(seconds=int(retry_after)), MAX_RETRY_AFTER)
        moment = self._moment(retry_after)
        return moment and min(moment, now + MAX_RETRY_AFTER)

    def _moment(self, date: str) -> datetime | None:
        """The time a header names, where it is still to come."""
        try:
            moment = email.utils.parsedate_to_datetime(date)
        except (ValueError, TypeError, OverflowError):
            return None
        aware = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        return aware if aware > self.clock() else None


def _seconds(digits: str) -> int:
    return int(digits) if re.fullmatch(r"\d{1,9}", digits.strip()) else 0


def _fitting(fetched: Fetched, kind: Kind) -> Fetched:
    """What was fetched, where it can be what was asked for."""
    content_type = fetched.content_type.partition(";")[0].strip().lower()
    if content_type and not fetched.is_unchanged and not kind.fits.fullmatch(content_type):
        raise FetchFailed(
            f"What {_host(fetched.url)} sends is not {kind.called}. Check the address."
        )
    return fetched


def _is_inward(host: str) -> bool:
    """Whether the name alone says so; what it resolves to is checked when it is dialled."""
    try:
        ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
    return not public_address(host)


def _next_address(here: str, response: requests.Response) -> str:
    location = response.headers.get("Location", "")
    try:
        # Headers arrive as Latin-1; servers write addresses in UTF-8.
        target = urldefrag(urljoin(here, location.encode("latin-1").decode("utf-8"))).url
    except ValueError:
        target = ""
    if not location or not target:
        raise FetchFailed(f"{_host(here)} sends us on without saying where to.")
    if here.startswith("https:") and target.startswith("http:"):
        raise FetchFailed(f"{_host(here)} sends us from https on to http, which is not safe.")
    return target


def _host(url: str) -> str:
    return urlsplit(url).hostname or "The site"


def _fault_words(error: WireError, parts: SplitResult) -> str:
    for kind, words in FAULT_WORDS:
        if isinstance(error, kind):
            return words.format(host=parts.hostname)
    return f"{parts.hostname} could not be read. We try again later."


def _status_words(status: int, url: str) -> str:
    words = STATUS_WORDS.get(status, SERVER_STATUS if status >= 500 else OTHER_STATUS)
    return f"{words.format(host=_host(url))} ({status})"


def _short(value: str | None, limit: int) -> str | None:
    return value if value and len(value) <= limit else None
