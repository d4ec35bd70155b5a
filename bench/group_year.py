"""What a busy group does, seeded: posts of every kind, posts made by hand, deletions, lost answers.

The plan is kept here, apart from the bot, so that figures can be reckoned from it.
"""

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bench.sandbox_life import START, Life, now
from bot import flow
from bot.decisions.cancel import cancel
from bot.model.written import Written

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
HOURS = (8, 12, 17, 20)
CAMPAIGNS = (None, "honduras", "rivers", "Bogotá")
LABELS = ("spyware", "mines", "events")
AUTHORS = ("ana", "bob", "cleo")
WHERE = (("x", "facebook"), ("x", "facebook"), ("x",), ("facebook",))
PLATFORMS = ("x", "facebook")
# Accepted, and no answer: the reply is cut, or lost at a gateway.
LOST = ("cut_after", "html_after")


@dataclass(frozen=True)
class Planned:
    """One post of ours, by the number its words begin with."""

    number: int
    campaign: str | None
    labels: tuple[str, ...]
    author: str
    link: str | None


@dataclass
class Year:
    """So many days with so many posts each."""

    life: Life
    days: int
    posts_a_day: int = len(HOURS)
    dealt: random.Random = field(default_factory=lambda: random.Random(7))
    planned: dict[int, Planned] = field(default_factory=dict)
    twins: set[tuple[str, int]] = field(default_factory=set)

    def live(self) -> None:
        """All of it, and on until nothing is due.

        A last post on both pages, so that they are read once more: what was made by hand on the
        last evening would be found with whatever comes next.
        """
        for n in range(self.days):
            day = START + n * DAY
            self.life.plan(day + timedelta(minutes=1), lambda day=day, n=n: self._begin(day, n))
        end = START + self.days * DAY
        self.life.plan(end, lambda: self._queue(end + 8 * HOUR, to=PLATFORMS))
        self.life.live(end)
        self.life.live()

    def _begin(self, day: datetime, n: int) -> None:
        for hour in HOURS[: self.posts_a_day]:
            self._queue(day + hour * HOUR)
        if self.dealt.random() < 0.4:
            at = day + timedelta(minutes=self.dealt.randrange(8 * 60, 19 * 60))
            platform = self.dealt.choice(PLATFORMS)
            self.life.plan(at, lambda: self._by_hand(platform, f"Made by hand on day {n}."))
        if n % 9 == 4:
            platform, kind = PLATFORMS[n % 2], self.dealt.choice(LOST)
            self.life.plan(day + 7 * HOUR, lambda: self.life.sandbox.fault(platform, kind))
        if n % 10 == 6:
            self._let_somebody_be_quicker(day)
        if n % 5 == 3:
            self.life.plan(day + 14 * HOUR + timedelta(minutes=7), self._delete_one)

    def _queue(self, at: datetime, to: tuple[str, ...] = ()) -> None:
        number = len(self.planned) + 1
        dealt = self.dealt
        link = f"https://example.org/article/{number}" if dealt.random() < 0.3 else None
        one = Planned(
            number,
            dealt.choice(CAMPAIGNS),
            tuple(sorted(dealt.sample(LABELS, dealt.randrange(3)))),
            dealt.choice(AUTHORS),
            link,
        )
        self.planned[number] = one
        is_thread = link is None and dealt.random() < 0.08
        # X refuses the same words twice in a day: the second thread of a day stays half out.
        sentence = "The people of Honduras defend their rivers against the mine. "
        words = sentence * (6 * is_thread)
        written = Written(
            body=f"Post {number}. {words}Stand with them today.",
            to=to or dealt.choice(WHERE),
            at=at.replace(tzinfo=None),
            timing="typed",
            campaign=one.campaign,
            labels=one.labels,
            link=link,
            thread=is_thread,
        )
        flow.write(self.life.bot, str(number), written, flow.Author(one.author, True))

    def _by_hand(self, platform: str, text: str) -> None:
        self.life.sandbox.post_by_hand(platform, text)

    def _let_somebody_be_quicker(self, day: datetime) -> None:
        """The same words by hand before ours go out: ours are held, and withdrawn later."""
        number = len(self.planned) + 1
        self.planned[number] = Planned(number, None, (), "ana", None)
        text = f"Post {number}. Somebody is quicker."
        at = (day + 13 * HOUR).replace(tzinfo=None)
        written = Written(body=text, to=("x",), at=at, timing="typed")
        queued = flow.write(self.life.bot, str(number), written, flow.Author("ana", True))
        target = str(queued.deliveries[0].id)
        self.twins.add(("x", number))
        self.life.plan(day + 12.5 * HOUR, lambda: self._by_hand("x", text))
        self.life.plan(day + 16 * HOUR, lambda: cancel(self.life.bot.decider("ana"), target))

    def _delete_one(self) -> None:
        """Somebody takes a post down on the platform itself: of the last month, days old."""
        platform = self.dealt.choice(PLATFORMS)
        old = [
            entry
            for entry in self.life.sandbox.ledger.posts(platform)
            if entry.deleted_at is None and 3 * DAY < now() - entry.accepted_at < 30 * DAY
        ]
        if old:
            self.life.sandbox.ledger.delete(platform, self.dealt.choice(old).remote_id)
