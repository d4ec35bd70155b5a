"""One HTTP session for platforms and for reading feeds: bounded in time, size and where it goes.

A request ends by one deadline, follows no redirect, is never repeated, keeps no cookie and reads no
proxy or netrc from the environment. What it raises says whether a byte of the request can have
left, in text without secrets.
"""

from bot.wire.addresses import public_address
from bot.wire.dial import over_by
from bot.wire.faults import (
    AddressRefused,
    BadReply,
    BodyTooLarge,
    CutShort,
    DeadlineExceeded,
    NotSent,
    WireError,
)
from bot.wire.redaction import learn, redact
from bot.wire.session import Reply, Session

__all__ = [
    "AddressRefused",
    "BadReply",
    "BodyTooLarge",
    "CutShort",
    "DeadlineExceeded",
    "NotSent",
    "Reply",
    "Session",
    "WireError",
    "learn",
    "over_by",
    "public_address",
    "redact",
]
