"""Where fault tests write what they measured; `bench/faults` makes its table of it.

Writes nothing unless FAULT_SCORES names a file.
"""

import json
import os


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
    """Append one measured row.

    `copies` counts those beyond the first, `lost` posts neither out nor shown, `shown` posts that
    a person was told of with the reason; `seconds` is the longest from the end of the fault until
    all was out, None where nothing was to go out.
    """
    place = os.environ.get("FAULT_SCORES")
    if not place:
        return
    row = {
        "fault": fault,
        "number": number,
        "trials": trials,
        "copies": copies,
        "lost": lost,
        "shown": shown,
        "seconds": seconds,
    }
    with open(place, "a", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")
