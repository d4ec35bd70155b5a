"""Takes each request to the room that answers it, applies planned faults, writes it down.

The only module that knows all rooms. A path outside them is a 404; `/elsewhere` exists so that a
client which follows a redirect it should refuse is seen doing so.
"""

import re
from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import unquote

from werkzeug.wrappers import Request

from bot.sandbox import control, fault_replies, graph, page, x
from bot.sandbox.feed import answer_article, answer_feed
from bot.sandbox.wire import Reply, json_reply
from bot.sandbox.world import Asked, Twist, World

OAUTH_TOKEN = re.compile(r'oauth_token="([^"]*)"')
BEARER = re.compile(r"(?i)^(?:bearer|oauth)\s+(\S+)")


class Room(NamedTuple):
    """One platform: where it lives, what a request to it is for, and who answers."""

    prefix: str
    purpose: Callable[[Request, str], str]
    answer: Callable[[World, Request, str, Twist], Reply]


PLATFORMS = {
    "x": Room("/x", x.purpose, x.answer),
    "facebook": Room("/graph", graph.purpose, graph.answer),
}


def answer(world: World, request: Request) -> Reply:
    """Answer one request and record it."""
    at = world.clock()
    platform, reply = _answer(world, request)
    status = 0 if reply.manner == "reset" else reply.status
    world.requests.append(Asked(platform, request.method, request.path, at, status))
    return reply


def _answer(world: World, request: Request) -> tuple[str, Reply]:
    path = request.path
    for platform, room in PLATFORMS.items():
        if path.startswith(room.prefix + "/"):
            return platform, _platform(world, request, platform, path[len(room.prefix) :])
    if path.startswith("/control/"):
        return "control", control.answer(world, request)
    if path in ("/feed.atom", "/feed"):
        return "feed", answer_feed(world.articles, world.url, request)
    if path.startswith("/articles/") and path[10:].isdecimal():
        return "feed", answer_article(world.articles, int(path[10:]))
    if path == "/elsewhere":
        return "elsewhere", json_reply(200, {})
    return "page", page.answer(world, request)


def _meant(world: World, request: Request) -> World:
    """Whose request it is, by its token: a neighbour's, else the first account's."""
    if not world.neighbours:
        return world
    header = request.headers.get("Authorization", "")
    said = OAUTH_TOKEN.search(header) or BEARER.search(header)
    # A token that is asked about comes before the app's own, which asks.
    given = (request.args.get("input_token"), request.args.get("access_token"))
    token = next(filter(None, (*given, request.form.get("access_token"))), None)
    return world.neighbours.get(token or (unquote(said[1]) if said else ""), world)


def _platform(world: World, request: Request, platform: str, path: str) -> Reply:
    room, meant = PLATFORMS[platform], _meant(world, request)
    plan = world.faults.take(platform, room.purpose(request, path), request.method, path)
    if plan is None:
        return room.answer(meant, request, path, Twist())

    def ask(twist: Twist) -> Reply:
        return room.answer(meant, request, path, twist)

    return fault_replies.answer(world, plan, platform, ask)
