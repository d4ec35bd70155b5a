"""Drops what dead workers left in the engine's queue; never gives any of it a second try.

The row of the Delivery decides what is to be done: its hint is forgotten, so that the next sweep
hands it over again if it still waits.
"""

import asyncio
import contextlib
from collections.abc import Callable, Sequence

from procrastinate import App
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import Status

SIGN_OF_LIFE_SECONDS = 3
STALLED_AFTER_SECONDS = 10
EVERY_SECONDS = 5
KEPT_HOURS = 24

Forget = Callable[[Sequence[int]], None]


async def keep_tidy(app: App, queue: str, forget: Forget) -> None:
    """Tidy for ever, every few seconds; what fails is tried again the next time."""
    while True:
        with contextlib.suppress(ConnectorException):
            await tidy(app, queue, forget)
        await asyncio.sleep(EVERY_SECONDS)


async def tidy(app: App, queue: str, forget: Forget) -> int:
    """Drop stalled entries, and old ones that ended badly; how many were stalled."""
    manager = app.job_manager
    stalled = list(
        await manager.get_stalled_jobs(queue=queue, seconds_since_heartbeat=STALLED_AFTER_SECONDS)
    )
    for entry in stalled:
        with contextlib.suppress(ConnectorException):  # another worker's janitor was faster
            await manager.finish_job_by_id_async(
                job_id=entry.id or 0, status=Status.FAILED, delete_job=True
            )
    if stalled:
        ids = (entry.task_kwargs.get("delivery_id") for entry in stalled)
        await asyncio.to_thread(forget, [one for one in ids if isinstance(one, int)])
    await manager.delete_old_jobs(
        nb_hours=KEPT_HOURS,
        queue=queue,
        include_failed=True,
        include_cancelled=True,
        include_aborted=True,
    )
    return len(stalled)
