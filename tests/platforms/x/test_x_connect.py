"""Connecting the X account: what is asked, what is believed, and what a person is told."""

from urllib.parse import parse_qs, urlsplit

import pytest
from consenting import led_back

from bot.platforms.contract import ConnectStep, NotGranted

BACK = "https://bot.example.org/accounts/x/connected"


@pytest.fixture
def platform(open_on):
    return open_on("x")


def begun(platform):
    step = platform.connect_begin(BACK)
    assert isinstance(step, ConnectStep)
    return step


def test_x_asks_who_is_there_even_of_somebody_signed_in(platform):
    """Whoever is signed in to X in a browser is often not the group."""
    parts = urlsplit(begun(platform).url)

    assert parts.path.endswith("/oauth/authorize")
    assert parse_qs(parts.query).keys() == {"oauth_token", "force_login"}


def test_the_grant_names_the_profile(platform, sandbox):
    """By its id and by what people call it."""
    step = begun(platform)
    (grant,) = platform.connect_finish(step.kept, led_back(step.url)[1], BACK)

    assert (grant.remote_id, grant.name) == (
        sandbox.accounts.x_user_id,
        f"@{sandbox.accounts.x_username}",
    )


def test_another_request_token_is_refused_before_x_is_asked(platform, sandbox):
    """The answer to somebody else's question."""
    step, other = begun(platform), begun(platform)
    before = len(sandbox.requests)
    granted = platform.connect_finish(step.kept, {**led_back(other.url)[1]}, BACK)

    assert isinstance(granted, NotGranted)
    paths = [asked.path for asked in list(sandbox.requests)[before:]]
    assert "/x/oauth/access_token" not in paths


@pytest.mark.parametrize(
    "text",
    [
        "oauth_token=a&oauth_token_secret=b&user_id=1",
        "oauth_token=a&oauth_token_secret=b&user_id=one&screen_name=us",
        "oauth_token=a&oauth_token_secret=b&user_id=1&screen_name=a b",
        "oauth_token=a&oauth_token=c&oauth_token_secret=b&user_id=1&screen_name=us",
        "oauth_token=a%0d%0ab&oauth_token_secret=b&user_id=1&screen_name=us",
        "oauth_token=&oauth_token_secret=b&user_id=1&screen_name=us",
        "&".join(f"a{n}=1" for n in range(30)),
        '{"oauth_token": "a", "oauth_token_secret": "b"}',
        "é",
    ],
)
def test_half_an_answer_grants_nothing(platform, sandbox, text):
    """Every field is there once and is what it should be, or nothing is believed."""
    step = begun(platform)
    answer = led_back(step.url)[1]
    sandbox.fault("x", "garbled", on="read", path="/oauth/access_token", text=text)
    granted = platform.connect_finish(step.kept, answer, BACK)

    assert isinstance(granted, NotGranted)
    assert "cannot be understood (200)" in granted.reason


@pytest.mark.parametrize("text", ["oauth_token=a&oauth_token_secret=b", "oauth_callback_confirmed"])
def test_a_request_token_that_is_not_confirmed_is_not_used(platform, sandbox, text):
    """X would then lead back to wherever it likes."""
    sandbox.fault("x", "garbled", on="read", path="/oauth/request_token", text=text)

    assert isinstance(platform.connect_begin(BACK), NotGranted)


def test_a_token_that_may_only_read_is_told_with_what_to_do(platform, sandbox, monkeypatch):
    """Tokens made before the permission was changed stay so; posting would fail one by one."""
    step = begun(platform)
    answer = led_back(step.url)[1]
    monkeypatch.setattr("bot.sandbox.x.edge_headers", lambda: [("x-access-level", "read")])
    (grant,) = platform.connect_finish(step.kept, answer, BACK)

    assert "Read and write" in grant.problem


def test_nothing_is_tried_twice(platform, sandbox):
    """A verifier is good once: asking again could only fail."""
    step = begun(platform)
    answer = led_back(step.url)[1]
    sandbox.fault("x", "cut_after", on="read", path="/oauth/access_token")
    platform.connect_finish(step.kept, answer, BACK)

    asked = [one for one in sandbox.requests if one.path == "/x/oauth/access_token"]
    assert len(asked) == 1
