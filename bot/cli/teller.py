"""Tells of posts in the words people use: which post and account, how it stands, what to do next.

Works on the plain rows of `reports`, so that the table, the story and a decision's answer agree.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.model.delivery import Hold, State
from bot.reports import teller as teller_of_posts
from bot.reports import words
from bot.reports.teller import Row, alike
from bot.wiring import Bot

__all__ = ["Row", "Teller", "alike", "teller"]

# The reason that decides the next step where a hold has several, most pressing first.
STEPS: dict[str, str] = {
    Hold.IN_DOUBT: "Look whether it is up{where}, then answer: bot resolve {number}",
    Hold.ALREADY_THERE: "That will do: bot cancel {target}; send it too: bot release {target}",
    Hold.FILE_GONE: "Put the file back or right, or withdraw it: bot cancel {target}",
    Hold.IMPRINT: "Answer the questions about the imprint: bot init",
    Hold.BUDGET: "Raise X_MONTHLY_BUDGET_USD, then: bot release {target}",
    Hold.ALT_TEXT: "Say in its file, at alt:, what matters in the picture; then it goes on",
    Hold.MISSED: "Give it the next free time: bot release {target} --at next",
    Hold.APPROVAL: "If it may go out: bot approve {target}",
    Hold.FIRST_RUN: "If it should go out: bot release {target}",
    Hold.PAUSED: "When sending may go on: bot resume",
    Hold.BLACKOUT: "Give it another time: bot release {target} --at next",
}


@dataclass(frozen=True, slots=True)
class Teller(teller_of_posts.Teller):
    """The same, with the command that helps."""

    def ending(self, row: Row) -> str:
        """How a try that did not send it ended, and what happens next, in sentences."""
        why = words.sentence(row["reason"]) if row["reason"] else ""
        if row["state"] == State.WAITING:
            return f"{why} It {self.goes_out({**row, 'reason': None})}.".strip()
        return f"{self.state(row)}. {why} {self.next_step([row])}".strip()

    def story_line(self, row: Row) -> str:
        """`X (number 5): goes out Tuesday ...`."""
        return f"{self.title(row['account'])} (number {row['delivery']}): {self.goes_out(row)}"

    def next_step(self, rows: Sequence[Row]) -> str:
        """The one thing to do about rows of one post that stand alike."""
        row = rows[0]
        target = row["post"] if len(rows) > 1 else row["delivery"]
        if row["to_be_noted"]:
            return (
                "If it may stand there, note it: "
                f"bot resolve {row['delivery']} --sent {(row['urls'] or ['LINK'])[-1]}"
            )
        if row["state"] == State.UNCONFIRMED:
            if row["asked_at"] is None:
                again = self.time_away(row["next_look_at"])
                return f"While it runs, the bot looks again {again}; just wait."
            return STEPS[Hold.IN_DOUBT].format(number=row["delivery"], where=self._where(row))
        if row["state"] == State.FAILED:
            return f"Put right what was refused, then: bot retry {target}"
        hold = next((name for name in STEPS if name in row["holds"]), None)
        if hold == Hold.APPROVAL and self.holder(row):
            return f"If it may go out: bot release {target}"
        if hold is None:
            return ""
        where = self._where(row)
        return STEPS[hold].format(number=row["delivery"], target=target, where=where)

    def _where(self, row: Row) -> str:
        """` (https://…)`: the account's own page, to be looked at."""
        page = self.pages.get(row["account"])
        return f" ({page})" if page else ""


def teller(bot: Bot) -> Teller:
    """A teller for this bot, now."""
    with bot.store.read() as session:
        return Teller.of(session, bot.clock(), bot.settings.zone, bot.platforms)
