"""X's reads: posts by id, the account's own timeline, the profile.

Parameters from https://docs.x.com/x-api/users/get-posts and .../posts/get-posts-by-ids, read
2026-11-23 through the fact sheet. Accepts `tweet.fields` and the newer `post.fields` alike.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from werkzeug.wrappers import Request

from bot.sandbox import x_problems
from bot.sandbox.ledger import Entry
from bot.sandbox.wire import Reply, json_reply
from bot.sandbox.world import Twist, World
from bot.sandbox.x_schema import is_id
from bot.sandbox.x_view import FIELDS, view, view_me

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z\Z")
TOKEN_PREFIX = "7140dibdnow9c7btw"

COMMON = {"expansions", "media.fields", "place.fields", "poll.fields", "user.fields"}
FIELD_NAMES = {"tweet.fields", "post.fields"}
LOOKUP = COMMON | FIELD_NAMES | {"ids"}
TIMELINE = (
    COMMON
    | FIELD_NAMES
    | {
        "max_results",
        "pagination_token",
        "start_time",
        "end_time",
        "since_id",
        "until_id",
        "exclude",
    }
)


def _wrong(name: str, value: str, why: str) -> Reply:
    return x_problems.invalid([({name: [value]}, why)])


def _split(value: str) -> list[str]:
    return [part for part in value.split(",") if part]


def _fields(request: Request) -> list[str]:
    return [part for name in FIELD_NAMES for part in _split(request.args.get(name, ""))]


def _refusal(request: Request, known: set[str]) -> Reply | None:
    """Refuse parameters and fields that X does not have."""
    for name in request.args:
        if name not in known:
            why = f"The query parameter [{name}] is not one of [{','.join(sorted(known))}]"
            return _wrong(name, request.args[name], why)
    for field in _fields(request):
        if field not in FIELDS:
            return _wrong("tweet.fields", field, f"[{field}] is not a field of a post.")
    return None


def lookup(world: World, request: Request, _: Twist, __: str) -> Reply:
    """GET /2/tweets?ids=…, at most 100; what is missing is listed in `errors`."""
    refusal = _refusal(request, LOOKUP)
    if refusal is not None:
        return refusal
    ids = _split(request.args.get("ids", ""))
    if not 1 <= len(ids) <= 100 or not all(map(is_id, ids)):
        return _wrong("ids", request.args.get("ids", "")[:80], "[ids] must be 1 to 100 post ids.")
    return json_reply(200, _found(world, dict.fromkeys(ids), _fields(request), "ids"))


def lookup_one(world: World, request: Request, _: Twist, remote_id: str) -> Reply:
    """GET /2/tweets/{id}."""
    refusal = _refusal(request, COMMON | FIELD_NAMES)
    if refusal is not None:
        return refusal
    body = _found(world, [remote_id], _fields(request), "id")
    if "data" in body:
        body["data"] = body["data"][0]
    return json_reply(200, body)


def _found(world: World, ids: Iterable[str], fields: list[str], parameter: str) -> dict[str, Any]:
    errors: list[dict[str, Any]] = []
    data = []
    for remote_id in ids:
        entry = world.ledger.live("x", remote_id)
        if entry is None:
            errors.append(x_problems.not_found(remote_id, parameter))
        else:
            data.append(view(world, entry, fields, errors))
    parts = {"data": data, "errors": errors}
    return {name: part for name, part in parts.items() if part}


def me(world: World, request: Request, _: Twist, __: str) -> Reply:
    """GET /2/users/me."""
    fields = _split(request.args.get("user.fields", ""))
    return json_reply(200, {"data": view_me(world, fields)})


def timeline(world: World, request: Request, twist: Twist, user_id: str) -> Reply:
    """GET /2/users/{id}/tweets, newest first."""
    refusal = _refusal(request, TIMELINE) or _bad_timeline(request)
    if refusal is not None:
        return refusal
    if user_id != world.accounts.x_user_id:
        return json_reply(200, {"errors": [x_problems.not_found(user_id, "id", "user")]})
    limit = int(request.args.get("max_results", "10"))
    chosen = list(islice(_chosen(world, request, twist), limit + 1))
    page, has_more = chosen[:limit], len(chosen) > limit
    errors: list[dict[str, Any]] = []
    fields = _fields(request)
    meta: dict[str, Any] = {"result_count": len(page)}
    if page:
        ids = [int(entry.remote_id) for entry in page]
        meta |= {"newest_id": str(max(ids)), "oldest_id": str(min(ids))}
    if has_more:
        meta["next_token"] = TOKEN_PREFIX + page[-1].remote_id
    data = [view(world, entry, fields, errors) for entry in page]
    parts = {"data": data, "meta": meta, "errors": errors}
    return json_reply(200, {name: part for name, part in parts.items() if part})


def _bad_timeline(request: Request) -> Reply | None:
    results = request.args.get("max_results", "10")
    if not results.isdecimal() or not 5 <= int(results) <= 100:
        return _wrong("max_results", results, f"[{results}] is not between 5 and 100.")
    for name in ("start_time", "end_time"):
        when = request.args.get(name)
        if when is not None and not TIME.match(when):
            return _wrong(name, when, f"[{name}] must be an ISO 8601 time in UTC.")
    for name in ("since_id", "until_id"):
        if name in request.args and not is_id(request.args[name]):
            return _wrong(name, request.args[name], f"[{name}] is not a post id.")
    token = request.args.get("pagination_token", TOKEN_PREFIX + "1")
    if not (token.startswith(TOKEN_PREFIX) and is_id(token[len(TOKEN_PREFIX) :])):
        return _wrong("pagination_token", token[:80], "[pagination_token] is not valid.")
    return None


def _chosen(world: World, request: Request, twist: Twist) -> Iterator[Entry]:
    """The listed posts that the parameters ask for, in order, after the given page."""
    args = request.args
    start, end = _moment(args.get("start_time")), _moment(args.get("end_time"))
    since, until = int(args.get("since_id", "0")), int(args.get("until_id", "0"))
    without_replies = "replies" in _split(args.get("exclude", ""))
    wanted = (
        entry
        for entry in _ordered(world, twist, args.get("pagination_token", ""))
        if int(entry.remote_id) > since
        and (not until or int(entry.remote_id) < until)
        and (start is None or entry.accepted_at >= start)
        and (end is None or entry.accepted_at < end)
        and not (without_replies and entry.reply_to)
    )
    yield from wanted


def _ordered(world: World, twist: Twist, token: str) -> Iterator[Entry]:
    after = token[len(TOKEN_PREFIX) :]
    listed = world.ledger.listed("x", world.clock())
    if twist.ranked:
        listed = iter(sorted(listed, key=lambda entry: rank(world.seed, entry)))
    if not after:
        return listed
    if not twist.ranked:
        return (entry for entry in listed if int(entry.remote_id) < int(after))
    ordered = list(listed)
    place = next((i for i, entry in enumerate(ordered) if entry.remote_id == after), -1)
    return iter(ordered[place + 1 :])


def rank(seed: int, entry: Entry) -> bytes:
    """A place in a ranked listing that has nothing to do with time."""
    return hashlib.sha256(f"rank {seed} {entry.remote_id}".encode()).digest()


def _moment(when: str | None) -> datetime | None:
    return datetime.fromisoformat(when).astimezone(UTC) if when else None
