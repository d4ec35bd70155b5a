"""The process that reads what strangers wrote, one question after the other, within hard limits.

Started by `reader`, told nothing but the bytes to read, and given no secret. It answers in JSON. It
opens no connection, and may write no file; the kernel ends it when it wants too much of anything.
"""

import json
import os
import sys
from collections.abc import Callable
from typing import Any

from bot.confined import limit
from bot.errors import FetchFailed
from bot.intake.answers import to_plain

MEMORY_BYTES = 256 * 1024 * 1024
CPU_SECONDS = 3
READY = b"ready\n"


def _feed(body: bytes, content_type: str, url: str) -> Any:
    from bot.intake.feedparse import parse

    return parse(body, content_type, url)


def _page(body: bytes, content_type: str, url: str) -> Any:
    from bot.intake.articlepage import read_page

    return read_page(body, content_type, url)


def _links(body: bytes, content_type: str, url: str) -> Any:
    from bot.intake.feedlinks import read_links

    return read_links(body, content_type, url)


QUESTIONS: dict[str, Callable[[bytes, str, str], Any]] = {
    "feed": _feed,
    "page": _page,
    "links": _links,
}


def main() -> None:
    """Say that it is ready, then answer until there are no more questions.

    Each answer is its length and its JSON.
    """
    import feedparser  # noqa: F401  it takes long to load, which is no feed's fault

    limit("RLIMIT_AS", MEMORY_BYTES)
    limit("RLIMIT_FSIZE", 0)
    limit("RLIMIT_CORE", 0)
    questions, answers = sys.stdin.buffer, sys.stdout.buffer
    answers.write(READY)
    answers.flush()
    while head := questions.readline(10_000):
        asked = json.loads(head)
        body = questions.read(asked["size"])
        limit("RLIMIT_CPU", _cpu_seconds_used() + CPU_SECONDS + 1)
        answer = json.dumps(answered(asked, body)).encode()
        answers.write(b"%d\n" % len(answer) + answer)
        answers.flush()


def answered(asked: dict[str, Any], body: bytes) -> dict[str, Any]:
    """What this question comes to, or why it cannot be answered, in words for people."""
    try:
        read = QUESTIONS[asked["question"]]
        return {"found": to_plain(read(body, asked["content_type"], asked["url"]))}
    except FetchFailed as error:
        return {"refused": str(error)}
    except MemoryError:
        os._exit(1)  # what is left of this process is not to be relied on
    except Exception:  # noqa: BLE001  any kind: a stranger's bytes decide what goes wrong
        return {"refused": "It is so badly written that it cannot be read."}


def _cpu_seconds_used() -> int:
    return int(sum(os.times()[:2]))


if __name__ == "__main__":
    main()
