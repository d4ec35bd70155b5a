"""The process that tells one receiver: one address, a title and words in, one sentence out.

The only place that imports Apprise, which is large and writes addresses into its log: it lives for
one telling, has no setting of the bot, and what it logs goes nowhere. Apprise 2.3, read 2026-11-26.
"""

import json
import logging
import re
import sys
from typing import Any

from bot import confined

MEMORY_BYTES = 1024 * 1024 * 1024
UNREADABLE = "It is no address that can be told anything."
NOT_TAKEN = "It did not take it{code}."
# What Apprise writes when a service refuses: `error=401`. Nothing else of a line is safe to show.
STATUS = re.compile(r"\berror[=:]\s*(\d{3})\b")


class _Codes(logging.Handler):
    """Keeps the status a service answered with, and nothing else of what is logged."""

    code = ""

    def emit(self, record: logging.LogRecord) -> None:
        found = STATUS.search(record.getMessage())
        self.code = f" (it answered {found[1]})" if found else self.code


def tell(asked: dict[str, Any]) -> str:
    """Hand it over; an empty text where it was taken, else why not."""
    import apprise

    codes = _Codes()
    log = logging.getLogger("apprise")
    log.handlers, log.propagate = [codes], False
    log.setLevel(logging.WARNING)
    asset = apprise.AppriseAsset(
        app_id="Campaign bot",
        app_desc="Campaign bot",
        app_url="",
        async_mode=False,
        http_redirects=False,
        storage_mode=apprise.PersistentStoreMode.MEMORY,
    )
    post = apprise.Apprise(asset=asset)
    if not post.add(asked["url"]):
        return UNREADABLE
    taken = post.notify(title=asked["title"], body=asked["body"], body_format="text")
    return "" if taken else NOT_TAKEN.format(code=codes.code)


def main() -> None:
    """Answer the one question on standard input."""
    confined.limit("RLIMIT_AS", MEMORY_BYTES)
    asked = json.loads(sys.stdin.buffer.read())
    sys.stdout.write(json.dumps({"error": tell(asked)}))


if __name__ == "__main__":
    main()
