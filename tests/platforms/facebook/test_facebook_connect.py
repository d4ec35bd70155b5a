"""Connecting the Facebook Page: the dialog, the tokens in exchange, and which Page may be used."""

import hashlib
import hmac
from urllib.parse import parse_qs, urlsplit

import pytest
from consenting import led_back

from bot.clock import system_now
from bot.platforms import open_platform
from bot.platforms.contract import NotGranted
from bot.platforms.facebook import client
from bot.platforms.facebook.page import NEEDED_TO_COUNT, NEEDED_TO_POST
from bot.settings import load

BACK = "https://bot.example.org/accounts/facebook/connected"


@pytest.fixture
def platform(open_on):
    return open_on("facebook")


@pytest.fixture
def asked(monkeypatch):
    """What leaves: method, address and query, form, and headers of every request."""
    seen = []
    inner = client.Session.request

    def watched(self, method, url, *args, **named):
        seen.append((method, url, named.get("params"), named.get("data"), named.get("headers")))
        return inner(self, method, url, *args, **named)

    monkeypatch.setattr(client.Session, "request", watched)
    return seen


def finished(platform, **changed):
    step = platform.connect_begin(BACK)
    answer = led_back(step.url)[1]
    return platform.connect_finish(step.kept, {**answer, **changed}, BACK)


def test_the_dialog_asks_for_what_is_needed_and_nothing_more():
    """On Facebook's own pages, and again for what was once declined."""
    app = {"FACEBOOK_APP_ID": "123", "FACEBOOK_APP_SECRET": "the-apps-secret"}
    step = open_platform("facebook", load(app, None), system_now).connect_begin(BACK)
    parts = urlsplit(step.url)
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}

    assert (parts.scheme, parts.netloc) == ("https", "www.facebook.com")
    assert parts.path == "/v26.0/dialog/oauth"
    scopes = query.pop("scope").split(",")
    assert set(scopes) == {"pages_show_list", *NEEDED_TO_POST, *NEEDED_TO_COUNT}
    assert query == {
        "client_id": "123",
        "redirect_uri": BACK,
        "state": step.state,
        "response_type": "code",
        "auth_type": "rerequest",
    }
    assert "the-apps-secret" not in step.url


def test_no_secret_is_part_of_an_address(platform, sandbox, asked):
    """Codes and tokens go as forms and headers: addresses end up in logs."""
    step = platform.connect_begin(BACK)
    answer = led_back(step.url)[1]
    platform.connect_finish(step.kept, answer, BACK)
    accounts = sandbox.accounts
    secrets = [answer["code"], accounts.app_secret, *accounts.holders]

    ours = [one for one in asked if sandbox.graph_url in one[1]]
    assert [one[0] for one in ours] == ["POST", "POST", "GET"]
    for _, url, params, _, _ in ours:
        assert not any(secret in f"{url} {params}" for secret in secrets)


def test_the_pages_are_asked_for_with_a_proof_of_the_apps_secret(platform, sandbox, asked):
    """As an app that requires it is answered only then."""
    finished(platform)
    accounts = sandbox.accounts
    query = asked[-1][2]
    proof = hmac.new(accounts.app_secret.encode(), accounts.user_token.encode(), hashlib.sha256)

    assert query["appsecret_proof"] == proof.hexdigest()
    assert asked[-1][4] == {"Authorization": f"Bearer {accounts.user_token}"}


def test_the_page_token_is_made_from_the_long_lived_one(platform, sandbox):
    """One made from the short token stops within hours, and looks the same."""
    (grant,) = finished(platform)

    assert grant.credentials == {
        "FACEBOOK_PAGE_ID": sandbox.accounts.page_id,
        "FACEBOOK_PAGE_TOKEN": sandbox.accounts.page_token,
    }


def test_a_page_without_the_task_of_writing_is_named_with_its_problem(open_on, sandbox):
    """The others may still be chosen."""
    sandbox.accounts.has_other_page = True
    try:
        other, ours = finished(open_on("facebook"))
    finally:
        sandbox.accounts.has_other_page = False

    assert "may not write posts on Another Page" in other.problem
    assert ours.problem == ""


PAGE = '{"id": "7", "name": "Ours", "access_token": "EAAB-a-page-token", "tasks": [%s]}'


@pytest.mark.parametrize("task", ["CREATE_CONTENT", "PROFILE_PLUS_CREATE_CONTENT"])
def test_either_name_of_the_task_will_do(platform, sandbox, task):
    """New Pages have names of their own for it."""
    text = '{"data": [%s]}' % PAGE % f'"{task}"'  # noqa: UP031
    sandbox.fault("facebook", "garbled", on="read", path="/me/accounts", text=text)
    (grant,) = finished(platform)

    assert (grant.remote_id, grant.problem) == ("7", "")


@pytest.mark.parametrize(
    "text",
    [
        '{"data": []}',
        '{"data": [{"id": "7", "name": "No token", "tasks": ["CREATE_CONTENT"]}]}',
        '{"data": [{"id": "../me", "access_token": "a", "tasks": ["CREATE_CONTENT"]}]}',
        '{"data": [{"id": "7", "access_token": "a\\nb", "tasks": ["CREATE_CONTENT"]}]}',
        '{"data": [{"id": "7", "access_token": "%s", "tasks": []}]}' % ("a" * 2001),
        '{"data": {"id": "7"}}',
    ],
)
def test_without_a_page_nothing_is_granted(platform, sandbox, text):
    """And a person is told what to choose."""
    sandbox.fault("facebook", "garbled", on="read", path="/me/accounts", text=text)
    granted = finished(platform)

    assert isinstance(granted, NotGranted)
    assert "choose the Page" in granted.reason


def test_a_list_of_pages_is_read_on_but_not_for_ever(platform, sandbox):
    """By the cursor alone, never by an address that somebody sent."""
    ours = PAGE % '"CREATE_CONTENT"'
    more = '"paging": {"next": "https://elsewhere.example.org/?after=c", "cursors": {"after": "c"}}'
    text = f'{{"data": [{ours}], {more}}}'
    sandbox.fault("facebook", "garbled", None, on="read", path="/me/accounts", text=text)
    granted = finished(platform)

    assert len(granted) == 5
    paths = [one.path for one in sandbox.requests]
    assert paths.count("/graph/v26.0/me/accounts") == 5


@pytest.mark.parametrize("token", ['""', "null", "7", '"a b"', '["a"]'])
def test_an_answer_without_a_token_grants_nothing(platform, sandbox, token):
    """A 200 alone is no yes."""
    text = f'{{"access_token": {token}}}'
    sandbox.fault("facebook", "garbled", on="read", path="/oauth/access_token", text=text)

    assert isinstance(finished(platform), NotGranted)
    assert [one.path for one in sandbox.requests].count("/graph/v26.0/oauth/access_token") == 1


@pytest.mark.parametrize(
    ("code", "subcode", "words"),
    [
        (100, 36007, "took too long"),
        (100, 36009, "used already"),
        (100, 36008, f"Valid OAuth Redirect URIs, then connect again: {BACK}"),
        (1, None, "check FACEBOOK_APP_ID and FACEBOOK_APP_SECRET"),
        (101, None, r"(101)"),
    ],
)
def test_a_refusal_says_what_to_do(platform, sandbox, code, subcode, words):
    """By its code, never by its wording."""
    options = {"code": code, "subcode": subcode, "path": "/oauth/access_token", "on": "read"}
    sandbox.fault("facebook", "graph_error", **options)
    granted = finished(platform)

    assert isinstance(granted, NotGranted)
    assert words in granted.reason


def test_facebooks_words_are_told_without_any_secret(platform, sandbox):
    """It sometimes quotes what it was sent."""
    accounts = sandbox.accounts
    said = f"bad {accounts.user_token} and {accounts.brief_user_token} of {accounts.app_secret}"
    options = {"code": 190, "message": said, "on": "read", "path": "/me/accounts"}
    sandbox.fault("facebook", "graph_error", **options)
    granted = finished(platform)

    assert "It said: bad [hidden] and [hidden] of [hidden]" in granted.reason
