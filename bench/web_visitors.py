"""People for `bench/web`: invited, signed in over HTTP as a browser would, and clicking about."""

import random
import re
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

sys.path[:0] = [str(Path(__file__).resolve().parent.parent / "tests")]

from web.site import Visitor  # noqa: E402

from bot.decisions import people  # noqa: E402
from bot.decisions.record import Decider  # noqa: E402
from bot.web.invitations import link_outside  # noqa: E402

THINKS_SECONDS = (1.0, 2.0)


@dataclass
class Crowd:
    """Signs people in at one address; `took` gathers seconds a request by the page's name."""

    bot: Any
    app: Any
    url: str
    took: dict[str, list[float]] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def person(self, role: str, name: str) -> Visitor:
        """Somebody invited who chose a password, with a second factor where one is asked for."""
        by = Decider(self.bot.store, self.bot.clock, "cli:bench")
        row = people.invite(by, f"{name.replace(' ', '.')}@example.org", role, name)
        path = re.sub(r"^https?://[^/]+", "", link_outside(self.app, row.id))
        visitor = Visitor(SimpleNamespace(url=self.url))  # type: ignore[arg-type]
        visitor.join(f"{self.url}{path}", name)
        return visitor

    def ask(self, visitor: Visitor, name: str, path: str) -> None:
        """One page, timed; anything but a page is noted."""
        started = time.perf_counter()
        answer = visitor.get(path, allow_redirects=False)
        self.took.setdefault(name, []).append(time.perf_counter() - started)
        if answer.status_code != 200:
            self.wrong.append(f"{name}: {answer.status_code}")

    def click_about(
        self, visitors: list[Visitor], pages: dict[str, str], until: threading.Event
    ) -> list[threading.Thread]:
        """Each goes from page to page, with time to read, until told to stop."""
        threads = [
            threading.Thread(target=self._browse, args=(visitor, pages, until, n), daemon=True)
            for n, visitor in enumerate(visitors)
        ]
        for thread in threads:
            thread.start()
        return threads

    def _browse(
        self, visitor: Visitor, pages: dict[str, str], until: threading.Event, seed: int
    ) -> None:
        dice = random.Random(seed)
        while not until.wait(dice.uniform(*THINKS_SECONDS)):
            self.ask(visitor, *dice.choice(list(pages.items())))
