"""One read of the Graph API, told apart: a body, an error of Facebook's, or nothing usable."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.platforms.contract import NotReached, RateLimited, Unknown, Unreadable
from bot.platforms.facebook.classify import Fault, classify, fault_in
from bot.platforms.replies import json_object
from bot.wire import Reply


@dataclass(frozen=True, slots=True)
class Declined:
    """Facebook answered with an error; `why` says it in plain words."""

    fault: Fault
    why: Unreadable


Read = Mapping[str, Any] | Declined | Unreadable
Ask = Callable[[str, dict[str, Any]], Read]


def read(reply: Reply | NotReached | Unknown, now: datetime, hide: Callable[[str], str]) -> Read:
    """What a GET came back with."""
    if not isinstance(reply, Reply):
        return Unreadable(reply.reason)
    body = json_object(reply.body)
    fault = None if body is None else fault_in(body)
    if body is not None and fault is None and reply.status == 200:
        return body
    outcome = classify(reply, now, hide)
    until = outcome.until if isinstance(outcome, RateLimited) else None
    why = Unreadable(getattr(outcome, "reason", "Facebook's answer cannot be understood."), until)
    return why if fault is None else Declined(fault, why)
