"""One post on one Account with its counts at each age, as all figures are made from.

A count is a number or a Lack, which says why there is none; it is never zero for unknown. A thread
has the sum of its Parts, and only where each of them was read.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from bot.model.engagement import NEWEST
from bot.reports.queue import counts_of
from bot.store import figures
from bot.store.engine import Session
from bot.store.figures import Asked

# The counts that figures are made from. Of the others there are a million rows and no figure.
SHOWN = ("views", "likes", "comments", "shares", "link_clicks")


class Lack(StrEnum):
    """Why there is no number."""

    NOT_SAID = "not said"
    NOT_COUNTED = "not counted"
    NOT_YET = "not yet"
    NOT_READ = "not read"


@dataclass(frozen=True, slots=True)
class Totals:
    """The counts of SHOWN at one age, by name; a fifth of the size of a dictionary."""

    views: int | None
    likes: int | None
    comments: int | None
    shares: int | None
    link_clicks: int | None

    def __getitem__(self, count: str) -> int | None:
        number: int | None = getattr(self, count)
        return number


@dataclass(frozen=True, slots=True)
class Counted:
    """A post that is out on one Account; `totals` are its counts by age in hours, if read."""

    delivery_id: int
    post_id: int
    wording: int
    account_id: int
    account: str
    platform: str
    zone: ZoneInfo
    campaign: str | None
    author: str
    sent_at: datetime
    gone_at: datetime | None
    has_link: bool
    has_image: bool
    opening: str
    totals: Mapping[int, Totals]
    labels: Sequence[str] = field(default=())

    @property
    def local(self) -> datetime:
        """When it went out, as the Account's clock showed."""
        return self.sent_at.astimezone(self.zone)

    def value(self, count: str, age_hours: int, now: datetime) -> int | Lack:
        """A count at an age, or why there is none."""
        totals = self.totals.get(age_hours)
        if totals is not None:
            number = totals[count]
            return Lack.NOT_SAID if number is None else number
        if age_hours == NEWEST:
            return Lack.NOT_COUNTED
        young = now < self.sent_at + timedelta(hours=age_hours)
        return Lack.NOT_YET if young else Lack.NOT_READ


def read(
    session: Session,
    asked: Asked,
    zone: ZoneInfo,
    ages: Collection[int] = (NEWEST,),
    *,
    labelled: bool = False,
) -> list[Counted]:
    """Every post that was asked for, oldest first; `zone` is that of Accounts without their own."""
    labels = figures.labels(session, asked) if labelled else {}
    zones: dict[str | None, ZoneInfo] = {None: zone}
    same: dict[Any, Any] = {}
    rows = figures.parts_out(session, asked, ages, SHOWN)
    return [
        _counted(list(parts), zones, labels, same) for _, parts in groupby(rows, lambda row: row.id)
    ]


def known(counted: Sequence[Counted], count: str, age_hours: int, now: datetime) -> list[int]:
    """The numbers there are, in the posts' order."""
    values = (one.value(count, age_hours, now) for one in counted)
    return [value for value in values if not isinstance(value, Lack)]


def _counted(
    rows: Sequence[Any],
    zones: dict[str | None, ZoneInfo],
    labels: Mapping[int, Sequence[str]],
    same: dict[Any, Any],
) -> Counted:
    """From the rows of its Parts; words that `same` has already are not kept twice."""
    first = rows[0]
    zone = zones.get(first.timezone) or zones.setdefault(first.timezone, ZoneInfo(first.timezone))
    return Counted(
        delivery_id=first.id,
        post_id=first.post_id,
        wording=first.wording,
        account_id=first.account_id,
        account=same.setdefault(first.account, first.account),
        platform=same.setdefault(first.platform, first.platform),
        zone=zone,
        campaign=same.setdefault(first.campaign, first.campaign),
        author=same.setdefault(first.author, first.author),
        sent_at=first.sent_at,
        gone_at=first.gone_at,
        has_link=any(row.has_link for row in rows),
        has_image=any(row.has_image for row in rows),
        opening=first.opening,
        totals=dict(_totals(rows)),
        labels=labels.get(first.post_id, ()),
    )


def _totals(rows: Sequence[Any]) -> Iterator[tuple[int, Totals]]:
    """Sums over the Parts for each age at which every one was read; the newest takes any."""
    parts = len({row.part_id for row in rows})
    by_age: dict[int, list[Any]] = {}
    for row in rows:
        if row.age_hours is not None:
            by_age.setdefault(row.age_hours, []).append(row)
    for age_hours, read_at in by_age.items():
        if age_hours == NEWEST or len(read_at) == parts:
            yield age_hours, Totals(**counts_of(read_at, SHOWN))
