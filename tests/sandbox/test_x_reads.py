"""Reading posts, the timeline and the profile on the simulated X."""

from datetime import timedelta
from typing import Any

import pytest

from bot.sandbox import Sandbox

from .conftest import HandClock, LoopbackTweepy, XClient

METRICS = {"tweet.fields": "public_metrics,non_public_metrics,organic_metrics"}


def fill(sandbox: Sandbox, clock: HandClock, count: int) -> list[str]:
    """Posts a minute apart, oldest first."""
    ids = []
    for number in range(count):
        ids.append(sandbox.post_by_hand("x", f"post {number}").remote_id)
        clock.move(minutes=1)
    return ids


def test_a_post_has_only_three_fields_unless_more_are_asked(x: XClient) -> None:
    """id, text and the edit history."""
    x.post("Solidarity")

    assert {"id", "text", "edit_history_tweet_ids"} == set(x.timeline()["data"][0])


def test_tweepy_reads_the_timeline_newest_first(
    sandbox: Sandbox, clock: HandClock, tweepy_client: LoopbackTweepy, x: XClient
) -> None:
    """Through the usual client, with times it can parse."""
    ids = fill(sandbox, clock, 6)

    answer = tweepy_client.get_users_tweets(
        x.user_id, max_results=5, tweet_fields=["created_at"], user_auth=True
    )

    assert [int(one) for one in reversed(ids[1:])] == [post.id for post in answer.data]
    assert clock.now - timedelta(minutes=1) == answer.data[0].created_at


def test_pages_add_up_to_the_whole_timeline(sandbox: Sandbox, clock: HandClock, x: XClient) -> None:
    """next_token leads on until it is missing."""
    ids = fill(sandbox, clock, 12)
    seen: list[str] = []
    params: dict[str, Any] = {"max_results": 5}
    while True:
        page = x.timeline(**params)
        seen += [post["id"] for post in page["data"]]
        if "next_token" not in page["meta"]:
            break
        params["pagination_token"] = page["meta"]["next_token"]

    assert list(reversed(ids)) == seen


def test_the_timeline_can_be_bounded(sandbox: Sandbox, clock: HandClock, x: XClient) -> None:
    """By time, inclusive of the start and not of the end, and by id, exclusive."""
    start = clock.now
    ids = fill(sandbox, clock, 6)

    def found(**params: str) -> list[str]:
        return [post["id"] for post in x.timeline(**params).get("data", [])][::-1]

    def minute(number: int) -> str:
        return (start + timedelta(minutes=number)).strftime("%Y-%m-%dT%H:%M:%SZ")

    assert ids[2:] == found(start_time=minute(2))
    assert ids[:2] == found(end_time=minute(2))
    assert ids[3:] == found(since_id=ids[2])
    assert ids[:2] == found(until_id=ids[2])


def test_replies_can_be_left_out(x: XClient) -> None:
    """exclude=replies hides the later parts of threads."""
    first = x.post("one").json()["data"]["id"]
    x.post("two", reply={"in_reply_to_tweet_id": first})

    assert [first] == [post["id"] for post in x.timeline(exclude="replies")["data"]]


def test_an_empty_timeline_has_only_meta(x: XClient) -> None:
    """No `data` at all."""
    assert x.timeline() == {"meta": {"result_count": 0}}


@pytest.mark.parametrize(
    "params",
    [
        {"max_results": 4},
        {"max_results": 101},
        {"start_time": "yesterday"},
        {"since_id": "x"},
        {"pagination_token": "x"},
        {"tweet.fields": "nonsense"},
        {"post_fields": "text"},
    ],
)
def test_a_wrong_parameter_is_a_400(x: XClient, params: dict[str, Any]) -> None:
    """X refuses what it does not know instead of ignoring it."""
    assert x.timeline(**params)["title"] == "Invalid Request"


def test_a_missing_post_is_an_error_beside_the_others(x: XClient) -> None:
    """Partial success: 200 with data and errors."""
    remote_id = x.post("Solidarity").json()["data"]["id"]

    reply = x.call("GET", "/2/tweets", params={"ids": f"{remote_id},1"})

    assert reply.status_code == 200
    assert [remote_id] == [post["id"] for post in reply.json()["data"]]
    assert [(error["resource_id"], error["title"]) for error in reply.json()["errors"]] == [
        ("1", "Not Found Error")
    ]


def test_when_every_post_is_missing_there_is_no_data(x: XClient) -> None:
    """Only errors."""
    assert {"errors"} == set(x.call("GET", "/2/tweets", params={"ids": "1"}).json())


def test_at_most_100_posts_are_looked_up_at_once(x: XClient) -> None:
    """101 ids are a 400."""
    many = ",".join(map(str, range(1, 102)))

    assert x.call("GET", "/2/tweets", params={"ids": many}).status_code == 400


def test_a_deleted_post_is_gone_from_reads(x: XClient) -> None:
    """By id and from the timeline."""
    remote_id = x.post("Solidarity").json()["data"]["id"]
    x.call("DELETE", f"/2/tweets/{remote_id}")

    assert "data" not in x.call("GET", "/2/tweets", params={"ids": remote_id}).json()
    assert x.timeline()["meta"]["result_count"] == 0


def test_metrics_grow_and_agree_with_each_other(x: XClient, clock: HandClock) -> None:
    """Views are never fewer than engagements."""
    x.post("Solidarity")
    young = x.timeline(**METRICS)["data"][0]
    clock.move(days=2)
    old = x.timeline(**METRICS)["data"][0]

    public, private = old["public_metrics"], old["non_public_metrics"]
    assert young["public_metrics"]["impression_count"] == 0
    assert public["impression_count"] == private["impression_count"] > 0
    assert public["like_count"] <= private["engagements"] <= private["impression_count"]


def test_private_metrics_end_after_30_days(x: XClient, clock: HandClock) -> None:
    """They become errors, and the public ones stay."""
    remote_id = x.post("Solidarity").json()["data"]["id"]
    clock.move(days=31)

    page = x.timeline(**METRICS)

    assert "public_metrics" in page["data"][0]
    assert "non_public_metrics" not in page["data"][0]
    assert {(remote_id, "non_public_metrics"), (remote_id, "organic_metrics")} == {
        (error["resource_id"], error["value"]) for error in page["errors"]
    }


def test_the_new_names_can_be_switched_on(sandbox: Sandbox, x: XClient) -> None:
    """repost_count and edit_history_post_ids, asked for as post.fields."""
    x.post("Solidarity")
    sandbox.metric_names = "new"

    post = x.timeline(**{"post.fields": "public_metrics"})["data"][0]

    assert "repost_count" in post["public_metrics"]
    assert "retweet_count" not in post["public_metrics"]
    assert "edit_history_post_ids" in post


def test_a_thread_shares_its_conversation(x: XClient) -> None:
    """conversation_id is the first post's id."""
    first = x.post("one").json()["data"]["id"]
    second = x.post("two", reply={"in_reply_to_tweet_id": first}).json()["data"]["id"]
    x.post("three", reply={"in_reply_to_tweet_id": second})

    page = x.timeline(**{"tweet.fields": "conversation_id,referenced_tweets"})

    assert {first} == {post["conversation_id"] for post in page["data"]}
    assert [{"type": "replied_to", "id": second}] == page["data"][0]["referenced_tweets"]


def test_tweepy_reads_the_profile(sandbox: Sandbox, tweepy_client: LoopbackTweepy) -> None:
    """Bio, pinned post and verification, which the health check looks at."""
    sandbox.accounts.x_description = "A bot. Promoted by A. Person."
    sandbox.accounts.x_pinned_id = "5"

    me = tweepy_client.get_me(user_fields=["description", "pinned_tweet_id", "verified_type"]).data

    assert me.description == "A bot. Promoted by A. Person."
    assert me.pinned_tweet_id == 5
    assert me.data["verified_type"] == "none"
    assert sandbox.settings()["X_ACCESS_TOKEN"].startswith(f"{me.id}-")
