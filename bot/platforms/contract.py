"""What every Platform answers, and the closed set of ways an Attempt can end.

Rooms know this page and never a Platform. A Platform returns Outcomes and never raises; whatever it
lets slip is Unknown to its caller, never NotReached. Absence of an error is never success.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of a text: Python string indices, end exclusive."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Length:
    """A text as the Platform counts it; `weight` is compared with `Rules.max_weight`."""

    weight: int
    links: tuple[Span, ...] = ()
    mentions: tuple[Span, ...] = ()
    hashtags: tuple[Span, ...] = ()
    cashtags: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class FileLimits:
    """How large a file of one type may be, in bytes, pixels, frames and seconds; None: no limit.

    `max_ratio` is of the longer side to the shorter, `codecs` names those that a video may use. An
    animated picture or a video goes `alone`, without a second file in the same post.
    """

    mime_type: str
    max_bytes: int
    max_width: int | None = None
    max_height: int | None = None
    max_frames: int | None = None
    min_seconds: float | None = None
    max_seconds: float | None = None
    max_ratio: float | None = None
    max_frames_per_second: float | None = None
    codecs: tuple[str, ...] = ()
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """What a Platform accepts, as data, with the page it was read from and when.

    None means no limit. More than `max_cashtags` is refused; the other counts are good manners.
    """

    platform: str
    title: str
    max_weight: int
    link_weight: int | None
    refuses_duplicates: bool
    threads: bool
    max_images: int
    max_alt: int
    park_for: timedelta
    source: str
    read_on: date
    max_links: int | None = None
    max_hashtags: int | None = None
    max_cashtags: int | None = None
    refuses_mentions: bool = False
    # Whether its limit is so small that the law accepts an imprint outside the post.
    imprint_elsewhere: bool = False
    # Whether an account that a program posts for is to show a label that says so.
    labels_automation: bool = False
    own_read_price: Decimal = Decimal(0)  # US dollars for each post of ours a reading lists
    most_listed: int | None = None  # how many of our posts a reading shows at most
    # A still picture is sent as the first of these types that it fits; other files as they are.
    files: tuple[FileLimits, ...] = ()


@dataclass(frozen=True, slots=True)
class Image:
    """A picture as it is sent: the stored bytes' digest, their type and the alt text."""

    sha256: str
    mime_type: str
    alt: str


PictureBytes = Callable[[Image], bytes | None]


@dataclass(frozen=True, slots=True)
class PartContent:
    """What one Part sends: text, the link field where a Platform has one, and pictures."""

    text: str
    link: str | None = None
    images: tuple[Image, ...] = ()


@dataclass(frozen=True, slots=True)
class Variant:
    """What one Platform gets of a Post: its Parts in order."""

    parts: tuple[PartContent, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """The chosen words before a Platform arranges them: text, link, pictures and imprint line."""

    text: str
    link: str | None = None
    images: tuple[Image, ...] = ()
    imprint: str | None = None


@dataclass(frozen=True, slots=True)
class Detail:
    """The evidence behind an Outcome, safe to store and show: never a token, never a payload."""

    status: int | None = None
    code: str | None = None
    trace: str | None = None


NO_DETAIL = Detail()


@dataclass(frozen=True, slots=True)
class Sent:
    """The Platform confirmed the post with an id."""

    remote_id: str
    url: str
    detail: Detail = NO_DETAIL


@dataclass(frozen=True, slots=True)
class Refused:
    """Refused for this content; `duplicate` when the reason is that it is already there."""

    reason: str
    duplicate: bool = False
    detail: Detail = NO_DETAIL


@dataclass(frozen=True, slots=True)
class AccountBlocked:
    """The Account cannot post: signed out, suspended, out of credit. None: until a person acts."""

    reason: str
    until: datetime | None = None
    detail: Detail = NO_DETAIL


@dataclass(frozen=True, slots=True)
class RateLimited:
    """Too many requests; `until` is the Platform's own time, or None where it gave none."""

    until: datetime | None
    reason: str = "too many requests"
    detail: Detail = NO_DETAIL


@dataclass(frozen=True, slots=True)
class NotReached:
    """Surely not done: no byte of the request left this machine, or the Platform said so."""

    reason: str
    detail: Detail = NO_DETAIL


@dataclass(frozen=True, slots=True)
class Unknown:
    """The request may have been carried out; nobody can tell without looking."""

    reason: str
    detail: Detail = NO_DETAIL


Outcome = Sent | Refused | AccountBlocked | RateLimited | NotReached | Unknown


@dataclass(frozen=True, slots=True)
class Prepared:
    """Invisible uploads that a send refers to, in the order of the Part's pictures."""

    media_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Seen:
    """One post of ours as the Platform lists it, its shortened links expanded again.

    `by_other_app` is True only where the Platform says that it was made in some other way than by
    this bot: by a person in its own app, for one.
    """

    remote_id: str
    url: str
    text: str
    created_at: datetime
    link: str | None = None
    reply_to: str | None = None
    by_other_app: bool = False


@dataclass(frozen=True, slots=True)
class Unreadable:
    """The timeline or the counts could not be read; says nothing about what is there."""

    reason: str
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """Counts of one Part at one time; None where the Platform did not say, never zero for that."""

    views: int | None = None
    viewers: int | None = None
    likes: int | None = None
    comments: int | None = None
    shares: int | None = None
    quotes: int | None = None
    bookmarks: int | None = None
    link_clicks: int | None = None
    profile_clicks: int | None = None
    engagements: int | None = None


@dataclass(frozen=True, slots=True)
class CountsRead:
    """Counts by remote id, the ids the Platform says are gone, and the price of each post read.

    `billed` are US dollars by remote id, also of posts nobody asked for; a post that is read again
    on the same UTC day is not charged again. `unread` are those a trouble kept from being read.
    """

    counts: Mapping[str, Counts]
    gone: frozenset[str] = frozenset()
    billed: Mapping[str, Decimal] = field(default_factory=dict)
    unread: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class AccountCounts:
    """An Account's own counts; None where the Platform did not say. `page_views` of one day.

    `cost` in US dollars, charged once a UTC day like that of any reading.
    """

    followers: int | None = None
    posts: int | None = None
    page_views: int | None = None
    cost: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Deletion:
    """How a delete ended; `done` only when the Platform confirmed it or the post is not there."""

    done: bool
    reason: str = ""
    cost: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Health:
    """What the Platform says about an Account. `ok` False carries `problem` in plain words."""

    ok: bool
    problem: str = ""
    remote_id: str | None = None
    name: str | None = None
    missing_scopes: tuple[str, ...] = ()
    expires_at: datetime | None = None
    bio: str | None = None
    pinned: str | None = None
    server_date: datetime | None = None
    warnings: tuple[str, ...] = field(default=())
    cost: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class ConnectStep:
    """Where a person is sent to let us use an Account, and what is kept until they are back.

    `state` comes back with their answer and proves that it belongs to this step; `kept` is secret.
    """

    url: str
    state: str
    kept: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Grant:
    """One profile or Page that a person let us use, with its credentials by name of setting.

    `problem` says in plain words why it is of no use to us all the same; empty where it is.
    """

    remote_id: str
    name: str
    credentials: Mapping[str, str] = field(repr=False)
    problem: str = ""


@dataclass(frozen=True, slots=True)
class NotGranted:
    """Nobody let us in, or the Platform did not say so; `reason` tells what to do now."""

    reason: str


class Platform(Protocol):
    """One Account's door to one Platform. Text methods are pure; the rest use the network."""

    @property
    def rules(self) -> Rules: ...

    @property
    def is_live(self) -> bool:
        """Whether it speaks to the real Platform: False where the API host is loopback."""

    @property
    def missing_settings(self) -> tuple[str, ...]:
        """Names of the settings without which this Account is off; empty when it is on."""

    @property
    def missing_to_connect(self) -> tuple[str, ...]:
        """Names of the settings (the app's own keys) that connecting needs and that are empty."""

    @property
    def own_settings(self) -> tuple[str, ...]:
        """Names of the settings that are the Account's own, in the order a person is asked."""

    @property
    def credential_settings(self) -> tuple[str, ...]:
        """Names of the settings that are secret and the Account's own, as far as they are set."""

    @property
    def expected_remote_id(self) -> str | None:
        """The remote account id the credentials name, without asking; None if they do not say."""

    @property
    def profile_url(self) -> str:
        """Where a person sees what this Account has published."""

    def profile_of(self, remote_id: str | None) -> str:
        """The same of any account of the Platform, by its id there."""

    @property
    def monthly_budget(self) -> Decimal | None:
        """US dollars a calendar month may cost; None where there is no limit."""

    def measure(self, text: str) -> Length:
        """Count a text as the Platform does."""

    def compose(self, draft: Draft) -> Variant:
        """Arrange text, link and imprint as the Platform shows them; one Part."""

    def prepare(self, part: PartContent) -> "Prepared | Outcome":
        """Upload what must be there before the post; nothing of it is visible to anyone.

        Asked only where a Part has files.
        """

    def send(self, part: PartContent, *, reply_to: str | None, prepared: Prepared) -> Outcome:
        """The one request that makes something visible. Never retried here."""

    def recent(self, since: datetime) -> "tuple[Seen, ...] | Unreadable":
        """Our own posts created at or after `since`, paging as far as needed, any order."""

    def counts(self, sent_at_by_id: Mapping[str, datetime]) -> "CountsRead | Unreadable":
        """Engagement counts of posts of ours, given when each was sent."""

    def account_counts(self) -> "AccountCounts | Unreadable":
        """The Account's own counts now."""

    def delete(self, remote_id: str) -> Deletion:
        """Take one post of ours down."""

    def health(self) -> Health:
        """Identity, scopes, expiry and profile, asked of the Platform."""

    def id_in(self, url: str) -> str | None:
        """The id of the post that a link of the Platform leads to; None where it does not say."""

    def price(self, part: PartContent) -> Decimal:
        """US dollars this Part costs to publish, under the dated prices."""

    def connect_begin(self, return_to: str) -> ConnectStep | NotGranted:
        """Ask to be let in; the person is led back to `return_to` with an answer in its query."""

    def connect_finish(
        self, kept: Mapping[str, str], returned: Mapping[str, str], return_to: str
    ) -> tuple[Grant, ...] | NotGranted:
        """What the person let us use, by the query they came back with; at least one."""
