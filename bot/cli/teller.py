"""Tells of posts in the words people use: which post and account, how it stands, what to do next.

Works on the plain rows of `reports`, so that the table, the story and a decision's answer agree.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.clock.local import in_short, in_words
from bot.model.delivery import Hold, State
from bot.reports import words
from bot.wiring import Bot

Row = Mapping[str, Any]

# The reason that decides the next step where a hold has several, most pressing first.
STEPS: dict[str, str] = {
    Hold.IN_DOUBT: "Look whether it is up, then answer: bot resolve {number}",
    Hold.ALREADY_THERE: "If it should go out all the same: bot release {target}",
    Hold.FILE_GONE: "Put the file back or right, or withdraw it: bot cancel {target}",
    Hold.IMPRINT: "Answer the questions about the imprint: bot init",
    Hold.BUDGET: "Raise X_MONTHLY_BUDGET_USD, then: bot release {target}",
    Hold.MISSED: "Give it the next free time: bot release {target}",
    Hold.APPROVAL: "If it may go out: bot approve {target}",
    Hold.FIRST_RUN: "If it should go out: bot release {target}",
    Hold.PAUSED: "When sending may go on: bot resume",
    Hold.BLACKOUT: "It goes out when quiet hours end.",
}


@dataclass(frozen=True, slots=True)
class Teller:
    """Speaks of one bot's posts at one moment."""

    zone: ZoneInfo
    now: datetime
    titles: Mapping[str, str]

    def date(self, text: str | None, *, short: bool = False) -> str:
        """A time of a row as `Tuesday 1 December 2026, 08:30`; short for a drawn table."""
        if not text:
            return "–"
        write = in_short if short else in_words
        return write(datetime.fromisoformat(text), self.zone)

    def time_away(self, text: str | None) -> str:
        return words.away(datetime.fromisoformat(text), self.now) if text else ""

    def title(self, account: str) -> str:
        """The account as people call it: X, Facebook."""
        return self.titles.get(account, account)

    def state(self, row: Row) -> str:
        """How it stands: `on hold: its time went by`."""
        said = words.state(row["state"], row["holds"])
        return f"{said} (its first part is out)" if row["half_out"] else said

    def goes_out(self, row: Row) -> str:
        """When it goes out, or how it stands if it does not."""
        if row["state"] != State.WAITING:
            return self.state(row)
        due = row["due_at"] and datetime.fromisoformat(row["due_at"])
        not_before = row["not_before"] and datetime.fromisoformat(row["not_before"])
        if not_before and due and not_before > max(due, self.now):
            again = words.goes_out(not_before, self.zone, self.now)
            return f"{row['reason']} It {again}" if row["reason"] else again
        return words.goes_out(due or None, self.zone, self.now)

    def story_line(self, row: Row) -> str:
        """`X (number 5): goes out Tuesday ...`."""
        return f"{self.title(row['account'])} (number {row['delivery']}): {self.goes_out(row)}"

    def next_step(self, rows: Sequence[Row]) -> str:
        """The one thing to do about rows of one post that stand alike."""
        row = rows[0]
        target = row["post"] if len(rows) > 1 else row["delivery"]
        if row["state"] == State.UNCONFIRMED:
            if row["asked_at"] is None:
                return f"The bot looks again {self.time_away(row['next_look_at'])}; just wait."
            return f"Look whether it is up, then answer: bot resolve {row['delivery']}"
        if row["state"] == State.FAILED:
            return f"Put right what was refused, then: bot retry {target}"
        hold = next((name for name in STEPS if name in row["holds"]), None)
        return STEPS[hold].format(number=row["delivery"], target=target) if hold else ""


def teller(bot: Bot) -> Teller:
    """A teller for this bot, now."""
    titles = {name: platform.rules.title for name, platform in bot.platforms.items()}
    return Teller(bot.settings.zone, bot.clock(), titles)


def alike(rows: Sequence[Row]) -> list[list[Row]]:
    """Rows of one post that stand alike, together, in their order."""
    groups: dict[tuple[object, ...], list[Row]] = {}
    for row in rows:
        alone = row["delivery"] if Hold.IN_DOUBT in row["holds"] else ""
        key = (row["post"], row["state"], tuple(row["holds"]), row["reason"], alone)
        groups.setdefault(key, []).append(row)
    return list(groups.values())
