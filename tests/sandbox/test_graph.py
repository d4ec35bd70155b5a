"""Reading from the simulated Graph API."""

import json
from datetime import datetime
from typing import Any

import pytest

from bot.sandbox import Sandbox

from .conftest import GraphClient, HandClock

COUNTS = (
    "shares,reactions.summary(total_count).limit(0),comments.summary(total_count).limit(0),"
    "insights.metric(post_media_view,post_clicks)"
)


def error_of(reply: Any) -> dict[str, Any]:
    """The error of a refusal."""
    error: dict[str, Any] = reply.json()["error"]
    return error


def test_a_wrong_token_is_190(graph: GraphClient) -> None:
    """In the envelope, with a trace id."""
    reply = graph.call("GET", "me", token="wrong")

    assert reply.status_code == 400
    assert error_of(reply)["code"] == 190
    assert error_of(reply)["fbtrace_id"]


@pytest.mark.parametrize("place", ["query", "form", "header"])
def test_a_token_may_stand_in_three_places(
    sandbox: Sandbox, graph: GraphClient, place: str
) -> None:
    """Query, form or Authorization header."""
    options: dict[str, Any] = {
        "query": {"token": "", "params": {"access_token": graph.token}},
        "form": {"token": "", "data": {"access_token": graph.token, "message": "a"}},
        "header": {"data": {"message": "a"}},
    }[place]

    if place == "query":
        assert graph.page == graph.call("GET", "me", **options).json()["id"]
    else:
        assert graph.call("POST", f"{graph.page}/feed", **options).ok


def test_every_reply_has_facebooks_headers(graph: GraphClient) -> None:
    """The version that answered, a trace id, the usage."""
    headers = graph.call("GET", "me").headers

    assert headers["content-type"] == "application/json; charset=UTF-8"
    assert headers["facebook-api-version"] == "v26.0"
    assert {"call_count", "total_time", "total_cputime"} == set(json.loads(headers["x-app-usage"]))
    assert headers["x-fb-trace-id"]


def test_any_version_is_taken(graph: GraphClient) -> None:
    """And named in the header."""
    graph.base = graph.base.replace("v26.0", "v23.0")

    assert graph.call("GET", "me").headers["facebook-api-version"] == "v23.0"


def test_facebook_sdk_reads_a_post(sandbox: Sandbox, facebook_api: Any, clock: HandClock) -> None:
    """With the counts the bot asks for."""
    entry = sandbox.post_by_hand("facebook", "Solidarity")
    young = facebook_api.get_object(entry.remote_id, fields=COUNTS)
    clock.move(days=7)
    old = facebook_api.get_object(entry.remote_id, fields=COUNTS)

    views = [row["values"][0]["value"] for row in old["insights"]["data"]]
    assert "shares" not in young
    assert old["shares"]["count"] > 0
    assert young["reactions"]["summary"]["total_count"] == 0
    assert views[0] >= views[1] > 0
    assert {"data", "summary"} == set(old["comments"])


def test_a_listing_has_pages(sandbox: Sandbox, graph: GraphClient) -> None:
    """`next` leads on, and is missing at the end."""
    ids = [sandbox.post_by_hand("facebook", f"post {number}").remote_id for number in range(5)]
    first = graph.listing(limit=3, fields="id,created_time")
    second = graph.session.get(first["paging"]["next"], headers={
        "Authorization": f"Bearer {graph.token}"
    }, timeout=5).json()  # fmt: skip

    assert ids[::-1] == [post["id"] for post in first["data"] + second["data"]]
    assert "next" not in second["paging"]
    assert {"before", "after"} == set(second["paging"]["cursors"])


def test_a_listing_shows_links_unshimmed_and_times_in_facebooks_way(graph: GraphClient) -> None:
    """The raw link only in unshimmed_url; no colon in the offset."""
    graph.post("Read", link="https://example.org/a?utm_content=P1")

    fields = "created_time,message,attachments{unshimmed_url,url}"
    (post,) = graph.listing(fields=fields)["data"]

    assert post["created_time"] == "2026-11-23T12:00:00+0000"
    assert datetime.fromisoformat(post["created_time"])
    attachment = post["attachments"]["data"][0]
    assert attachment["unshimmed_url"] == "https://example.org/a?utm_content=P1"
    assert attachment["url"].startswith("https://l.facebook.com/")


def test_a_listing_without_fields_has_three(graph: GraphClient) -> None:
    """created_time, message, id."""
    graph.post("Solidarity")

    assert {"created_time", "message", "id"} == set(graph.listing()["data"][0])


def test_a_field_that_does_not_exist_fails_the_call(graph: GraphClient) -> None:
    """Code 100, as on Facebook."""
    graph.post("Solidarity")

    assert graph.listing(fields="id,nonsense")["error"]["code"] == 100


@pytest.mark.parametrize("dead", ["post_impressions", "post_engaged_users", "views"])
def test_one_dead_metric_fails_the_whole_call(
    sandbox: Sandbox, graph: GraphClient, dead: str
) -> None:
    """The edge and the nested field alike."""
    entry = sandbox.post_by_hand("facebook", "Solidarity")
    metric = f"post_clicks,{dead}"

    edge = graph.call("GET", f"{entry.remote_id}/insights", params={"metric": metric})
    nested = graph.listing(fields=f"id,insights.metric({metric})")

    for error in (error_of(edge), nested["error"]):
        assert error["message"] == "(#100) The value must be a valid insights metric"


def test_insights_without_a_metric_are_3001(sandbox: Sandbox, graph: GraphClient) -> None:
    """Subcode 1504028."""
    entry = sandbox.post_by_hand("facebook", "Solidarity")

    error = error_of(graph.call("GET", f"{entry.remote_id}/insights"))

    assert (error["code"], error["error_subcode"]) == (3001, 1504028)


def test_a_metric_by_type_is_an_object(
    sandbox: Sandbox, graph: GraphClient, clock: HandClock
) -> None:
    """Not every value is a number."""
    entry = sandbox.post_by_hand("facebook", "Solidarity")
    clock.move(days=7)
    params = {"metric": "post_reactions_by_type_total"}

    rows = graph.call("GET", f"{entry.remote_id}/insights", params=params).json()["data"]

    assert rows[0]["period"] == "lifetime"
    assert rows[0]["values"][0]["value"]["like"] > 0


def test_a_small_page_has_no_insights(sandbox: Sandbox, graph: GraphClient) -> None:
    """An empty list, which is not zero."""
    entry = sandbox.post_by_hand("facebook", "Solidarity")
    sandbox.small_page = True

    params = {"metric": "post_clicks"}
    reply = graph.call("GET", f"{entry.remote_id}/insights", params=params)

    assert reply.json() == {"data": []}


def test_the_page_token_describes_itself(graph: GraphClient) -> None:
    """A Page token that never expires, with the scopes the bot needs."""
    params = {"input_token": graph.token}

    data = graph.call("GET", "debug_token", params=params, token=graph.app_token).json()["data"]

    assert (data["type"], data["is_valid"], data["expires_at"]) == ("PAGE", True, 0)
    assert {"pages_manage_posts", "read_insights"} <= set(data["scopes"])
    assert graph.page == data["profile_id"]


def test_an_unknown_token_is_described_as_not_valid(graph: GraphClient) -> None:
    """200 with is_valid false."""
    params = {"input_token": "nonsense"}

    data = graph.call("GET", "debug_token", params=params, token=graph.app_token).json()["data"]

    assert not data["is_valid"]
    assert data["error"]["code"] == 190


def test_connecting_a_page_goes_by_way_of_a_user_token(
    sandbox: Sandbox, graph: GraphClient
) -> None:
    """Exchange, list the Pages, find the Page's token."""
    user = sandbox.accounts.user_token
    exchange = {
        "grant_type": "fb_exchange_token",
        "client_id": graph.settings["FACEBOOK_APP_ID"],
        "client_secret": graph.settings["FACEBOOK_APP_SECRET"],
        "fb_exchange_token": user,
    }

    longer = graph.call("GET", "oauth/access_token", params=exchange, token="").json()
    pages = graph.call("GET", "me/accounts", token=longer["access_token"]).json()["data"]

    assert longer["expires_in"] > 0
    assert [(graph.page, graph.token)] == [(page["id"], page["access_token"]) for page in pages]


def test_the_page_shows_the_fields_asked_for(sandbox: Sandbox, graph: GraphClient) -> None:
    """Name, about, followers."""
    sandbox.accounts.page_about = "Promoted by A. Person."

    page = graph.call("GET", graph.page, params={"fields": "id,name,about,followers_count"}).json()

    assert {"id", "name", "about", "followers_count"} == set(page)
    assert page["about"] == "Promoted by A. Person."


def test_a_batch_answers_each_member_in_order(sandbox: Sandbox, graph: GraphClient) -> None:
    """Bodies are strings of JSON, each with its own status."""
    entry = sandbox.post_by_hand("facebook", "Solidarity")
    batch = [
        {"method": "GET", "relative_url": f"v26.0/{entry.remote_id}?fields=message"},
        {"method": "GET", "relative_url": "v26.0/1_1"},
    ]

    members = graph.call("POST", "", data={"batch": json.dumps(batch)}).json()

    assert [member["code"] for member in members] == [200, 400]
    assert json.loads(members[0]["body"])["message"] == "Solidarity"


def test_a_batch_has_at_most_50_members(graph: GraphClient) -> None:
    """GraphBatchException."""
    batch = json.dumps([{"relative_url": "me"}] * 51)

    assert error_of(graph.call("POST", "", data={"batch": batch}))["type"] == "GraphBatchException"


def test_many_ids_at_once_are_refused(graph: GraphClient) -> None:
    """v26.0 took root ?ids= away."""
    assert error_of(graph.call("GET", "", params={"ids": "1,2"}))["code"] == 12


@pytest.mark.parametrize(
    "fields", ["id,", "id{", "id}", "a.b", "a.b(", "{id}", "a{" * 9 + "b" + "}" * 9, "a;b"]
)
def test_broken_fields_are_a_100(graph: GraphClient, fields: str) -> None:
    """Not a crash."""
    assert graph.listing(fields=fields)["error"]["code"] == 100


def test_fields_may_be_nested_and_renamed(sandbox: Sandbox, graph: GraphClient) -> None:
    """Modifiers chain, and `as` names the result."""
    sandbox.post_by_hand("facebook", "Solidarity")
    fields = "reactions.type(LOVE).summary(total_count).limit(0).as(love), id"

    (post,) = graph.listing(fields=fields)["data"]

    assert {"love", "id"} == set(post)
    assert post["love"]["summary"]["total_count"] == 0
