"""The control door over HTTP."""

from typing import Any

import pytest
import requests

from bot.sandbox import Sandbox

from .conftest import XClient


def control(sandbox: Sandbox, name: str, body: Any = None, **options: Any) -> requests.Response:
    """GET without a body, POST with one."""
    method = "GET" if body is None else "POST"
    return requests.request(
        method, f"{sandbox.url}/control/{name}", json=body, timeout=5, **options
    )


def test_settings_are_those_of_the_object(sandbox: Sandbox) -> None:
    """So that another program can find its way."""
    assert sandbox.settings() == control(sandbox, "settings").json()


def test_the_ledger_can_be_read(sandbox: Sandbox, x: XClient) -> None:
    """Every entry with every field."""
    x.post("Solidarity")

    (entry,) = control(sandbox, "ledger").json()

    assert (entry["platform"], entry["text"], entry["by_hand"]) == ("x", "Solidarity", False)
    assert {
        "remote_id",
        "link",
        "reply_to",
        "media",
        "accepted_at",
        "deleted_at",
        "visible_at",
    } <= (set(entry))


def test_more_accounts_move_in_with_timelines_of_their_own(sandbox: Sandbox) -> None:
    """The ledger and the planned faults are those of all."""
    given = control(sandbox, "accounts", {"count": 2}).json()
    first, second = (XClient(one) for one in given)

    first.post("From the first")
    second.post("From the second")

    assert ["From the first"] == [one["text"] for one in first.timeline()["data"]]
    assert {"posts": 2} == control(sandbox, "count").json()
    assert 2 == len({entry["remote_id"] for entry in control(sandbox, "ledger").json()})
    sandbox.fault("x", "error_before")
    assert 503 == second.post("Again from the second").status_code


@pytest.mark.parametrize("count", [0, 10_001, "two"])
def test_accounts_are_a_sensible_number(sandbox: Sandbox, count: object) -> None:
    """What is typed wrong is a 400 that says what is right."""
    answer = control(sandbox, "accounts", {"count": count})

    assert (400, "count must be a number from 1 to 10,000.") == (
        answer.status_code,
        answer.json()["error"],
    )


def test_requests_are_recorded_without_their_queries(sandbox: Sandbox, x: XClient) -> None:
    """A query may hold a token."""
    x.call("GET", "/2/tweets", params={"ids": "1"})

    recorded = control(sandbox, "requests").json()[0]

    assert (
        recorded["platform"],
        recorded["method"],
        recorded["path"],
        recorded["status"],
    ) == ("x", "GET", "/x/2/tweets", 200)


def test_faults_are_planned_and_cleared(sandbox: Sandbox, x: XClient) -> None:
    """With the same kinds and options as from Python; null count is until cleared."""
    body = {"platform": "x", "kind": "error_before", "count": None, "options": {"on": "any"}}

    assert control(sandbox, "fault", body).json() == {"waiting": 1}
    assert x.call("GET", "/2/users/me").status_code == 503
    assert control(sandbox, "clear", {}).json() == {"waiting": 0}
    assert x.call("GET", "/2/users/me").status_code == 200


def test_a_mistaken_plan_is_a_400_that_says_why(sandbox: Sandbox) -> None:
    """The same sentence as the ValueError."""
    reply = control(sandbox, "fault", {"platform": "x", "kind": "nonsense"})

    assert reply.status_code == 400
    assert "There is no fault 'nonsense'" in reply.json()["error"]


def test_articles_and_posts_by_hand_can_be_added(sandbox: Sandbox) -> None:
    """As a person would."""
    assert control(sandbox, "article", {"title": "News", "link": "https://example.org"}).ok
    assert control(sandbox, "by-hand", {"platform": "facebook", "text": "Hello"}).ok

    assert [(one.text, one.by_hand) for one in sandbox.ledger.posts()] == [("Hello", True)]
    assert "News" in requests.get(sandbox.feed_url, timeout=5).text


def test_a_switch_can_be_turned(sandbox: Sandbox) -> None:
    """By name, and only to a value of its kind."""
    assert control(sandbox, "switch", {"small_page": True}).json()["small_page"]
    assert sandbox.small_page
    assert control(sandbox, "switch", {"small_page": "yes"}).status_code == 400
    assert control(sandbox, "switch", {"nonsense": True}).status_code == 400


def test_a_reset_empties_everything(sandbox: Sandbox, x: XClient) -> None:
    """Posts, faults and articles; the accounts stay."""
    x.post("Solidarity")
    sandbox.fault("x", "error_before")
    before = sandbox.settings()

    assert control(sandbox, "reset", {}).ok
    assert sandbox.ledger.posts() == []
    assert x.post("Solidarity").ok
    assert before == sandbox.settings()


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1:1"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ],
)
def test_a_foreign_host_or_origin_is_refused(sandbox: Sandbox, headers: dict[str, str]) -> None:
    """A web page must not reach this door, not through DNS either."""
    assert control(sandbox, "settings", headers=headers).status_code == 403


def test_a_form_is_refused(sandbox: Sandbox) -> None:
    """A form is what a web page could send without asking."""
    reply = requests.post(f"{sandbox.url}/control/fault", data={"kind": "late"}, timeout=5)

    assert reply.status_code == 415


def test_a_large_body_is_refused(sandbox: Sandbox) -> None:
    """Over 1 MB."""
    assert control(sandbox, "article", {"title": "a" * 1_000_001}).status_code == 413


@pytest.mark.parametrize("body", [[], "text", 7])
def test_a_body_must_be_an_object(sandbox: Sandbox, body: Any) -> None:
    """400 for anything else."""
    assert control(sandbox, "clear", body).status_code == 400
