"""Tells receivers of an alarm, in order, until one takes it. Each in a process of its own.

Addresses hold keys, so a receiver is only ever named by its number, its kind and, where a host is
no secret, its host. What went wrong is said in our words, never in a library's.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bot.confined import environment
from bot.settings.addresses import Address

CHILD = "bot.alerts.notifychild"
WALL_SECONDS = 30.0
MOST_ANSWERED = 10_000
TOO_SLOW = "It did not answer in time."
BROKEN = "The telling itself broke off."
# What people call a kind of address; others are called what they begin with.
SAID = {
    "mailto": "e-mail",
    "mailtos": "e-mail",
    "slack": "Slack",
    "signal": "Signal",
    "signals": "Signal",
    "tgram": "Telegram",
    "ntfy": "ntfy",
    "ntfys": "ntfy",
    "discord": "Discord",
    "matrix": "Matrix",
    "matrixs": "Matrix",
    "gotify": "Gotify",
    "gotifys": "Gotify",
    "json": "web hook",
    "jsons": "web hook",
}
# Only of these is what stands where a host stands one, and not a token or a topic.
WITH_HOST = frozenset({"mailto", "mailtos", "gotify", "gotifys", "json", "jsons"})

# One address, a title and words; why it was not taken, or None.
Tell = Callable[[str, str, str], str | None]


@dataclass(frozen=True, slots=True)
class Place:
    """One receiver: what it is called, what it wants to hear of (nothing: all), its address."""

    label: str
    kinds: frozenset[str]
    url: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Answers:
    """Who took it, and what each that was tried said: None, or why not."""

    taken_by: str | None
    said: dict[str, str | None]

    @property
    def why_not(self) -> str:
        """Why nobody took it."""
        return " ".join(f"{label}: {why}" for label, why in self.said.items() if why)


def places(addresses: Sequence[Address]) -> list[Place]:
    """Every receiver with its name, in order."""
    return [
        Place(f"{n}. {_called(address.url)}", address.kinds, address.url)
        for n, address in enumerate(addresses, 1)
    ]


def _called(url: str) -> str:
    parts = urlsplit(url)
    said = SAID.get(parts.scheme, parts.scheme)
    host = parts.hostname if parts.scheme in WITH_HOST else None
    return f"{said} ({host})" if host else said


def for_kind(found: Sequence[Place], kind: str) -> list[Place]:
    """Who is told of that kind, first to last: those that ask for it, then those that take all."""
    return [one for one in found if kind in one.kinds] + [one for one in found if not one.kinds]


def told_first(found: Sequence[Place], title: str, body: str, tell: Tell | None = None) -> Answers:
    """Tell the first that takes it."""
    said: dict[str, str | None] = {}
    for place in found:
        said[place.label] = (tell or told)(place.url, title, body)
        if said[place.label] is None:
            return Answers(place.label, said)
    return Answers(None, said)


def told(url: str, title: str, body: str) -> str | None:
    """Tell one address; why it was not taken, or None. Never more than WALL_SECONDS."""
    question = json.dumps({"url": url, "title": title, "body": body}).encode()
    try:
        ran = subprocess.run(  # noqa: S603  its words are ours
            [sys.executable, "-s", "-P", "-m", CHILD],
            input=question,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=environment(),
            timeout=WALL_SECONDS,
            check=False,
        )
        answer = json.loads(ran.stdout[:MOST_ANSWERED])["error"]
    except subprocess.TimeoutExpired:
        return TOO_SLOW
    except (OSError, ValueError, KeyError, TypeError):
        return BROKEN
    return str(answer) or None
