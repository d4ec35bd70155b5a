"""The views of `bot log` beside the plain log: read once, then drawn, or given as rows.

Each view is its rows (for JSON, CSV and sheets) and a way to draw them. What is asked of posts by
age or group reaches back a year unless --since says otherwise; a comparison, 30 days.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.cli import logdrawing as drawing
from bot.cli.door import Door
from bot.errors import NotFound, UsageError
from bot.model.engagement import NEWEST
from bot.reports import words
from bot.reports.figures import (
    besttimes,
    counted,
    curve,
    groups,
    money,
    periods,
    usual,
    wordings,
)
from bot.reports.figures.counted import Counted
from bot.store.engine import Session
from bot.store.figures import Asked
from bot.wiring import Bot

YEAR = timedelta(days=365)
MONTH = timedelta(days=30)
# An age is what makes posts comparable; where none was typed, views that compare take this one.
COMPARED_AT = 24
PRICED = ("account", "platform")
TARGET = re.compile(r"[Pp](\d{1,9})(?:/(\d{1,3}))?")


@dataclass(frozen=True, slots=True)
class View:
    """Rows under a title, and how they are drawn."""

    title: str
    rows: Sequence[Mapping[str, Any]]
    draw: Callable[[Door], None]


@dataclass(frozen=True, slots=True)
class Question:
    """What a view is about; `titles` name Accounts and Platforms as people do."""

    bot: Bot
    session: Session
    asked: Asked
    age_hours: int
    now: datetime
    titles: Mapping[str, str]

    def since(self, back: timedelta) -> datetime:
        """The typed beginning, or that long ago."""
        return self.asked.since or self.now - back

    def read(
        self, since: datetime, until: datetime, *ages: int, labelled: bool = False
    ) -> list[Counted]:
        """The posts asked for that went out in that time."""
        asked = replace(self.asked, since=since, until=until)
        zone = self.bot.settings.zone
        return counted.read(self.session, asked, zone, ages, labelled=labelled)


def question(bot: Bot, session: Session, asked: Asked, age_hours: int) -> Question:
    """What is asked, now."""
    rules = {name: platform.rules for name, platform in bot.platforms.items()}
    titles = {one.platform: one.title for one in rules.values()}
    titles |= {name: one.title for name, one in rules.items()}
    return Question(bot, session, asked, age_hours, bot.clock(), titles)


def by_group(q: Question, by: str) -> View:
    """Posts put together by what they have in common."""
    since = q.since(YEAR)
    posts = q.read(since, q.now, q.age_hours, labelled=by == "label")
    found = groups.grouped(posts, by, q.age_hours, q.now, q.titles)
    rows = groups.as_rows(found, by)
    # What an Account cost is not the cost of some of its posts.
    whole = by in PRICED and q.asked.campaign is None and q.asked.label is None
    priced = [*_prices(q, posts, since, by)] if whole else []
    if whole:
        rows = [row | money.as_plain(one) for row, one in zip(rows, priced, strict=True)]
    told = [money.sentence(price, q.titles.get(price.owner, price.owner)) for price in priced]
    return View(f"By {by}", rows, lambda door: drawing.groups(door, q, by, since, found, told))


def _prices(q: Question, posts: Sequence[Counted], since: datetime, by: str) -> list[money.Price]:
    newest = posts if q.age_hours == NEWEST else q.read(since, q.now, NEWEST)
    return money.prices(q.session, newest, since, q.now, q.titles, by)


def at_age(q: Question) -> View:
    """Each post at the same age, beside its Account's usual."""
    since = q.since(usual.OVER)
    begin = min(since, q.now - usual.OVER)
    # The usual is the Account's, whichever of its posts are shown.
    whole = replace(q, asked=Asked(account=q.asked.account))
    everything = whole.read(begin, q.now, q.age_hours)
    shown = q.read(since, q.now, q.age_hours)
    rows = usual.rows(everything, shown, q.age_hours, q.now, q.titles)
    return View("At the same age", rows, lambda door: drawing.at_age(door, q, rows))


def compare(q: Question) -> View:
    """The time since then against as long a time before it, at the same age."""
    q = replace(q, age_hours=q.age_hours or COMPARED_AT)
    since = q.since(MONTH)
    length = q.now - since
    this = q.read(since, q.now, q.age_hours)
    last = q.read(since - length, since, q.age_hours)
    changes = periods.compare(this, last, q.age_hours, q.now, q.titles)
    span = words.span(length)
    lines = []
    for account in dict.fromkeys(change.account for change in changes):
        numbers = [sum(one.account == account for one in posts) for posts in (this, last)]
        title = q.titles.get(account, account)
        lines.append(periods.posts_in_words(numbers[0], numbers[1], title, span))
        lines += [change.sentence for change in changes if change.account == account]
    return View("Compared", periods.as_rows(changes), lambda door: drawing.sentences(door, lines))


def best_times(q: Question) -> View:
    """A week of hours for each Account."""
    q = replace(q, age_hours=q.age_hours or COMPARED_AT)
    found = besttimes.weeks(q.read(q.since(YEAR), q.now, q.age_hours), q.age_hours, q.now)
    rows = besttimes.as_rows(found)
    return View("Best times", rows, lambda door: drawing.best_times(door, q, found))


def judged(q: Question, names: tuple[str, str]) -> View:
    """Two wordings against each other."""
    q = replace(q, age_hours=q.age_hours or COMPARED_AT)
    pair = [_wording(q, name) for name in names]
    verdicts = wordings.judge(names, pair[0], pair[1], q.age_hours, q.now, q.titles)
    lines = [verdict.sentence for verdict in verdicts]
    rows = wordings.as_rows(verdicts, names, q.age_hours)
    return View("Wordings", rows, lambda door: drawing.sentences(door, lines))


def _wording(q: Question, name: str) -> list[Counted]:
    post_id, wording = target(name)
    asked = replace(q.asked, post_ids=(post_id,))
    posts = counted.read(q.session, asked, q.bot.settings.zone, (q.age_hours,))
    if not posts:
        raise NotFound(f"{name} has not gone out, as far as you asked. See: bot show P{post_id}")
    return posts if wording is None else [one for one in posts if one.wording == wording - 1]


def target(name: str) -> tuple[int, int | None]:
    """A Post and, where it was named, the number of its wording."""
    found = TARGET.fullmatch(name.strip())
    if found is None:
        raise UsageError(f"“{name}” is no post. Write P12, or P12/2 for its second wording.")
    return int(found[1]), int(found[2]) if found[2] else None


def curve_of(q: Question, name: str) -> View:
    """Every reading of one post, with what each gained."""
    rows = curve.rows(q.session, target(name)[0])
    return View("Curve", rows, lambda door: drawing.curve(door, q, rows))


def workbook(q: Question) -> dict[str, Sequence[Mapping[str, Any]]]:
    """Every view that needs no further word, by title, for a file of many sheets."""
    views = [*(by_group(q, by) for by in groups.GROUPINGS), compare(q), best_times(q)]
    return {view.title: view.rows for view in views}
