"""Builds everything from settings. The only place that picks a Platform."""

import getpass
import logging
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any, TextIO

import structlog

from bot.accounts import health
from bot.clock import Clock, steady, system_now
from bot.decisions.record import Decider
from bot.delivery.confirm import Confirmer
from bot.delivery.deliver import Deliverer, Limits
from bot.engagement.collect import Collector
from bot.formatting.imprint import Imprint
from bot.intake.admission import Admission
from bot.intake.feeds import Feeds
from bot.intake.folder import Folder
from bot.platforms import REGISTRY, open_platform
from bot.platforms.contract import Platform
from bot.reports import words
from bot.settings import Settings
from bot.store import accounts, schema
from bot.store.engine import Store
from bot.timetable.planner import Planner
from bot.wire.redaction import redact


@dataclass(frozen=True, slots=True)
class Bot:
    """One bot on one database: the rooms, wired."""

    settings: Settings
    clock: Clock
    store: Store
    platforms: Mapping[str, Platform]
    by_id: Mapping[int, Platform]
    admission: Admission
    planner: Planner
    folder: Folder
    feeds: Feeds
    deliverer: Deliverer
    confirmer: Confirmer
    collector: Collector

    @property
    def accounts_on(self) -> list[int]:
        """Ids of the Accounts whose credentials are set."""
        return [key for key, platform in self.by_id.items() if not platform.missing_settings]

    @property
    def titles(self) -> dict[str, str]:
        """What people call each Account's Platform, by the Account's name."""
        return {name: platform.rules.title for name, platform in self.platforms.items()}

    def decider(self, actor: str | None = None, reason: str | None = None) -> Decider:
        """Decisions made by that person, else by the one at this terminal."""
        return Decider(self.store, self.clock, actor or terminal_actor(), reason)


def terminal_actor() -> str:
    """Who sits at the terminal, as Decisions record it."""
    try:
        return f"cli:{getpass.getuser()}"
    except (KeyError, OSError):
        return "cli:unknown"


def open_platforms(settings: Settings, clock: Clock) -> dict[str, Platform]:
    """Every registered Platform by the name of the Account the environment gives it."""
    return {name: open_platform(name, settings, clock) for name in REGISTRY}


def imprint_of(settings: Settings) -> Imprint:
    return Imprint(
        mode=settings.imprint_mode,
        promoter=settings.imprint_promoter,
        address=settings.imprint_address,
        on_behalf_of=settings.imprint_on_behalf_of,
    )


def admission_of(settings: Settings, clock: Clock, platforms: Mapping[str, Platform]) -> Admission:
    return Admission(
        clock=clock,
        zone=settings.zone,
        too_late=settings.too_late,
        spacing=settings.min_spacing,
        imprint=imprint_of(settings),
        platforms=platforms,
    )


def build(settings: Settings, clock: Clock = system_now, *, create: bool = False) -> Bot:
    """Open the database (made when missing, with `create`) and wire every room to it."""
    store = Store(settings.database_url.get_secret_value(), clock)
    if create and schema.revision(store) is None:
        schema.upgrade(store)
    schema.require_current(store)
    platforms = open_platforms(settings, clock)
    health.register(store, clock, platforms)
    with store.read() as session:
        rows = [row for row in accounts.all_of(session) if row.name in platforms]
    by_id = {row.id: platforms[row.name] for row in rows}
    admission = admission_of(settings, clock, platforms)
    deliverer = Deliverer(store, clock, by_id, _limits(settings, by_id))
    return Bot(
        settings=settings,
        clock=clock,
        store=store,
        platforms=platforms,
        by_id=by_id,
        admission=admission,
        planner=Planner(store, clock, settings.zone, settings.min_spacing, settings.too_late),
        folder=Folder(settings.posts_dir, store, admission, terminal_actor()),
        feeds=Feeds(store, clock, admission, settings),
        deliverer=deliverer,
        confirmer=Confirmer(deliverer, steady(clock)),
        collector=Collector(store, clock, by_id, settings.count_after),
    )


def _limits(settings: Settings, by_id: Mapping[int, Platform]) -> Limits:
    budgets: dict[int, Decimal] = {}
    for key, platform in by_id.items():
        budget = platform.monthly_budget
        if budget is not None:
            budgets[key] = budget
    return Limits(
        send_timeout=timedelta(seconds=settings.send_timeout_seconds),
        spacing=settings.min_spacing,
        too_late=settings.too_late,
        confirm_after=settings.confirm_after,
        first_count_after=min(settings.count_after, default=None),
        monthly_budgets=budgets,
        imprint_answered=settings.imprint_answered,
    )


def configure_log(settings: Settings, *, quiet: bool = False, file: TextIO | None = None) -> None:
    """One line an event, to standard error or a file, as words or JSON, every secret scrubbed."""
    secrets = settings.secrets()

    def scrub(_logger: Any, _name: str, event: Any) -> Any:
        return {
            key: redact(value, secrets) if isinstance(value, str) else value
            for key, value in event.items()
        }

    def in_words(_logger: Any, _name: str, event: Any) -> str:
        return f"{system_now().astimezone(settings.zone):%H:%M:%S}  {words.event_line(event)}"

    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            scrub,
            structlog.processors.JSONRenderer() if settings.log_format == "json" else in_words,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.ERROR if quiet else logging.INFO
        ),
        logger_factory=structlog.WriteLoggerFactory(file=file or sys.stderr),
        cache_logger_on_first_use=file is None,
    )
