"""Pictures on the simulated X."""

import base64
from typing import Any

from bot.sandbox import Sandbox

from .conftest import HandClock, XClient


def upload(x: XClient, data: bytes) -> Any:
    """One picture in one request, as JSON."""
    body = {"media": base64.b64encode(data).decode(), "media_category": "tweet_image"}
    return x.call("POST", "/2/media/upload", json=body)


def test_a_picture_with_alt_text_is_attached(sandbox: Sandbox, x: XClient, png: bytes) -> None:
    """Upload, describe, post."""
    media_id = upload(x, png).json()["data"]["id"]
    described = {"id": media_id, "metadata": {"alt_text": {"text": "A banner"}}}

    assert x.call("POST", "/2/media/metadata", json=described).ok
    assert x.post("Look", media={"media_ids": [media_id]}).ok
    attached = sandbox.ledger.posts("x")[0].media[0]
    assert (media_id, "image/png", len(png), "A banner") == (
        attached.media_id,
        attached.media_type,
        attached.size,
        attached.alt,
    )


def test_a_picture_may_come_in_chunks(x: XClient, png: bytes) -> None:
    """initialize, append twice, finalize, status."""
    begin = {"media_type": "image/png", "total_bytes": len(png), "media_category": "tweet_image"}
    media_id = x.call("POST", "/2/media/upload/initialize", json=begin).json()["data"]["id"]
    for index, part in enumerate((png[:20], png[20:])):
        body = {"media": base64.b64encode(part).decode(), "segment_index": index}
        assert x.call("POST", f"/2/media/upload/{media_id}/append", json=body).ok

    assert x.call("POST", f"/2/media/upload/{media_id}/finalize").ok
    status = x.call(
        "GET", "/2/media/upload", params={"command": "STATUS", "media_id": media_id}
    ).json()
    assert status["data"]["processing_info"]["state"] == "succeeded"
    assert x.post("Look", media={"media_ids": [media_id]}).ok


def test_an_unknown_or_expired_picture_is_refused(x: XClient, png: bytes, clock: HandClock) -> None:
    """Ids last 24 hours."""
    media_id = upload(x, png).json()["data"]["id"]
    clock.move(hours=25)

    for wrong in (media_id, "123"):
        reply = x.post("Look", media={"media_ids": [wrong]})
        assert reply.status_code == 400
        assert "Your media IDs are invalid." in reply.text


def test_what_is_no_picture_is_refused(x: XClient) -> None:
    """The bytes decide, not the name."""
    assert upload(x, b"not a picture").status_code == 400


def test_the_same_words_with_a_picture_are_no_duplicate(x: XClient, png: bytes) -> None:
    """The picture's own link makes the text another."""
    for _ in range(2):
        media_id = upload(x, png).json()["data"]["id"]
        assert x.post("Look", media={"media_ids": [media_id]}).ok


def test_what_moves_must_be_alone(x: XClient, png: bytes) -> None:
    """Four pictures, or one video, or one GIF."""
    picture = upload(x, png).json()["data"]["id"]
    for moving in (b"GIF89a" + bytes(30), bytes(4) + b"ftypisom" + bytes(30)):
        media_id = upload(x, moving).json()["data"]["id"]
        x.call("GET", "/2/media/upload", params={"command": "STATUS", "media_id": media_id})
        reply = x.post("Look", media={"media_ids": [media_id, picture]})
        assert reply.status_code == 400
        assert "must be the only media" in reply.text
        assert x.post(f"Look at {media_id}", media={"media_ids": [media_id]}).ok
