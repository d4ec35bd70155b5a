"""What can go wrong on the wire, as exceptions that requests' callers also understand.

`NotSent` is proof that no byte of the request left. Every other fault leaves that open, and a
caller that has written something must treat it as possibly done.
"""

import requests


class WireError(requests.RequestException):
    """A request ended without a complete reply; the text is free of secrets."""


class NotSent(WireError, requests.ConnectionError):
    """Provably no byte of the request left this machine."""


class AddressRefused(NotSent):
    """The host's address is one this session may not dial."""


class DeadlineExceeded(WireError, requests.Timeout):
    """Time ran out after the request had begun to leave."""


class CutShort(WireError, requests.ConnectionError):
    """The connection ended before the reply was complete."""


class BodyTooLarge(WireError):
    """The reply is larger than this session reads."""


class BadReply(WireError):
    """What came back is not HTTP, or is encoded in a way that was not asked for."""
