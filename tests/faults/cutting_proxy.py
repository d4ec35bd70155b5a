"""A loopback proxy that passes on just so many bytes of a request and then cuts the line.

What it was told to cut never reaches the platform whole; every other connection passes untouched.
Answers are held back while its gate is closed.
"""

import re
import socket
import struct
import threading
from collections import deque
from contextlib import suppress

BLOCK = 65_536


class CuttingProxy:
    """Stands before a server on loopback; `cuts` holds (bytes, with a reset) for the next ones."""

    def __init__(self, port: int) -> None:
        self._target = port
        self.cuts: deque[tuple[int, bool]] = deque()
        self.longest = self.longest_reply = 0
        self.gate = threading.Event()
        self.gate.set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            cut = self.cuts.popleft() if self.cuts else None
            threading.Thread(target=self._carry, args=(line, cut), daemon=True).start()

    def _carry(self, line: socket.socket, cut: tuple[int, bool] | None) -> None:
        onward = socket.create_connection(("127.0.0.1", self._target))
        with line, onward, suppress(OSError):
            if cut is None:
                back = threading.Thread(target=self._carry_back, args=(onward, line), daemon=True)
                back.start()
                self.longest = max(self.longest, _pass_all(line, onward))
                back.join()
                return
            _pass_some(line, onward, min(cut[0], _length(line) - 1))
            if cut[1]:
                # Linger 0: the close becomes a reset.
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def _carry_back(self, onward: socket.socket, line: socket.socket) -> None:
        self.longest_reply = max(self.longest_reply, _pass_all(onward, line, self.gate))

    def close(self) -> None:
        """Stop listening."""
        self.gate.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


def _length(line: socket.socket) -> int:
    """How long the whole request will be, read without taking anything."""
    head = b""
    while b"\r\n\r\n" not in head:
        head = line.recv(BLOCK, socket.MSG_PEEK)
        if not head:
            return 1
    told = re.search(rb"(?i)^content-length: *(\d+)", head, re.MULTILINE)
    return head.index(b"\r\n\r\n") + 4 + int(told[1] if told else 0)


def _pass_some(line: socket.socket, onward: socket.socket, count: int) -> None:
    while count and (block := line.recv(count)):
        onward.sendall(block)
        count -= len(block)


def _pass_all(
    source: socket.socket, target: socket.socket, gate: threading.Event | None = None
) -> int:
    """Everything until the source ends or breaks, and the target with it; how many bytes."""
    count = 0
    with suppress(OSError):
        while block := source.recv(BLOCK):
            if gate is not None:
                gate.wait()
            target.sendall(block)
            count += len(block)
    if gate is not None:
        gate.wait()
    with suppress(OSError):
        target.shutdown(socket.SHUT_RDWR)
    return count
