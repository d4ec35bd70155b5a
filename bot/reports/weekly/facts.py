"""What a week's report is made of: Figures and plain rows, read once and told in many forms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from bot.reports.costs import Costs
from bot.reports.figures.counted import Counted
from bot.reports.figures.figure import Figure
from bot.reports.figures.groups import Group
from bot.reports.figures.periods import Change
from bot.reports.weekly.week import Week

# The age at which posts of a week are compared, in hours.
AGE = 24


@dataclass(frozen=True, slots=True)
class AccountWeek:
    """One Account: posts of the week and of the one before; by count, what they had.

    `changes` are at the age of AGE hours, `totals` by the newest reading, `usual` of 90 days.
    """

    account: str
    platform: str
    posts: int
    by_hand: int
    posts_before: int
    changes: Mapping[str, Change]
    totals: Mapping[str, Figure]
    usual: Mapping[str, Figure]


@dataclass(frozen=True, slots=True)
class CampaignWeek:
    """Posts of one campaign on one Account: at the age of AGE hours, and by the newest reading."""

    at_age: Group
    newest: Group


@dataclass(frozen=True, slots=True)
class Best:
    """A post of the week beside its Account's usual, by the count the Account is judged by."""

    post: Counted
    measure: str
    value: int
    usual: Figure
    standing: str | None
    counted: int


@dataclass(frozen=True, slots=True)
class Unread:
    """An Account with posts of which none has a count that could be judged, and why."""

    account: str
    reason: str


@dataclass(frozen=True, slots=True)
class Ahead:
    """A post on an Account that is not out: when it is due, and how it stands, in words."""

    post: str
    account: str
    due_at: datetime | None
    stands: str
    reason: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Some:
    """The first of a list, and how many there are in all."""

    rows: Sequence[Ahead]
    total: int


@dataclass(frozen=True, slots=True)
class FeedWeek:
    """What became of one feed's Articles that came in the week, and how many lapsed in it."""

    feed: str
    new: int
    queued: int
    to_review: int
    refused: int
    left_out: int
    lapsed: int


@dataclass(frozen=True, slots=True)
class Followers:
    """An Account's followers by the last count of the week and of the week before."""

    account: str
    now: int | None
    before: int | None

    @property
    def change(self) -> int | None:
        return None if self.now is None or self.before is None else self.now - self.before


@dataclass(frozen=True, slots=True)
class Spent:
    """US dollars an Account cost in the week, and its month so far."""

    account: str
    week: Decimal
    month: Costs


@dataclass(frozen=True, slots=True)
class Report:
    """One week; `recent` are all posts of the 90 days before `judged_at`, for what is usual.

    What stands only now (`asked`, `coming`, `quiet`) is None for an older week; what
    belongs to the group and not to a campaign is empty where one was asked for.
    """

    week: Week
    zone: ZoneInfo
    now: datetime
    titles: Mapping[str, str]
    campaign: str | None
    posts: Sequence[Counted]
    posts_before: int
    accounts: Sequence[AccountWeek]
    campaigns: Sequence[CampaignWeek]
    best: Sequence[Best]
    unread: Sequence[Unread]
    links: Mapping[int, str]
    recent: Sequence[Counted]
    judged_at: datetime
    silence: Sequence[str]
    articles: Sequence[FeedWeek]
    followers: Sequence[Followers]
    spent: Sequence[Spent]
    asked: Some | None
    coming: Some | None
    quiet: Mapping[str, str] | None

    @property
    def is_over(self) -> bool:
        return self.now >= self.week.end(self.zone)

    @property
    def number(self) -> int:
        """How many posts went out, each once however many Accounts it went out on."""
        return len({one.post_id for one in self.posts})

    def title(self, account: str) -> str:
        """The Account as people call it."""
        return self.titles.get(account, account)
