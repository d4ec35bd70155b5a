"""Finds dates in a text that are over on the day it goes out, as far as English forms tell.

A date without a year is the nearest such day. History is left alone: dates long gone, and dates in
sentences that tell of what was, unless a weekday makes an announcement of them.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from bot.formatting.wording import Wording

OVER_FOR_AT_MOST = timedelta(days=60)
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _either_case(names: Sequence[str]) -> str:
    """Whole or short, as names are written: `may` in small letters is no month."""
    forms = [form for name in names for form in (name, name[:3], name.upper(), name[:3].upper())]
    return "|".join(
        sorted({*forms, *(f"{form}t" for form in forms if form == "Sep")}, reverse=True)
    )


_MONTH = _either_case(MONTHS)
_DAY = _either_case(DAYS)
_ORDINAL = r"(?:st|nd|rd|th)?"
DATE = re.compile(
    rf"\b(?:(?P<weekday>{_DAY})[a-z]{{0,2}}\.?,? +(?:the +)?)?"
    rf"(?:(?P<day>[0-3]?[0-9]){_ORDINAL}(?: +of)? +(?P<month>{_MONTH})"
    rf"|(?P<month_first>{_MONTH})\.? +(?P<day_second>[0-3]?[0-9]){_ORDINAL})\b"
    r"(?:,? +(?P<year>(?:19|20)[0-9]{2})\b)?"
)
PAST = re.compile(
    r"\b(?:was|were|had|did|took|held|met|won|lost|said|told|went|came|died|fell|rose|since|ago"
    r"|anniversary|\w{2,}ed)\b",
    re.IGNORECASE,
)
SENTENCE_END = re.compile(r"[.!?…]\s|\n")

Found = tuple[int | None, str]


def past_dates(wording: Wording) -> Iterator[Found]:
    """Each date that is over, and each weekday that does not fit its date."""
    if wording.on is None:
        return
    for found in DATE.finditer(wording.prose):
        said = _said(found, wording.on, wording.prose)
        if said:
            yield found.start(), said


def _said(found: re.Match[str], on: date, text: str) -> str | None:
    day = _nearest(found, on)
    if day is None:
        return None
    weekday = found["weekday"]
    if weekday and not found["year"] and not _fits(day, weekday):
        return f"“{found[0]}”: {day.day} {day:%B %Y} is a {day:%A}."
    if not on - OVER_FOR_AT_MOST <= day < on:
        return None
    if not weekday and PAST.search(_sentence(text, found)):
        return None
    return (
        f"“{found[0]}” is over when this goes out ({on:%A} {on.day} {on:%B %Y}). "
        "Right if it tells of what was."
    )


def _nearest(found: re.Match[str], on: date) -> date | None:
    number = int(found["day"] or found["day_second"])
    short = (found["month"] or found["month_first"])[:3].title()
    month = [name[:3] for name in MONTHS].index(short) + 1
    years = [int(found["year"])] if found["year"] else [on.year - 1, on.year, on.year + 1]
    days = []
    for year in years:
        try:
            days.append(date(year, month, number))
        except ValueError:
            continue
    return min(days, key=lambda day: abs(day - on), default=None)


def _fits(day: date, weekday: str) -> bool:
    return f"{day:%A}"[:3].lower() == weekday[:3].lower()


def _sentence(text: str, found: re.Match[str]) -> str:
    start = max((end.end() for end in SENTENCE_END.finditer(text, 0, found.start())), default=0)
    ending = SENTENCE_END.search(text, found.end())
    return text[start : ending.start() if ending else len(text)]
