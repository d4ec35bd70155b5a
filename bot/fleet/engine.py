"""Carries hints through Procrastinate, between any number of workers on one PostgreSQL.

A hint is enqueued in the transaction that marks its row, on that transaction's own connection.
Workers take them in a thread with an event loop; when the database goes, they come back with it. No
locks and no retries of the engine: a hint it loses is given again.
"""

import asyncio
import contextlib
import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from enum import IntEnum
from itertools import groupby

import structlog
from procrastinate import App, PsycopgConnector, SyncPsycopgConnector
from procrastinate.exceptions import ConnectorException
from procrastinate.types import JSONDict
from psycopg import ProgrammingError

from bot.delivery import sweep
from bot.errors import BotError, StoreError
from bot.fleet import janitor, tables
from bot.store.claims import Hint
from bot.store.engine import Session, Store

QUEUE, LOOK = "hints", "look"
POLL_SECONDS = 1.0
AGAIN_SECONDS = 1.0
# At the slowest rate measured for one box this is begun well before a hint is given again.
MOST_WAITING = 512
CONNECTIONS = 5
UNREACHABLE = "The database cannot be reached. Check DATABASE_URL."
log = structlog.get_logger()
# It logs every step of every hint; what matters of it is said here.
for _name in ("procrastinate", "psycopg.pool"):
    logging.getLogger(_name).setLevel(logging.CRITICAL)


class Priority(IntEnum):
    """Who is taken first; alarms about what needs a person go before any post."""

    ORDINARY = 0
    URGENT = 10
    ALERT = 20


class Engine:
    """Enqueues the hints of this Worker's sweeps, and takes those of any."""

    def __init__(self, store: Store, threads: int, look_at: Callable[[int], None]) -> None:
        self._store, self._threads, self._look_at = store, threads, look_at
        # Never opened: it only speaks on connections that others give it. The App that works has an
        # asynchronous connector, which cannot do that.
        self._sender = App(connector=SyncPsycopgConnector())
        self._stopping = threading.Event()
        self._drain_seconds = 0.0
        self._serving: asyncio.Task[None] | None = None
        self._thread = threading.Thread(target=self._live, name="engine", daemon=True)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="send")

    def start(self) -> None:
        self._thread.start()

    def room(self) -> int:
        return MOST_WAITING - tables.waiting(self._store, QUEUE, MOST_WAITING)

    def carry(self, session: Session, hints: Sequence[Hint]) -> None:
        connection = self._store.driver_connection(session)
        by_urgency = groupby(sorted(hints, key=_priority, reverse=True), key=_priority)
        try:
            for priority, alike in by_urgency:
                self._sender.configure_task(
                    LOOK, queue=QUEUE, priority=priority, allow_unknown=True, connection=connection
                ).batch_defer(*(_entry(hint) for hint in alike))
        except ConnectorException as error:
            is_missing = isinstance(error.__cause__, ProgrammingError)
            raise StoreError(tables.MISSING if is_missing else UNREACHABLE) from error

    def begin(self, hints: Sequence[Hint]) -> None:
        """Nothing: whoever is free takes them."""

    def drain(self, seconds: float) -> bool:
        self._drain_seconds = seconds
        self._stopping.set()
        serving = self._serving
        if serving is not None:
            with contextlib.suppress(RuntimeError):  # its loop has ended by itself
                serving.get_loop().call_soon_threadsafe(serving.cancel)
        self._thread.join(seconds)
        self._pool.shutdown(wait=False, cancel_futures=True)
        return not self._thread.is_alive()

    def _live(self) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            asyncio.run(self._serve())

    async def _serve(self) -> None:
        """Work until stopped, and begin again whenever the database lets go of us."""
        self._serving = asyncio.current_task()
        while not self._stopping.is_set():
            try:
                await self._work()
            except Exception as error:  # noqa: BLE001  # whatever it is, hints must be taken again
                log.warning("engine stopped", action="engine stopped", reason=type(error).__name__)
            if not self._stopping.is_set():
                await asyncio.sleep(AGAIN_SECONDS)

    async def _work(self) -> None:
        app = self._app()
        async with app.open_async():
            tidying = asyncio.create_task(janitor.keep_tidy(app, QUEUE, self._forget))
            try:
                await app.run_worker_async(
                    queues=[QUEUE],
                    concurrency=self._threads,
                    fetch_job_polling_interval=POLL_SECONDS,
                    update_heartbeat_interval=janitor.SIGN_OF_LIFE_SECONDS,
                    stalled_worker_timeout=janitor.STALLED_AFTER_SECONDS,
                    delete_jobs="successful",
                    install_signal_handlers=False,
                )
            finally:
                tidying.cancel()
                await asyncio.gather(tidying, return_exceptions=True)

    def _app(self) -> App:
        address, line = self._store.driver_settings
        connector = PsycopgConnector(
            conninfo=address, kwargs=line, min_size=1, max_size=CONNECTIONS, timeout=5
        )
        app = App(connector=connector)

        @app.task(name=LOOK, queue=QUEUE)
        async def look(delivery_id: int) -> None:
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(self._pool, self._look_at, delivery_id)

        return app

    def _forget(self, ids: Sequence[int]) -> None:
        with contextlib.suppress(BotError):  # then they are given again a little later
            sweep.forget(self._store, ids)


def _entry(hint: Hint) -> JSONDict:
    return {"delivery_id": hint.delivery_id}


def _priority(hint: Hint) -> Priority:
    return Priority.URGENT if hint.is_urgent else Priority.ORDINARY
