"""X's refusals as it words them, one function per body.

Bodies follow https://docs.x.com/x-api/fundamentals/response-codes-and-errors and live replies
quoted in public issues, read 2026-11-23 through the fact sheet. Clients should match on the last
part of `type` and never on the wording.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.sandbox.wire import Reply, json_reply

PROBLEMS = "https://api.twitter.com/2/problems/"

TOO_LONG = (
    "Your Tweet text is too long. For more information on how Twitter determines text length see "
    "https://github.com/twitter/twitter-text."
)
NOT_PERMITTED = "You are not permitted to perform this action."
DUPLICATE = "You are not allowed to create a Tweet with duplicate content."
REPLY_GONE = "You attempted to reply to a Tweet that is deleted or not visible to you."
NO_QUOTES = (
    "Quoting this post is not allowed because you have not been mentioned or otherwise engaged by "
    "the author of the post you are quoting."
)
NO_REPLY = (
    "Reply to this conversation is not allowed because you have not been mentioned or otherwise "
    "engaged by the author of the post you are replying to."
)
BEARER_ONLY = (
    "Authenticating with OAuth 2.0 Application-Only is forbidden for this endpoint. Supported "
    "authentication types are [OAuth 1.0a User Context, OAuth 2.0 User Context]."
)


def problem(
    status: int,
    title: str,
    detail: str,
    kind: str | None = None,
    headers: Sequence[tuple[str, str]] = (),
    **more: Any,
) -> Reply:
    """A problem body; without a kind its type is about:blank."""
    body = {
        "title": title,
        "detail": detail,
        "type": f"{PROBLEMS}{kind}" if kind else "about:blank",
        "status": status,
        **more,
    }
    return json_reply(status, body, headers)


def invalid(faults: Sequence[tuple[Mapping[str, Sequence[str]], str]]) -> Reply:
    """400 with each wrong parameter and why."""
    return json_reply(
        400,
        {
            "errors": [
                {"parameters": {name: list(values) for name, values in bad.items()}, "message": why}
                for bad, why in faults
            ],
            "title": "Invalid Request",
            "detail": "One or more parameters to your request was invalid.",
            "type": f"{PROBLEMS}invalid-request",
        },
    )


def forbidden(detail: str) -> Reply:
    """403 with nothing but a sentence, as X sends most of its refusals."""
    return problem(403, "Forbidden", detail)


def unauthorized() -> Reply:
    """401 for a missing, wrong, stale or repeated signature."""
    return problem(401, "Unauthorized", "Unauthorized")


def too_many(headers: Sequence[tuple[str, str]] = ()) -> Reply:
    """429."""
    return problem(429, "Too Many Requests", "Too Many Requests", headers=headers)


def not_found(remote_id: str, parameter: str, resource: str = "tweet") -> dict[str, Any]:
    """The entry of `errors` for something that is not there."""
    return {
        "value": remote_id,
        "detail": f"Could not find {resource} with {parameter}: [{remote_id}].",
        "title": "Not Found Error",
        "resource_type": resource,
        "parameter": parameter,
        "resource_id": remote_id,
        "type": f"{PROBLEMS}resource-not-found",
    }


def not_authorized(remote_id: str, field: str) -> dict[str, Any]:
    """The entry of `errors` for private metrics of a post older than 30 days."""
    return {
        "value": field,
        "resource_id": remote_id,
        "resource_type": "tweet",
        "section": "data",
        "parameter": "tweet.fields",
        "field": field,
        "title": "Field Authorization Error",
        "detail": f"Sorry, you are not authorized to access '{field}' on the Tweet {remote_id}.",
        "type": f"{PROBLEMS}not-authorized-for-field",
    }
