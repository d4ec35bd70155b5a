"""Thirty days of twenty feeds that change under our hands: each article is posted once."""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from world import NOON

from bot.intake.feeds import Feeds
from bot.intake.identity import canonical
from bot.intake.pace import Pace
from bot.model.post import Post
from bot.model.written import from_json
from bot.settings import Settings

DAYS = 30
FEEDS = 20
LISTED = 12
# These two bring what feed 0 brings, under names of their own.
COPIES = (18, 19)
RENAMES_ALL_ON_DAY = 15


@dataclass
class Told:
    """An article as its feed tells it today; `uid` is what it really is."""

    uid: str
    title: str
    at: datetime
    key: str
    link: str
    hidden: bool = False


@dataclass
class Source:
    """One feed, its articles oldest first, and the days it is down."""

    number: int
    dice: random.Random
    articles: list[Told] = field(default_factory=list)
    down: frozenset[int] = frozenset()
    shown: set[str] = field(default_factory=set)

    def publish(self, now: datetime) -> None:
        uid = f"{self.number}-{len(self.articles)}"
        words = f"What happened in village {uid.replace('-', ' of valley ')}"
        self.articles.append(Told(uid, words, now, f"tag:{uid}", f"https://example.org/{uid}"))

    def copy(self, other: "Source") -> None:
        """Carry what the other has, with this feed's own ids, titles and tracking."""
        known = {each.uid for each in self.articles}
        for each in other.articles:
            if each.uid not in known:
                link = f"http://www.example.org/{each.uid}/?utm_source=feed{self.number}"
                title = f"Copy {self.number}: {each.title}"
                mine = Told(each.uid, title, each.at, f"{self.number}:{each.uid}", link)
                self.articles.append(mine)

    def churn(self, day: int) -> None:
        """Change one listed article, or rename all; each keeps one name of its last appearance."""
        if day == RENAMES_ALL_ON_DAY and self.number % 5 == 1:
            for each in self.articles:
                each.key, each.link = f"new:{each.uid}", f"https://example.org/moved/{each.uid}"
        elif listed := self.articles[-LISTED:]:
            told = self.dice.choice(listed)
            change = gone_or_back if told.hidden else self.dice.choice(CHANGES)
            change(told, day)

    def body(self) -> bytes:
        listed = [each for each in self.articles[: -LISTED - 1 : -1] if not each.hidden]
        self.shown |= {each.uid for each in listed}
        start = f'<rss version="2.0"><channel><title>Source {self.number}</title>'
        return f"{start}{''.join(map(_row, listed))}</channel></rss>".encode()


def _row(told: Told) -> str:
    date = told.at.strftime("%a, %d %b %Y %H:%M:%S +0000")
    return (
        f"<item><title>{told.title}</title><link>{told.link.replace('&', '&amp;')}</link>"
        f"<guid isPermaLink='false'>{told.key}</guid><pubDate>{date}</pubDate></item>"
    )


def new_id(told: Told, day: int) -> None:
    told.key = f"{told.key.partition('#')[0]}#{day}"


def new_title(told: Told, day: int) -> None:
    told.title = f"{told.title.partition(' (')[0]} (updated {day})"


def new_date(told: Told, day: int) -> None:
    told.at = NOON + timedelta(days=day)


def old_date(told: Told, day: int) -> None:
    told.at -= timedelta(days=400)


def tracked(told: Told, day: int) -> None:
    told.link = f"{told.link.partition('?')[0]}?utm_campaign={day}&fbclid=x"


def mobile(told: Told, day: int) -> None:
    told.link = f"http://amp.example.org/{told.link.partition('example.org/')[2]}"


def id_and_title(told: Told, day: int) -> None:
    new_id(told, day)
    new_title(told, day)


def gone_or_back(told: Told, day: int) -> None:
    told.hidden = not told.hidden


CHANGES: tuple[Callable[[Told, int], None], ...] = (
    *(new_id, new_title, new_date, old_date, tracked, mobile, id_and_title, gone_or_back),
)


@pytest.fixture
def reader(world: Any, tmp_path: Path, lasting_reader: Any) -> Feeds:
    hosts = ("127.0.0.1", "localhost")
    settings = Settings(feed_every=timedelta(hours=6), fetch_allow_hosts=hosts, posts_dir=tmp_path)
    made = Feeds(world.store, world.clock, world.admission, settings)
    made.fetcher, made.reader = replace(made.fetcher, pace=Pace(0)), lasting_reader
    return made


def test_a_month_of_churn_posts_each_article_once(
    reader: Feeds, world: Any, site: Any, page: Any
) -> None:
    """Ids, titles, dates and addresses change, articles go and come back, servers fail, two feeds
    carry a third one's articles: what is new is posted, and nothing twice."""
    sources = [Source(n, random.Random(n)) for n in range(FEEDS)]
    unchanged: Counter[int] = Counter()
    day = 0

    def answer_of(source: Source) -> Callable[[Any], Any]:
        def answer(asked: Any) -> Any:
            if day in source.down:
                return page(status=503)
            body = source.body()
            tag = f'"{hash(body)}"'
            if asked["If-None-Match"] == tag:
                unchanged[source.number] += 1
                return page(status=304)
            return page(body, headers={"ETag": tag})

        return answer

    for source in sources:
        days = source.dice.sample([*range(2, 12), *range(17, DAYS - 5)], 2)
        source.down = frozenset((*days, days[0] + 1))
        if source.number in COPIES:
            source.copy(sources[0])
        else:
            source.publish(world.clock())
        site.put(f"/{source.number}", answer_of(source))
        host = site.url if source.number % 2 else site.url.replace("127.0.0.1", "localhost")
        reader.add(f"feed{source.number}", f"{host}/{source.number}", {"accounts": ["x"]})
    first = {uid for source in sources for uid in source.shown}

    for day in range(1, DAYS + 1):
        world.clock.move(days=1)
        for source in sources:
            if source.number in COPIES:
                source.copy(sources[0])
            elif day < DAYS - 3 and source.dice.random() < 0.35:
                source.publish(world.clock())
            source.churn(day)
        reader.poll_due()

    with world.store.read() as session:
        posts = [from_json(post.written) for post in session.scalars(select(Post))]
    posted = Counter(canonical(str(post.link)).rpartition("/")[2] for post in posts)
    assert {uid: many for uid, many in posted.items() if many > 1} == {}
    assert set(posted) == {uid for source in sources for uid in source.shown} - first
    assert len(posted) > 100
    assert unchanged.total() > 0
