"""What a bench found: figures with the aims they have, printed for people and kept as JSON.

A figure that misses its aim is said to, and ends the bench with 1; none is ever left out.
"""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """One figure, and between what it should be."""

    name: str
    value: float
    unit: str
    at_least: float | None = None
    at_most: float | None = None

    @property
    def is_met(self) -> bool:
        enough = self.at_least is None or self.value >= self.at_least
        return enough and (self.at_most is None or self.value <= self.at_most)

    @property
    def aim(self) -> str:
        """What it should be, in words; empty where it has no aim."""
        said = [
            f"{word} {limit:g}"
            for word, limit in (("at least", self.at_least), ("at most", self.at_most))
            if limit is not None
        ]
        return " and ".join(said)

    @property
    def shown(self) -> str:
        """The value with three figures that mean something, and its unit."""
        digits = 0 if abs(self.value) >= 100 else 1 if abs(self.value) >= 10 else 2
        return f"{self.value:,.{digits}f} {self.unit}".strip()

    def __str__(self) -> str:
        verdict = "" if not self.aim else f"  ({self.aim}{'' if self.is_met else ': MISSED'})"
        return f"{self.name}: {self.shown}{verdict}"


@dataclass
class Figures:
    """The figures of one bench, in order, and what it could not measure."""

    bench: str
    found: list[Figure] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)

    def add(
        self,
        name: str,
        value: float,
        unit: str,
        *,
        at_least: float | None = None,
        at_most: float | None = None,
    ) -> None:
        """Take a figure down and print it at once."""
        self.found.append(Figure(name, value, unit, at_least, at_most))
        print(self.found[-1], flush=True)

    def skip(self, why: str) -> None:
        """Something was not measured; said in the table, too."""
        self.skipped.append(why)
        print(f"not measured: {why}", flush=True)

    def end(self, kept: Path | None) -> int:
        """Keep them where that is asked for; 1 when one misses its aim."""
        if kept is not None:
            rows = [
                asdict(one) | {"aim": one.aim, "is_met": one.is_met, "shown": one.shown}
                for one in self.found
            ]
            kept.write_text(
                json.dumps({"bench": self.bench, "figures": rows, "skipped": self.skipped})
            )
        return int(any(not one.is_met for one in self.found))
