"""Where the fault tests leave their figures, for `bench/faults` to make one table of.

Writes nothing unless the environment variable FAULT_SCORES names a file; judges nothing.
"""

import json
import os
from pathlib import Path


def record(
    fault: str,
    number: int,
    *,
    trials: int,
    copies: int,
    lost: int,
    shown: int,
    seconds: float | None,
) -> None:
    """Append one line for a fault class.

    `copies` counts posts beyond the first of their kind, `lost` those neither out nor shown to
    anybody, `shown` those a person was told of; `seconds` until the next one went out, if measured.
    """
    name = os.environ.get("FAULT_SCORES")
    if not name:
        return
    figures = {
        "fault": fault,
        "number": number,
        "trials": trials,
        "copies": copies,
        "lost": lost,
        "shown": shown,
        "seconds": seconds,
    }
    with Path(name).open("a", encoding="utf-8") as file:
        file.write(json.dumps(figures) + "\n")
