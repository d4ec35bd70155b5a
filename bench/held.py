"""What a process holds in memory."""

from pathlib import Path


def pss_mb(pid: int | str) -> float:
    """Proportional set size of a process, in megabytes; SystemExit where the kernel does not say.

    What it holds alone, and its share of what it shares.
    """
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) / 1024
    raise SystemExit("this kernel does not say what a process holds")
