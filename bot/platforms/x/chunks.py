"""Uploads an animation or a video to X in pieces, then waits until X has made of it what it shows.

Nobody sees any of it, so whatever is not a clear refusal is NotReached. Shapes:
https://docs.x.com/x-api/media, read 2026-11-23: initialize, append, finalize, STATUS.
"""

import re
import time
from base64 import b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.platforms.contract import (
    AccountBlocked,
    Image,
    NotReached,
    Outcome,
    RateLimited,
    Refused,
    Unknown,
)
from bot.platforms.replies import json_object, table, whole, words
from bot.wire import Reply

CATEGORIES = {"image/gif": "tweet_gif", "video/mp4": "tweet_video"}
# X takes 5 MB a piece and 1,000 pieces; small ones get through a slow line within a deadline.
PIECE = 1_000_000
MOST_LOOKS = 100
SHORTEST_WAIT, LONGEST_WAIT = 1, 15
MEDIA_ID = re.compile(r"[0-9]{1,19}", re.ASCII)
NO_ID = "X did not say under which number it keeps the file."
NOT_READY = "X was still at work on the file after a long wait."
UNUSABLE = "X cannot use this file"

Ask = Callable[..., Reply | NotReached | Unknown]


@dataclass(frozen=True, slots=True)
class Chunks:
    """One upload in pieces: `ask` sends a request, `judge` says what an answer that fails means."""

    ask: Ask
    judge: Callable[[Reply], Outcome]
    wait: Callable[[float], object] = time.sleep

    def upload(self, image: Image, content: bytes) -> str | Outcome:
        """The media id once X is done with it, or how it ended."""
        opened = self._data(
            "/2/media/upload/initialize",
            {
                "media_type": image.mime_type,
                "total_bytes": len(content),
                "media_category": CATEGORIES[image.mime_type],
            },
        )
        if not isinstance(opened, Mapping):
            return opened
        media_id = words(opened.get("id"))
        if not MEDIA_ID.fullmatch(media_id):
            return NotReached(NO_ID)
        failed = self._append(media_id, content)
        return failed if failed is not None else self._finish(media_id)

    def _append(self, media_id: str, content: bytes) -> Outcome | None:
        for n, start in enumerate(range(0, len(content), PIECE)):
            piece = b64encode(content[start : start + PIECE]).decode("ascii")
            body = {"media": piece, "segment_index": n}
            answer = self._data(f"/2/media/upload/{media_id}/append", body)
            if not isinstance(answer, Mapping):
                return answer
        return None

    def _finish(self, media_id: str) -> str | Outcome:
        found = self._data(f"/2/media/upload/{media_id}/finalize", None)
        for _ in range(MOST_LOOKS):
            if not isinstance(found, Mapping):
                return found
            info = table(found.get("processing_info"))
            state = words(info.get("state"))
            if state in ("", "succeeded"):
                return media_id
            if state == "failed":
                said = words(table(info.get("error")).get("message"))
                return Refused(f"{UNUSABLE}{f': {said[:200]}' if said else ''}.")
            pause = whole(info.get("check_after_secs")) or SHORTEST_WAIT
            self.wait(min(pause, LONGEST_WAIT))
            found = self._data("/2/media/upload", None, command="STATUS", media_id=media_id)
        return NotReached(NOT_READY)

    def _data(
        self, path: str, body: dict[str, Any] | None, **query: str
    ) -> Mapping[str, Any] | Outcome:
        """The `data` of a good answer, empty where it has none; else what the answer means."""
        reply = self.ask("GET" if query else "POST", path, body, query or None)
        if not isinstance(reply, Reply):
            return NotReached(reply.reason, reply.detail)
        answer = json_object(reply.body)
        is_good = 200 <= reply.status < 300 and "errors" not in (answer or {})
        if is_good and (answer is not None or not reply.body):
            return table((answer or {}).get("data"))
        outcome = self.judge(reply)
        if isinstance(outcome, Refused | RateLimited | AccountBlocked):
            return outcome
        return NotReached(getattr(outcome, "reason", NO_ID), outcome.detail)
