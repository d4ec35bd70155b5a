"""The signature is really checked."""

import time
from typing import Any

import pytest
import requests
from oauthlib.oauth1 import Client

from bot.sandbox import Sandbox

from .conftest import XClient


def signed(sandbox: Sandbox, **changes: Any) -> requests.PreparedRequest:
    """A request to create a post, signed with what is given or else rightly."""
    settings = sandbox.settings()
    client = Client(
        changes.get("key", settings["X_API_KEY"]),
        changes.get("secret", settings["X_API_SECRET"]),
        changes.get("token", settings["X_ACCESS_TOKEN"]),
        changes.get("token_secret", settings["X_ACCESS_TOKEN_SECRET"]),
        nonce=changes.get("nonce"),
        timestamp=changes.get("timestamp"),
    )
    url = sandbox.x_url + changes.get("path", "/2/tweets")
    _, headers, _ = client.sign(changes.get("sign_url", url), changes.get("sign_method", "POST"))
    return requests.Request("POST", url, headers=headers, json={"text": "Solidarity"}).prepare()


def send(request: requests.PreparedRequest) -> requests.Response:
    """Send it as it is."""
    with requests.Session() as session:
        return session.send(request, timeout=5)


def test_a_good_signature_is_accepted(sandbox: Sandbox) -> None:
    """The control for all that follow."""
    assert send(signed(sandbox)).status_code == 201


@pytest.mark.parametrize(
    "changes",
    [
        {"secret": "wrong"},
        {"token_secret": "wrong"},
        {"key": "wrong"},
        {"token": "1-wrong"},
        {"sign_method": "GET"},
        {"sign_url": "https://api.twitter.com/2/tweets"},
        {"path": "/2/tweets?a=b", "sign_url": "changed below"},
        {"timestamp": "1"},
        {"seconds_off": "-400"},
        {"seconds_off": "400"},
    ],
)
def test_a_bad_signature_is_a_401_and_no_post(sandbox: Sandbox, changes: dict[str, str]) -> None:
    """Each secret, the method, the host, the query and the time all count."""
    if "path" in changes:
        changes = {**changes, "sign_url": sandbox.x_url + "/2/tweets"}
    if "seconds_off" in changes:
        changes = {"timestamp": str(int(time.time()) + int(changes["seconds_off"]))}

    reply = send(signed(sandbox, **changes))

    assert reply.status_code == 401
    assert reply.json() == {
        "title": "Unauthorized",
        "type": "about:blank",
        "status": 401,
        "detail": "Unauthorized",
    }
    assert sandbox.ledger.posts() == []


def test_a_nonce_works_once(sandbox: Sandbox) -> None:
    """The same signed request sent again is refused."""
    request = signed(sandbox, nonce="once")

    assert [send(request).status_code, send(request).status_code] == [201, 401]


def test_query_parameters_are_part_of_the_signature(sandbox: Sandbox, x: XClient) -> None:
    """A signed query is read; a query changed afterwards is refused."""
    url = f"{x.base}/2/tweets?ids=1,2"
    prepared = requests.Request("GET", url, auth=x.auth).prepare()
    good = send(prepared).status_code
    prepared = requests.Request("GET", url, auth=x.auth).prepare()
    prepared.url = url.replace("1,2", "1,3")

    assert (good, send(prepared).status_code) == (200, 401)


def test_no_signature_is_a_401(sandbox: Sandbox) -> None:
    """Nothing is public here."""
    assert requests.get(sandbox.x_url + "/2/users/me", timeout=5).status_code == 401


def test_an_app_only_token_is_refused_for_what_needs_a_user(sandbox: Sandbox) -> None:
    """403 unsupported-authentication, as on X."""
    headers = {"Authorization": "Bearer AAAA"}

    reply = requests.get(sandbox.x_url + "/2/users/me", headers=headers, timeout=5)

    assert reply.status_code == 403
    assert reply.json()["type"].endswith("unsupported-authentication")
