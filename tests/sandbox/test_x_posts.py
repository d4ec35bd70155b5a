"""Creating and deleting posts on the simulated X."""

from typing import Any

import pytest
import tweepy

from bot.sandbox import Sandbox

from .conftest import HandClock, LoopbackTweepy, XClient


def test_tweepy_creates_a_post(sandbox: Sandbox, tweepy_client: LoopbackTweepy) -> None:
    """The usual client gets the usual answer."""
    answer = tweepy_client.create_tweet(text="Solidarity")

    entry = sandbox.ledger.posts("x")[0]
    assert entry.remote_id == answer.data["id"]
    assert entry.text == "Solidarity"
    assert [entry.remote_id] == answer.data["edit_history_tweet_ids"]


def test_a_created_post_has_the_documented_status_and_headers(x: XClient) -> None:
    """201, the allowance, the version and a transaction id."""
    reply = x.post("Solidarity")

    assert reply.status_code == 201
    assert (
        reply.headers["x-rate-limit-limit"],
        reply.headers["x-rate-limit-remaining"],
    ) == ("100", "99")
    assert {"x-rate-limit-reset", "x-transaction-id", "api-version"} <= {
        name.lower() for name in reply.headers
    }


def test_ids_are_strings_that_grow(x: XClient) -> None:
    """Like X's own: 19 digits, a later post has a larger one."""
    ids = [x.post(f"post {number}").json()["data"]["id"] for number in range(3)]

    assert all(isinstance(one, str) and one.isdecimal() for one in ids)
    assert sorted(ids, key=int) == ids
    assert len(set(ids)) == 3


def test_a_text_comes_back_escaped_and_with_short_links(sandbox: Sandbox, x: XClient) -> None:
    """What was sent never equals what X shows; the ledger keeps what was sent."""
    text = "Bread & <roses> https://example.org/a?b=1&c=2 <now>"

    shown = x.post(text).json()["data"]["text"]

    assert shown.startswith("Bread &amp; &lt;roses&gt; https://t.co/")
    assert shown.endswith(" &lt;now&gt;")
    assert "example.org" not in shown
    assert text == sandbox.ledger.posts("x")[0].text


@pytest.mark.parametrize(
    "body",
    [
        {"text": "a", "unknown": 1},
        {"text": 7},
        {"text": "a", "reply": {"in_reply_to_tweet_id": 123}},
        {"text": "a", "reply": {"in_reply_to_tweet_id": "1" * 20}},
        {"text": "a", "reply": {}},
        {"text": "a", "media": {"media_ids": []}},
        {"text": "a", "media": {"media_ids": ["1"] * 5}},
        {"text": "a", "poll": {"options": ["one"], "duration_minutes": 60}},
        {"text": "a", "made_with_ai": "yes"},
        {"text": "a", "poll": {"options": ["1", "2"], "duration_minutes": 60}, "card_uri": "c"},
        {"text": "   \n "},
        {},
        [],
        None,
    ],
)
def test_a_body_that_x_does_not_know_is_a_400_problem(
    sandbox: Sandbox, x: XClient, body: Any
) -> None:
    """Unknown keys, integer ids, wrong types, blank texts."""
    reply = x.call("POST", "/2/tweets", json=body)

    assert reply.status_code == 400
    assert reply.json()["type"].rpartition("/")[2] == "invalid-request"
    assert sandbox.ledger.posts() == []


def test_a_body_that_is_not_json_is_refused(x: XClient) -> None:
    """400, not a crash."""
    assert x.call("POST", "/2/tweets", data=b"{").status_code == 400


@pytest.mark.parametrize(("length", "status"), [(280, 201), (281, 400)])
def test_a_post_may_weigh_280(x: XClient, length: int, status: int) -> None:
    """One more is too long, in the published words."""
    reply = x.post("a" * length)

    assert status == reply.status_code
    assert status == 201 or "Your Tweet text is too long" in reply.text


def test_the_same_words_are_refused_as_a_duplicate(
    tweepy_client: LoopbackTweepy, sandbox: Sandbox
) -> None:
    """Also when only the spaces around them differ."""
    tweepy_client.create_tweet(text="Solidarity")

    with pytest.raises(tweepy.Forbidden, match="duplicate content"):
        tweepy_client.create_tweet(text=" Solidarity\n")

    assert len(sandbox.ledger.posts("x")) == 1


def test_a_duplicate_is_forgotten_after_a_deletion_and_after_the_window(
    sandbox: Sandbox, x: XClient, clock: HandClock
) -> None:
    """The refusal looks at what is up and recent."""
    first = x.post("Solidarity").json()["data"]["id"]
    x.call("DELETE", f"/2/tweets/{first}")
    again = x.post("Solidarity").status_code
    clock.move(seconds=sandbox.switches.duplicate_seconds)

    assert (again, x.post("Solidarity").status_code) == (201, 201)


def test_what_a_person_posted_by_hand_counts_as_a_duplicate(sandbox: Sandbox, x: XClient) -> None:
    """X does not care who typed it."""
    sandbox.post_by_hand("x", "Solidarity")

    assert x.post("Solidarity").status_code == 403


def test_a_reply_needs_a_post_that_is_up(sandbox: Sandbox, x: XClient) -> None:
    """Self-replies make threads; a reply to nothing is refused."""
    first = x.post("one").json()["data"]["id"]

    second = x.post("two", reply={"in_reply_to_tweet_id": first})
    lost = x.post("three", reply={"in_reply_to_tweet_id": "1"})

    assert (second.status_code, lost.status_code) == (201, 403)
    assert first == sandbox.ledger.posts("x")[1].reply_to


def test_quoting_and_two_cashtags_are_refused(x: XClient) -> None:
    """Both are closed to self-serve plans in 2026."""
    assert x.post("look", quote_tweet_id="1").status_code == 403
    assert x.post("$ABC and $DEF").status_code == 403
    assert x.post("$ABC costs $5").status_code == 201


def test_a_deleted_post_stays_in_the_ledger(
    sandbox: Sandbox, tweepy_client: LoopbackTweepy
) -> None:
    """The ledger is the truth about the past as well."""
    remote_id = tweepy_client.create_tweet(text="Solidarity").data["id"]

    answer = tweepy_client.delete_tweet(remote_id)

    assert answer.data == {"deleted": True}
    assert sandbox.ledger.posts("x")[0].deleted_at is not None


def test_deleting_twice_is_a_404(x: XClient) -> None:
    """There is nothing left to delete."""
    remote_id = x.post("Solidarity").json()["data"]["id"]

    statuses = [x.call("DELETE", f"/2/tweets/{remote_id}").status_code for _ in range(2)]

    assert statuses == [200, 404]


def test_limits_are_enforced_only_on_request(sandbox: Sandbox, x: XClient) -> None:
    """A bench posts thousands; a test of limits switches them on."""
    sandbox.switches.enforce_limits = True

    statuses = [x.call("GET", "/2/users/me").status_code for _ in range(76)]

    assert statuses == [200] * 75 + [429]


def test_disclosures_are_written_down(sandbox: Sandbox, x: XClient) -> None:
    """Fields of the request beyond text, reply and media stand in `extra`."""
    x.post("Solidarity", made_with_ai=True, paid_partnership=False)

    assert sandbox.ledger.posts("x")[0].extra == {"made_with_ai": True, "paid_partnership": False}


def test_an_unknown_endpoint_is_an_empty_404(x: XClient) -> None:
    """As seen on X."""
    reply = x.call("GET", "/2/usage/credits")

    assert (reply.status_code, reply.content) == (404, b"")
