"""The body X accepts on POST /2/tweets, as data, and the check that holds a body against it.

Our own words for https://docs.x.com/x-api/posts/create-post (read 2026-11-23 through the fact
sheet): unknown keys are refused, ids are strings of 1 to 19 digits.
"""

import re
from collections.abc import Callable
from typing import Any

from bot.sandbox.x_text import TEXT_CAP

ID = re.compile(r"[0-9]{1,19}\Z")

Fault = tuple[dict[str, list[str]], str]
Check = Callable[[Any], bool]


def is_id(value: Any) -> bool:
    """A string of 1 to 19 digits; a JSON number is not one."""
    return isinstance(value, str) and ID.match(value) is not None


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _ids(low: int, high: int) -> Check:
    return lambda value: (
        isinstance(value, list) and low <= len(value) <= high and all(map(is_id, value))
    )


def _poll_options(value: Any) -> bool:
    return (
        isinstance(value, list)
        and 2 <= len(value) <= 4
        and all(isinstance(option, str) and 1 <= len(option) <= 25 for option in value)
    )


def _poll_minutes(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 5 <= value <= 10_080


def _reply_settings(value: Any) -> bool:
    return value in ("following", "mentionedUsers", "subscribers", "verified")


def _anything(_: Any) -> bool:
    return True


# A nested table is an object; a name that ends in "!" must be there.
BODY: dict[str, Any] = {
    "text": _is_text,
    "media": {
        "media_ids!": _ids(1, 4),
        "tagged_user_ids": _ids(0, 10),
        "title": _is_text,
        "description": _is_text,
        "preview_media_id": is_id,
        "embeddable": _is_flag,
        "call_to_actions": _anything,
    },
    "poll": {"options!": _poll_options, "duration_minutes!": _poll_minutes},
    "reply": {
        "in_reply_to_tweet_id!": is_id,
        "exclude_reply_user_ids": _ids(0, 50),
        "auto_populate_reply_metadata": _is_flag,
    },
    "quote_tweet_id": is_id,
    "reply_settings": _reply_settings,
    "geo": {"place_id": _is_text},
    "for_super_followers_only": _is_flag,
    "direct_message_deep_link": _is_text,
    "card_uri": _is_text,
    "nullcast": _is_flag,
    "community_id": is_id,
    "share_with_followers": _is_flag,
    "edit_options": {"previous_post_id!": is_id},
    "made_with_ai": _is_flag,
    "paid_partnership": _is_flag,
}

EXCLUSIVE = ("media", "poll", "quote_tweet_id", "card_uri")


def faults_in(body: Any) -> list[Fault]:
    """Everything wrong with a request body, empty when it may go on."""
    if not isinstance(body, dict):
        return [({}, "The request body must be a JSON object.")]
    faults = _against(body, BODY, "")
    chosen = [name for name in EXCLUSIVE if name in body]
    if len(chosen) > 1:
        faults.append(({name: [] for name in chosen}, "Only one of these may be used in a post."))
    if len(str(body.get("text", ""))) > TEXT_CAP:
        faults.append(({"text": []}, f"[text] must be at most {TEXT_CAP} characters."))
    return faults


def _against(body: dict[str, Any], table: dict[str, Any], place: str) -> list[Fault]:
    rules = {name.rstrip("!"): rule for name, rule in table.items()}
    needed = [name[:-1] for name in table if name.endswith("!")]
    faults: list[Fault] = [
        ({f"{place}{name}": []}, f"[{place}{name}] is required.")
        for name in needed
        if name not in body
    ]
    for name, value in body.items():
        faults.extend(_one(f"{place}{name}", value, rules.get(name)))
    return faults


def _one(name: str, value: Any, rule: Any) -> list[Fault]:
    if rule is None:
        return [({name: [str(value)[:80]]}, f"[{name}] is not defined in the schema.")]
    if isinstance(rule, dict) and isinstance(value, dict):
        return _against(value, rule, f"{name}.")
    if isinstance(rule, dict) or not rule(value):
        return [({name: [str(value)[:80]]}, f"[{name}] is not a valid value.")]
    return []
