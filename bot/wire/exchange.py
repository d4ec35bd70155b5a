"""One request and its reply over one fresh connection.

Every read and write is given only the time that is left, so a server that drips a byte at a time
cannot outlast the deadline. `begun` is set before the first byte is offered to the kernel and is
the only evidence anyone may rely on.
"""

import http.client
import io
import socket
from dataclasses import dataclass, field

from bot.wire.body import decoded, read_body
from bot.wire.dial import AddressRule, Deadline, dial
from bot.wire.faults import BadReply, BodyTooLarge, CutShort, DeadlineExceeded

SEND_SIZE = 64 * 1024
HEADER_ALLOWANCE = 64 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """What one exchange may take: seconds in all, bytes on the wire, bytes once decoded."""

    seconds: float
    wire_bytes: int
    body_bytes: int


@dataclass(frozen=True, slots=True)
class Call:
    """A request as it will be written, its target already in wire form."""

    method: str
    host: str
    port: int
    tls: bool
    target: str
    headers: list[tuple[str, str | bytes]]
    body: bytes | None


@dataclass(frozen=True, slots=True)
class Answer:
    """A complete reply with its body decoded."""

    status: int
    reason: str
    headers: list[tuple[str, str]]
    body: bytes


@dataclass(slots=True)
class Evidence:
    """Whether any byte of the request can have left this machine."""

    begun: bool = field(default=False)


def carry_out(
    call: Call, limits: Limits, evidence: Evidence, address_allowed: AddressRule | None
) -> Answer:
    """Dial, write the request, read the reply to its end; raises WireError or OSError."""
    deadline = Deadline.after(limits.seconds)
    line = dial(
        call.host, call.port, tls=call.tls, deadline=deadline, address_allowed=address_allowed
    )
    guarded = _Line(line, deadline, limits.wire_bytes + HEADER_ALLOWANCE, evidence)
    try:
        return _speak(call, guarded, limits)
    finally:
        line.close()


def _speak(call: Call, line: "_Line", limits: Limits) -> Answer:
    connection = http.client.HTTPConnection(call.host, call.port)
    connection.sock = line
    connection.putrequest(call.method, call.target, skip_host=True, skip_accept_encoding=True)
    for name, value in call.headers:
        connection.putheader(name, value)
    connection.endheaders(call.body)
    try:
        response = connection.getresponse()
        if line.ended:
            raise CutShort("the reply ended inside its headers")
        body = read_body(response, limits.wire_bytes)
    except http.client.RemoteDisconnected:
        raise CutShort("the connection was closed without a reply") from None
    except http.client.HTTPException:
        raise BadReply("what came back is not HTTP") from None
    encoding = response.headers.get("Content-Encoding") or ""
    return Answer(
        status=response.status,
        reason=response.reason,
        headers=response.getheaders(),
        body=decoded(body, encoding, limits.body_bytes),
    )


class _Line:
    """A socket whose every read and write is measured against the deadline and the byte limit."""

    def __init__(
        self, line: socket.socket, deadline: Deadline, limit: int, evidence: Evidence
    ) -> None:
        self._line, self._deadline, self._evidence = line, deadline, evidence
        self._reader = _Reader(line, deadline, limit)

    @property
    def ended(self) -> bool:
        """Whether the other side has closed, as far as was read."""
        return self._reader.ended

    def sendall(self, given: bytes) -> None:
        """Write everything; the clock is read again before the first byte is offered."""
        rest = memoryview(given)
        while rest:
            self._line.settimeout(self._deadline.left())
            self._evidence.begun = True
            rest = rest[self._line.send(rest[:SEND_SIZE]) :]

    def makefile(self, _mode: str) -> io.BufferedReader:
        """What http.client reads the reply from."""
        return io.BufferedReader(self._reader)

    def close(self) -> None:
        """Nothing: http.client closes before the body is read, and carry_out closes after."""


class _Reader(io.RawIOBase):
    def __init__(self, line: socket.socket, deadline: Deadline, limit: int) -> None:
        super().__init__()
        self._line, self._deadline, self._limit = line, deadline, limit
        self.ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            self._line.settimeout(self._deadline.left())
            count = self._line.recv_into(buffer)
        except TimeoutError:
            raise DeadlineExceeded("time ran out while reading the reply") from None
        self._limit -= count
        if self._limit < 0:
            raise BodyTooLarge("the reply is larger than this session reads")
        self.ended = self.ended or count == 0
        return count
