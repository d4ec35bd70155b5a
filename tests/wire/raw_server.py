"""A loopback server that answers with exactly the bytes a test gives it."""

import socket
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress

Answer = bytes | Callable[[socket.socket], None]


class RawServer:
    """Answers the n-th connection with the n-th answer, the last one again and again."""

    def __init__(self, *answers: Answer, read_request: bool = True) -> None:
        self.answers = answers
        self.read_request = read_request
        self.requests: list[bytes] = []
        self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.closing = threading.Event()
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            if self.read_request:
                self.requests.append(_whole_request(connection))
            answer = self.answers[min(self.connections, len(self.answers)) - 1]
            if callable(answer):
                answer(connection)
            else:
                connection.sendall(answer)

    def close(self) -> None:
        self.closing.set()
        # Closing alone does not wake a thread that waits in accept.
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


def _whole_request(connection: socket.socket) -> bytes:
    received = b""
    while b"\r\n\r\n" not in received:
        block = connection.recv(65536)
        if not block:
            return received
        received += block
    head, _, body = received.partition(b"\r\n\r\n")
    length = 0
    for line in head.split(b"\r\n"):
        if line.lower().startswith(b"content-length:"):
            length = int(line.partition(b":")[2])
    while len(body) < length:
        body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


def reply(body: bytes, *headers: str, status: str = "200 OK") -> bytes:
    """A well-formed reply with its length."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def dripping(given: bytes, pause: float = 0.02) -> Answer:
    """The same bytes, one at a time, and then silence."""

    def drip(connection: socket.socket) -> None:
        for position in range(len(given)):
            connection.sendall(given[position : position + 1])
            time.sleep(pause)
        time.sleep(2)

    return drip


def endless(start: bytes, block: bytes) -> Answer:
    """A start, and then the same block for as long as anyone reads."""

    def pour(connection: socket.socket) -> None:
        connection.sendall(start)
        while True:
            connection.sendall(block)

    return pour


def silence(connection: socket.socket) -> None:
    """Nothing at all, with the connection left open."""
    time.sleep(2)


def reset(connection: socket.socket) -> None:
    """An abortive close."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
