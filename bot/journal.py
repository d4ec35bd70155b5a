"""The log: one line an event, as words or JSON, with every secret taken out.

What libraries log (Python's own `logging`, its warnings, a thread that ended by an error) goes the
same way, so that whoever reads the log as JSON can read every line of it. No access log is written:
addresses of those who visit are nobody's business.
"""

import contextlib
import logging
import sys
import threading
from typing import Any, TextIO, cast

import structlog

from bot.clock import system_now
from bot.reports import words
from bot.settings import Settings
from bot.wire.redaction import redact

LEVELS = (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR, logging.CRITICAL)


class _Unbroken:
    """Where the log goes. A full disk or a reader that has gone must not stop what it tells of."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, line: str) -> None:
        with contextlib.suppress(OSError):
            self._file.write(line)

    def flush(self) -> None:
        with contextlib.suppress(OSError):
            self._file.flush()


class _Libraries(logging.Handler):
    """Hands on what a library logs."""

    def emit(self, record: logging.LogRecord) -> None:
        level = max((one for one in LEVELS if one <= record.levelno), default=logging.DEBUG)
        try:
            structlog.get_logger().log(
                level, record.getMessage(), logger=record.name, exc_info=record.exc_info
            )
        except Exception:  # noqa: BLE001  a line that cannot be told must not stop its teller
            self.handleError(record)


def configure_log(settings: Settings, *, quiet: bool = False, file: TextIO | None = None) -> None:
    """One line an event, to standard error or a file, as words or JSON, every secret scrubbed."""
    secrets = settings.secrets()

    def scrub(_logger: Any, _name: str, event: Any) -> Any:
        return scrubbed(event, secrets)

    def in_words(_logger: Any, _name: str, event: Any) -> str:
        return f"{system_now().astimezone(settings.zone):%H:%M:%S}  {words.event_line(event)}"

    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True, key="time"),
            structlog.processors.format_exc_info,
            scrub,
            structlog.processors.JSONRenderer() if settings.log_format == "json" else in_words,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.ERROR if quiet else logging.INFO
        ),
        logger_factory=structlog.WriteLoggerFactory(
            file=cast("TextIO", _Unbroken(file or sys.stderr))
        ),
        cache_logger_on_first_use=file is None,
    )
    adopt_libraries(logging.ERROR if quiet else logging.WARNING)


def scrubbed(said: Any, secrets: tuple[str, ...]) -> Any:
    """The same without secrets, however deep they stand."""
    if isinstance(said, str):
        return redact(said, secrets)
    if isinstance(said, dict):
        return {key: scrubbed(value, secrets) for key, value in said.items()}
    if isinstance(said, list | tuple):
        return [scrubbed(value, secrets) for value in said]
    return said


def adopt_libraries(level: int) -> None:
    """Let what libraries log from that level on go the way of our own events."""
    root = logging.getLogger()
    for known in [one for one in root.handlers if isinstance(one, _Libraries)]:
        root.removeHandler(known)
    root.addHandler(_Libraries())
    root.setLevel(level)


def adopt_the_rest() -> None:
    """For a program that runs for months: warnings and threads that end by an error, too."""
    logging.captureWarnings(capture=True)
    threading.excepthook = _thread_failed


def _thread_failed(ended: threading.ExceptHookArgs) -> None:
    if ended.exc_value is None or isinstance(ended.exc_value, SystemExit):
        return
    structlog.get_logger().error(
        "thread failed",
        action="thread failed",
        thread=ended.thread.name if ended.thread else None,
        exc_info=ended.exc_value,
    )
