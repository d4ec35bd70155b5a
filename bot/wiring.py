"""Builds everything from settings. The only place that picks a Platform."""

import getpass
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import partial

from bot.accounts import health, questions
from bot.accounts.connect import Connections
from bot.accounts.credentials import Credentials
from bot.accounts.imprint import Expected
from bot.accounts.roster import Roster, Titles
from bot.accounts.signins import SignIns
from bot.accounts.speaker import Speakers, SpeakersById
from bot.accounts.vault import Vault
from bot.clock import Clock, steady, system_now
from bot.decisions.record import Decider
from bot.delivery.budget import Budgets
from bot.delivery.confirm import Confirmer
from bot.delivery.deliver import Deliverer, Limits
from bot.delivery.watch import Watch
from bot.engagement.byhand import ByHand
from bot.engagement.collect import Collector
from bot.engagement.ownpage import OwnPages
from bot.errors import FetchFailed, NotFound
from bot.formatting.imprint import Imprint, links_in
from bot.formatting.style import Style
from bot.intake.admission import Admission
from bot.intake.feedparse import plain
from bot.intake.feeds import Feeds
from bot.intake.folder import Folder
from bot.intake.pictures import Pictures
from bot.intake.recurrence import Recurrence
from bot.intake.templates import Templates
from bot.journal import configure_log as configure_log  # noqa: PLC0414  asked for here, as all that settings make
from bot.platforms import REGISTRY, open_platform
from bot.platforms.contract import Image, PictureBytes, Platform
from bot.settings import Settings
from bot.store import answers, media, schema
from bot.store.engine import Store
from bot.store.roster import On
from bot.timetable.planner import Planner

MAX_PAGE_WORDS = 200_000


@dataclass(frozen=True, slots=True)
class Bot:
    """One bot on one database: the rooms, wired.

    `platforms` speak for the Accounts, by name, and `by_id` by id; `kinds` are the Platforms
    themselves, each once and without anybody's keys.
    """

    settings: Settings
    clock: Clock
    store: Store
    platforms: Mapping[str, Platform]
    by_id: Mapping[int, Platform]
    kinds: Mapping[str, Platform]
    credentials: Credentials
    connections: Connections
    admission: Admission
    planner: Planner
    recurrence: Recurrence
    templates: Templates
    folder: Folder
    feeds: Feeds
    deliverer: Deliverer
    confirmer: Confirmer
    budgets: Budgets
    watch: Watch
    collector: Collector
    own_pages: OwnPages
    by_hand: ByHand
    expected_imprint: Expected

    @property
    def accounts_on(self) -> On:
        """The Accounts whose credentials are set, as a condition for SQL."""
        return self.credentials.on

    @property
    def ids_on(self) -> list[int]:
        """Their ids."""
        rows = list(self.credentials.roster.by_id.values())
        return [row.id for row in rows if not self.credentials.missing(row.name)]

    @property
    def titles(self) -> Mapping[str, str]:
        """What people call each Account, by its name."""
        return Titles(self.credentials.roster)

    def platform_named(self, name: str) -> Platform:
        """The Platform behind an Account's name; NotFound names those there are."""
        if name not in self.platforms:
            raise NotFound(self.credentials.roster.none_named(name))
        return self.platforms[name]

    def decider(self, actor: str | None = None, reason: str | None = None) -> Decider:
        """Decisions made by that person, else by the one at this terminal."""
        return Decider(self.store, self.clock, actor or terminal_actor(), reason)


def terminal_actor() -> str:
    """Who sits at the terminal, as Decisions record it."""
    try:
        return f"cli:{getpass.getuser()}"
    except (KeyError, OSError):
        return "cli:unknown"


def open_platforms(
    settings: Settings, clock: Clock, picture_bytes: PictureBytes | None = None
) -> dict[str, Platform]:
    """Every registered Platform by the name of the Account the environment gives it."""
    return {name: open_platform(name, settings, clock, picture_bytes) for name in REGISTRY}


def credentials_of(
    settings: Settings,
    clock: Clock,
    store: Store,
    environment: Mapping[str, Platform],
    picture_bytes: PictureBytes | None = None,
) -> Credentials:
    """The Accounts of the environment and of the store, as they are now and at every refresh."""

    def opened(platform: str, values: Mapping[str, str]) -> Platform:
        return open_platform(platform, settings.with_credentials(values), clock, picture_bytes)

    # One of a kind, without anybody's keys: those of the environment are one Account's own.
    kinds = {
        name: opened(name, dict.fromkeys(one.own_settings, "")) for name, one in environment.items()
    }
    vault = Vault(settings.encryption_key_list)
    found = Credentials(Roster(store, kinds), vault, opened, environment)
    found.refresh()
    return found


def platforms_of(
    settings: Settings, clock: Clock, store: Store, environment: Mapping[str, Platform]
) -> Mapping[str, Platform]:
    """The Platforms by Account name, those the environment gives and those in the store."""
    speakers = Speakers(credentials_of(settings, clock, store, environment))
    return speakers if environment.keys() <= speakers.keys() else environment


def _stored_picture(store: Store, image: Image) -> bytes | None:
    with store.read() as session:
        return media.content(session, image.sha256)


def imprint_of(settings: Settings, questions_open: int = 0) -> Imprint:
    return Imprint(
        mode=settings.imprint_mode,
        promoter=settings.imprint_promoter,
        address=settings.imprint_address,
        on_behalf_of=settings.imprint_on_behalf_of,
        fallback=settings.imprint_fallback,
        questions_open=questions_open,
    )


def imprint_slips(settings: Settings, platforms: Mapping[str, Platform]) -> list[tuple[bool, str]]:
    """What a Platform makes a link of in the imprint: whether it is a mistake, and what to do."""
    line = imprint_of(settings).line("yes")
    if line is None:
        return []
    return [
        found
        for platform in platforms.values()
        for found in links_in(line, platform.measure, platform.rules.title)
    ]


def style_of(settings: Settings) -> Style:
    acronyms: dict[str, set[str]] = {}
    for entry in settings.known_acronyms:
        campaign, _, acronym = entry.rpartition(":")
        acronyms.setdefault(campaign.strip().casefold(), set()).add(acronym.strip())
    return Style(
        tagged_campaigns=frozenset(name.casefold() for name in settings.utm_campaigns),
        acronyms={campaign: frozenset(known) for campaign, known in acronyms.items()},
    )


def admission_of(
    settings: Settings,
    clock: Clock,
    platforms: Mapping[str, Platform],
    questions_open: int = 0,
    kinds: Mapping[str, Platform] | None = None,
) -> Admission:
    return Admission(
        clock=clock,
        zone=settings.zone,
        too_late=settings.too_late,
        spacing=settings.min_spacing,
        imprint=imprint_of(settings, questions_open),
        platforms=platforms,
        kinds=kinds or {},
        defaults=platforms.by_default if isinstance(platforms, Speakers) else None,
        style=style_of(settings),
        pictures=Pictures(settings.posts_dir),
        template=Templates(settings.posts_dir).named,
    )


def build(settings: Settings, clock: Clock = system_now, *, create: bool = False) -> Bot:
    """Open the database (made when missing, with `create`) and wire every room to it."""
    store = Store(settings.database_url.get_secret_value(), clock)
    if create and schema.revision(store) is None:
        schema.upgrade(store)
    schema.require_current(store)
    picture_bytes = partial(_stored_picture, store)
    environment = open_platforms(settings, clock, picture_bytes)
    health.register(store, clock, environment)
    with store.read() as session:
        answered = {key: row.said for key, row in answers.newest(session).items()}
    credentials = credentials_of(settings, clock, store, environment, picture_bytes)
    platforms, by_id = Speakers(credentials), SpeakersById(credentials)
    kinds = credentials.roster.kinds
    still_open = len(questions.still_open(answered))
    admission = admission_of(settings, clock, platforms, still_open, kinds)
    limits = _limits(settings, credentials.budgets, admission.imprint)
    deliverer = Deliverer(store, clock, by_id, limits)
    feeds = Feeds(store, clock, admission, settings)
    return Bot(
        settings=settings,
        clock=clock,
        store=store,
        platforms=platforms,
        by_id=by_id,
        kinds=kinds,
        credentials=credentials,
        connections=Connections(
            store, clock, credentials, SignIns(store, clock, credentials.vault)
        ),
        admission=admission,
        planner=Planner(store, clock, settings.zone, settings.min_spacing, settings.too_late),
        recurrence=Recurrence(store, admission),
        templates=Templates(settings.posts_dir),
        folder=Folder(settings.posts_dir, store, admission, terminal_actor()),
        feeds=feeds,
        deliverer=deliverer,
        confirmer=Confirmer(deliverer, steady(clock)),
        watch=Watch(deliverer),
        budgets=Budgets(store, clock, by_id, limits.monthly_budgets),
        collector=Collector(store, clock, by_id, settings.count_after, limits.monthly_budgets),
        own_pages=OwnPages(store, clock, by_id, limits.monthly_budgets),
        by_hand=ByHand(store, clock, by_id),
        expected_imprint=Expected(
            admission.imprint.whole_line, partial(_page_words, feeds, settings.imprint_fallback)
        ),
    )


def _page_words(feeds: Feeds, address: str) -> str:
    """The words of the page that shows the imprint; empty where there is none to be had."""
    if not address.startswith("https://"):
        return ""
    try:
        return plain(feeds.fetcher.get(address).body.decode("utf-8", "replace"), MAX_PAGE_WORDS)
    except FetchFailed:
        return ""


def _limits(settings: Settings, budgets: Mapping[int, Decimal], imprint: Imprint) -> Limits:
    return Limits(
        send_timeout=timedelta(seconds=settings.send_timeout_seconds),
        spacing=settings.min_spacing,
        too_late=settings.too_late,
        confirm_after=settings.confirm_after,
        first_count_after=min(settings.count_after, default=None),
        monthly_budgets=budgets,
        imprint_answered=imprint.is_answered,
    )
