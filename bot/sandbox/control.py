"""The control door: plan faults and read the truth over HTTP, from this machine only.

JSON in and out. Refuses a foreign Host or Origin, so that no web page a person has open can reach
it, bodies over 1 MB, and bodies that are not JSON objects.
"""

import json
from collections.abc import Callable
from typing import Any

from werkzeug.wrappers import Request

from bot.sandbox import deeds
from bot.sandbox.wire import Reply, json_reply
from bot.sandbox.world import World

BODY_CAP = 1_000_000
MOST_ACCOUNTS = 10_000

Act = Callable[[World, dict[str, Any]], Any]


def _ledger(world: World, _: dict[str, Any]) -> Any:
    return [entry.as_json() for one in world.everybody() for entry in one.ledger.posts()]


def _count(world: World, _: dict[str, Any]) -> Any:
    return {"posts": sum(len(one.ledger.posts()) for one in world.everybody())}


def _accounts(world: World, body: dict[str, Any]) -> Any:
    count = body.get("count", 1)
    if not isinstance(count, int) or not 0 < count <= MOST_ACCOUNTS:
        raise ValueError(f"count must be a number from 1 to {MOST_ACCOUNTS:,}.")
    return [_moved_in(world) for _ in range(count)]


def _moved_in(world: World) -> dict[str, str]:
    new = world.move_in()
    # What is planned at this door befalls a platform, whoever asks.
    new.faults = world.faults
    return new.accounts.settings(f"{world.url}/x", f"{world.url}/graph")


def _requests(world: World, _: dict[str, Any]) -> Any:
    return [{**asked._asdict(), "at": asked.at.isoformat()} for asked in list(world.requests)]


def _settings(world: World, _: dict[str, Any]) -> Any:
    return world.accounts.settings(f"{world.url}/x", f"{world.url}/graph")


def _fault(world: World, body: dict[str, Any]) -> Any:
    options = body.get("options") or {}
    count = body.get("count", 1)
    if not isinstance(options, dict) or not (count is None or isinstance(count, int)):
        raise ValueError("options must be an object, and count a number or null.")
    deeds.plan(world, str(body.get("platform")), str(body.get("kind")), count, options)
    return {"waiting": len(world.faults.waiting())}


def _clear(world: World, _: dict[str, Any]) -> Any:
    world.faults.clear()
    return {"waiting": 0}


def _article(world: World, body: dict[str, Any]) -> Any:
    article = world.articles.add(
        str(body.get("title", "")), body.get("link"), str(body.get("summary", ""))
    )
    return {"number": article.number}


def _by_hand(world: World, body: dict[str, Any]) -> Any:
    return deeds.post_by_hand(world, str(body.get("platform")), str(body.get("text", ""))).as_json()


def _reset(world: World, _: dict[str, Any]) -> Any:
    world.reset()
    return {"reset": True}


ACTS: dict[tuple[str, str], Act] = {
    ("GET", "ledger"): _ledger,
    ("GET", "count"): _count,
    ("GET", "requests"): _requests,
    ("GET", "settings"): _settings,
    ("POST", "accounts"): _accounts,
    ("POST", "fault"): _fault,
    ("POST", "clear"): _clear,
    ("POST", "article"): _article,
    ("POST", "by-hand"): _by_hand,
    ("POST", "reset"): _reset,
    ("POST", "switch"): deeds.switch,
}


def is_local(world: World, request: Request) -> bool:
    """Whether the request names this server as its host and, if at all, as its origin."""
    port = world.url.rpartition(":")[2]
    hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
    origin = request.headers.get("Origin")
    return request.headers.get("Host") in hosts and (
        origin is None or origin.removeprefix("http://") in hosts
    )


def answer(world: World, request: Request) -> Reply:
    """Answer one request below /control."""
    if not is_local(world, request):
        return json_reply(403, {"error": "The control door is for this machine only."})
    act = ACTS.get((request.method, request.path.removeprefix("/control/")))
    if act is None:
        return json_reply(404, {"error": "There is no such control."})
    raw = request.get_data(cache=True)
    if len(raw) > BODY_CAP:
        return json_reply(413, {"error": "The body is over 1 MB."})
    if raw and request.mimetype != "application/json":
        # A web page could send a form here without asking; it cannot send JSON unasked.
        return json_reply(415, {"error": "The body must be application/json."})
    try:
        body = json.loads(raw or b"{}")
    except ValueError:
        body = None
    if not isinstance(body, dict):
        return json_reply(400, {"error": "The body must be a JSON object."})
    try:
        return json_reply(200, act(world, body))
    except ValueError as mistake:
        return json_reply(400, {"error": str(mistake)})
