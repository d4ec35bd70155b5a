"""The honest truth: every post the simulated platforms accepted, in order, never removed.

A deletion stamps the entry, it does not drop it. The ledger knows nothing of wire formats; it
answers what was accepted, what the public could see at a time, and what came just before.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

SNOWFLAKE_EPOCH_MS = 1_288_834_974_657


@dataclass(frozen=True)
class Attached:
    """A picture as it was when the post that carries it was accepted."""

    media_id: str
    media_type: str
    size: int
    sha256: str
    alt: str | None


@dataclass(frozen=True)
class Entry:
    """One accepted post; `text` is what the client sent, not what the platform shows."""

    platform: str
    remote_id: str
    text: str
    link: str | None
    reply_to: str | None
    media: tuple[Attached, ...]
    accepted_at: datetime
    visible_at: datetime
    deleted_at: datetime | None = None
    by_hand: bool = False
    published: bool = True
    extra: Mapping[str, Any] = field(default_factory=dict)

    def is_listed(self, now: datetime) -> bool:
        """Whether the account's own listing shows it at that time."""
        return self.deleted_at is None and self.published and self.visible_at <= now

    def as_json(self) -> dict[str, Any]:
        """The entry as the control door gives it."""
        return {
            "platform": self.platform,
            "remote_id": self.remote_id,
            "text": self.text,
            "link": self.link,
            "reply_to": self.reply_to,
            "media": [vars(attached) for attached in self.media],
            "accepted_at": self.accepted_at.isoformat(),
            "visible_at": self.visible_at.isoformat(),
            "deleted_at": self.deleted_at.isoformat() if self.deleted_at else None,
            "by_hand": self.by_hand,
            "published": self.published,
            "extra": dict(self.extra),
        }


class Ledger:
    """Accepted posts by platform; every method may be called from any thread."""

    def __init__(self, clock: Callable[[], datetime], beside: "Ledger | None" = None) -> None:
        self._clock = clock
        # One platform gives the ids of all its accounts.
        self._beside = beside
        self._entries: dict[tuple[str, str], Entry] = {}
        self._order: dict[str, list[str]] = {"x": [], "facebook": []}
        self._latest: dict[tuple[str, str], str] = {}
        self._last_id = 0
        # Held by a platform while it checks for a duplicate and accepts, so that two
        # simultaneous requests cannot both pass the check.
        self.lock = threading.RLock()

    def new_id(self) -> str:
        """A number that grows with time and is never given twice, like X's own ids."""
        if self._beside is not None:
            return self._beside.new_id()
        with self.lock:
            milliseconds = int(self._clock().timestamp() * 1000) - SNOWFLAKE_EPOCH_MS
            self._last_id = max(self._last_id + 1, milliseconds << 22)
            return str(self._last_id)

    def accept(
        self,
        platform: str,
        text: str,
        *,
        remote_id: str | None = None,
        link: str | None = None,
        reply_to: str | None = None,
        media: tuple[Attached, ...] = (),
        hidden_seconds: float = 0.0,
        by_hand: bool = False,
        published: bool = True,
        duplicate_key: str | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> Entry:
        """Write down a post and return its entry."""
        now = self._clock()
        with self.lock:
            entry = Entry(
                platform=platform,
                remote_id=remote_id or self.new_id(),
                text=text,
                link=link,
                reply_to=reply_to,
                media=media,
                accepted_at=now,
                visible_at=now + timedelta(seconds=hidden_seconds),
                by_hand=by_hand,
                published=published,
                extra=dict(extra or {}),
            )
            self._entries[platform, entry.remote_id] = entry
            self._order[platform].append(entry.remote_id)
            if duplicate_key is not None:
                self._latest[platform, duplicate_key] = entry.remote_id
            return entry

    def posts(self, platform: str | None = None) -> list[Entry]:
        """Every accepted post, oldest first, deleted ones among them."""
        with self.lock:
            return [
                entry
                for (owner, _), entry in self._entries.items()
                if platform is None or owner == platform
            ]

    def get(self, platform: str, remote_id: str) -> Entry | None:
        """The post with that id, deleted or not."""
        with self.lock:
            return self._entries.get((platform, remote_id))

    def live(self, platform: str, remote_id: str) -> Entry | None:
        """The post with that id unless it was deleted."""
        entry = self.get(platform, remote_id)
        return entry if entry and entry.deleted_at is None else None

    def latest_with(self, platform: str, duplicate_key: str) -> Entry | None:
        """The newest post accepted under that key that is still up."""
        with self.lock:
            remote_id = self._latest.get((platform, duplicate_key))
            return self.live(platform, remote_id) if remote_id else None

    def newest_first(self, platform: str) -> Iterator[Entry]:
        """Entries from the newest back, those deleted or hidden among them."""
        with self.lock:
            order = self._order[platform]
            length = len(order)
        for position in range(length - 1, -1, -1):
            yield self._entries[platform, order[position]]

    def listed(self, platform: str, now: datetime) -> Iterator[Entry]:
        """What the account's own listing shows at that time, newest first."""
        return (entry for entry in self.newest_first(platform) if entry.is_listed(now))

    def delete(self, platform: str, remote_id: str) -> bool:
        """Stamp a post as deleted; False when there is no such post up."""
        with self.lock:
            entry = self.live(platform, remote_id)
            if entry is None:
                return False
            self._entries[platform, remote_id] = replace(entry, deleted_at=self._clock())
            return True

    def clear(self) -> None:
        """Forget everything; ids go on growing."""
        with self.lock:
            self._entries.clear()
            self._latest.clear()
            for platform in self._order:
                self._order[platform] = []
