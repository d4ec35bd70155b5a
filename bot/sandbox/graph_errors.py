"""Facebook's refusals in its error envelope.

Codes and shapes from https://developers.facebook.com/docs/graph-api/guides/error-handling and the
public issues in the fact sheet, read 2026-11-23. Clients branch on code and subcode; the HTTP
status of token errors is not documented, so 400 is used throughout as older pages say.
"""

import secrets
from collections.abc import Sequence
from typing import Any

from bot.sandbox.wire import Reply, json_reply

JSON_TYPE = "application/json; charset=UTF-8"


class RefusalError(Exception):
    """A Graph error on its way to becoming a reply."""

    def __init__(
        self,
        code: int,
        message: str,
        *,
        subcode: int | None = None,
        status: int = 400,
        kind: str = "OAuthException",
        is_transient: bool = False,
        headers: Sequence[tuple[str, str]] = (),
        **more: Any,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.headers = headers
        self.error: dict[str, Any] = {"message": message, "type": kind, "code": code}
        if subcode is not None:
            self.error["error_subcode"] = subcode
        self.error |= {"is_transient": is_transient, **more}

    def reply(self) -> Reply:
        """The envelope, with a trace id of its own."""
        body = {"error": {**self.error, "fbtrace_id": "A" + secrets.token_urlsafe(16)}}
        return json_reply(self.status, body, self.headers)


def bad_parameter(message: str, subcode: int | None = None) -> RefusalError:
    """Code 100, the answer to most mistakes in a request."""
    return RefusalError(100, f"(#100) {message}", subcode=subcode)


def bad_token(subcode: int | None = None, message: str | None = None) -> RefusalError:
    """Code 190."""
    return RefusalError(190, message or "Invalid OAuth access token.", subcode=subcode)


def stale_code() -> RefusalError:
    """Code 100 for a sign-in code that is used or too old."""
    return RefusalError(100, "This authorization code has been used.", subcode=36009)


def missing(node: str) -> RefusalError:
    """Code 100/33 for an id that is not there, or not for this token."""
    return RefusalError(
        100,
        f"Unsupported get request. Object with ID '{node}' does not exist, cannot be loaded due "
        "to missing permissions, or does not support this operation",
        subcode=33,
        kind="GraphMethodException",
    )


def duplicate() -> RefusalError:
    """Code 506, the same text twice in a row."""
    return RefusalError(
        506,
        "Duplicate status message",
        subcode=1455006,
        error_user_title="Duplicate Status Update",
        error_user_msg="This status update is identical to the last one you posted.",
    )
