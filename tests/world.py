"""What tests are written with: a clock moved by hand, and the rooms on one database."""

import os
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from scripted_platform import ScriptedPlatform
from sqlalchemy import create_engine, make_url, select, text, update

from bot.decisions.record import Decider
from bot.delivery import sweep
from bot.delivery.confirm import Confirmer
from bot.delivery.deliver import Deliverer, Limits
from bot.delivery.watch import Watch
from bot.engagement.collect import Collector
from bot.formatting.imprint import Imprint
from bot.formatting.template import Template
from bot.intake.admission import Admission
from bot.intake.recurrence import Recurrence
from bot.intake.rendering import no_templates
from bot.intake.rows import Source
from bot.model.account import Account
from bot.model.delivery import Attempt, Delivery, Part
from bot.model.written import Written
from bot.store import accounts, claims, deliveries, workers
from bot.store.engine import Store
from bot.store.roster import On
from bot.timetable.planner import Planner

LONDON = ZoneInfo("Europe/London")
NOON = datetime(2026, 12, 1, 12, 0, tzinfo=UTC)
MINUTES = timedelta(minutes=1)
# Databases of tests live in memory where there is such a place: every commit waits for its disk.
SHARED_MEMORY = Path("/dev/shm")
QUICK_DISK = SHARED_MEMORY if os.access(SHARED_MEMORY, os.W_OK) else Path(tempfile.gettempdir())


class HandClock:
    """Time that stands still until a test moves it."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, **length: float) -> None:
        """Let time pass."""
        self.now += timedelta(**length)


@dataclass
class World:
    """The rooms on one database, two scripted Platforms, and time moved by hand."""

    store: Store
    clock: HandClock
    limits: Limits
    x: ScriptedPlatform
    facebook: ScriptedPlatform
    ids: dict[str, int]
    imprint: Imprint = field(default_factory=lambda: Imprint("never"))
    template: Callable[[str], Template] = no_templates
    number: int = 0

    @property
    def by_name(self) -> dict[str, ScriptedPlatform]:
        return {"x": self.x, "facebook": self.facebook}

    @property
    def by_id(self) -> dict[int, ScriptedPlatform]:
        return {self.ids[name]: platform for name, platform in self.by_name.items()}

    @property
    def deliverer(self) -> Deliverer:
        return Deliverer(self.store, self.clock, self.by_id, self.limits)

    @property
    def confirmer(self) -> Confirmer:
        return Confirmer(self.deliverer)

    @property
    def watch(self) -> Watch:
        return Watch(self.deliverer)

    @property
    def planner(self) -> Planner:
        limits = self.limits
        return Planner(self.store, self.clock, LONDON, limits.spacing, limits.too_late)

    @property
    def admission(self) -> Admission:
        return Admission(
            clock=self.clock,
            zone=LONDON,
            too_late=self.limits.too_late,
            spacing=self.limits.spacing,
            imprint=self.imprint,
            platforms=self.by_name,
            template=self.template,
        )

    @property
    def recurrence(self) -> Recurrence:
        return Recurrence(self.store, self.admission)

    @property
    def collector(self) -> Collector:
        ages = (timedelta(hours=1), timedelta(hours=6), timedelta(days=1))
        return Collector(self.store, self.clock, self.by_id, ages, self.limits.monthly_budgets)

    def decider(self, reason: str | None = "because", actor: str = "ana") -> Decider:
        return Decider(self.store, self.clock, actor, reason)

    def limit(self, **changed: Any) -> None:
        """Change what delivery goes by."""
        self.limits = replace(self.limits, **changed)

    def queue(self, body: str = "", to: tuple[str, ...] = ("x",), **fields: Any) -> int:
        """Admit a Post (due this minute unless told otherwise); the id of its first Delivery."""
        self.number += 1
        words = body or ("" if "template" in fields else f"Post number {self.number} for Bogotá.")
        timing = fields.pop("timing", "typed" if "at" in fields else None)
        fields |= {"timing": timing or "typed"}
        if timing is None:
            fields["at"] = self.clock().astimezone(LONDON).replace(tzinfo=None)
        source = Source("test", f"{self.number}.md", f"digest {self.number}", "ana")
        with self.store.write() as session:
            admitted = self.admission.admit(session, Written(body=words, to=to, **fields), source)
            return admitted.deliveries[0].id

    def account(self, name: str = "x") -> Account:
        with self.store.read() as session:
            return accounts.named(session, name)

    def change(self, delivery_id: int, **values: Any) -> None:
        """Set columns of a Delivery as no room would, to stage a situation."""
        with self.store.write() as session:
            session.execute(update(Delivery).where(Delivery.id == delivery_id).values(**values))

    def change_account(self, name: str = "x", **values: Any) -> None:
        with self.store.write() as session:
            session.execute(update(Account).where(Account.name == name).values(**values))

    def row(self, delivery_id: int) -> Delivery:
        with self.store.read() as session:
            return deliveries.get(session, delivery_id)

    def state(self, delivery_id: int) -> str:
        return self.row(delivery_id).state

    def parts(self, delivery_id: int) -> list[Part]:
        with self.store.read() as session:
            return list(deliveries.parts(session, delivery_id))

    def attempts(self, delivery_id: int) -> list[Attempt]:
        with self.store.read() as session:
            return list(claims.attempts(session, [delivery_id]))

    def outcomes(self, delivery_id: int) -> list[str | None]:
        return [attempt.outcome for attempt in self.attempts(delivery_id)]

    def due(self) -> list[int]:
        hints = sweep.due(self.store, self.clock, On(ids=frozenset(self.by_id)))
        return [hint.delivery_id for hint in hints]

    def deliver(self, delivery_id: int, worker_id: int | None = None) -> bool:
        return self.deliverer.deliver(delivery_id, worker_id)

    def send_due(self) -> list[int]:
        """Send all that is due, as the heartbeat does; the ids in the order they were tried."""
        tried: list[int] = []
        while ids := self.due():
            tried += ids
            for delivery_id in ids:
                self.deliver(delivery_id)
        return tried

    def look(self) -> int:
        return self.confirmer.look_due()

    def claim(self, delivery_id: int, token: str = "t", worker_id: int | None = None) -> bool:
        """Take a Delivery as a Worker would just before it dies."""
        with self.store.write() as session:
            return claims.claim(
                session,
                delivery_id,
                worker_id=worker_id,
                token=token,
                now=self.clock(),
                lease_until=self.store.lease_now(session) + self.limits.lease,
            )

    def begin(self, delivery_id: int, token: str = "t") -> int:
        """Write an open Attempt for the first Part that is not out."""
        with self.store.write() as session:
            delivery = deliveries.get(session, delivery_id)
            part = next(p for p in deliveries.parts(session, delivery_id) if p.remote_id is None)
            now = self.clock()
            return claims.begin_attempt(session, delivery, part, token=token, now=now)

    def expire_leases(self) -> None:
        """Let every lease have run out a second ago."""
        with self.store.write() as session:
            past = self.store.lease_now(session) - timedelta(seconds=1)
            sending = Delivery.lease_until.is_not(None)
            session.execute(update(Delivery).where(sending).values(lease_until=past))

    def worker(self) -> int:
        with self.store.write() as session:
            now = self.store.lease_now(session)
            return workers.begin(session, host="here", pid=1, now=now).id

    def all_rows(self) -> list[Delivery]:
        with self.store.read() as session:
            return list(session.scalars(select(Delivery).order_by(Delivery.id)))


def limits_of(**changed: Any) -> Limits:
    """The default limits of the settings table."""
    limits = Limits(
        send_timeout=timedelta(seconds=20),
        spacing=20 * MINUTES,
        too_late=180 * MINUTES,
        confirm_after=(timedelta(seconds=15), MINUTES, 5 * MINUTES, 15 * MINUTES),
        first_count_after=timedelta(hours=1),
        monthly_budgets={},
        imprint_answered=True,
    )
    return replace(limits, **changed)


def make_database(postgres_server: Callable[[str | None], str], name: str) -> None:
    """Create an empty database on the server."""
    url = make_url(postgres_server(None)).set(drivername="postgresql+psycopg")
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}"'))
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    engine.dispose()
