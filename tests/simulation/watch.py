"""Watches every commit and every request, and says which promise was broken.

It looks at the database beside the rooms, never through them, and at the Platforms' ledgers. Order
is by the number of the commit, not by a clock that may jump.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.platforms.contract import PartContent
from simulation.baton import Baton
from simulation.disk import Disk
from simulation.lives import AS_STORED
from simulation.timeline import Request, Timeline

# What was made by hand is under no law of ours: it only must not change what ours do.
ROWS = """SELECT d.id, d.post_id, d.account_id, d.state, d.holds, d.due_at, d.tries,
  d.approved_digest IS d.variant_digest, d.lease_token, d.asked_at, d.reason, a.approval
  FROM delivery d JOIN account a ON a.id = d.account_id WHERE NOT d.by_hand"""
ID, POST, ACCOUNT, STATE, HOLDS, DUE, TRIES, APPROVED, TOKEN, ASKED, REASON, APPROVAL = range(12)
NEW_ATTEMPTS = """SELECT t.id, t.delivery_id, t.part_id, p.n, p.text, p.link, p.remote_id,
  t.lease_token FROM attempt t JOIN part p ON p.id = t.part_id
  WHERE t.id > ? AND t.ended_at IS NULL ORDER BY t.id"""
STOPPED = """SELECT
  EXISTS (SELECT 1 FROM pause WHERE ended_at IS NULL
          AND (account_id IS NULL OR account_id = :account)),
  EXISTS (SELECT 1 FROM blackout WHERE removed_at IS NULL AND starts_at <= :now AND ends_at > :now
          AND (account_id IS NULL OR account_id = :account)),
  EXISTS (SELECT 1 FROM account WHERE id = :account AND parked_until > :now)"""
STOPPED_BY = ("paused", "in a blackout", "parked")
# A request that waits longer than this behind its Attempt is a stale owner's.
LEAVES_WITHIN = 60.0
MOST_REQUESTS = 60


@dataclass
class Watch:
    """What was promised, what was seen, and where the two differ."""

    baton: Baton
    disk: Disk
    violations: list[str] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)
    commits: int = 0
    rows: dict[int, Any] = field(default_factory=dict)
    attempts: dict[int, tuple[Any, float]] = field(default_factory=dict)
    used: set[int] = field(default_factory=set)
    texts: dict[tuple[int, int], set[str]] = field(default_factory=dict)
    parked_at: dict[int, int] = field(default_factory=dict)
    parks: dict[int, Any] = field(default_factory=dict)
    jumped_at: float = -1.0
    last_attempt: int = 0
    timelines: dict[str, Timeline] = field(default_factory=dict)

    def broken(self, promise: str) -> None:
        self.baton.say(f"BROKEN: {promise}")
        self.violations.append(promise)

    def now(self) -> str:
        return self.disk.clock().strftime(AS_STORED)

    def forget(self) -> None:
        """Another database stands in this one's place."""
        self.rows, self.parked_at, self.attempts, self.used = {}, {}, {}, set()
        self.last_attempt = self._one("SELECT coalesce(max(id), 0) FROM attempt")

    def _one(self, query: str, values: Any = ()) -> Any:
        return self.disk.raw.execute(query, values).fetchone()[0]

    def committed(self) -> None:
        """After each commit: the rows against the law, and what changed against the last time."""
        self.commits += 1
        before = self.rows
        self.rows = {row[ID]: row for row in self.disk.raw.execute(ROWS)}
        sending = Counter(row[ACCOUNT] for row in self.rows.values() if row[STATE] == "sending")
        if sending and max(sending.values()) > 1:
            self.broken("two posts of one account are being sent at once")
        for row in self.rows.values():
            if row != before.get(row[ID]):
                self._changed(before.get(row[ID]), row)
        for attempt in self.disk.raw.execute(NEW_ATTEMPTS, (self.last_attempt,)).fetchall():
            self._attempted(attempt)
        self.last_attempt = max(self.attempts, default=self.last_attempt)
        self.note_parks()
        self._note_limits()

    def _changed(self, was: Any, row: Any) -> None:
        name = f"number {row[ID]}"
        self.baton.say(
            f"{name}: {row[STATE]} [{row[HOLDS]}] due {row[DUE]} tries {row[TRIES]} "
            f"{(row[REASON] or '')[:60]}"
        )
        if (row[STATE] == "held") != bool(row[HOLDS]):
            self.broken(f"{name} is {row[STATE]} with the holds “{row[HOLDS]}”")
        if was is not None and was[STATE] == "cancelled" and row[STATE] != "cancelled":
            self.broken(f"{name} was cancelled and is {row[STATE]}")
        if was is not None and row[TRIES] > was[TRIES]:
            last = self._one(
                "SELECT outcome FROM attempt WHERE delivery_id = ? ORDER BY ended_at DESC, id DESC",
                (row[ID],),
            )
            if last != "not reached":
                self.broken(f"{name}: a try was counted for an Attempt that was {last}")

    def _attempted(self, attempt: Any) -> None:
        key, delivery_id, _, n, text, _, remote_id, token = attempt
        row = self.rows[delivery_id]
        name = f"number {delivery_id}, part {n}"
        self.attempts[key] = (attempt, self.baton.now)
        self.texts.setdefault((delivery_id, n), set()).add(text)
        if row[STATE] != "sending" or row[TOKEN] != token:
            self.broken(
                f"{name}: an Attempt was written while it was {row[STATE]}, not by its owner"
            )
        if remote_id is not None:
            self.broken(f"{name}: an Attempt was written though it is out as {remote_id}")
        if row[APPROVAL] != "off" and not row[APPROVED]:
            self.broken(f"{name}: an Attempt was written though nobody approved these words")
        if self._jumped():
            return
        stopped = self.disk.raw.execute(STOPPED, {"account": row[ACCOUNT], "now": self.now()})
        for word, is_so in zip(STOPPED_BY, stopped.fetchone(), strict=True):
            if is_so:
                self.broken(f"{name}: an Attempt was written while the account was {word}")

    def leaves(self, timeline: Timeline, content: PartContent, reply_to: str | None) -> Request:
        """A request leaves: there must be a committed Attempt for exactly this."""
        delivery_id = self.baton.current.delivery_id
        mine = [
            (attempt, at)
            for attempt, at in self.attempts.values()
            if attempt[1] == delivery_id and attempt[0] not in self.used
        ]
        self.baton.say(f"{timeline.name} request for number {delivery_id}: “{content.text}”")
        if not mine:
            self.broken(f"number {delivery_id}: a request left without a written Attempt")
            return Request(delivery_id, 0, 0, 0, content.text, reply_to, self.baton.now)
        attempt, at = mine[-1]
        key, _, part_id, n, text, link, _, _ = attempt
        self.used.add(key)
        name = f"number {delivery_id}, part {n}"
        if (text, link) != (content.text, content.link):
            self.broken(f"{name}: “{content.text}” was sent, “{text}” is stored")
        if self.baton.now - at > LEAVES_WITHIN:
            self.broken(f"{name}: the request left {self.baton.now - at:.0f} s after its Attempt")
        expected = self.disk.raw.execute(
            "SELECT remote_id FROM part WHERE delivery_id = ? AND n = ?", (delivery_id, n - 1)
        ).fetchone()
        if reply_to != (expected[0] if expected else None):
            self.broken(f"{name}: it replies to {reply_to}, not to {expected}")
        made = [one for one in timeline.requests if one.delivery_id == delivery_id]
        if len(made) > MOST_REQUESTS:
            self.broken(f"number {delivery_id}: {len(made)} requests")
        return Request(delivery_id, key, part_id, n, content.text, reply_to, self.baton.now)

    def looks(self, timeline: Timeline) -> None:
        """A look at a timeline: not while the account is parked, but for a person."""
        actor = self.baton.current
        if actor.place.startswith("person") or self._jumped():
            return
        parked = self.disk.raw.execute(
            "SELECT 1 FROM account WHERE id = ? AND parked_until > ?",
            (timeline.account_id, self.now()),
        ).fetchone()
        if parked and self.parked_at.get(timeline.account_id, 0) <= actor.stood_since:
            self.broken(f"{timeline.name}: looked at while parked")
        given = timeline.unread_until
        is_early = bool(given) and self.disk.clock() < timeline.when(given)
        if is_early and timeline.unread_since <= actor.stood_since:
            self.broken(f"{timeline.name}: looked at before the time it gave")

    def _jumped(self) -> bool:
        """Whether the clock jumped since this thread began: what it read may no longer hold."""
        actor = self.baton.current
        return actor is not None and self.jumped_at >= actor.born_at

    def _note_limits(self) -> None:
        """Which timelines may not be read for a while, as the commit just made has it."""
        for timeline in self.timelines.values():
            actor, until = timeline.told
            if actor is not None and actor is self.baton.current:
                timeline.told = (None, 0.0)
                timeline.unread_until, timeline.unread_since = until, self.commits

    def note_parks(self) -> None:
        """Remember at which commit each account was last parked."""
        for key, until in self.disk.raw.execute("SELECT id, parked_until FROM account"):
            if self.parks.get(key) != until:
                self.parks[key] = until
                self.parked_at[key] = self.commits


# A due post leaves within a second.
ON_TIME = timedelta(seconds=1)


def shown(row: Any, now: datetime) -> bool:
    """Whether a person is told of this Delivery, or it is settled or still to come."""
    if row[STATE] in ("sent", "cancelled"):
        return True
    if row[STATE] in ("held", "failed"):
        return bool(row[HOLDS] or row[REASON])
    if row[STATE] == "unconfirmed":
        return row[ASKED] is not None
    late = (now - ON_TIME).strftime(AS_STORED)
    return row[STATE] == "waiting" and row[DUE] is not None and row[DUE] > late
