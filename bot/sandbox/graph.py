"""The simulated Graph API: which node and edge answers, listings, batches, headers.

From https://developers.facebook.com/docs/graph-api, read 2026-11-23 through the fact sheet. Any
`/vNN.N` is taken. Root `GET /?ids=` is refused: v26.0 took it away. `since` and `until` are
ignored on listings, because nothing promises them: a client must look at created_time itself.
"""

import json
import secrets
from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from werkzeug.wrappers import Request

from bot.sandbox import graph_dialog, graph_publish, graph_tokens
from bot.sandbox.graph_call import Call, check_token, read_call
from bot.sandbox.graph_errors import JSON_TYPE, RefusalError, bad_parameter, missing
from bot.sandbox.graph_fields import parse
from bot.sandbox.graph_insights import page_insights, post_insights
from bot.sandbox.graph_view import draw_page, draw_post
from bot.sandbox.ledger import Entry
from bot.sandbox.wire import Reply, json_reply
from bot.sandbox.world import Twist, World
from bot.sandbox.x_reads import rank

BATCH_CAP = 50
PAGE_CAP = 100
USAGE = '{"call_count":1,"total_time":1,"total_cputime":1}'

Edge = Callable[[World, Call, Twist, str], Any]


def listing(world: World, call: Call, twist: Twist, _: str) -> dict[str, Any]:
    """GET /{page}/published_posts and /{page}/feed."""
    wanted = parse(call.parameters.get("fields", ""))
    limit = _limit(call)
    listed = world.ledger.listed("facebook", world.clock())
    if twist.ranked:
        listed = iter(sorted(listed, key=lambda entry: rank(world.seed, entry)))
    after = call.parameters.get("after")
    if after:
        for entry in listed:
            if entry.remote_id.partition("_")[2] == after:
                break
    page = list(islice(listed, limit + 1))
    data = [draw_post(world, entry, wanted) for entry in page[:limit]]
    return {"data": data, **_paging(call, page, limit)}


def _limit(call: Call) -> int:
    limit = call.parameters.get("limit", "25")
    if not limit.isdecimal():
        raise bad_parameter("Param limit must be an integer")
    return min(PAGE_CAP, int(limit))


def _paging(call: Call, page: list[Entry], limit: int) -> dict[str, Any]:
    """Cursors for the page, and `next` only where there is more."""
    shown = [entry.remote_id.partition("_")[2] for entry in page[:limit]]
    if not shown:
        return {}
    paging: dict[str, Any] = {"cursors": {"before": shown[0], "after": shown[-1]}}
    if len(page) > limit:
        again = {**call.parameters, "limit": str(limit), "after": shown[-1]}
        paging["next"] = f"{call.url}?{urlencode(again)}"
    return {"paging": paging}


def _page_insights(world: World, call: Call, _: Twist, __: str) -> dict[str, Any]:
    return page_insights(world, call.parameters.get("metric", ""))


# (method, edge of the Page) to who answers
PAGE_EDGES: dict[tuple[str, str], Edge] = {
    ("GET", "published_posts"): listing,
    ("GET", "feed"): listing,
    ("GET", "posts"): listing,
    ("POST", "feed"): graph_publish.create_feed,
    ("POST", "photos"): graph_publish.create_photo,
    ("GET", "insights"): _page_insights,
}


def _run(world: World, call: Call, twist: Twist) -> Any:
    """The body that answers a call; a RefusalError says no."""
    steps = call.steps
    if steps == ["oauth", "access_token"]:
        return graph_tokens.exchange(world, call)
    holder = check_token(world.accounts, call)
    if not steps:
        return _root(world, call, twist)
    if steps[0] == "me" and steps[1:] and holder == "page" and steps[1:] != ["accounts"]:
        steps = [world.accounts.page_id, *steps[1:]]
    if steps == ["debug_token"]:
        return graph_tokens.debug(world, call, holder)
    if steps == ["me"]:
        return graph_tokens.me(world, call, holder)
    if steps == ["me", "accounts"]:
        return graph_tokens.my_pages(world, call, holder)
    if steps[0] == world.accounts.page_id:
        return _page(world, call, twist, holder, steps)
    return _node(world, call, holder, steps)


def _root(world: World, call: Call, twist: Twist) -> Any:
    if call.method == "POST" and "batch" in call.parameters:
        return _batch(world, call, twist)
    if call.method == "POST" and "id" in call.parameters:
        return {"url": call.parameters["id"], "type": "website", "title": call.parameters["id"]}
    if "ids" in call.parameters:
        raise RefusalError(
            12, "(#12) The ids parameter is deprecated for versions v26.0 and higher"
        )
    raise RefusalError(2500, "An active access token must be used to query information.")


def _page(world: World, call: Call, twist: Twist, holder: str, steps: list[str]) -> Any:
    if len(steps) == 1 and call.method == "GET":
        return draw_page(world, parse(call.parameters.get("fields", "")), call.token)
    edge = PAGE_EDGES.get((call.method, steps[1])) if len(steps) == 2 else None
    if edge is None:
        raise bad_parameter(f"Tried accessing nonexisting field ({'/'.join(steps[1:])})")
    return edge(world, call, twist, holder)


def _node(world: World, call: Call, holder: str, steps: list[str]) -> Any:
    if call.method == "DELETE" and len(steps) == 1:
        return graph_publish.delete(world, call, holder, steps[0])
    entry = world.ledger.live("facebook", steps[0])
    if entry is None and len(steps) == 1 and call.method == "GET":
        return _photo(world, steps[0])
    if entry is None or call.method != "GET" or len(steps) > 2:
        raise missing(steps[0])
    if len(steps) == 1:
        return draw_post(world, entry, parse(call.parameters.get("fields", "")))
    if steps[1] == "insights":
        return post_insights(world, entry, call.parameters.get("metric", ""))
    modifiers = "".join(
        f".{name}({call.parameters[name]})"
        for name in ("summary", "type", "limit")
        if name in call.parameters
    )
    drawn = draw_post(world, entry, parse(f"{steps[1]}{modifiers}"))
    return drawn.get(steps[1], {"data": []})


def _photo(world: World, node: str) -> dict[str, Any]:
    upload = world.shelf.get("facebook", node)
    if upload is None:
        raise missing(node)
    known = {"id": node, "alt_text_custom": upload.alt, "alt_text": upload.alt}
    return {name: value for name, value in known.items() if value}


def _batch(world: World, call: Call, twist: Twist) -> list[dict[str, Any]]:
    """POST / with up to 50 calls; each gets its own status and a body that is a string."""
    try:
        members = json.loads(call.parameters["batch"])
    except ValueError:
        members = None
    if not isinstance(members, list) or not all(isinstance(one, dict) for one in members):
        raise bad_parameter("batch parameter must be a JSON array")
    if len(members) > BATCH_CAP:
        raise RefusalError(
            100,
            f"Too many requests in batch message. Maximum batch size is {BATCH_CAP}",
            kind="GraphBatchException",
        )
    with_headers = call.flag("include_headers", True)
    return [_member(world, call, twist, one, with_headers) for one in members]


def _member(
    world: World, call: Call, twist: Twist, one: dict[str, Any], with_headers: bool
) -> dict[str, Any]:
    target = urlsplit("/" + str(one.get("relative_url", "")).lstrip("/"))
    parameters = dict(parse_qsl(target.query)) | dict(parse_qsl(str(one.get("body", ""))))
    parameters.setdefault("access_token", call.token)
    member = Call(str(one.get("method", "GET")).upper(), target.path, parameters, {}, "", call.url)
    reply = _answered(world, member, twist)
    answered: dict[str, Any] = {"code": reply.status, "body": reply.body.decode()}
    if with_headers:
        answered["headers"] = [{"name": "Content-Type", "value": "text/javascript; charset=UTF-8"}]
    return answered


def _answered(world: World, call: Call, twist: Twist) -> Reply:
    try:
        return json_reply(200, _run(world, call, twist))
    except RefusalError as refusal:
        return refusal.reply()


def purpose(request: Request, path: str) -> str:
    """Whether a request writes what people see, uploads, or only reads."""
    call = read_call(request, path)
    if call.method == "DELETE":
        return "write"
    edge = call.steps[-1] if call.steps else ""
    if call.method != "POST" or edge not in ("feed", "photos"):
        return "read"
    is_hidden = edge == "photos" and not call.flag("published", True)
    return "upload" if is_hidden else "write"


def answer(world: World, request: Request, path: str, twist: Twist) -> Reply:
    """Answer one request below /graph."""
    call = read_call(request, path)
    if call.steps == ["dialog", "oauth"]:
        return graph_dialog.answer(world, request)
    reply = _answered(world, call, twist)
    headers = [*reply.headers, *edge_headers(call.version)]
    return replace(reply, content_type=JSON_TYPE, headers=headers)


def edge_headers(version: str) -> list[tuple[str, str]]:
    """The headers Facebook puts on every reply."""
    return [
        ("facebook-api-version", version),
        ("x-fb-trace-id", secrets.token_urlsafe(8)),
        ("x-app-usage", USAGE),
        ("cache-control", "private, no-cache, no-store, must-revalidate"),
    ]
