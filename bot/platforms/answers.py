"""The shape of every table of answers: what an answer means, what a person is told, who says so.

By which marks an answer is known is each Platform's own affair; what follows from it is the same
everywhere. No row without a next step for a person, and none without the place it was read in.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.platforms.contract import (
    AccountBlocked,
    Detail,
    Outcome,
    RateLimited,
    Refused,
    Unknown,
)


class Meaning(StrEnum):
    """What an answer says of the post that was asked for; UNCLEAR may be published or not."""

    DUPLICATE = "duplicate"
    REFUSED = "refused"
    BLOCKED = "blocked"
    LIMITED = "limited"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Source:
    """Where an answer was read of: a page of the vendor or a report in public, and the day."""

    where: str
    read_on: date


@dataclass(frozen=True, slots=True)
class Told:
    """What a person is told: what happened, and what to do now."""

    happened: str
    then: str

    def __str__(self) -> str:
        return f"{self.happened} {self.then}"


@dataclass(frozen=True, slots=True)
class Answer:
    """One kind of answer, whatever it is known by."""

    meaning: Meaning
    told: Told
    source: Source


def outcome_of(answer: Answer, detail: Detail, *, said: str, until: datetime | None) -> Outcome:
    """The Outcome of an answer; `said` are the Platform's own words, `until` its stated time."""
    told = str(answer.told)
    match answer.meaning:
        case Meaning.UNCLEAR:
            return Unknown(told, detail)
        case Meaning.BLOCKED:
            return AccountBlocked(told, None, detail)
        case Meaning.LIMITED:
            return RateLimited(until, told, detail)
    reason = f"{told} It said: {said}" if said else told
    return Refused(reason, answer.meaning == Meaning.DUPLICATE, detail)
