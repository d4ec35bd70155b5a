"""The log: whatever anybody writes into it is one line, JSON where asked, without a secret."""

import io
import json
import logging
import threading
import warnings
from collections.abc import Iterator

import pytest
import structlog

from bot import journal
from bot.settings import load

SECRET = "a secret nobody may read, 0123456789abcdef"


@pytest.fixture
def said(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """What a program that runs for months writes."""
    file = io.StringIO()
    shape = getattr(request, "param", "json")
    root, before = logging.getLogger(), threading.excepthook
    level, known = root.level, list(root.handlers)
    journal.configure_log(load({"LOG_FORMAT": shape, "SECRET_KEY": SECRET}, None), file=file)
    with warnings.catch_warnings():
        warnings.simplefilter("default")
        journal.adopt_the_rest()
        yield file
        logging.captureWarnings(capture=False)
    threading.excepthook = before
    root.setLevel(level)
    root.handlers = known
    structlog.reset_defaults()


def read(file: io.StringIO) -> list[dict[str, object]]:
    """Its lines, each of which must be one JSON object with these three."""
    found = [json.loads(line) for line in file.getvalue().splitlines()]
    assert all({"time", "level", "event"} <= set(one) for one in found)
    return found


@pytest.mark.parametrize(
    "library",
    ["waitress", "waitress.queue", "apscheduler.executors.default", "alembic"],
)
def test_what_a_library_logs_goes_the_same_way(said: io.StringIO, library: str) -> None:
    """With its traceback, and without what it should not have known."""
    try:
        raise ValueError(f"refused: {SECRET}\nand more")
    except ValueError:
        logging.getLogger(library).exception("failed with %s", SECRET)
    logging.getLogger(library).info("of no concern")
    (one,) = read(said)

    assert ("error", library) == (one["level"], one["logger"])
    assert "failed with [hidden]" == one["event"]
    assert str(one["exception"]).startswith("Traceback")
    assert SECRET not in said.getvalue()


def test_warnings_and_threads_that_end_by_an_error_do_too(said: io.StringIO) -> None:
    """Else they would stand there as they please."""

    def fail() -> None:
        raise RuntimeError(SECRET)

    warnings.warn("soon gone", DeprecationWarning, stacklevel=1)
    dying = threading.Thread(target=fail, name="a thread")
    dying.start()
    dying.join()
    warned, failed = read(said)

    assert ("warning", "py.warnings") == (warned["level"], warned["logger"])
    assert ("thread failed", "a thread") == (failed["event"], failed["thread"])
    assert "RuntimeError" in str(failed["exception"])
    assert SECRET not in said.getvalue()


def test_a_secret_is_found_however_deep_it_stands(said: io.StringIO) -> None:
    """In a list of a table of an event."""
    structlog.get_logger().info("odd", of=[{"key": SECRET}, (SECRET,)], n=1)
    (one,) = read(said)

    assert [{"key": "[hidden]"}, ["[hidden]"]] == one["of"]
    assert 1 == one["n"]


@pytest.mark.parametrize("said", ["text"], indirect=True)
def test_as_words_a_library_has_one_line_too(said: io.StringIO) -> None:
    """Whoever reads along sees what it was, and no traceback."""
    try:
        raise ValueError("why")
    except ValueError:
        logging.getLogger("waitress").exception("Exception while serving")

    assert (
        said.getvalue()
        .rstrip("\n")
        .endswith("Exception while serving logger=waitress ValueError: why")
    )
    assert 1 == said.getvalue().count("\n")


def test_configured_again_nothing_is_said_twice(said: io.StringIO) -> None:
    """A command and its test may both do so."""
    journal.adopt_libraries(logging.WARNING)
    journal.adopt_libraries(logging.WARNING)
    logging.getLogger("waitress").warning("once")

    assert ["once"] == [one["event"] for one in read(said)]


def test_what_cannot_be_told_stops_nobody(said: io.StringIO, monkeypatch) -> None:
    """A library that logs nonsense goes on, at whatever level it invents."""
    monkeypatch.setattr(logging, "raiseExceptions", False)
    logging.getLogger("odd").warning("%d of what", "x")
    logging.getLogger("odd").log(35, "between two levels")

    assert [("warning", "between two levels")] == [
        (one["level"], one["event"]) for one in read(said)
    ]
