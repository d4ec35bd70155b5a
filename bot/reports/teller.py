"""How a post on an account stands, in sentences: the same for the terminal and the page.

What to do about it is the door's to say: a command here, a button there.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Self
from zoneinfo import ZoneInfo

from bot.clock.local import in_short, in_words
from bot.model.delivery import Decision, Hold, State
from bot.platforms.contract import Platform
from bot.reports import words
from bot.store import accounts, decisions
from bot.store.engine import Session

Row = Mapping[str, Any]
HOLD = "hold"
# The newest of these says whether a hold is a person's and not the usual approval.
SAYS_WHO_HELD = (HOLD, *decisions.APPROVALS, "release")


@dataclass(frozen=True, slots=True)
class Lazily(Mapping[str, str]):
    """What is said of each Account's Platform, told when it is asked for: there may be many."""

    platforms: Mapping[str, Platform]
    tell: Callable[[Platform], str]

    def __getitem__(self, name: str) -> str:
        return self.tell(self.platforms[name])

    def __iter__(self) -> Iterator[str]:
        return iter(self.platforms)

    def __len__(self) -> int:
        return len(self.platforms)


@dataclass(frozen=True, slots=True)
class Teller:
    """Speaks of one bot's posts at one moment."""

    zone: ZoneInfo
    now: datetime
    titles: Mapping[str, str]
    parked: Mapping[str, datetime] = field(default_factory=dict)
    holders: Mapping[str, str] = field(default_factory=dict)
    pages: Mapping[str, str] = field(default_factory=dict)

    def date(self, text: str | None, *, short: bool = False) -> str:
        """A time of a row as `Tuesday 1 December 2026, 08:30`; short for a drawn table."""
        if not text:
            return "–"
        write = in_short if short else in_words
        return write(datetime.fromisoformat(text), self.zone)

    def day(self, text: str) -> str:
        """A day as `Wednesday 31 March 2027`."""
        at = datetime.fromisoformat(text).replace(tzinfo=self.zone)
        return in_words(at, self.zone).rpartition(", ")[0]

    def time_away(self, text: str | None) -> str:
        return words.away(datetime.fromisoformat(text), self.now) if text else ""

    def title(self, account: str) -> str:
        """The account as people call it: X, Facebook."""
        return self.titles.get(account, account)

    def holder(self, row: Row) -> str:
        """Who put it on hold and why; empty where no person did."""
        return self.holders.get(row["delivery"], "") if Hold.APPROVAL in row["holds"] else ""

    def state(self, row: Row) -> str:
        """How it stands: `on hold: its time went by`."""
        said = words.state(row["state"], row["holds"])
        if row["to_be_noted"]:
            return "withdrawn, but out" if row["state"] == State.CANCELLED else "out, perhaps twice"
        holder = self.holder(row)
        if holder:
            others = [hold for hold in row["holds"] if hold != Hold.APPROVAL]
            rest = words.state(row["state"], others).partition(": ")[2]
            said = ", ".join(filter(None, (f"on hold: {holder}", rest)))
        return f"{said} (its first part is out)" if row["half_out"] else said

    def say(self, text: str, **values: object) -> str:
        """The text with its places filled; a door that speaks another language says it in that."""
        return text % values

    def evidence(self, row: Row) -> list[str]:
        """What a person needs to answer for a post in doubt, or to note that it is out."""
        links = [self.say(words.EVIDENCE["link"], url=url) for url in row["urls"]]
        if row["to_be_noted"]:
            return links
        if not row["doubt_since"]:
            return []
        page = self.pages.get(row["account"])
        said = [
            *links,
            f"{self._sent(row)}{self._looked(row)}.",
            self.say(words.EVIDENCE["page"], page=page) if page else "",
            self.say(words.EVIDENCE["edited"]) if row.get("edit_waits") else "",
        ]
        return [line for line in said if line]

    def _sent(self, row: Row) -> str:
        when = self.date(row["doubt_since"])
        n, of = row["part_in_doubt"], len(row["parts"])
        return self.say(words.EVIDENCE["part" if n else "it"], n=n, of=of, when=when)

    def _looked(self, row: Row) -> str:
        # Once a person is asked, the reason itself says how often.
        if row["state"] == State.HELD:
            return ""
        if not row["looks"]:
            return self.say(words.EVIDENCE["not looked"])
        times = self.say(words.times(row["looks"]), n=f"{row['looks']:,}")
        return self.say(words.EVIDENCE["looked"], times=times)

    def next_try(self, row: Row) -> datetime | None:
        """When a post that waits longer than its own time is tried again; None for its time."""
        due = row["due_at"] and datetime.fromisoformat(row["due_at"])
        not_before = row["not_before"] and datetime.fromisoformat(row["not_before"])
        later = [at for at in (not_before, self.parked.get(row["account"])) if at]
        again = max(later, default=None)
        return again if due and again and again > max(due, self.now) else None

    def waits_by_itself(self, row: Row) -> bool:
        """Whether it is tried again later for a reason of its own, not its account's."""
        again, parked = self.next_try(row), self.parked.get(row["account"])
        return again is not None and (parked is None or again > parked)

    def goes_out(self, row: Row) -> str:
        """When it goes out, or how it stands if it does not."""
        if row["state"] != State.WAITING:
            return self.state(row)
        again = self.next_try(row)
        if again is not None:
            why = f" ({row['reason'].rstrip('.')})" if row["reason"] else ""
            said = f"{words.moment(again, self.zone)}, {words.away(again, self.now)}"
            return f"is tried again {said}{why}"
        due = row["due_at"] and datetime.fromisoformat(row["due_at"])
        return words.goes_out(due or None, self.zone, self.now)

    @classmethod
    def plain(cls, now: datetime, zone: ZoneInfo, platforms: Mapping[str, Platform]) -> Self:
        """One that knows nothing of holds and rests: a page says those itself."""
        titles = Lazily(platforms, lambda platform: platform.rules.title)
        pages = Lazily(platforms, lambda platform: platform.profile_url)
        return cls(zone, now, titles, pages=pages)

    @classmethod
    def of(
        cls,
        session: Session,
        now: datetime,
        zone: ZoneInfo,
        platforms: Mapping[str, Platform],
    ) -> Self:
        """A teller of what stands now."""
        parked = {
            row.name: row.parked_until
            for row in accounts.resting(session, now)
            if row.parked_until is not None
        }
        holders = {
            str(last.delivery_id): _holder(last)
            for last in decisions.last_of_held(session, Hold.APPROVAL, SAYS_WHO_HELD)
            if last.verb == HOLD and Hold.APPROVAL not in (last.before or {}).get("holds", ())
        }
        return replace(cls.plain(now, zone, platforms), parked=parked, holders=holders)


def _holder(last: Decision) -> str:
    """Who put it on hold and why."""
    why = f" ({last.reason.rstrip('.')})" if last.reason else ""
    return f"{words.actor(last.actor)} put it on hold{why}"


def alike(rows: Sequence[Row]) -> list[list[Row]]:
    """Rows of one post that stand alike, together, in their order."""
    groups: dict[tuple[object, ...], list[Row]] = {}
    for row in rows:
        alone = row["delivery"] if row["doubt_since"] or row["to_be_noted"] else ""
        key = (row["post"], row["state"], tuple(row["holds"]), row["reason"], alone)
        groups.setdefault(key, []).append(row)
    return list(groups.values())
