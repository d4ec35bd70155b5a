"""How a reply goes onto the socket: whole, late, in drips, cut short, reset, or without end.

Head and body leave in one write, because two small writes cost a 40 ms wait between Nagle's
algorithm and a delayed acknowledgement. This module refuses to know what a reply means.
"""

import json
import os
import socket
import struct
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

JSON_TYPE = "application/json; charset=utf-8"
ENDLESS_BLOCK = b" " * 65_536


@dataclass(frozen=True)
class Reply:
    """One HTTP reply and the way it is put on the wire."""

    status: int
    body: bytes = b""
    content_type: str | None = JSON_TYPE
    headers: Sequence[tuple[str, str]] = ()
    manner: str = "whole"
    options: dict[str, Any] = field(default_factory=dict)

    def encode(self, date: str, keep_alive: bool, head_only: bool = False) -> bytes:
        """The bytes of status line, headers and body."""
        try:
            phrase = HTTPStatus(self.status).phrase
        except ValueError:
            phrase = "Unknown"
        lines = [f"HTTP/1.1 {self.status} {phrase}", f"date: {date}"]
        if self.content_type is not None:
            lines.append(f"content-type: {self.content_type}")
        lines.extend(f"{name}: {value}" for name, value in self.headers)
        if self.status not in (204, 304):
            lines.append(f"content-length: {len(self.body)}")
        if not keep_alive:
            lines.append("connection: close")
        head = "\r\n".join([*lines, "", ""]).encode("latin-1")
        return head if head_only or self.status in (204, 304) else head + self.body


def json_reply(status: int, body: Any, headers: Sequence[tuple[str, str]] = ()) -> Reply:
    """A reply with a JSON body."""
    encoded = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    return Reply(status, encoded, JSON_TYPE, headers)


def text_reply(status: int, text: str, content_type: str = "text/html; charset=utf-8") -> Reply:
    """A reply with a body that is not JSON."""
    return Reply(status, text.encode(), content_type)


Write = Callable[[socket.socket, bytes, dict[str, Any], threading.Event], bool]


def _whole(connection: socket.socket, data: bytes, _: dict[str, Any], __: threading.Event) -> bool:
    connection.sendall(data)
    return True


def _reset(connection: socket.socket, _: bytes, __: dict[str, Any], ___: threading.Event) -> bool:
    # Linger 0 turns close into a TCP reset. The socket is detached first because the readers
    # that socketserver made from it would otherwise keep the descriptor open.
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    os.close(connection.detach())
    return False


def _cut(
    connection: socket.socket, data: bytes, options: dict[str, Any], stopping: threading.Event
) -> bool:
    connection.sendall(data[: max(0, int(options.get("bytes", len(data) // 2)))])
    if options.get("reset"):
        return _reset(connection, data, options, stopping)
    connection.shutdown(socket.SHUT_WR)
    return False


def _drip(
    connection: socket.socket, data: bytes, options: dict[str, Any], stopping: threading.Event
) -> bool:
    pause = float(options.get("seconds", 0.1))
    for position in range(len(data)):
        connection.sendall(data[position : position + 1])
        if stopping.wait(pause):
            return False
    return True


def _endless(
    connection: socket.socket, data: bytes, _: dict[str, Any], stopping: threading.Event
) -> bool:
    connection.sendall(_without_length(data, b"connection: close"))
    while not stopping.is_set():
        connection.sendall(ENDLESS_BLOCK)
    return False


def _chunks(
    connection: socket.socket, data: bytes, options: dict[str, Any], stopping: threading.Event
) -> bool:
    """Chunks of a byte each, well formed and without a last one."""
    connection.sendall(_without_length(data, b"transfer-encoding: chunked", b"connection: close"))
    while not stopping.wait(float(options.get("seconds", 0.1))):
        connection.sendall(b"1\r\n \r\n")
    return False


def _without_length(data: bytes, *lines: bytes) -> bytes:
    """The head of a reply with these lines in place of its length."""
    head = data.partition(b"\r\n\r\n")[0].split(b"\r\n")
    kept = [line for line in head if not line.startswith(b"content-length")]
    return b"\r\n".join([*kept, *lines, b"", b""])


MANNERS: dict[str, Write] = {
    "whole": _whole,
    "reset": _reset,
    "cut": _cut,
    "drip": _drip,
    "endless": _endless,
    "chunks": _chunks,
}


def put(connection: socket.socket, reply: Reply, data: bytes, stopping: threading.Event) -> bool:
    """Write a reply in its manner; False when the connection must not be used again."""
    return MANNERS[reply.manner](connection, data, reply.options, stopping)
