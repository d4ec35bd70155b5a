"""A Platform with an honest ledger and an unreliable line: late lists, cut answers, limits, blocks.

It says what it likes; `ledger` holds what is public. It implements the whole Platform contract, and
every call is a place where threads change over.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random

from scripted_platform import rules_of

from bot.platforms.arrange import joined
from bot.platforms.contract import (
    AccountBlocked,
    AccountCounts,
    Counts,
    CountsRead,
    Deletion,
    Draft,
    Health,
    Length,
    NotReached,
    Outcome,
    PartContent,
    Prepared,
    RateLimited,
    Refused,
    Rules,
    Seen,
    Sent,
    Unknown,
    Unreadable,
    Variant,
)
from simulation.baton import Actor, Baton
from simulation.weather import (
    ACCEPTED_WITHIN,
    ENDS,
    HOUR,
    LISTED_WITHIN,
    MINUTE,
    Weather,
)

DEADLINE = 20.0


@dataclass(eq=False)
class Entry:
    """One public post: what is written there, and (known to no room) whose request it was."""

    remote_id: str
    text: str
    reply_to: str | None
    at: float
    listed_at: float
    request: "Request | None"

    @property
    def url(self) -> str:
        return f"https://example.org/status/{self.remote_id}"


@dataclass(eq=False)
class Request:
    """One request that left, and what became of it."""

    delivery_id: int
    attempt_id: int
    part_id: int
    n: int
    text: str
    reply_to: str | None
    left_at: float
    entry: Entry | None = None
    duplicate: bool = False
    settled: bool = False


@dataclass
class Timeline:
    """One Account on one simulated Platform."""

    name: str
    baton: Baton
    rng: Random
    weather: Weather
    start: datetime
    leaves: Callable[["Timeline", PartContent, str | None], Request]
    looks: Callable[["Timeline"], None]
    counted: Callable[[str], None]
    account_id: int = 0
    is_live: bool = False
    missing_settings: tuple[str, ...] = ()
    expected_remote_id: str | None = None
    profile_url: str = "https://example.org/us"
    monthly_budget: Decimal | None = None
    calm: bool = False
    limited_until: float = 0.0
    blocked: bool = False
    told: tuple[Actor | None, float] = (None, 0.0)
    unread_until: float = 0.0
    unread_since: int = 0
    poison: set[str] = field(default_factory=set)
    ledger: list[Entry] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)

    @property
    def rules(self) -> Rules:
        if self.name == "x":
            return rules_of("x", max_weight=70)
        park_for = timedelta(minutes=60)
        return rules_of("facebook", refuses_duplicates=False, max_weight=5000, park_for=park_for)

    def measure(self, text: str) -> Length:
        return Length(len(text))

    def compose(self, draft: Draft) -> Variant:
        return Variant((PartContent(joined(draft.text, draft.link, draft.imprint)),))

    def price(self, part: PartContent) -> Decimal:
        return Decimal(0)

    def account_counts(self) -> AccountCounts | Unreadable:
        return AccountCounts()

    def delete(self, remote_id: str) -> Deletion:
        return Deletion(done=False, reason="not here")

    def id_in(self, url: str) -> str | None:
        return url.rpartition("/")[2] or None

    def counts(self, sent_at_by_id: Mapping[str, datetime]) -> CountsRead | Unreadable:
        return CountsRead(dict.fromkeys(sent_at_by_id, Counts()))

    def health(self) -> Health:
        """The person who asks has signed in anew first."""
        self.baton.point("health")
        self.blocked = False
        return Health(ok=True)

    def when(self, moment: float) -> datetime:
        """The Platform's own time, which is the true one."""
        return self.start + timedelta(seconds=moment)

    def prepare(self, part: PartContent) -> Prepared | Outcome:
        self.baton.point("upload")
        if self.calm or self.rng.random() >= self.weather.bad_upload:
            return Prepared()
        self.counted("upload failed")
        if self.rng.random() < 0.3:
            raise ConnectionError("upload")
        return self.rng.choice((Unknown("upload cut"), NotReached("upload"), self._limit()))

    def send(self, part: PartContent, *, reply_to: str | None, prepared: Prepared) -> Outcome:
        entered = self.baton.now
        self.baton.point("send")
        if self.baton.now - entered > DEADLINE:
            return Unknown("the deadline passed")  # as the wire ends what stood still too long
        request = self.leaves(self, part, reply_to)
        self.requests.append(request)
        if self.blocked:
            return self._ended(request, AccountBlocked("signed out"))
        if self.baton.now < self.limited_until:
            return self._ended(request, RateLimited(self.when(self.limited_until)))
        if part.text in self.poison:
            return self._ended(request, Refused("not allowed"))
        end = self._end()
        self.counted(end)
        return self._answer(request, end)

    def _ended(self, request: Request, outcome: Outcome) -> Outcome:
        request.settled = True
        self.baton.sleep(0.05 + self.rng.random())
        return outcome

    def _end(self) -> str:
        if self.calm or self.rng.random() >= self.weather.bad_end or not any(self.weather.ends):
            return "sent"
        return self.rng.choices(ENDS, self.weather.ends)[0]

    def _answer(self, request: Request, end: str) -> Outcome:
        if end == "not reached":
            return self._ended(request, NotReached("no route"))
        if end == "refused":
            self.poison.add(request.text)
            return self._ended(request, Refused("not allowed"))
        if end == "blocked":
            self.blocked = self.rng.random() < 0.5
            until = None if self.blocked else self.when(self.baton.now + HOUR * self.rng.random())
            return self._ended(request, AccountBlocked("blocked", until))
        if end == "rate limited":
            return self._ended(request, self._limit())
        takes = self.rng.random() * (DEADLINE if end != "sent" else 3)
        self._accept(request, end, takes)
        self.baton.sleep(takes)
        if end == "raises":
            raise ConnectionResetError("cut")
        if end != "sent":
            return Unknown("the line was cut")
        if request.duplicate:
            return Refused("already there", duplicate=True)
        return Sent(request.entry.remote_id, request.entry.url)

    def _accept(self, request: Request, end: str, takes: float) -> None:
        """Decide when, if ever, it becomes public: whatever then happens to the sender."""
        if end == "cut and not accepted" or (end == "raises" and self.rng.random() < 0.5):
            request.settled = True
            return
        late = takes + self.rng.random() * ACCEPTED_WITHIN
        after = late if end == "cut and accepted late" else takes * self.rng.random()
        self.baton.at(self.baton.now + after, lambda: self._publish(request))

    def _publish(self, request: Request) -> None:
        request.settled = True
        if self._is_duplicate(request.text):
            request.duplicate = True
            self.counted("duplicate refused")
            self.baton.say(f"{self.name} refuses a duplicate of “{request.text}”")
            return
        request.entry = self.put(request.text, request.reply_to, request)

    def _is_duplicate(self, text: str) -> bool:
        if self.name == "x":
            return self.weather.x_refuses and any(entry.text == text for entry in self.ledger)
        return (
            self.weather.page_refuses_last
            and self.ledger[-1:] != []
            and (self.ledger[-1].text == text)
        )

    def put(self, text: str, reply_to: str | None = None, request: Request | None = None) -> Entry:
        """Make something public, by a request or (none) by hand."""
        number = str(1_000_000 + len(self.ledger))
        listed_at = self.baton.now
        if not self.calm and self.rng.random() < self.weather.late_listing:
            listed_at += self.rng.random() * LISTED_WITHIN
        if not self.calm and self.rng.random() < self.weather.hides:
            listed_at = float("inf")
        entry = Entry(number, text, reply_to, self.baton.now, listed_at, request)
        self.ledger.append(entry)
        whose = f"number {request.delivery_id}, part {request.n}" if request else "by hand"
        self.baton.say(f"{self.name} PUBLISHES {number} ({whose}) “{text}”")
        return entry

    def _limit(self) -> RateLimited:
        kind = self.rng.random()
        if kind < 0.3:
            return RateLimited(None)
        if kind < 0.5:
            return RateLimited(self.when(self.baton.now - HOUR))
        self.limited_until = self.baton.now + self.rng.choice((5 * MINUTE, 40 * MINUTE, 2 * HOUR))
        return RateLimited(self.when(self.limited_until))

    def recent(self, since: datetime) -> tuple[Seen, ...] | Unreadable:
        self.baton.point("look")
        self.looks(self)
        self.baton.sleep(0.1 + self.rng.random() * 4)
        if not self.calm and self.rng.random() < self.weather.bad_look:
            return self._unreadable()
        listed = [
            Seen(entry.remote_id, entry.url, entry.text, self.when(entry.at), None, entry.reply_to)
            for entry in self.ledger
            if entry.listed_at <= self.baton.now and self.when(entry.at) >= since
        ]
        self.rng.shuffle(listed)
        return tuple(listed)

    def _unreadable(self) -> Unreadable:
        self.counted("unreadable")
        if self.rng.random() < 0.3:
            raise TimeoutError("look")
        if self.rng.random() < 0.5:
            return Unreadable("no answer")
        until = self.baton.now + 20 * MINUTE * self.rng.random()
        self.told = (self.baton.current, until)
        return Unreadable("limited", self.when(until))

    def under_way(self, delivery_id: int) -> bool:
        """Whether a request of that Delivery may still become public."""
        return any(not one.settled for one in self.requests if one.delivery_id == delivery_id)
