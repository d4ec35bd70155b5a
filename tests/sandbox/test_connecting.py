"""Letting an app in, on the wire: X's three steps, Facebook's dialog, codes and tokens."""

from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode

import pytest
import requests
from consenting import came_back, led_back
from requests_oauthlib import OAuth1

from bot.sandbox import Sandbox

from .conftest import HandClock

BACK = "https://bot.example.org/back"
SECONDS = 5


def app_auth(sandbox: Sandbox, **more: str) -> OAuth1:
    accounts = sandbox.accounts
    return OAuth1(accounts.x_key, client_secret=accounts.x_secret, **more)


def request_token(sandbox: Sandbox, back: str = BACK, **more: str) -> requests.Response:
    auth = app_auth(sandbox, callback_uri=back, **more)
    return requests.post(f"{sandbox.x_url}/oauth/request_token", auth=auth, timeout=SECONDS)


def access_token(sandbox: Sandbox, given: dict[str, str], verifier: str) -> requests.Response:
    auth = app_auth(
        sandbox,
        resource_owner_key=given["oauth_token"],
        resource_owner_secret=given["oauth_token_secret"],
        verifier=verifier,
    )
    return requests.post(f"{sandbox.x_url}/oauth/access_token", auth=auth, timeout=SECONDS)


def begun(sandbox: Sandbox) -> tuple[dict[str, str], str]:
    """A request token and the address of the page that asks for it."""
    given = dict(parse_qsl(request_token(sandbox).text))
    return given, f"{sandbox.x_url}/oauth/authorize?oauth_token={given['oauth_token']}"


def test_x_lets_an_app_in_by_three_steps(sandbox: Sandbox) -> None:
    """Forms, not JSON; the token is the profile's own and works."""
    first = request_token(sandbox)
    given = dict(parse_qsl(first.text))
    assert first.headers["content-type"].startswith("text/html")
    assert given["oauth_callback_confirmed"] == "true"
    place, answer = led_back(f"{sandbox.x_url}/oauth/authorize?oauth_token={given['oauth_token']}")
    assert place == BACK
    assert answer["oauth_token"] == given["oauth_token"]
    granted = dict(parse_qsl(access_token(sandbox, given, answer["oauth_verifier"]).text))

    accounts = sandbox.accounts
    assert granted == {
        "oauth_token": accounts.x_token,
        "oauth_token_secret": accounts.x_token_secret,
        "user_id": accounts.x_user_id,
        "screen_name": accounts.x_username,
    }


def test_x_says_that_a_person_said_no(sandbox: Sandbox) -> None:
    """`denied` carries the request token, which is then worth nothing."""
    given, page = begun(sandbox)

    assert came_back(page, "no") == {"denied": given["oauth_token"]}
    assert access_token(sandbox, given, "anything").status_code == 401
    assert requests.get(page, timeout=SECONDS).status_code == 403


def test_x_takes_a_verifier_once_and_for_ten_minutes(sandbox: Sandbox, clock: HandClock) -> None:
    """A wrong, used or old one is a 401 in bare words."""
    given, page = begun(sandbox)
    verifier = came_back(page)["oauth_verifier"]
    wrong = access_token(sandbox, given, "wrong")
    assert (wrong.status_code, "oauth_verifier" in wrong.text) == (401, True)
    assert access_token(sandbox, given, verifier).status_code == 200
    assert access_token(sandbox, given, verifier).status_code == 401

    given, page = begun(sandbox)
    verifier = came_back(page)["oauth_verifier"]
    clock.move(minutes=10)
    assert access_token(sandbox, given, verifier).status_code == 401


def test_x_takes_no_verifier_that_nobody_gave(sandbox: Sandbox) -> None:
    """A request token alone opens nothing."""
    given, _ = begun(sandbox)

    assert access_token(sandbox, given, "").status_code == 401


def test_x_checks_the_signature_of_both_steps(sandbox: Sandbox) -> None:
    """The app's secret, and the request token's."""
    auth = OAuth1(sandbox.accounts.x_key, client_secret="wrong", callback_uri=BACK)
    refused = requests.post(f"{sandbox.x_url}/oauth/request_token", auth=auth, timeout=SECONDS)
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (401, 32)

    given, page = begun(sandbox)
    verifier = came_back(page)["oauth_verifier"]
    forged = access_token(sandbox, {**given, "oauth_token_secret": "wrong"}, verifier)
    assert forged.status_code == 401


@pytest.mark.parametrize("back", ["http://bot.example.org/back", "javascript:alert(1)", "oob"])
def test_neither_platform_leads_back_to_an_unsafe_address(sandbox: Sandbox, back: str) -> None:
    """Only https, or this machine."""
    assert request_token(sandbox, back).status_code == 403
    query = {"client_id": sandbox.accounts.app_id, "redirect_uri": back}
    assert requests.get(dialog(sandbox, **query), timeout=SECONDS).status_code == 400


def dialog(sandbox: Sandbox, **changed: str) -> str:
    query = {
        "client_id": sandbox.accounts.app_id,
        "redirect_uri": BACK,
        "state": "a&state",
        "scope": "pages_show_list,pages_manage_posts",
    }
    return f"{sandbox.graph_url}/v26.0/dialog/oauth?{urlencode({**query, **changed})}"


def exchange(sandbox: Sandbox, **given: str) -> dict[str, Any]:
    app = {
        "client_id": sandbox.accounts.app_id,
        "client_secret": sandbox.accounts.app_secret,
        "redirect_uri": BACK,
    }
    address = f"{sandbox.graph_url}/v26.0/oauth/access_token"
    reply = requests.post(address, data={**app, **given}, timeout=SECONDS)
    answer: dict[str, Any] = reply.json()
    return answer


def asked(sandbox: Sandbox, path: str, token: str, **query: str) -> Any:
    address = f"{sandbox.graph_url}/v26.0/{path}"
    headers = {"Authorization": f"Bearer {token}"}
    return requests.get(address, params=query, headers=headers, timeout=SECONDS).json()["data"]


def test_facebook_gives_a_code_for_a_short_token_and_that_for_a_long_one(sandbox: Sandbox) -> None:
    """A Page's token lasts as long as the user token that it is made from."""
    place, answer = led_back(dialog(sandbox))
    assert (place, answer["state"]) == (BACK, "a&state")
    short = exchange(sandbox, code=answer["code"])
    long = exchange(
        sandbox, grant_type="fb_exchange_token", fb_exchange_token=short["access_token"]
    )
    ends = {}
    for name, token in (("short", short["access_token"]), ("long", long["access_token"])):
        (page,) = asked(sandbox, "me/accounts", token)
        described = asked(
            sandbox, "debug_token", sandbox.accounts.app_token, input_token=page["access_token"]
        )
        assert described["type"] == "PAGE"
        ends[name] = described["expires_at"]

    assert short["expires_in"] < long["expires_in"]
    assert ends["long"] == 0 < ends["short"]


def test_facebook_says_that_a_person_said_no(sandbox: Sandbox) -> None:
    """With the state, and without a code."""
    answer = came_back(dialog(sandbox), "no")

    assert (answer["error"], answer["error_reason"]) == ("access_denied", "user_denied")
    assert answer["state"] == "a&state"
    assert "code" not in answer


def test_facebook_takes_a_code_once_for_ten_minutes_and_for_its_address(
    sandbox: Sandbox, clock: HandClock
) -> None:
    """Code 100 with a subcode otherwise."""
    code = came_back(dialog(sandbox))["code"]
    assert "access_token" in exchange(sandbox, code=code)
    assert exchange(sandbox, code=code)["error"]["error_subcode"] == 36009

    code = came_back(dialog(sandbox))["code"]
    moved = exchange(sandbox, code=code, redirect_uri=f"{BACK}/elsewhere")
    assert moved["error"]["error_subcode"] == 36008

    code = came_back(dialog(sandbox))["code"]
    clock.move(minutes=10)
    assert exchange(sandbox, code=code)["error"]["code"] == 100


def test_facebook_wants_the_apps_secret_for_a_code(sandbox: Sandbox) -> None:
    """A code that leaked opens nothing alone."""
    code = came_back(dialog(sandbox))["code"]

    assert (
        "client secret" in exchange(sandbox, code=code, client_secret="wrong")["error"]["message"]
    )
    assert "access_token" in exchange(sandbox, code=code)


def test_an_unknown_app_gets_no_dialog(sandbox: Sandbox) -> None:
    """A page that leads nowhere."""
    assert requests.get(dialog(sandbox, client_id="1"), timeout=SECONDS).status_code == 400


def test_the_page_that_asks_escapes_what_it_was_given(sandbox: Sandbox) -> None:
    """And shows what is asked for."""
    text = requests.get(dialog(sandbox, state='"><script>'), timeout=SECONDS).text

    assert "<script>" not in text
    assert "pages_show_list, pages_manage_posts" in text


def test_a_person_may_have_pages_they_cannot_write_on(sandbox: Sandbox) -> None:
    """The second Page has one task, and the first what a test gives it."""
    sandbox.accounts.has_other_page = True
    sandbox.accounts.page_tasks = ("MODERATE",)
    pages = asked(sandbox, "me/accounts", sandbox.accounts.user_token, fields="id,tasks")

    assert [page["tasks"] for page in pages] == [["ANALYZE"], ["MODERATE"]]


def test_a_request_token_is_gone_after_a_reset(sandbox: Sandbox) -> None:
    """An empty sandbox remembers nobody's yes."""
    _, page = begun(sandbox)
    sandbox.reset()

    assert parse_qs(page)
    assert requests.get(page, timeout=SECONDS).status_code == 403
