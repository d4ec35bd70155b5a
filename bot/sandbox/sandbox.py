"""The simulated platforms as one object: start it, point a bot at it, plan trouble, read the truth.

Listens on 127.0.0.1 only and calls nobody. Holds no behaviour of its own: each method hands over
to the room that has it.
"""

import threading
from collections import deque
from collections.abc import Callable
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from werkzeug.wrappers import Request

from bot.sandbox import deeds, front, page
from bot.sandbox.accounts import Accounts
from bot.sandbox.feed import Article
from bot.sandbox.ledger import Entry, Ledger
from bot.sandbox.server import LoopbackServer
from bot.sandbox.wire import Reply
from bot.sandbox.world import Asked, Switches, World, make_world


class Sandbox:
    """A simulated X and Facebook on one loopback port."""

    def __init__(
        self,
        port: int = 0,
        seed: int = 1,
        clock: Callable[[], datetime] | None = None,
        time_scale: float = 1.0,
    ) -> None:
        self._port = port
        self._world = make_world(seed, clock, time_scale)
        self._server: LoopbackServer | None = None

    def start(self) -> Self:
        """Begin to listen; OSError when the port is taken."""
        if self._server is None:
            self._world.stopping = threading.Event()
            self._server = LoopbackServer(self._port, self._answer, self._world.stopping)
            # Started again, it keeps its port, so that addresses given out stay good.
            self._port = self._server.port
            self._world.url = f"http://127.0.0.1:{self._port}"
            self._server.start()
        return self

    def stop(self) -> None:
        """End every connection and stop listening; the ledger stays readable."""
        if self._server is not None:
            self._server.stop()
            self._server = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def _answer(self, request: Request) -> Reply:
        return front.answer(self._world, request)

    @property
    def url(self) -> str:
        """Where the drawn timelines are."""
        if not self._world.url:
            raise RuntimeError("The sandbox has no address before it is started.")
        return self._world.url

    @property
    def x_url(self) -> str:
        """The value for X_API_URL."""
        return f"{self.url}/x"

    @property
    def graph_url(self) -> str:
        """The value for FACEBOOK_GRAPH_URL."""
        return f"{self.url}/graph"

    @property
    def feed_url(self) -> str:
        """An Atom feed whose articles `add_article` adds."""
        return f"{self.url}/feed.atom"

    def settings(self) -> dict[str, str]:
        """The environment settings that point a bot here."""
        return self.accounts.settings(self.x_url, self.graph_url)

    @property
    def ledger(self) -> Ledger:
        """Every post that was accepted."""
        return self._world.ledger

    @property
    def requests(self) -> deque[Asked]:
        """The last requests: platform, method, path, at, status (0: no reply written)."""
        return self._world.requests

    @property
    def accounts(self) -> Accounts:
        """The two accounts; a test may change their profiles."""
        return self._world.accounts

    @property
    def switches(self) -> Switches:
        """Standing choices: metric_names, small_page, enforce_limits, duplicate_seconds."""
        return self._world.switches

    @property
    def metric_names(self) -> str:
        """`old`: retweet_count; `new`: repost_count, as X's spec 2.167 has it."""
        return self.switches.metric_names

    @metric_names.setter
    def metric_names(self, names: str) -> None:
        self.switches.metric_names = names

    @property
    def small_page(self) -> bool:
        """Whether the Page is too small for insights."""
        return self.switches.small_page

    @small_page.setter
    def small_page(self, is_small: bool) -> None:
        self.switches.small_page = is_small

    def fault(self, platform: str, kind: str, count: int | None = 1, **options: Any) -> None:
        """Let the next `count` matching requests go wrong; None means until cleared."""
        deeds.plan(self._world, platform, kind, count, options)

    def timelines(self) -> str:
        """The page of both timelines as it is drawn now, to keep after the server has stopped."""
        return page.draw_to_keep(self._world)

    def clear_faults(self) -> None:
        """Drop every fault that still waits."""
        self._world.faults.clear()

    def add_article(
        self, title: str = "An article", link: str | None = None, summary: str = ""
    ) -> Article:
        """Publish an article in the feed; without a link it gets a page here."""
        return self._world.articles.add(title, link, summary)

    def post_by_hand(self, platform: str, text: str, app_id: str = "") -> Entry:
        """Publish as a person would in the platform's own app; Facebook may name which."""
        return deeds.post_by_hand(self._world, platform, text, app_id)

    def neighbour(self) -> World:
        """Another X profile and Page of the same app here: its `accounts` and its `ledger`."""
        return self._world.move_in()

    def reset(self) -> None:
        """Empty the ledger, the feed, the faults and the recorded requests."""
        self._world.reset()
