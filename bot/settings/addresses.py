"""The list of places alarms go to, as ALERT_URLS holds it: in order, some for certain kinds only.

`budget=mailto://… ntfys://…`: entries stand apart by spaces or commas. Nothing here shows one.
"""

import re
from dataclasses import dataclass, field

# What an alarm may be about. The docs say who is usually told of which.
KINDS = ("bot", "posts", "accounts", "budget", "machine", "feeds")
# A comma inside an address (two recipients) parts nothing; one before the next address does.
BETWEEN = re.compile(r"\s+|,\s*(?=(?:[a-z+]+=)?[a-z][a-z0-9]*://)", re.IGNORECASE)
ENTRY = re.compile(r"(?:([a-z+]+)=)?([a-z][a-z0-9]*://\S+)", re.IGNORECASE)
MOST = 10


@dataclass(frozen=True, slots=True)
class Address:
    """One place alarms go to; no kinds means all."""

    url: str = field(repr=False)
    kinds: frozenset[str] = frozenset()


def read(text: str) -> tuple[Address, ...]:
    """Every entry in its order; ValueError names the first that is wrong by its number alone."""
    entries = [one for one in BETWEEN.split(text.strip().strip(",")) if one]
    if len(entries) > MOST:
        raise ValueError(f"write {MOST} addresses at the most")
    return tuple(_address(n, one) for n, one in enumerate(entries, 1))


def _address(n: int, entry: str) -> Address:
    match = ENTRY.fullmatch(entry)
    if match is None:
        raise ValueError(
            f"entry {n} is no address. Write one such as mailtos://… or budget=ntfys://…"
        )
    kinds = frozenset((match[1] or "").lower().split("+")) - {""}
    if unknown := sorted(kinds - set(KINDS)):
        raise ValueError(f"entry {n}: there is no kind {unknown[0]}. Kinds: {', '.join(KINDS)}")
    return Address(match[2], kinds)
