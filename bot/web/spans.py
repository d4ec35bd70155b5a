"""Which time a page of figures is about: a round period until now, or whole days from and to.

What cannot be read as days is told, and the page's own period is shown instead.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask import request

from bot.clock.local import resolve
from bot.web.here import now, the_bot
from bot.web.language import _

DAY = timedelta(days=1)
PERIODS = {"7d": 7 * DAY, "30d": 30 * DAY, "90d": 90 * DAY, "1y": 365 * DAY}
# As charts name them in an address; days that are typed are named alike.
PERIODS_TYPED = {None: "30"} | {key: str(length.days) for key, length in PERIODS.items()}
DATES, ALL = "days", "all"
YEARS = range(2000, 2200)


@dataclass(frozen=True, slots=True)
class Span:
    """From when (None: from the beginning) until when, not included; how it was asked for."""

    key: str
    since: datetime | None
    until: datetime
    first: str = ""
    last: str = ""
    wrong: str = ""

    @property
    def days(self) -> int:
        """How many days it has, counted up."""
        return -((self.since - self.until) // DAY) if self.since else 0


def asked(default: str) -> Span:
    """What the address asks for."""
    key = request.args.get("period", default)
    if key == DATES:
        return _dates(default)
    return _until_now(key if key in PERIODS or key == ALL else default)


def _until_now(key: str, **said: str) -> Span:
    back = PERIODS.get(key)
    return Span(key, now() - back if back else None, now(), **said)


def _dates(default: str) -> Span:
    first, last = (request.args.get(name, "")[:10] for name in ("since", "until"))
    try:
        days = (_day(first), _day(last))
    except ValueError:
        return _until_now(default, wrong=_("Choose both days, such as 2026-11-01."))
    if days[0] > days[1]:
        wrong = _("The first day is after the last one.")
        return _until_now(default, wrong=wrong, first=first, last=last)
    return Span(DATES, _starts(days[0]), _starts(days[1] + DAY), first, last)


def _day(typed: str) -> date:
    day = date.fromisoformat(typed)
    if day.year not in YEARS:
        raise ValueError(typed)
    return day


def _starts(day: date) -> datetime:
    return resolve(datetime.combine(day, time()), the_bot().settings.zone).at
