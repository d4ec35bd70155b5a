"""Animations and videos on their way to X: in pieces, waited for, and never taken for published."""

import hashlib
import json
from datetime import UTC, datetime

import album
import pytest

from bot.platforms.contract import (
    Image,
    NotReached,
    PartContent,
    Prepared,
    RateLimited,
    Refused,
    Sent,
    Unknown,
)
from bot.platforms.x import chunks
from bot.platforms.x.classify import classify
from bot.wire import Reply

VIDEO = Image("1" * 64, "video/mp4", "A march")
GIF = Image("2" * 64, "image/gif", "A flag that waves")
NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
CONTENT = bytes(range(256)) * 10_000


def reply(data=None, status=200, **more):
    body = {"data": data, **more} if data is not None else more
    return Reply(status, {}, json.dumps(body).encode())


def processing(state, **more):
    return reply({"id": "77", "processing_info": {"state": state, **more}})


class X:
    """Answers each request with the next reply, and notes what was asked and waited for."""

    def __init__(self, *answers):
        self.answers, self.asked, self.waits = list(answers), [], []

    def ask(self, method, path, body, query):
        self.asked.append((method, path.removeprefix("/2/media/upload"), body or query))
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]

    def upload(self, content=CONTENT, image=VIDEO):
        def judge(one):
            return classify(one, NOW, str)

        return chunks.Chunks(self.ask, judge, self.waits.append).upload(image, content)


OPENED = reply({"id": "77"})
EMPTY = Reply(204, {}, b"")
INVALID = {
    "title": "Invalid Request",
    "detail": "One or more parameters to your request was invalid.",
    "type": "https://api.twitter.com/2/problems/invalid-request",
}


def test_pieces_are_told_apart_and_the_end_is_waited_for_as_long_as_x_says():
    """Within bounds, whatever X says."""
    x = X(
        OPENED,
        EMPTY,
        EMPTY,
        EMPTY,
        processing("pending", check_after_secs=3),
        processing("in_progress", check_after_secs=9_000),
        processing("in_progress"),
        processing("succeeded"),
    )

    assert "77" == x.upload()
    assert [3, 15, 1] == x.waits
    assert [
        "/initialize",
        "/77/append",
        "/77/append",
        "/77/append",
        "/77/finalize",
        "",
        "",
        "",
    ] == [path for _, path, _ in x.asked]
    assert [0, 1, 2] == [body["segment_index"] for _, _, body in x.asked[1:4]]
    assert {
        "media_type": "video/mp4",
        "total_bytes": len(CONTENT),
        "media_category": "tweet_video",
    } == x.asked[0][2]
    assert {"command": "STATUS", "media_id": "77"} == x.asked[-1][2]


@pytest.mark.parametrize(
    ("answers", "outcome", "words"),
    [
        ([reply({"id": "../77"})], NotReached, "under which number"),
        ([reply({"id": 77})], NotReached, "under which number"),
        ([reply({})], NotReached, "under which number"),
        ([Reply(200, {}, b"<html>")], NotReached, ""),
        ([Unknown("The line went dead.")], NotReached, "went dead"),
        ([OPENED, Unknown("The line went dead.")], NotReached, "went dead"),
        ([OPENED, EMPTY, EMPTY, EMPTY, Unknown("The line went dead.")], NotReached, "went dead"),
        ([OPENED, Reply(503, {}, b"{}")], NotReached, ""),
        ([reply(status=429, title="Too Many Requests")], RateLimited, ""),
        ([reply(status=400, **INVALID)], Refused, ""),
        (
            [OPENED, EMPTY, EMPTY, EMPTY, processing("failed", error={"message": "No H.264"})],
            Refused,
            "cannot use this file: No H.264",
        ),
        ([OPENED, EMPTY, EMPTY, EMPTY, processing("failed")], Refused, "cannot use this file."),
        ([OPENED, EMPTY, EMPTY, EMPTY, processing("pending")], NotReached, "still at work"),
    ],
)
def test_an_upload_that_does_not_end_well_is_refused_or_not_reached_and_never_in_doubt(
    answers, outcome, words
):
    """Nobody sees an upload, so it may be made again."""
    x = X(*answers)
    ended = x.upload()

    assert isinstance(ended, outcome), ended
    assert words in ended.reason
    assert len(x.asked) <= chunks.MOST_LOOKS + 6


@pytest.mark.parametrize(
    ("image", "content"), [(VIDEO, album.mp4(pad=2_500_000)), (GIF, album.animation())]
)
def test_what_moves_arrives_whole_with_its_words(open_on, sandbox, monkeypatch, image, content):
    """In as many pieces as it takes."""
    monkeypatch.setattr(chunks, "SHORTEST_WAIT", 0)
    monkeypatch.setattr(chunks, "LONGEST_WAIT", 0)
    platform = open_on("x", picture_bytes=lambda _: content)
    part = PartContent("It moves", images=(image,))
    prepared = platform.prepare(part)

    assert [] == sandbox.ledger.posts("x")
    assert isinstance(platform.send(part, reply_to=None, prepared=prepared), Sent)
    (entry,) = sandbox.ledger.posts("x")
    assert [(hashlib.sha256(content).hexdigest(), image.mime_type, image.alt)] == [
        (one.sha256, one.media_type, one.alt) for one in entry.media
    ]


@pytest.mark.parametrize(
    ("image", "no", "outcome"),
    [
        (VIDEO, INVALID, Prepared),
        (VIDEO, {"title": "No words for this", "detail": "", "type": "about:blank"}, Prepared),
        (VIDEO, None, NotReached),
        (GIF, INVALID, Refused),
    ],
)
def test_a_no_to_the_words_of_a_video_does_not_keep_it_back(
    open_on, sandbox, monkeypatch, image, no, outcome
):
    """X does not say whether it takes any; of pictures it does."""
    monkeypatch.setattr(chunks, "LONGEST_WAIT", 0)
    content = album.mp4() if image is VIDEO else album.animation()
    platform = open_on("x", picture_bytes=lambda _: content)
    kind, given = ("problem", {"status": 400, **no}) if no else ("cut_after", {})
    sandbox.fault("x", kind, on="upload", path="metadata", **given)

    assert isinstance(platform.prepare(PartContent("t", images=(image,))), outcome)
