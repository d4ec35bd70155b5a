"""Publishing on the simulated Facebook Page."""

import hashlib
import hmac
import json
from typing import Any

import pytest

from bot.sandbox import Sandbox

from .conftest import GraphClient


def photo(graph: GraphClient, data: bytes, **form: Any) -> dict[str, Any]:
    """Upload one photo."""
    files = {"source": ("a.png", data, "image/png")}
    reply = graph.call("POST", f"{graph.page}/photos", data=form, files=files)
    body: dict[str, Any] = reply.json()
    return body


def test_facebook_sdk_publishes(sandbox: Sandbox, facebook_api: Any, graph: GraphClient) -> None:
    """The usual client gets the Page's id and the post's."""
    answer = facebook_api.put_object(
        graph.page, "feed", message="Solidarity", link="https://example.org"
    )

    (entry,) = sandbox.ledger.posts("facebook")
    assert {"id": entry.remote_id} == answer
    assert entry.remote_id.startswith(f"{graph.page}_")
    assert (entry.text, entry.link) == ("Solidarity", "https://example.org")


def test_facebook_sdk_raises_its_own_error(
    facebook_api: Any, graph: GraphClient, graph_error: type[Exception]
) -> None:
    """With the code in it."""
    facebook_api.put_object(graph.page, "feed", message="Solidarity")

    with pytest.raises(graph_error) as caught:
        facebook_api.put_object(graph.page, "feed", message="Solidarity")

    assert caught.value.code == 506  # type: ignore[attr-defined]


def test_a_new_post_can_be_read_in_the_same_call(graph: GraphClient) -> None:
    """Read after write: id and permalink."""
    body = graph.post("Solidarity", fields="id,permalink_url").json()

    assert {"id", "permalink_url"} == set(body)
    assert body["permalink_url"].startswith("https://www.facebook.com/")


def test_the_same_words_twice_in_a_row_are_506(sandbox: Sandbox, graph: GraphClient) -> None:
    """Only in a row: after another post they may come again."""
    statuses = [graph.post(text).status_code for text in ("a", "a", "b", "a")]

    assert statuses == [200, 400, 200, 200]
    assert [entry.text for entry in sandbox.ledger.posts("facebook")] == ["a", "b", "a"]


@pytest.mark.parametrize(
    ("data", "subcode"),
    [
        ({}, 1349125),
        ({"message": "   "}, 1349125),
        ({"message": "a" * 63_207}, None),
        ({"message": "a", "link": "not a link"}, 2061006),
        ({"message": "a", "link": "https://www.facebook.com/x"}, 1609008),
        ({"message": "a", "attached_media": "media_fbid"}, None),
        ({"message": "a", "attached_media": '[{"media_fbid":"1"}]'}, 33),
    ],
)
def test_a_post_facebook_would_refuse_is_refused(
    sandbox: Sandbox, graph: GraphClient, data: dict[str, str], subcode: int | None
) -> None:
    """Code 100, sometimes with a subcode; the naive list encoding among them."""
    reply = graph.call("POST", f"{graph.page}/feed", data=data)

    assert reply.json()["error"]["code"] == 100
    assert subcode == reply.json()["error"].get("error_subcode")
    assert sandbox.ledger.posts() == []


def test_unknown_parameters_are_ignored_and_written_down(
    sandbox: Sandbox, graph: GraphClient
) -> None:
    """Facebook ignores them silently, so the ledger must not."""
    graph.post("Solidarity", mesage="typo")

    assert sandbox.ledger.posts()[0].extra == {"mesage": "typo"}


def test_photos_are_uploaded_unseen_and_then_attached(
    sandbox: Sandbox, graph: GraphClient, png: bytes
) -> None:
    """One visible write at the end, with alt texts."""
    ids = [
        photo(graph, png + bytes([n]), published="false", alt_text_custom=f"alt {n}")["id"]
        for n in range(2)
    ]
    before = sandbox.ledger.posts()

    reply = graph.post("Look", attached_media=json.dumps([{"media_fbid": one} for one in ids]))

    (entry,) = sandbox.ledger.posts()
    assert before == []
    assert {"id": entry.remote_id} == reply.json()
    assert list(zip(ids, ["alt 0", "alt 1"], strict=True)) == [
        (part.media_id, part.alt) for part in entry.media
    ]


def test_indexed_attachments_are_taken_too(
    sandbox: Sandbox, graph: GraphClient, png: bytes
) -> None:
    """attached_media[0]={…}, the other spelling."""
    media_id = photo(graph, png, published="false")["id"]

    assert graph.post("Look", **{"attached_media[0]": json.dumps({"media_fbid": media_id})}).ok
    assert [media_id] == [part.media_id for part in sandbox.ledger.posts()[0].media]


def test_a_published_photo_is_a_post(sandbox: Sandbox, graph: GraphClient, png: bytes) -> None:
    """Two ids: the photo's and the post's."""
    body = photo(graph, png, caption="Look")

    (entry,) = sandbox.ledger.posts()
    assert entry.remote_id == body["post_id"]
    assert entry.media[0].media_id == body["id"]


@pytest.mark.parametrize("data", [b"RIFF0000WEBPVP8 ", b"\x89PNG\r\n\x1a\n" + b"0" * 4_000_000])
def test_a_photo_too_large_or_of_the_wrong_kind_is_refused(graph: GraphClient, data: bytes) -> None:
    """Subcode 1366046."""
    assert photo(graph, data)["error"]["error_subcode"] == 1366046


def test_a_photo_by_address_is_noted_and_never_fetched(
    sandbox: Sandbox, graph: GraphClient
) -> None:
    """Nothing leaves this machine."""
    url = "https://photos.invalid/a.jpg"

    assert graph.call("POST", f"{graph.page}/photos", data={"url": url}).ok
    assert len(sandbox.ledger.posts()[0].media) == 1


def test_an_unpublished_post_is_not_listed(sandbox: Sandbox, graph: GraphClient) -> None:
    """It is in the ledger as unpublished."""
    graph.post("Draft", published="false")

    assert graph.listing()["data"] == []
    assert not sandbox.ledger.posts()[0].published


def test_a_post_is_deleted_once(sandbox: Sandbox, graph: GraphClient) -> None:
    """Then it is unknown, and stays in the ledger."""
    remote_id = graph.post("Solidarity").json()["id"]

    assert graph.call("DELETE", remote_id).json() == {"success": True}
    assert graph.call("DELETE", remote_id).json()["error"]["error_subcode"] == 33
    assert graph.call("GET", remote_id).json()["error"]["error_subcode"] == 33
    assert sandbox.ledger.posts()[0].deleted_at is not None


def test_only_the_pages_own_token_may_publish(sandbox: Sandbox, graph: GraphClient) -> None:
    """A user token is refused with code 200."""
    data = {"message": "Solidarity"}

    reply = graph.call("POST", f"{graph.page}/feed", data=data, token=sandbox.accounts.user_token)

    assert reply.json()["error"]["code"] == 200
    assert sandbox.ledger.posts() == []


def test_a_proof_is_checked_when_it_is_sent(graph: GraphClient) -> None:
    """appsecret_proof must be the token signed with the app's secret."""
    secret = graph.settings["FACEBOOK_APP_SECRET"].encode()
    proof = hmac.new(secret, graph.token.encode(), hashlib.sha256).hexdigest()

    assert graph.post("a", appsecret_proof=proof).ok
    assert graph.post("b", appsecret_proof="wrong").json()["error"]["code"] == 100
