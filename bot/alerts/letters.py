"""Weekly reports that did not reach their reader, in words: who waits for which, and what to do."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.alerts.checks import Finding
from bot.clock.local import in_words
from bot.model.person import Letter, Person
from bot.store import letters
from bot.store.engine import Store

CHECK = "weekly report"


def undelivered(store: Store, now: datetime, zone: ZoneInfo) -> list[Finding]:
    """One finding for each person whose report is not known to have gone; a wait is a note."""
    with store.read() as session:
        found = letters.waiting_or_astray(session, now)
    return [_told(person, letter, now, zone) for person, letter in found]


def _told(person: Person, letter: Letter, now: datetime, zone: ZoneInfo) -> Finding:
    name = "handover kit" if letter.is_kit else "report"
    what, send = f"The {name} of {letter.week}", f"bot report --week {letter.week} --send"
    why = letter.error or letters.STOPPED
    if letter.next_try_at is None:
        again = "bot handover" if letter.is_kit else f"{send} --to ADDRESS"
        says = f"{what} may not have reached {person.name}. {why} To send it again: {again}"
        return Finding(CHECK, False, says)
    if letter.next_try_at < now - letters.UNDER_WAY_FOR:
        again = "bot handover" if letter.is_kit else send
        return Finding(CHECK, False, f"{what} did not reach {person.name}. {why} Again: {again}")
    at = in_words(letter.next_try_at, zone)
    says = f"{what} did not reach {person.name} yet. {why} It is tried again on {at}."
    return Finding(CHECK, True, says, note=True)
