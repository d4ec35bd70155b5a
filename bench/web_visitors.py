"""People for `bench/web`: invited, signed in over HTTP as a browser would, and clicking about."""

import json
import random
import re
import subprocess
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
        self, visitors: list[Visitor], pages: dict[str, str], seconds: float
    ) -> "subprocess.Popen[str]":
        """Let them click about in a process of their own, as browsers are; see `told`."""
        asked = {
            "url": self.url,
            "cookies": [visitor.http.cookies.get_dict() for visitor in visitors],
            "pages": pages,
            "seconds": seconds,
        }
        child = subprocess.Popen(
            [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert child.stdin is not None
        child.stdin.write(json.dumps(asked))
        child.stdin.close()
        return child

    def told(self, child: "subprocess.Popen[str]") -> None:
        """What that process saw, in place of what was seen before."""
        assert child.stdout is not None
        found = json.loads(child.stdout.read())
        child.wait()
        self.took, self.wrong = found["took"], found["wrong"]


def _browse(crowd: Crowd, visitor: Visitor, pages: dict[str, str], end: float, seed: int) -> None:
    dice = random.Random(seed)
    time.sleep(dice.uniform(0, THINKS_SECONDS[1]))
    while time.monotonic() < end:
        crowd.ask(visitor, *dice.choice(list(pages.items())))
        time.sleep(dice.uniform(*THINKS_SECONDS))


def main() -> None:
    """Each goes from page to page, with time to read, until the time is over."""
    asked: dict[str, Any] = json.load(sys.stdin)
    crowd = Crowd(None, None, asked["url"])
    end, threads = time.monotonic() + asked["seconds"], []
    for n, cookies in enumerate(asked["cookies"]):
        visitor = Visitor(SimpleNamespace(url=crowd.url))  # type: ignore[arg-type]
        visitor.http.cookies.update(cookies)
        threads.append(
            threading.Thread(target=_browse, args=(crowd, visitor, asked["pages"], end, n))
        )
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    json.dump({"took": crowd.took, "wrong": crowd.wrong}, sys.stdout)


if __name__ == "__main__":
    main()
