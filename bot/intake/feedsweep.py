"""Reads many feeds side by side, but those of one host one after the other.

A sweep is over soon: a host that is slow keeps its own feeds waiting, and what could not begin in
time is left for the next sweep, which takes the longest waiting first.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar
from urllib.parse import urlsplit

from bot.clock import monotonic

THREADS = 6
BEGIN_WITHIN_SECONDS = 30.0

T = TypeVar("T")


def sweep(
    due: Sequence[tuple[str, str]], poll: Callable[[str], T | None], may_go_on: Callable[[], bool]
) -> list[T]:
    """Poll these feeds, given as name and address; what came of those that were read."""
    lanes: dict[str, list[str]] = {}
    for name, url in due:
        lanes.setdefault(urlsplit(url).hostname or "", []).append(name)
    stop_at = monotonic() + BEGIN_WITHIN_SECONDS

    def follow(names: list[str]) -> list[T]:
        found = (poll(name) for name in names if monotonic() < stop_at and may_go_on())
        return [polled for polled in found if polled is not None]

    if len(lanes) < 2:
        return [polled for names in lanes.values() for polled in follow(names)]
    with ThreadPoolExecutor(min(THREADS, len(lanes)), thread_name_prefix="feeds") as pool:
        return [polled for found in pool.map(follow, lanes.values()) for polled in found]
