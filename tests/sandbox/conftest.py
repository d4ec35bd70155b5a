"""A running sandbox with a clock that moves by hand, and clients of both platforms for it."""

import warnings
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
import tweepy
from requests_oauthlib import OAuth1

from bot.sandbox import Sandbox

with warnings.catch_warnings():
    # facebook-sdk has an invalid escape that Python mentions when it first compiles the file.
    warnings.simplefilter("ignore")
    import facebook

SECONDS = 5


class HandClock:
    """Time that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **length: float) -> None:
        """Let time pass."""
        self.now += timedelta(**length)


class XClient:
    """A plain, signing client of the simulated X."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        self.base = settings["X_API_URL"]
        self.user_id = settings["X_ACCESS_TOKEN"].split("-")[0]
        self.auth = OAuth1(
            settings["X_API_KEY"],
            settings["X_API_SECRET"],
            settings["X_ACCESS_TOKEN"],
            settings["X_ACCESS_TOKEN_SECRET"],
        )
        self.session = requests.Session()
        self.session.trust_env = False

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        """One signed request."""
        options.setdefault("timeout", SECONDS)
        return self.session.request(method, self.base + path, auth=self.auth, **options)

    def post(self, text: str | None = None, **body: Any) -> requests.Response:
        """Create a post."""
        words = {} if text is None else {"text": text}
        return self.call("POST", "/2/tweets", json={**words, **body})

    def timeline(self, **params: Any) -> dict[str, Any]:
        """The account's own timeline."""
        reply = self.call("GET", f"/2/users/{self.user_id}/tweets", params=params)
        answer: dict[str, Any] = reply.json()
        return answer


class GraphClient:
    """A plain client of the simulated Graph API, its token in a header."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.settings = sandbox.settings()
        self.page = self.settings["FACEBOOK_PAGE_ID"]
        self.token = self.settings["FACEBOOK_PAGE_TOKEN"]
        self.app_token = "{FACEBOOK_APP_ID}|{FACEBOOK_APP_SECRET}".format(**self.settings)
        self.base = f"{sandbox.graph_url}/v26.0"
        self.session = requests.Session()
        self.session.trust_env = False

    def call(self, method: str, path: str, **options: Any) -> requests.Response:
        """One request with the Page's token, unless another is given."""
        token = options.pop("token", self.token)
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        options.setdefault("timeout", SECONDS)
        return self.session.request(method, f"{self.base}/{path}", headers=headers, **options)

    def post(self, message: str | None = None, **data: Any) -> requests.Response:
        """Publish on the Page's feed."""
        words = {} if message is None else {"message": message}
        return self.call("POST", f"{self.page}/feed", data={**words, **data})

    def listing(self, **params: Any) -> dict[str, Any]:
        """The Page's published posts."""
        reply = self.call("GET", f"{self.page}/published_posts", params=params)
        answer: dict[str, Any] = reply.json()
        return answer


class LoopbackTweepy(tweepy.Client):
    """tweepy with the host as an argument, so that it signs for the host it asks."""

    def __init__(self, host: str, **credentials: str) -> None:
        super().__init__(**credentials)
        self.host = host
        self.session.trust_env = False

    def request(
        self,
        method: str,
        route: str,
        params: Any = None,
        json: Any = None,
        user_auth: bool = False,
    ) -> requests.Response:
        """Send one request, always as the user, with a deadline."""
        auth = OAuth1(
            self.consumer_key,
            self.consumer_secret,
            self.access_token,
            self.access_token_secret,
        )
        reply = self.session.request(
            method, self.host + route, params=params, json=json, auth=auth, timeout=SECONDS
        )
        errors = {400: tweepy.BadRequest, 401: tweepy.Unauthorized, 403: tweepy.Forbidden}
        if reply.status_code in errors:
            raise errors[reply.status_code](reply)
        return reply


@pytest.fixture(autouse=True)
def loopback_sockets(socket_enabled: None) -> None:
    """These tests are about the wire, so they may use sockets."""


@pytest.fixture
def clock() -> HandClock:
    """The sandbox's clock."""
    return HandClock()


@pytest.fixture
def sandbox(clock: HandClock) -> Iterator[Sandbox]:
    """A running sandbox."""
    with Sandbox(clock=clock) as running:
        yield running


@pytest.fixture
def x(sandbox: Sandbox) -> Iterator[XClient]:
    """A client of its X."""
    client = XClient(sandbox.settings())
    yield client
    client.session.close()


@pytest.fixture
def graph(sandbox: Sandbox) -> Iterator[GraphClient]:
    """A client of its Facebook."""
    client = GraphClient(sandbox)
    yield client
    client.session.close()


@pytest.fixture
def tweepy_client(sandbox: Sandbox) -> Iterator[LoopbackTweepy]:
    """tweepy, pointed at the sandbox."""
    settings = sandbox.settings()
    client = LoopbackTweepy(
        sandbox.x_url,
        consumer_key=settings["X_API_KEY"],
        consumer_secret=settings["X_API_SECRET"],
        access_token=settings["X_ACCESS_TOKEN"],
        access_token_secret=settings["X_ACCESS_TOKEN_SECRET"],
    )
    yield client
    client.session.close()


@pytest.fixture
def facebook_api(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """facebook-sdk, pointed at the sandbox."""
    monkeypatch.setattr(facebook, "FACEBOOK_GRAPH_URL", sandbox.graph_url + "/")
    session = requests.Session()
    session.trust_env = False
    api = facebook.GraphAPI(
        sandbox.settings()["FACEBOOK_PAGE_TOKEN"], timeout=SECONDS, session=session
    )
    api.version = "v26.0"
    yield api
    session.close()


@pytest.fixture
def graph_error() -> type[Exception]:
    """facebook-sdk's own error."""
    error: type[Exception] = facebook.GraphAPIError
    return error


PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"
    b"\x1f\x15\xc4\x89\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99="
    b"\x1d\x00\x00\x00\x00IEND\xaeB`\x82"
)


@pytest.fixture
def png() -> bytes:
    """The smallest picture."""
    return PNG
