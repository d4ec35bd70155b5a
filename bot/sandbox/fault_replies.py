"""What each kind of fault does on the wire, as one table.

A kind says whether the platform accepts the request behind the fault, and how the reply is then
bent. The options of every kind are listed in `KINDS`; any kind also takes `on`, `method`, `path`,
`accepted`, `delay_seconds` and `hidden_seconds`.
"""

import gzip
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from bot.sandbox.faults import KINDS_OF_REQUEST, Plan
from bot.sandbox.refusals import (
    blocked,
    callback_refused,
    credits_gone,
    dead_token,
    duplicate,
    graph_error,
    problem,
    rate_limited,
    server_error,
    spending_limit,
    stale_grant,
    suspended,
    unavailable,
)
from bot.sandbox.wire import JSON_TYPE, Reply, json_reply, text_reply
from bot.sandbox.world import Twist, World

Shape = Callable[[World, Plan, str, Reply], Reply]
NOTHING = Reply(200)

GATEWAY_PAGE = (
    "<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1>"
    "</center></body></html>"
)
EVERY_KIND_TAKES = ("on", "method", "path", "accepted", "delay_seconds", "hidden_seconds")


def _as_is(_: World, __: Plan, ___: str, reply: Reply) -> Reply:
    return reply


def _in_manner(manner: str) -> Shape:
    return lambda _, plan, __, reply: replace(reply, manner=manner, options=plan.options)


def _gateway(_: World, plan: Plan, __: str, ___: Reply) -> Reply:
    return text_reply(int(plan.options.get("status", 502)), GATEWAY_PAGE)


def _empty(_: World, plan: Plan, __: str, reply: Reply) -> Reply:
    return Reply(int(plan.options.get("status", reply.status)), b"", JSON_TYPE)


def _wrong_types(_: World, plan: Plan, __: str, reply: Reply) -> Reply:
    status = int(plan.options.get("status", reply.status))
    return json_reply(status, plan.options.get("body", [1, None, "two"]))


def _garbled(_: World, plan: Plan, __: str, reply: Reply) -> Reply:
    """`text` in place of the body, as it stands: names said twice, half a number, anything."""
    status = int(plan.options.get("status", reply.status))
    return replace(reply, status=status, body=str(plan.options.get("text", "{")).encode())


def _bomb(_: World, plan: Plan, __: str, reply: Reply) -> Reply:
    """A small body that unpacks to `megabytes` of white space and then the true answer."""
    packed = _packed(int(plan.options.get("megabytes", 64)), reply.body)
    return replace(reply, body=packed, headers=[*reply.headers, ("content-encoding", "gzip")])


@cache
def _packed(megabytes: int, end: bytes) -> bytes:
    return gzip.compress(b" " * (megabytes * 1_000_000) + end, compresslevel=1, mtime=0)


def _no_content_type(_: World, __: Plan, ___: str, reply: Reply) -> Reply:
    return replace(reply, content_type=None)


def _redirect(world: World, plan: Plan, _: str, __: Reply) -> Reply:
    location = str(plan.options.get("location", f"{world.url}/elsewhere"))
    return Reply(int(plan.options.get("status", 307)), b"", None, [("location", location)])


def _wrong_state(_: World, __: Plan, ___: str, reply: Reply) -> Reply:
    """The way back with another's state, as a link that was not made here would have it."""
    headers = [
        (name, _swapped(value) if name == "location" else value) for name, value in reply.headers
    ]
    return replace(reply, headers=headers)


def _swapped(location: str) -> str:
    parts = urlsplit(location)
    answer = {
        name: value[::-1] if name in ("state", "oauth_token") else value
        for name, value in parse_qsl(parts.query)
    }
    return urlunsplit(parts._replace(query=urlencode(answer)))


class Kind(NamedTuple):
    """One kind of fault."""

    accepted: bool
    shape: Shape
    options: tuple[str, ...] = ()
    on: str = "write"
    platforms: tuple[str, ...] = ("x", "facebook")


KINDS: dict[str, Kind] = {
    "late": Kind(True, _as_is, ("seconds", "accept_late")),
    "cut_before": Kind(False, _in_manner("reset")),
    "cut_after": Kind(True, _in_manner("reset")),
    "cut_at": Kind(True, _in_manner("cut"), ("bytes", "reset")),
    "error_after": Kind(True, server_error),
    "error_before": Kind(False, unavailable),
    "html_after": Kind(True, _gateway, ("status",)),
    "html_before": Kind(False, _gateway, ("status",)),
    "empty_after": Kind(True, _empty, ("status",)),
    "wrong_types": Kind(True, _wrong_types, ("body", "status")),
    "no_content_type": Kind(True, _no_content_type),
    "drip": Kind(True, _in_manner("drip"), ("seconds",)),
    "huge": Kind(True, _in_manner("endless")),
    "chunks": Kind(True, _in_manner("chunks"), ("seconds",)),
    "garbled": Kind(True, _garbled, ("text", "status")),
    "bomb": Kind(True, _bomb, ("megabytes",)),
    "redirect": Kind(False, _redirect, ("status", "location")),
    "rate_limited": Kind(
        False, rate_limited, ("headers", "seconds", "code", "subcode", "minutes", "status", "raw")
    ),
    "dead_token": Kind(False, dead_token, ("subcode",)),
    "suspended": Kind(False, suspended),
    "credits_gone": Kind(False, credits_gone, platforms=("x",)),
    "spending_limit": Kind(False, spending_limit, platforms=("x",)),
    "duplicate": Kind(False, duplicate),
    "blocked": Kind(False, blocked, ("subcode",)),
    "graph_error": Kind(
        False,
        graph_error,
        ("code", "subcode", "is_transient", "status", "message", "type"),
        platforms=("facebook",),
    ),
    "problem": Kind(False, problem, ("status", "title", "detail", "type"), platforms=("x",)),
    "callback_refused": Kind(False, callback_refused, on="read", platforms=("x",)),
    "stale_grant": Kind(False, stale_grant, on="read"),
    "wrong_state": Kind(True, _wrong_state, on="read"),
    "hidden_for": Kind(True, _as_is, ("seconds",)),
    "out_of_order": Kind(True, _as_is, on="read"),
}


def plan_fault(
    platform: str, kind: str, count: int | None = 1, options: dict[str, Any] | None = None
) -> Plan:
    """A plan, or ValueError naming what is wrong with it."""
    given = dict(options or {})
    if kind not in KINDS:
        raise ValueError(f"There is no fault {kind!r}. There are: {', '.join(KINDS)}.")
    rule = KINDS[kind]
    if platform not in rule.platforms:
        raise ValueError(f"{kind} is not for {platform!r} but for {' and '.join(rule.platforms)}.")
    unknown = sorted(set(given) - {*rule.options, *EVERY_KIND_TAKES})
    if unknown:
        takes = ", ".join((*rule.options, *EVERY_KIND_TAKES))
        raise ValueError(f"{kind} does not take {', '.join(unknown)}. It takes: {takes}.")
    on = str(given.pop("on", rule.on))
    if on not in KINDS_OF_REQUEST:
        raise ValueError(f"on must be one of {', '.join(KINDS_OF_REQUEST)}, not {on!r}.")
    if count is not None and count < 1:
        raise ValueError("count must be at least 1, or None for until cleared.")
    return Plan(platform, kind, count, on, given)


def answer(world: World, plan: Plan, platform: str, ask: Callable[[Twist], Reply]) -> Reply:
    """Answer a request under a fault; `ask` puts it to the platform."""
    rule = KINDS[plan.kind]
    delay = plan.seconds("delay_seconds") + (
        plan.seconds("seconds", 5) if plan.kind == "late" else 0
    )
    if plan.options.get("accept_late"):
        world.stopping.wait(delay)
    accepted = bool(plan.options.get("accepted", rule.accepted))
    reply = ask(_twist(plan)) if accepted else NOTHING
    if not plan.options.get("accept_late"):
        world.stopping.wait(delay)
    return rule.shape(world, plan, platform, reply)


def _twist(plan: Plan) -> Twist:
    hidden = plan.seconds("seconds", 60) if plan.kind == "hidden_for" else 0.0
    return Twist(
        hidden_seconds=plan.seconds("hidden_seconds", hidden),
        ranked=plan.kind == "out_of_order",
    )
