"""What goes wrong in the year of bench/soak, when, and which alarms it must lead to.

Each is brought about where it would come from: at the platform, at the feed, in the folder. The
days are those of a whole year; a shorter one has those that fit into it, moved together.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import select

from bench.soak_year import DAY, START, Group
from bot.accounts import health
from bot.model.account import Account
from bot.store import charges

HOUR = timedelta(hours=1)
Deed = Callable[[Group], object]


@dataclass(frozen=True)
class Trouble:
    """From when to when, what begins and ends it, and the heads of what must be told of it."""

    name: str
    day: int
    hour: float
    hours: float
    begins: Deed
    ends: Deed
    alarms: tuple[str, ...] = ()
    # Whether nothing at all may be told of it: not every kill falls into a request.
    or_none: bool = False

    @property
    def begins_at(self) -> datetime:
        return START + self.day * DAY + self.hour * HOUR

    @property
    def ends_at(self) -> datetime:
        return self.begins_at + self.hours * HOUR


def faulty(
    platform: str, kind: str, on: str = "any", count: int | None = None, **more: object
) -> Deed:
    return lambda group: group.sandbox.fault(platform, kind, count, on=on, **more)


def cleared(group: Group) -> None:
    group.sandbox.clear_faults()


def line_down(group: Group) -> None:
    """Neither platform answers."""
    group.sandbox.stop()


def line_up(group: Group) -> None:
    group.sandbox.start()


def connected_again(group: Group) -> None:
    """The platform is content, and a person has the bot ask it: `bot accounts check`."""
    cleared(group)
    bot = group.bot
    for name, platform in bot.platforms.items():
        health.check(bot.store, bot.clock, name, platform, bot.expected_imprint)


def feed_answers(code: int, said: bytes = b"") -> Deed:
    def act(group: Group) -> None:
        group.feed.answer = (code, said)

    return act


def feed_is_back(group: Group) -> None:
    group.feed.answer = None


def mistaken_file(group: Group) -> None:
    (group.folder / "posts" / "mistake.md").write_text("---\nat: 31 November\n---\nA march.\n")


def file_mended(group: Group) -> None:
    (group.folder / "posts" / "mistake.md").unlink()


def paid(dollars: str) -> Deed:
    """What X has charged this month, as the bot itself notes it."""

    def act(group: Group) -> None:
        with group.bot.store.write() as session:
            account = session.scalars(select(Account).where(Account.platform == "x")).one()
            charges.record(session, account.id, "post", Decimal(dollars), group.now())

    return act


def nothing(_group: Group) -> None:
    """It ends by itself."""


# Facebook's sub-code for a Page that is kept from posting for days.
SOME_DAYS = 1404112
LATE = "Posts are late"
BLOCKED = "An account may not post"
NEEDS_YOU = "A post needs you"
UNREAD = "Something could not become a post"
SIGN_IN = "A sign-in failed"
FEED = "A feed cannot be read"
MONEY = "80 % of the money is spent"
TROUBLES = (
    Trouble(
        "an answer is lost, the post is out", 9, 7, 1, faulty("x", "cut_after", "write", 1), nothing
    ),
    Trouble(
        "the line goes dead before a post",
        16,
        7,
        14,
        faulty("facebook", "cut_before", "write", 1),
        nothing,
        (NEEDS_YOU,),
    ),
    Trouble("nothing is reached for two hours", 24, 7.5, 2, line_down, line_up, (LATE,)),
    Trouble("a file with a mistake", 31, 11, 20, mistaken_file, file_mended, (UNREAD,)),
    Trouble(
        "the Page's token ends",
        45,
        6,
        4,
        faulty("facebook", "dead_token"),
        connected_again,
        (SIGN_IN, BLOCKED),
    ),
    Trouble("the feed is gone", 60, 5, 120, feed_answers(404), feed_is_back, (FEED,)),
    Trouble(
        "X answers 503 for two hours",
        96,
        7.5,
        2,
        faulty("x", "error_before", "write"),
        cleared,
        (NEEDS_YOU,),
    ),
    Trouble("X limits the rate", 117, 7.9, 1, faulty("x", "rate_limited", "write", 1), nothing),
    Trouble(
        "the feed is nonsense",
        130,
        5,
        60,
        feed_answers(200, b"<html>Moved.</html>"),
        feed_is_back,
        (FEED,),
    ),
    Trouble("80 % of X's money", 152, 9, 711, paid("80"), nothing, (MONEY,)),
    Trouble(
        "X suspends the account", 190, 7, 3, faulty("x", "suspended"), connected_again, (BLOCKED,)
    ),
    Trouble("nothing is reached at night", 215, 1, 3, line_down, line_up),
    Trouble(
        "X's keys are withdrawn",
        262,
        6,
        4,
        faulty("x", "dead_token"),
        connected_again,
        (SIGN_IN, BLOCKED),
    ),
    Trouble(
        "Facebook blocks the Page",
        300,
        7,
        3,
        faulty("facebook", "blocked", "write", subcode=SOME_DAYS),
        connected_again,
        (BLOCKED,),
    ),
    Trouble(
        "a gateway answers, the post is out",
        320,
        7,
        1,
        faulty("facebook", "html_after", "write", 1),
        nothing,
    ),
    Trouble("the same file again", 340, 11, 6, mistaken_file, file_mended, (UNREAD,)),
)


def killed(at: datetime) -> Trouble:
    """What a kill at that moment may lead to: a request was under way, and nobody knows."""
    since = at - START
    hour = (since % DAY) / HOUR
    return Trouble(
        f"killed on {at:%d %B}", since.days, hour, 0, nothing, nothing, (NEEDS_YOU,), or_none=True
    )


def planned(group: Group) -> list[Trouble]:
    """Those of so many days, put into the group's plan."""
    found = [one for one in TROUBLES if one.ends_at + 3 * DAY < START + group.days * DAY]
    for one in found:
        group.plan(one.begins_at, lambda one=one: one.begins(group))
        group.plan(one.ends_at, lambda one=one: one.ends(group))
    return found
