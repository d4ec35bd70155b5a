"""What is locked for running the bot, with what each package says of itself."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.markers import Marker

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("runtime.txt", "fleet.txt")
PINNED = re.compile(
    r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^ \\;]+)(?: ; (?P<marker>[^\\]+?))? \\$"
)
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
FREE = re.compile(r"^License :: (?:OSI Approved :: )?(.+)$")
# Some write their whole licence there.
LONGEST = 60


@dataclass(frozen=True, slots=True)
class Locked:
    """One package as the lock has it, and itself; None where this machine does not need it."""

    name: str
    version: str
    hashes: tuple[str, ...]
    itself: Distribution | None

    @property
    def licence(self) -> str:
        """In the package's own words: an SPDX expression, else a short text, else classifiers."""
        if self.itself is None:
            return ""
        told = self.itself.metadata
        short = str(told.get("License") or "").strip()
        classified = [FREE.match(one) for one in told.get_all("Classifier") or []]
        return (
            told.get("License-Expression")
            or (short if short and len(short) <= LONGEST and "\n" not in short else "")
            or ", ".join(found[1] for found in classified if found)
        )


def packages(only: str | None = None) -> Iterator[Locked]:
    """Every package of the locks for running; LookupError where what is installed is another."""
    seen = set()
    for lock in LOCKS if only is None else (only,):
        text = (ROOT / "requirements" / lock).read_text(encoding="utf-8")
        for entry in re.split(r"\n(?=\S)", text):
            found = PINNED.match(entry.split("\n")[0])
            if found is None or (found["name"], found["version"]) in seen:
                continue
            seen.add((found["name"], found["version"]))
            hashes = tuple(HASH.findall(entry))
            wanted = found["marker"] is None or Marker(found["marker"]).evaluate()
            itself = _installed(found["name"], found["version"]) if wanted else None
            yield Locked(found["name"], found["version"], hashes, itself)


def _installed(name: str, version: str) -> Distribution:
    try:
        itself = distribution(name)
    except PackageNotFoundError:
        raise LookupError(f"{name} is locked and not installed. Type: make setup") from None
    if itself.version != version:
        raise LookupError(f"{name} is {itself.version} here and {version} in the lock: make setup")
    return itself
