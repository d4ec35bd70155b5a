"""The process that makes one uploaded file ready, within hard limits, and ends.

Started by `darkroom`. It opens no connection and may write no file; the kernel ends it when it
wants too much of anything. It answers a line of JSON, then the bytes of each rendition.
"""

import base64
import json
import pickle
import sys
from dataclasses import asdict

from bot.confined import limit
from bot.errors import PostInvalid
from bot.intake.renditions import renditions
from bot.model.written import Rendition

# A picture of the most pixels that are read, twice over, beside the file itself.
MEMORY_BYTES = 1_200 * 1024 * 1024
CPU_SECONDS = 50


def main() -> None:
    """Read the Rules and the file, answer, and be gone."""
    limit("RLIMIT_AS", MEMORY_BYTES)
    limit("RLIMIT_FSIZE", 0)
    limit("RLIMIT_CORE", 0)
    limit("RLIMIT_CPU", CPU_SECONDS)
    # Written by the process that started this.
    rules = pickle.loads(base64.b64decode(sys.argv[1]))  # noqa: S301
    content = sys.stdin.buffer.read()
    try:
        made = renditions(content, rules)
    except PostInvalid as error:
        sys.stdout.write(json.dumps({"refused": error.reason}) + "\n")
        return
    said = [{"platform": name, **_plain(one)} for name, one in made.items()]
    out = sys.stdout.buffer
    out.write(json.dumps({"found": said}).encode() + b"\n")
    for one in made.values():
        out.write(one.content)
    out.flush()


def _plain(one: Rendition) -> dict[str, object]:
    return {name: value for name, value in asdict(one).items() if name != "content"}


if __name__ == "__main__":
    main()
