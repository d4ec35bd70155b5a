"""Every chart by its name, told from what the store holds: for pages, mails and files alike.

Cheap beside drawing: it reads what the figures read, and loads nothing that draws.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from bot.model.engagement import NEWEST
from bot.reports.charts import besttimes, compare, curve, followers, groups, weeks
from bot.reports.charts.chart import Chart
from bot.reports.charts.tongue import ENGLISH, Tongue
from bot.reports.figures import besttimes as times
from bot.reports.figures import counted, periods
from bot.reports.figures import curve as readings
from bot.reports.figures import followers as following
from bot.reports.figures.counted import Counted
from bot.store import accounts
from bot.store.engine import Session
from bot.store.figures import Asked

YEAR = timedelta(days=365)
MONTH = timedelta(days=30)
# What compares posts takes this age where none was asked for.
COMPARED_AT = 24
# More lines than that nobody tells apart; choose an account.
MOST_LINES = 12


@dataclass(frozen=True, slots=True)
class Wish:
    """Which chart, of which posts; times are in UTC, `until` is the first moment left out.

    `titles` name Accounts and Platforms as people do. The curve takes its Post alone.
    """

    name: str
    zone: ZoneInfo
    now: datetime
    titles: Mapping[str, str] = field(default_factory=dict)
    since: datetime | None = None
    until: datetime | None = None
    account: str | None = None
    campaign: str | None = None
    label: str | None = None
    age_hours: int = NEWEST
    by: str = "campaign"
    count: str = "views"
    post_id: int | None = None
    tongue: Tongue = ENGLISH

    @property
    def end(self) -> datetime:
        """The first moment left out."""
        return self.until or self.now

    def begin(self, back: timedelta) -> datetime:
        """The moment asked for, or that long before the end."""
        return self.since or self.end - back

    @property
    def compared_at(self) -> int:
        """The age at which posts are compared."""
        return self.age_hours or COMPARED_AT

    def title(self, name: str) -> str:
        """An Account or a Platform as people call it."""
        return self.titles.get(name, name)


def chart(session: Session, wish: Wish) -> Chart:
    """The chart of that name; KeyError where NAMES has none."""
    return replace(GALLERY[wish.name](session, wish), locale=wish.tongue.locale)


def _read(
    session: Session,
    wish: Wish,
    since: datetime,
    until: datetime,
    age_hours: int,
    *,
    labelled: bool = False,
) -> list[Counted]:
    asked = Asked(since, until, wish.account, wish.label, wish.campaign)
    return counted.read(session, asked, wish.zone, (age_hours,), labelled=labelled)


def _curve(session: Session, wish: Wish) -> Chart:
    post_id = wish.post_id or 0
    rows = [
        row | {"account": wish.title(row["account"])}
        for row in readings.rows(session, post_id)
        if wish.account in (None, row["account"])
    ]
    return curve.told(rows, post_id, wish.count, wish.tongue)


def _weeks(session: Session, wish: Wish) -> Chart:
    posts = _read(session, wish, wish.begin(YEAR), wish.end, wish.age_hours)
    return weeks.told(posts, wish.count, wish.age_hours, wish.now, wish.titles, wish.tongue)


def _groups(session: Session, wish: Wish) -> Chart:
    since, is_labelled = wish.begin(YEAR), wish.by == "label"
    posts = _read(session, wish, since, wish.end, wish.age_hours, labelled=is_labelled)
    return groups.told(
        posts, wish.by, wish.count, wish.age_hours, wish.now, wish.titles, wish.tongue
    )


def _best_times(session: Session, wish: Wish) -> Chart:
    age = wish.compared_at
    found = times.weeks(_read(session, wish, wish.begin(YEAR), wish.end, age), age, wish.now)
    return besttimes.told(found, age, wish.titles, wish.tongue)


def _compare(session: Session, wish: Wish) -> Chart:
    since, age = wish.begin(MONTH), wish.compared_at
    this = _read(session, wish, since, wish.end, age)
    last = _read(session, wish, since - (wish.end - since), since, age)
    changes = periods.compare(this, last, age, wish.now, wish.titles)
    return compare.told(changes, wish.count, age, wish.titles, wish.tongue)


def _followers(session: Session, wish: Wish) -> Chart:
    known = accounts.names(session)
    names = {key: name for key, name in known.items() if wish.account in (None, name)}
    names = dict(islice(names.items(), MOST_LINES))
    since, until = (moment.astimezone(UTC).date() for moment in (wish.begin(YEAR), wish.end))
    histories = {
        wish.title(one.account): [(day.day, day.followers) for day in one.days]
        for one in following.by_account(session, names, since, until)
    }
    return followers.told(histories, wish.tongue)


GALLERY: dict[str, Callable[[Session, Wish], Chart]] = {
    curve.NAME: _curve,
    weeks.NAME: _weeks,
    groups.NAME: _groups,
    besttimes.NAME: _best_times,
    followers.NAME: _followers,
    compare.NAME: _compare,
}
NAMES = tuple(GALLERY)
