"""Opens a connection within a deadline: resolve, check the address, connect, TLS.

The address that was checked is the address that is dialled, so a name that changes its answer
between the two gains nothing. A host with any refused address is refused as a whole.
"""

import math
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from typing import Any

import certifi

from bot import clock
from bot.wire.faults import AddressRefused, DeadlineExceeded, NotSent

AddressRule = Callable[[str], bool]
Resolved = list[tuple[Any, ...]]
_over_at: ContextVar[float] = ContextVar("over_at", default=math.inf)


@contextmanager
def over_by(moment: float) -> Iterator[None]:
    """Whatever is asked inside must be over by then, on the clock of deadlines, or does not begin.

    For whoever promised it to others: a program that stood still between its promise and its
    request, suspended or on a sleeping machine, must not send long after.
    """
    before = _over_at.set(moment)
    try:
        yield
    finally:
        _over_at.reset(before)


@dataclass(frozen=True, slots=True)
class Deadline:
    """The moment, on a clock that never jumps, by which everything must be over."""

    at: float

    @classmethod
    def after(cls, seconds: float) -> "Deadline":
        """That many seconds from now, or the end promised for all that is asked, if earlier."""
        return cls(min(clock.monotonic() + seconds, _over_at.get()))

    def left(self) -> float:
        """Seconds left, always above zero; DeadlineExceeded when there are none."""
        seconds = self.at - clock.monotonic()
        if seconds <= 0:
            raise DeadlineExceeded("time ran out")
        return seconds


def dial(
    host: str, port: int, *, tls: bool, deadline: Deadline, address_allowed: AddressRule | None
) -> socket.socket:
    """A connected socket to a checked address of the host, with TLS verified where asked for."""
    addresses = resolve(host, port, deadline)
    for address in addresses:
        if address_allowed is not None and not address_allowed(str(address[4][0])):
            raise AddressRefused(f"{host} is at an address that may not be visited")
    line = _connect(addresses, host, deadline)
    return _secured(line, host, deadline) if tls else line


def resolve(host: str, port: int, deadline: Deadline) -> Resolved:
    """The host's addresses; the resolver cannot be interrupted, so it is left behind if late."""
    answers: list[Resolved] = []

    def ask() -> None:
        try:
            answers.append(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError):
            answers.append([])

    thread = threading.Thread(target=ask, daemon=True, name="resolve")
    thread.start()
    thread.join(deadline.left())
    if not answers:
        raise DeadlineExceeded(f"the name {host} was not resolved in time")
    if not answers[0]:
        raise NotSent(f"the name {host} cannot be resolved")
    return answers[0]


def _connect(addresses: Resolved, host: str, deadline: Deadline) -> socket.socket:
    for tried, (family, kind, protocol, _, address) in enumerate(addresses):
        # Each address gets its share, so that one that never answers does not use up the rest.
        share = deadline.left() / (len(addresses) - tried)
        line = socket.socket(family, kind, protocol)
        try:
            line.settimeout(share)
            line.connect(address)
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError:
            line.close()
            continue
        return line
    raise NotSent(f"{host} does not accept a connection")


def _secured(line: socket.socket, host: str, deadline: Deadline) -> socket.socket:
    try:
        line.settimeout(deadline.left())
        return _trust().wrap_socket(line, server_hostname=host)
    except (OSError, ValueError):
        line.close()
        raise NotSent(f"no trusted connection to {host} could be made") from None


@cache
def _trust() -> ssl.SSLContext:
    return ssl.create_default_context(cafile=certifi.where())
