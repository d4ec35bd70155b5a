"""The hours in which only what cannot wait is told: when they stand, and when they end next."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.clock.local import resolve


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Local hours of every day, over midnight where they begin later than they end."""

    begins: time
    ends: time
    zone: ZoneInfo

    def stand(self, at: datetime) -> bool:
        """Whether it is quiet at that moment: the first minute is, the last is not."""
        local = at.astimezone(self.zone).time()
        if self.begins <= self.ends:
            return self.begins <= local < self.ends
        return local >= self.begins or local < self.ends

    def end_after(self, at: datetime) -> datetime:
        """When they end next, in UTC."""
        today = at.astimezone(self.zone).date()
        ends = (
            resolve(datetime.combine(today + timedelta(days=n), self.ends), self.zone).at
            for n in range(3)
        )
        return next(end for end in ends if end > at)


def read(typed: str, zone: ZoneInfo) -> QuietHours | None:
    """`21:00-08:00` as QuietHours; None where there are none."""
    if not typed:
        return None
    begins, _, ends = typed.partition("-")
    hours = QuietHours(time.fromisoformat(begins), time.fromisoformat(ends), zone)
    return hours if hours.begins != hours.ends else None
