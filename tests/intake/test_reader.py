"""The reading process: bounded, replaced when it overruns, and not believed."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.errors import FetchFailed
from bot.intake import reader as reading
from bot.intake.answers import rebuilt, to_plain
from bot.intake.entry import Entry, Parsed
from bot.intake.reader import Reader

HERE = "https://example.org/feed"
FEED = (
    b"<rss version='2.0'><channel><title>S</title><item><title>T</title><guid>1</guid></item>"
    b"</channel></rss>"
)


@pytest.fixture
def reader() -> Iterator[Reader]:
    with Reader(wall_seconds=60.0) as made:
        yield made


def child(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Have this run in place of the reading process, once it said that it is ready."""
    ready = "" if "r.main()" in code else "print('ready', flush=True)\n"

    def start() -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, "-c", ready + code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    monkeypatch.setattr(reading, "_start", start)


def test_one_process_reads_feed_after_feed(reader: Reader) -> None:
    """And is gone when nobody needs it."""
    assert reader.pid is None
    first = reader.feed(FEED, "", HERE)
    pid = reader.pid
    second = reader.feed(FEED, "", HERE)

    assert first == second
    assert [entry.title for entry in first.entries] == ["T"]
    assert pid is not None
    assert reader.pid == pid
    reader.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_refusal_comes_in_the_words_of_the_reader(reader: Reader) -> None:
    """And the process goes on."""
    with pytest.raises(FetchFailed, match="declares entities"):
        reader.feed(b'<!DOCTYPE a [<!ENTITY b "c">]><rss/>', "", HERE)
    pid = reader.pid

    assert reader.feed(FEED, "", HERE).title == "S"
    assert reader.pid == pid


def test_pages_and_links_are_read_there_too(reader: Reader) -> None:
    """One table of questions, each with its own answer."""
    body = (
        b'<html><head><meta property="og:title" content="Free"><title>Free</title>'
        b'<link rel="alternate" type="application/rss+xml" href="/feed"></head><body></body></html>'
    )

    assert [link.url for link in reader.links(body, "text/html", HERE).declared] == [HERE]
    assert reader.page(body, "text/html", HERE).title == "Free"


BUSY = "import sys\nsys.stdin.buffer.readline()\nwhile True: pass"
GREEDY = (
    "import sys\nfrom bot.intake import readerchild as r\n"
    "r.QUESTIONS['feed'] = lambda *_: b'a' * (1 << 30)\nr.main()"
)
HUNGRY = (
    "import sys\nfrom bot.intake import readerchild as r\nr.CPU_SECONDS = 0\n"
    "def burn(*_):\n    while True: pass\nr.QUESTIONS['feed'] = burn\nr.main()"
)
LONG = (
    "import sys\nsys.stdin.buffer.readline()\nprint(10**9, flush=True)\nimport time\ntime.sleep(60)"
)
SHORT = "import sys\nsys.stdin.buffer.readline()\nprint('100\\n{}', end='')"
NO_JSON = "import sys\nsys.stdin.buffer.readline()\nprint('2\\nab', end='')"
DEEP = "import sys\nsys.stdin.buffer.readline()\nprint(f'{10**6}\\n' + '[' * 10**6, end='')"


@pytest.mark.parametrize(
    "code", [BUSY, GREEDY, HUNGRY, LONG, SHORT, NO_JSON, DEEP, "", "import os\nos._exit(1)"]
)
def test_whatever_overruns_or_answers_oddly_is_ended_and_replaced(
    reader: Reader, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    """By the clock, by memory, by the processor's time, or by what it says."""
    real = reading._start
    reader.wall_seconds = 0.5 if code == BUSY else 60.0
    child(monkeypatch, code)
    with pytest.raises(FetchFailed, match="too much time or memory"):
        reader.feed(FEED, "", HERE)
    monkeypatch.setattr(reading, "_start", real)
    reader.wall_seconds = 60.0

    assert reader.feed(FEED, "", HERE).title == "S"


@pytest.mark.parametrize("code", ["import sys\nsys.exit(1)", "print('other')"])
def test_a_process_that_does_not_start_is_not_asked(
    reader: Reader, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    """It is nobody's fault but the machine's."""

    def start() -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    monkeypatch.setattr(reading, "_start", start)
    with pytest.raises(FetchFailed, match="too busy"):
        reader.feed(FEED, "", HERE)


def test_an_answer_of_another_shape_is_refused(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that was taken over cannot hand in what was never asked for."""
    answer = json.dumps({"found": {"title": 1, "entries": []}})
    child(
        monkeypatch,
        f"import sys\nsys.stdin.buffer.readline()\nprint({len(answer)})\nprint({answer!r}, end='')",
    )

    with pytest.raises(FetchFailed, match="could not be read"):
        reader.feed(FEED, "", HERE)


def test_the_process_gets_no_secret_and_may_write_no_file(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its environment is its own, and the kernel refuses it files, memory and time."""
    monkeypatch.setenv("X_API_SECRET", "a secret")
    reader.feed(FEED, "", HERE)
    if not Path("/proc").is_dir():
        pytest.skip("the kernel does not show it here")
    environment = Path(f"/proc/{reader.pid}/environ").read_bytes()
    limits = Path(f"/proc/{reader.pid}/limits").read_text()

    assert b"secret" not in environment.lower()
    softs = {line[:26].strip(): line[26:].split()[0] for line in limits.splitlines()[1:]}
    assert softs["Max address space"] == str(256 * 1024 * 1024)
    assert softs["Max file size"] == "0"
    assert int(softs["Max cpu time"]) < 60


def test_what_was_read_comes_back_as_it_was() -> None:
    """Times, lengths and rows survive the pipe."""
    entry = Entry("1", "¡Sí!", "https://example.org/", datetime(2026, 11, 2, tzinfo=UTC))
    parsed = Parsed("S", (entry,), ttl=timedelta(hours=1), skip_hours=(1, 2))

    assert rebuilt(Parsed, json.loads(json.dumps(to_plain(parsed)))) == parsed


@dataclass(frozen=True)
class Small:
    text: str
    number: int
    truth: bool
    names: tuple[str, ...]
    at: datetime | None = None


GOOD: dict[str, Any] = {"text": "a", "number": 1, "truth": True, "names": ["b"], "at": None}


@pytest.mark.parametrize(
    "wrong",
    [
        {"text": 1},
        {"text": "\ud800"},
        {"text": "a" * 1_000_001},
        {"number": True},
        {"number": 10**20},
        {"truth": 1},
        {"names": "b"},
        {"names": [1]},
        {"names": ["b"] * 1001},
        {"at": "yesterday"},
        {"at": "2026-11-02T10:00:00"},
        {"more": 1},
    ],
)
def test_only_what_fits_exactly_is_rebuilt(wrong: dict[str, Any]) -> None:
    """Every type and length is looked at again."""
    assert rebuilt(Small, GOOD) == Small("a", 1, True, ("b",))
    with pytest.raises(ValueError):
        rebuilt(Small, {**GOOD, **wrong})
