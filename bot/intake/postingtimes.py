"""When a post is due and expires: typed times in UTC, or the first round of one that recurs.

Pure. A time that has passed is refused here; a post without one is left to the planner.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.clock.local import in_words, resolve
from bot.errors import PostInvalid
from bot.intake.occasions import Occasion, first_occasion
from bot.model.written import Written


@dataclass(frozen=True, slots=True)
class Times:
    """When a Delivery is due and expires; due None is left to the planner.

    `occasion` is the round's, where the post recurs.
    """

    due_at: datetime | None
    expires_at: datetime | None
    notes: tuple[str, ...] = field(default=())
    occasion: Occasion | None = None


def times_of(occasion: Occasion) -> Times:
    """The times of one round."""
    notes = (occasion.warning,) if occasion.warning else ()
    return Times(occasion.due_at, occasion.expires_at, notes, occasion)


def times(written: Written, zone: ZoneInfo, now: datetime, too_late: timedelta) -> Times:
    """The times of a post; PostInvalid where they lie in the past, or end before they begin."""
    if written.too_late_seconds is not None:
        too_late = timedelta(seconds=written.too_late_seconds)
    if written.every is not None:
        return times_of(first_occasion(written, zone, now, too_late))
    expires_at, notes = _expiry(written, zone, now)
    if written.at is None:
        return Times(None, expires_at, tuple(notes))
    resolved = resolve(written.at, zone)
    notes += [resolved.warning] if resolved.warning else []
    due_at = resolved.at
    if expires_at is not None and expires_at <= due_at:
        raise PostInvalid("expires: comes before the time the post goes out.")
    if due_at < now:
        if now - due_at > too_late:
            raise PostInvalid(
                f"at: {in_words(due_at, zone)} has passed. Write a time to come, or at: next."
            )
        notes.append(f"{in_words(due_at, zone)} has just passed: it is due now.")
    return Times(due_at, expires_at, tuple(notes))


def _expiry(written: Written, zone: ZoneInfo, now: datetime) -> tuple[datetime | None, list[str]]:
    if written.expires is None:
        return None, []
    resolved = resolve(written.expires, zone)
    if resolved.at <= now:
        raise PostInvalid(f"expires: {in_words(resolved.at, zone)} has passed.")
    return resolved.at, [resolved.warning] if resolved.warning else []
