"""The platforms' own refusals, on demand: what a planned fault answers in their words.

Bodies and headers from the fact sheets (read 2026-11-23): X problem JSON, Facebook's error
envelope. Nothing here accepts a post; `fault_replies` decides that. Marked "unverified" where no
live reply was ever seen.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from bot.sandbox import graph, x, x_oauth, x_problems
from bot.sandbox.faults import Plan
from bot.sandbox.graph_errors import JSON_TYPE, RefusalError, stale_code
from bot.sandbox.graph_errors import duplicate as facebook_duplicate
from bot.sandbox.wire import Reply, json_reply
from bot.sandbox.world import World

Make = Callable[[World, Plan], Reply]
Headers = list[tuple[str, str]]

DAY = 86_400
WORDS_FOR_CODES = {
    4: "(#4) Application request limit reached",
    17: "(#17) User request limit reached",
    32: "(#32) Page request limit reached",
    341: "(#341) Feed action request limit reached",
    613: "(#613) Calls to this api have exceeded the rate limit.",
    80001: "(#80001) There have been too many calls to this Page account. Try again later.",
}
WORDS_FOR_SUBCODES = {
    458: "Error validating access token: the user has not authorized the application.",
    459: "Error validating access token: the user is enrolled in a blocking checkpoint.",
    460: "Error validating access token: the session was invalidated because the password changed.",
    463: "Error validating access token: Session has expired.",
    467: "Error validating access token: this access token is invalid.",
    492: "Error validating access token: the user must be an administrator of the Page.",
}


def _either(on_x: Make, on_facebook: Make) -> Callable[[World, Plan, str, Reply], Reply]:
    """One fault for both platforms, each with its own words and edge headers."""

    def shape(world: World, plan: Plan, platform: str, _: Reply) -> Reply:
        if platform == "x":
            return _with(on_x(world, plan), x.edge_headers())
        reply = replace(on_facebook(world, plan), content_type=JSON_TYPE)
        return _with(reply, graph.edge_headers("v26.0"))

    return shape


def _with(reply: Reply, headers: Headers) -> Reply:
    return replace(reply, headers=[*reply.headers, *headers])


def _nowhere(_: World, plan: Plan) -> Reply:
    raise ValueError(f"{plan.kind} is not for this platform.")


def _x_500(_: World, __: Plan) -> Reply:
    return x_problems.problem(500, "Internal Server Error", "Something is broken.")


def _graph_500(_: World, __: Plan) -> Reply:
    message = "An unexpected error has occurred. Please retry your request later."
    return RefusalError(2, message, status=500, is_transient=True).reply()


def _x_503(_: World, __: Plan) -> Reply:
    return x_problems.problem(503, "Service Unavailable", "Service Unavailable")


def _graph_503(_: World, __: Plan) -> Reply:
    return RefusalError(2, "Service temporarily unavailable", status=503, is_transient=True).reply()


def _x_429(world: World, plan: Plan) -> Reply:
    """`headers`: normal, missing, past, words, day_app, day_user, or raw: `raw` as the reset."""
    manner = str(plan.options.get("headers", "raw" if "raw" in plan.options else "normal"))
    now = int(world.clock().timestamp())
    ahead = now + int(plan.seconds("seconds", 900))
    resets = {"past": str(now - 60), "words": "soon", "normal": str(ahead)}
    resets["raw"] = str(plan.options.get("raw", ""))
    window = [
        ("x-rate-limit-limit", "100"),
        ("x-rate-limit-remaining", "0" if manner in resets else "87"),
        ("x-rate-limit-reset", resets.get(manner, str(now + 700))),
    ]
    # A daily cap is seen with a healthy 15-minute window beside it.
    day = {"day_app": ("app", "10000"), "day_user": ("user", "100")}
    if manner in day:
        who, limit = day[manner]
        until = str(now + int(plan.seconds("seconds", DAY / 2)))
        window += [
            (f"x-{who}-limit-24hour-limit", limit),
            (f"x-{who}-limit-24hour-remaining", "0"),
            (f"x-{who}-limit-24hour-reset", until),
        ]
    return x_problems.too_many([] if manner == "missing" else window)


def _graph_throttled(world: World, plan: Plan) -> Reply:
    """`headers`: normal or missing; `minutes` until access is regained; `raw` as the header."""
    code = int(plan.options.get("code", 80001))
    usage: dict[str, Any] = {
        "type": "pages",
        "call_count": 100,
        "total_cputime": 25,
        "total_time": 25,
        "estimated_time_to_regain_access": int(plan.options.get("minutes", 19)),
    }
    headers: Headers = []
    if plan.options.get("headers", "normal") != "missing":
        used = json.dumps({world.accounts.page_id: [usage]}, separators=(",", ":"))
        used = str(plan.options.get("raw", used))
        headers = [("x-business-use-case-usage", used)]
    return RefusalError(
        code,
        WORDS_FOR_CODES.get(code, f"(#{code}) Too many calls"),
        subcode=plan.options.get("subcode"),
        status=int(plan.options.get("status", 400)),
        headers=headers,
    ).reply()


def _x_401(_: World, __: Plan) -> Reply:
    return x_problems.unauthorized()


def _graph_190(_: World, plan: Plan) -> Reply:
    subcode = int(plan.options.get("subcode", 463))
    words = WORDS_FOR_SUBCODES.get(subcode, "Error validating access token.")
    return RefusalError(190, words, subcode=subcode).reply()


def _x_suspended(_: World, __: Plan) -> Reply:
    detail = "Your account is suspended and is not permitted to access this feature."
    return x_problems.problem(403, "Forbidden", detail, "user-suspended")


def _graph_checkpoint(_: World, __: Plan) -> Reply:
    return RefusalError(190, WORDS_FOR_SUBCODES[459], subcode=459).reply()


def _x_402(world: World, __: Plan) -> Reply:
    detail = (
        f"Your enrolled account [{world.accounts.x_user_id}] does not have any credits to fulfill "
        "this request."
    )
    # Seen live without a status in the body.
    body = {"title": "CreditsDepleted", "detail": detail, "type": f"{x_problems.PROBLEMS}credits"}
    return json_reply(402, body)


def _x_spent(_: World, __: Plan) -> Reply:
    """Unverified: known only from other projects' tests."""
    detail = "Your enrolled account has hit its spending limit for this billing cycle."
    return x_problems.problem(403, "SpendCapReached", detail, "credits")


def _x_duplicate(_: World, __: Plan) -> Reply:
    return x_problems.forbidden(x_problems.DUPLICATE)


def _graph_506(_: World, __: Plan) -> Reply:
    return facebook_duplicate().reply()


def _x_refused(_: World, __: Plan) -> Reply:
    return x_problems.forbidden(x_problems.NOT_PERMITTED)


def _graph_368(_: World, plan: Plan) -> Reply:
    return RefusalError(
        368,
        "The action attempted has been deemed abusive or is otherwise disallowed",
        subcode=int(plan.options.get("subcode", 1390008)),
        error_user_title="You can't use this feature right now",
        error_user_msg="We limit how often you can post or do other things.",
    ).reply()


def _graph_any(_: World, plan: Plan) -> Reply:
    options = plan.options
    code = int(options.get("code", 1))
    return RefusalError(
        code,
        str(options.get("message", f"(#{code}) An error was planned here.")),
        subcode=options.get("subcode"),
        status=int(options.get("status", 400)),
        kind=str(options.get("type", "OAuthException")),
        is_transient=bool(options.get("is_transient", False)),
    ).reply()


def _x_any(_: World, plan: Plan) -> Reply:
    options = plan.options
    return x_problems.problem(
        int(options.get("status", 403)),
        str(options.get("title", "Forbidden")),
        str(options.get("detail", x_problems.NOT_PERMITTED)),
        options.get("type"),
    )


server_error = _either(_x_500, _graph_500)
unavailable = _either(_x_503, _graph_503)
rate_limited = _either(_x_429, _graph_throttled)
dead_token = _either(_x_401, _graph_190)
suspended = _either(_x_suspended, _graph_checkpoint)
credits_gone = _either(_x_402, _nowhere)
spending_limit = _either(_x_spent, _nowhere)
duplicate = _either(_x_duplicate, _graph_506)
blocked = _either(_x_refused, _graph_368)
graph_error = _either(_nowhere, _graph_any)
problem = _either(_x_any, _nowhere)
stale_grant = _either(lambda _, __: x_oauth.stale(), lambda _, __: stale_code().reply())
callback_refused = _either(lambda _, __: x_oauth.callback_refused(), _nowhere)
