"""A mail server on loopback that keeps what it is handed, as soon as it is let."""

import socketserver
import threading
from email import message_from_bytes
from email.message import Message
from types import TracebackType
from typing import Self


class _Talk(socketserver.StreamRequestHandler):
    """The little of SMTP that handing over one mail takes (RFC 5321)."""

    server: "Letterbox"

    def handle(self) -> None:
        self._say("220 ready")
        while line := self.rfile.readline():
            word = line[:4].upper().strip()
            if word == b"DATA":
                self._say("354 go on")
                if not self._keep():
                    return
            self._say("221 bye" if word == b"QUIT" else "250 ok")
            if word == b"QUIT":
                return

    def _keep(self) -> bool:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line)
        self.server.is_open.wait(60)
        with self.server.came:
            self.server.letters.append(message_from_bytes(b"".join(lines)))
            self.server.came.notify_all()
        return not self.server.hangs_up

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class Letterbox(socketserver.ThreadingTCPServer):
    """Listens while it is entered; `letters` are the mails that came."""

    allow_reuse_address = True

    def __init__(self, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Talk)
        # Takes the mail and goes without a word, as a server does that dies just then.
        self.hangs_up = False
        self.letters: list[Message] = []
        self.came = threading.Condition()
        self.is_open = threading.Event()
        self.is_open.set()

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}"

    def wait_for(self, count: int) -> list[Message]:
        """All letters, once there are so many."""
        with self.came:
            assert self.came.wait_for(lambda: len(self.letters) >= count, timeout=30)
            return list(self.letters)

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self.serve_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.shutdown()
        self._thread.join()
        self.server_close()
