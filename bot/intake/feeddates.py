"""Reads the dates of feeds, in the forms that feeds really have, as aware times in UTC.

ISO, e-mail dates, spelled-out ones in English, Spanish, Portuguese, French, Italian and German, and
seconds since 1970. Never guesses between 3 April and 4 March: a date that may be both is none
(3/4/2026); with full stops the day comes first (3.4.2026).
"""

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone

MAX_DATE = 100

# Each month by the letters that begin its name in these six languages, accents taken off.
MONTHS = (
    r"jan|ene|gen",
    r"feb|fev",
    r"mar(?!t)|marzo|marco|maerz|mrz|mars",
    r"apr|abr|avr",
    r"may|mai|mag",
    r"jun|juin|giu",
    r"jul|juil|lug",
    r"aug|ago|aou",
    r"sep|set",
    r"oct|out|okt|ott",
    r"nov",
    r"dec|dic|dez",
)
MONTH = re.compile(
    "|".join(rf"(?<![a-z])(?P<m{n}>(?:{names})[a-z]*)" for n, names in enumerate(MONTHS, 1))
)

# Hours east of Greenwich. A name that several places use for different times stands for the one
# whose feeds write it (BST is London's, IST is India's).
ZONE_NAMES = {
    0: "ut utc gmt z wet",
    1: "bst cet met mez west wat",
    2: "cest mest mesz eet sast cat",
    3: "eest msk eat trt",
    5: "pkt",
    5.5: "ist",
    8: "hkt sgt awst",
    9: "jst kst",
    10: "aest",
    11: "aedt",
    12: "nzst",
    13: "nzdt",
    -2: "brst",
    -2.5: "ndt",
    -3: "brt art uyt clst adt",
    -3.5: "nst",
    -4: "edt ast clt bot pyt vet",
    -5: "est cdt et cot pet ect",
    -6: "cst mdt ct",
    -7: "mst pdt mt",
    -8: "pst akdt pt",
    -9: "akst",
    -10: "hst",
}
ZONES = {name: hours for hours, names in ZONE_NAMES.items() for name in names.split()}
ISO = re.compile(
    r"(?P<year>\d{4})-?(?P<month>\d\d)?-?(?P<day>\d\d)?"
    r"(?:[t ]+(?P<hour>\d\d):?(?P<minute>\d\d)(?::?(?P<second>\d\d)(?:[.,]\d+)?)?"
    r"(?P<zone>\s*(?:[+-]\d.*|[a-z].*)?)|z)?"
)
SLASHED = re.compile(r"(?P<a>\d{1,4})[/.-](?P<b>\d{1,2})[/.-](?P<c>\d{2,4})\b(?P<rest>.*)")
TIME = re.compile(
    r"(?<![\d:+-])(?P<hour>\d{1,2})[:h](?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d+)?)?"
    r"\s*(?P<half>[ap]\.?m\b\.?)?"
)
OFFSET = re.compile(r"(?P<sign>[+-])(?P<hours>\d{1,2})(?::?(?P<minutes>\d\d))?(?!\d)")
WHOLE_OFFSET = re.compile(r"(?<!\w)[+-]\d\d:?\d\d\b|\b(?:gmt|utc|ut)\s*[+-]\s*[\d:]+")
NAMED_ZONE = re.compile(r"\b(?:etc/)?([a-z]{1,4})\b(?!\.)")
NUMBER = re.compile(r"\d+")
SECONDS = re.compile(r"\d{9,10}(?:\.\d+)?|\d{12,13}")


def moment(text: str) -> datetime | None:
    """The time this text means, in UTC; a date alone is its midnight, no zone is UTC."""
    folded = unicodedata.normalize("NFKD", text[:MAX_DATE]).casefold()
    plain = " ".join("".join(c for c in folded if not unicodedata.combining(c)).split())
    for read in (_since_1970, _iso, _spelled, _slashed):
        try:
            found = read(plain)
        except (ValueError, OverflowError):
            continue
        if found is not None:
            return found
    return None


def _since_1970(text: str) -> datetime | None:
    if not SECONDS.fullmatch(text):
        return None
    seconds = float(text)
    return datetime.fromtimestamp(seconds / 1000 if seconds > 1e11 else seconds, UTC)


def _iso(text: str) -> datetime | None:
    found = ISO.fullmatch(text)
    if found is None or (found["hour"] and not found["day"]):
        return None
    day = (int(found["year"]), int(found["month"] or 1), int(found["day"] or 1))
    hour, minute, second = (int(found[name] or 0) for name in ("hour", "minute", "second"))
    return _in_utc(day, (hour, minute, second), found["zone"])


def _spelled(text: str) -> datetime | None:
    """A month by its name, with a day and a year around it in any order."""
    names = list(MONTH.finditer(text))
    if not names:
        return None
    # The last: weekdays may be written like months (mar. for martes and mardi).
    month = int(str(names[-1].lastgroup)[1:])
    clock = TIME.search(text)
    rest = f"{text[: clock.start()]} {text[clock.end() :]}" if clock else text
    numbers = [number[0] for number in NUMBER.finditer(WHOLE_OFFSET.sub(" ", rest))][:2]
    if len(numbers) < 2:
        return None
    day, year = sorted(numbers, key=lambda digits: len(digits) == 4)
    return _in_utc(
        (_whole_year(year), month, int(day)),
        _clock_of(clock),
        text[clock.end() :] if clock else "",
    )


def _slashed(text: str) -> datetime | None:
    found = SLASHED.search(text)
    if found is None:
        return None
    a, b, c = int(found["a"]), int(found["b"]), int(found["c"])
    if len(found["a"]) == 4:
        day = (a, b, c)
    elif a > 12 or a == b or "." in text:
        day = (_whole_year(found["c"]), b, a)
    elif b > 12:
        day = (_whole_year(found["c"]), a, b)
    else:
        return None
    clock = TIME.search(found["rest"])
    return _in_utc(day, _clock_of(clock), found["rest"][clock.end() :] if clock else "")


def _clock_of(found: re.Match[str] | None) -> tuple[int, int, int]:
    if found is None:
        return 0, 0, 0
    hour = int(found["hour"])
    if found["half"]:
        hour = hour % 12 + (12 if found["half"].startswith("p") else 0)
    return hour, int(found["minute"]), int(found["second"] or 0)


def _whole_year(digits: str) -> int:
    year = int(digits)
    return year if len(digits) > 2 else year + (2000 if year < 70 else 1900)


def _in_utc(day: tuple[int, int, int], clock: tuple[int, int, int], zone: str | None) -> datetime:
    hour, minute, second = clock
    # 24:00 is the end of the day; a leap second has no number of its own here.
    after = timedelta(hours=hour, minutes=minute, seconds=min(second, 59))
    if not timedelta(0) <= after <= timedelta(days=1) or minute > 59:
        raise ValueError("there is no such time of day")
    return (datetime(*day, tzinfo=_zone(zone or "")) + after).astimezone(UTC)


def _zone(text: str) -> timezone:
    offset = OFFSET.search(text)
    if offset:
        minutes = int(offset["hours"]) * 60 + int(offset["minutes"] or 0)
        return timezone(timedelta(minutes=-minutes if offset["sign"] == "-" else minutes))
    named = (ZONES.get(name) for name in NAMED_ZONE.findall(text))
    return timezone(timedelta(hours=next((hours for hours in named if hours is not None), 0)))
