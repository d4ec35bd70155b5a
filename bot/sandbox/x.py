"""The simulated X API v2: posts, timeline, profile, behind a really verified signature.

Shapes from https://docs.x.com/x-api/posts/create-post and its neighbours, read 2026-11-23 through
the fact sheet. Refuses what X refuses, with X's bodies; an endpoint it does not know is an empty
404, as on X.
"""

import json
import re
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from werkzeug.wrappers import Request

from bot.sandbox import x_media, x_oauth, x_problems, x_reads
from bot.sandbox.ledger import Attached, Entry
from bot.sandbox.media import Upload
from bot.sandbox.wire import Reply, json_reply
from bot.sandbox.world import Twist, World
from bot.sandbox.x_auth import is_signed
from bot.sandbox.x_schema import faults_in
from bot.sandbox.x_text import WEIGHT_LIMIT, cashtags, normalise, weigh
from bot.sandbox.x_view import history_name, shown

API_VERSION = "2.168"
MEDIA_SECONDS = 86_400
# Four pictures, or one of these: https://docs.x.com/x-api/media, read 2026-11-23.
MOVING = frozenset({"video/mp4", "image/gif"})

Endpoint = Callable[[World, Request, Twist, str], Reply]


def create(world: World, request: Request, twist: Twist, _: str) -> Reply:
    """POST /2/tweets."""
    try:
        body = json.loads(request.get_data(cache=True) or b"null")
    except ValueError:
        return x_problems.invalid([({}, "The request body is not valid JSON.")])
    faults = faults_in(body)
    if faults:
        return x_problems.invalid(faults)
    text = normalise(body.get("text", ""))
    refusal = _refusal(world, body, text)
    if refusal is not None:
        return refusal
    media, missing = _attached(world, body.get("media", {}).get("media_ids", []))
    if missing:
        return x_problems.invalid(
            [({"media.media_ids": [str(missing)]}, "Your media IDs are invalid.")]
        )
    if len(media) > 1 and any(one.media_type in MOVING for one in media):
        said = "A video or GIF must be the only media."
        return x_problems.invalid([({"media.media_ids": []}, said)])
    with world.ledger.lock:
        # A picture adds its own link to the text, so X sees no duplicate there.
        key = None if media else text
        if key is not None and _is_duplicate(world, key):
            return x_problems.forbidden(x_problems.DUPLICATE)
        entry = world.ledger.accept(
            "x",
            text,
            reply_to=body.get("reply", {}).get("in_reply_to_tweet_id"),
            media=media,
            hidden_seconds=twist.hidden_seconds,
            duplicate_key=key,
            extra={name: body[name] for name in body if name not in ("text", "reply", "media")},
        )
    return json_reply(201, {"data": _created(world, entry)})


def _created(world: World, entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.remote_id,
        "text": shown(world, entry).text,
        history_name(world): [entry.remote_id],
    }


def _refusal(world: World, body: dict[str, Any], text: str) -> Reply | None:
    """What X says no to before it looks at pictures and duplicates."""
    if not text and not {"media", "poll", "card_uri"} & set(body):
        return x_problems.invalid([({"text": [""]}, "[text] must not be blank.")])
    if weigh(text) > WEIGHT_LIMIT:
        return x_problems.invalid([({"text": [text[:80]]}, x_problems.TOO_LONG)])
    if "quote_tweet_id" in body:
        return x_problems.forbidden(x_problems.NO_QUOTES)
    if cashtags(text) > 1:
        return x_problems.forbidden(x_problems.NOT_PERMITTED)
    parent = body.get("reply", {}).get("in_reply_to_tweet_id")
    if parent is not None and world.ledger.live("x", parent) is None:
        return x_problems.forbidden(x_problems.REPLY_GONE)
    return None


def _is_duplicate(world: World, text: str) -> bool:
    twin = world.ledger.latest_with("x", text)
    window = timedelta(seconds=world.switches.duplicate_seconds)
    return twin is not None and world.clock() - twin.accepted_at < window


def _attached(world: World, media_ids: list[str]) -> tuple[tuple[Attached, ...], list[str]]:
    """The pictures for these ids, and the ids that are unknown, unfinished or expired."""
    found, missing = [], []
    oldest = world.clock() - timedelta(seconds=MEDIA_SECONDS)
    for media_id in media_ids:
        upload = world.shelf.get("x", media_id)
        if upload is not None and _is_usable(upload, oldest):
            found.append(world.shelf.attach(upload))
        else:
            missing.append(media_id)
    return tuple(found), missing


def _is_usable(upload: Upload, oldest: datetime) -> bool:
    return upload.is_ready and not upload.is_pending and upload.uploaded_at > oldest


def delete(world: World, _: Request, __: Twist, remote_id: str) -> Reply:
    """DELETE /2/tweets/{id}."""
    if not world.ledger.delete("x", remote_id):
        entry = x_problems.not_found(remote_id, "id")
        return x_problems.problem(404, entry["title"], entry["detail"], "resource-not-found")
    return json_reply(200, {"data": {"deleted": True}})


# method, path, what it counts against, what kind of request it is, who answers
ROUTES: tuple[tuple[str, re.Pattern[str], str, str, Endpoint], ...] = tuple(
    (method, re.compile(path + r"\Z"), limit, purpose, endpoint)
    for method, path, limit, purpose, endpoint in (
        ("POST", r"/2/tweets()", "create", "write", create),
        ("DELETE", r"/2/tweets/([0-9]{1,19})", "delete", "write", delete),
        ("GET", r"/2/tweets()", "lookup", "read", x_reads.lookup),
        ("GET", r"/2/tweets/([0-9]{1,19})", "lookup", "read", x_reads.lookup_one),
        ("GET", r"/2/users/me()", "me", "read", x_reads.me),
        ("GET", r"/2/users/([0-9]{1,19})/tweets", "timeline", "read", x_reads.timeline),
        ("POST", r"/2/media/upload()", "upload", "upload", x_media.upload),
        ("GET", r"/2/media/upload()", "upload", "upload", x_media.status),
        ("POST", r"/2/media/upload/initialize()", "chunk", "upload", x_media.initialize),
        ("POST", r"/2/media/upload/([0-9]{1,19})/append", "chunk", "upload", x_media.append),
        ("POST", r"/2/media/upload/([0-9]{1,19})/finalize", "chunk", "upload", x_media.finalize),
        ("POST", r"/2/media/metadata()", "metadata", "upload", x_media.metadata),
    )
)


def purpose(request: Request, path: str) -> str:
    """Whether a request writes what people see, uploads, or only reads."""
    for method, pattern, _, kind, _ in ROUTES:
        if method == request.method and pattern.match(path):
            return kind
    return "read"


def answer(world: World, request: Request, path: str, twist: Twist) -> Reply:
    """Answer one request below /x."""
    is_oauth = path.startswith("/oauth/")
    reply = (
        x_oauth.answer(world, request, path) if is_oauth else _routed(world, request, path, twist)
    )
    return replace(reply, headers=[*reply.headers, *edge_headers()])


def edge_headers() -> list[tuple[str, str]]:
    """The headers X puts on every reply."""
    return [
        ("api-version", API_VERSION),
        ("x-access-level", "read-write"),
        ("x-transaction-id", secrets.token_hex(8)),
    ]


def _routed(world: World, request: Request, path: str, twist: Twist) -> Reply:
    for method, pattern, limit, _, endpoint in ROUTES:
        match = pattern.match(path)
        if match is not None and method == request.method:
            return _guarded(world, request, twist, limit, endpoint, match[1])
    return Reply(404, b"", None)


def _guarded(
    world: World, request: Request, twist: Twist, limit: str, endpoint: Endpoint, argument: str
) -> Reply:
    """Signature first, then the allowance, then the endpoint."""
    if request.headers.get("Authorization", "").startswith("Bearer "):
        return x_problems.problem(
            403, "Unsupported Authentication", x_problems.BEARER_ONLY, "unsupported-authentication"
        )
    if not is_signed(request, world.accounts, world.nonces):
        return x_problems.unauthorized()
    window, allowed = world.windows.spend(limit, world.switches.enforce_limits)
    reply = endpoint(world, request, twist, argument) if allowed else x_problems.too_many()
    return replace(reply, headers=[*reply.headers, *window.headers])
