"""A Platform that does as it is told and keeps an honest ledger of what it accepted.

The one fake of the suite, at the one seam: `bot.platforms.contract.Platform`. It never lies about
what is public: whatever it accepts stands in `ledger`, whatever it tells the bot.
"""

import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from bot.clock import Clock
from bot.platforms.arrange import joined
from bot.platforms.contract import (
    AccountCounts,
    Counts,
    CountsRead,
    Deletion,
    Draft,
    Health,
    Length,
    Outcome,
    PartContent,
    Prepared,
    Refused,
    Rules,
    Seen,
    Sent,
    Unreadable,
    Variant,
)


@dataclass(frozen=True)
class Published:
    """One post that is public."""

    remote_id: str
    text: str
    reply_to: str | None
    at: datetime
    by_hand: bool = False


@dataclass(frozen=True)
class Accept:
    """Publish, and then say this instead of the truth; None is the truth."""

    then: Outcome | None = None


Act = Outcome | Accept | Exception


def rules_of(platform: str, **changed: object) -> Rules:
    """Rules like X's, with what a test wants different."""
    rules = Rules(
        platform=platform,
        title=platform.capitalize(),
        max_weight=280,
        link_weight=23,
        refuses_duplicates=True,
        threads=True,
        max_images=4,
        max_alt=1000,
        park_for=timedelta(minutes=15),
        source="a test",
        read_on=date(2026, 11, 23),
    )
    return replace(rules, **changed)


@dataclass
class ScriptedPlatform:
    """Accepts everything unless `script` says otherwise; `on_send` runs before each decision."""

    clock: Clock
    rules: Rules
    is_live: bool = False
    missing_settings: tuple[str, ...] = ()
    expected_remote_id: str | None = None
    profile_url: str = "https://example.org/us"
    monthly_budget: Decimal | None = None
    cost: Decimal = Decimal(0)
    health_now: Health = field(default_factory=lambda: Health(ok=True))
    deletions: deque[Deletion] = field(default_factory=deque)
    script: deque[Act] = field(default_factory=deque)
    uploads: deque[Act] = field(default_factory=deque)
    on_send: Callable[[PartContent], None] | None = None
    on_recent: Callable[[], None] | None = None
    refuses_duplicates_now: bool = False
    unreadable: Unreadable | Exception | None = None
    hidden: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    known_counts: dict[str, Counts] = field(default_factory=dict)
    own_counts: AccountCounts = field(default_factory=AccountCounts)
    ledger: list[Published] = field(default_factory=list)
    requests: int = 0
    looks: int = 0
    readings: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def measure(self, text: str) -> Length:
        return Length(len(text))

    def compose(self, draft: Draft) -> Variant:
        text = joined(draft.text, draft.link, draft.imprint)
        return Variant((PartContent(text, images=draft.images),))

    def prepare(self, part: PartContent) -> Prepared | Outcome:
        act = self.uploads.popleft() if self.uploads else None
        if isinstance(act, Exception):
            raise act
        return Prepared() if act is None or isinstance(act, Accept) else act

    def send(self, part: PartContent, *, reply_to: str | None, prepared: Prepared) -> Outcome:
        with self._lock:
            self.requests += 1
            act = self.script.popleft() if self.script else Accept()
        if self.on_send is not None:
            self.on_send(part)
        if isinstance(act, Exception):
            raise act
        if not isinstance(act, Accept):
            return act
        if self.refuses_duplicates_now and any(post.text == part.text for post in self.ledger):
            return Refused("It is there already.", duplicate=True)
        post = self.publish(part.text, reply_to)
        return act.then or Sent(post.remote_id, f"https://example.org/status/{post.remote_id}")

    def publish(
        self, text: str, reply_to: str | None = None, *, by_hand: bool = False
    ) -> Published:
        """Make something public, as the bot does or as a person does by hand."""
        with self._lock:
            number = str(1_000_000 + len(self.ledger))
            post = Published(number, text, reply_to, self.clock(), by_hand)
            self.ledger.append(post)
            return post

    def recent(self, since: datetime) -> tuple[Seen, ...] | Unreadable:
        self.looks += 1
        if isinstance(self.unreadable, Exception):
            raise self.unreadable
        if self.unreadable is not None:
            return self.unreadable
        listed = tuple(
            Seen(
                post.remote_id,
                f"https://example.org/status/{post.remote_id}",
                post.text,
                post.at,
                reply_to=post.reply_to,
            )
            for post in reversed(self.ledger)
            if post.at >= since and post.remote_id not in self.hidden
        )
        if self.on_recent is not None:
            self.on_recent()
        return listed

    def counts(self, sent_at_by_id: Mapping[str, datetime]) -> CountsRead | Unreadable:
        self.readings += 1
        if isinstance(self.unreadable, Exception):
            raise self.unreadable
        if self.unreadable is not None:
            return self.unreadable
        asked = set(sent_at_by_id)
        found = {key: self.known_counts[key] for key in asked if key in self.known_counts}
        billed = {min(asked): self.cost} if asked else {}
        return CountsRead(found, frozenset(asked & self.gone), billed)

    def account_counts(self) -> AccountCounts | Unreadable:
        self.readings += 1
        if isinstance(self.unreadable, Exception):
            raise self.unreadable
        return self.unreadable or self.own_counts

    def delete(self, remote_id: str) -> Deletion:
        """Take it off the ledger, unless `deletions` says how it ends."""
        if self.deletions:
            return self.deletions.popleft()
        self.ledger = [post for post in self.ledger if post.remote_id != remote_id]
        self.gone.add(remote_id)
        return Deletion(done=True, cost=self.cost)

    def health(self) -> Health:
        return self.health_now

    def id_in(self, url: str) -> str | None:
        return url.rpartition("/")[2] or None

    def price(self, part: PartContent) -> Decimal:
        return self.cost

    def texts(self) -> list[str]:
        """What is public, in order."""
        return [post.text for post in self.ledger]
