"""Pictures that were uploaded and not yet, or already, attached to a post.

Bytes are kept in memory so that the drawn timeline can show them, the oldest dropped beyond a
cap; their facts (type, size, digest, alt text) stay. Refuses to judge what a platform accepts.
"""

import hashlib
import threading
from dataclasses import dataclass, field
from datetime import datetime

from bot.sandbox.ledger import Attached

# More than the largest video the bot sends: an upload must not push out its own beginning.
KEPT_BYTES = 128_000_000

# The first bytes of each format, longest reading first.
SIGNATURES = (
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"BM", "image/bmp"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
)


def sniff(data: bytes) -> str:
    """The media type the bytes themselves show."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    for start, media_type in SIGNATURES:
        if data.startswith(start):
            return media_type
    return "video/mp4" if data[4:8] == b"ftyp" else "application/octet-stream"


@dataclass
class Upload:
    """One upload on its way to becoming a picture of a post."""

    platform: str
    media_id: str
    uploaded_at: datetime
    media_type: str = "application/octet-stream"
    expected_bytes: int | None = None
    segments: dict[int, bytes] = field(default_factory=dict)
    is_ready: bool = False
    is_pending: bool = False
    alt: str | None = None
    source_url: str | None = None

    @property
    def data(self) -> bytes:
        """The bytes in segment order."""
        return b"".join(self.segments[index] for index in sorted(self.segments))


class Shelf:
    """Uploads by platform and id; safe from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._uploads: dict[tuple[str, str], Upload] = {}
        self._facts: dict[tuple[str, str], tuple[int, str]] = {}

    def put(self, upload: Upload) -> None:
        """Keep an upload, making room for its bytes."""
        with self._lock:
            self._uploads[upload.platform, upload.media_id] = upload
            self._make_room()

    def get(self, platform: str, media_id: str) -> Upload | None:
        """The upload with that id."""
        with self._lock:
            return self._uploads.get((platform, media_id))

    def finish(self, upload: Upload) -> None:
        """Note the facts of complete bytes, so that they outlive them."""
        data = upload.data
        upload.media_type = sniff(data) if data else upload.media_type
        upload.is_ready = True
        with self._lock:
            facts = (len(data), hashlib.sha256(data).hexdigest())
            self._facts[upload.platform, upload.media_id] = facts

    def attach(self, upload: Upload) -> Attached:
        """The upload as a post will carry it."""
        size, sha256 = self._facts.get((upload.platform, upload.media_id), (0, ""))
        return Attached(upload.media_id, upload.media_type, size, sha256, upload.alt)

    def drop(self, platform: str, media_id: str) -> bool:
        """Forget an upload; False when there was none."""
        with self._lock:
            return self._uploads.pop((platform, media_id), None) is not None

    def clear(self) -> None:
        """Forget everything."""
        with self._lock:
            self._uploads.clear()
            self._facts.clear()

    def _make_room(self) -> None:
        held = sum(
            len(part) for upload in self._uploads.values() for part in upload.segments.values()
        )
        for upload in list(self._uploads.values()):
            if held <= KEPT_BYTES:
                return
            held -= sum(len(part) for part in upload.segments.values())
            upload.segments.clear()
