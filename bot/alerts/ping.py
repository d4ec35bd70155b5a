"""The dead man's switch: an address outside that is asked each minute, and tells when that stops.

A service that can be told of a failure is; of others the ping just stays away. One short request,
never repeated. Healthchecks: https://healthchecks.io/docs/signaling_failures/, read 2026-11-26.
"""

import re
from urllib.parse import urlsplit, urlunsplit

from bot.wire.faults import WireError
from bot.wire.session import Session

DEADLINE_SECONDS = 10
MOST_BYTES = 64 * 1024
# Healthchecks, theirs or one's own, takes /fail behind a check's address.
TAKES_FAIL = re.compile(r"^(?:https?://hc-ping\.com/|https?://[^/]+/ping/)")


def asked(url: str, *, is_well: bool) -> str | None:
    """The address to ask now; None where it is to stay away."""
    if is_well:
        return url
    if TAKES_FAIL.match(url) is None:
        return None
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/fail"))


def ping(url: str) -> str | None:
    """Ask it once; why it did not take it, or None."""
    with Session(
        deadline_seconds=DEADLINE_SECONDS,
        secrets=(url,),
        max_wire_bytes=MOST_BYTES,
        max_body_bytes=MOST_BYTES,
    ) as session:
        try:
            status = session.get(url).status_code
        except WireError as error:
            return f"It was not reached: {error}."
    return None if status < 400 else f"It answered {status}."
