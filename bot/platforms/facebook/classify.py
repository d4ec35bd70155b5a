"""What each answer of Facebook to a post means, by the table in `answers`.

A 5xx, and what Facebook itself calls transient, is never a refusal: Meta has published posts while
answering 500. An answer that contradicts itself or that no row knows is Unknown.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.platforms.answers import Answer, Meaning, outcome_of
from bot.platforms.contract import Detail, Outcome, Sent
from bot.platforms.facebook import answers
from bot.platforms.replies import json_object, quoted, rows, table, whole, words
from bot.wire import Reply

WEB_ADDRESS = re.compile(r"https?://[^\s<>\"\ud800-\udfff]{3,492}")
POST_ID = re.compile(r"[0-9]{1,20}_[0-9]{1,20}", re.ASCII)
LONGEST_WAIT_MINUTES = 32 * 24 * 60
USAGE_HEADER = "x-business-use-case-usage"


@dataclass(frozen=True, slots=True)
class Fault:
    """The parts of an error body that the table looks at."""

    code: int | None
    subcode: int | None
    is_transient: bool
    said: str
    trace: str | None
    kind: str = ""


def fault_in(body: Mapping[str, Any]) -> Fault | None:
    """The error a body carries; None when it carries none."""
    if "error" not in body:
        return None
    error = table(body["error"])
    return Fault(
        code=whole(error.get("code")),
        subcode=whole(error.get("error_subcode")),
        is_transient=error.get("is_transient") is True,
        said=words(error.get("error_user_msg")) or words(error.get("message")),
        trace=words(error.get("fbtrace_id")) or None,
        kind=words(error.get("type")),
    )


def is_missing(fault: Fault) -> bool:
    """Whether Facebook says that the object asked about is not there, or not for this token."""
    return (fault.code, fault.subcode) == answers.MISSING


def classify(reply: Reply, now: datetime, hide: Callable[[str], str]) -> Outcome:
    """How an attempt ended, by the reply to it; `hide` takes secrets out of Facebook's words."""
    body = json_object(reply.body)
    header_trace = quoted(hide(reply.headers.get("x-fb-trace-id", ""))) or None
    if body is None:
        detail = Detail(status=reply.status, trace=header_trace)
        return outcome_of(answers.NOT_JSON, detail, said="", until=None)
    fault, remote_id = fault_in(body), _post_in(body)
    if fault is None and remote_id is not None and 200 <= reply.status < 300:
        url = words(body.get("permalink_url"))
        address = url if WEB_ADDRESS.fullmatch(url) else post_url(remote_id)
        return Sent(remote_id, address, Detail(reply.status, None, header_trace))
    trace = quoted(hide((fault and fault.trace) or "")) or header_trace
    return outcome_of(
        _answer(fault, remote_id, reply.status),
        Detail(reply.status, _code(fault), trace),
        said=quoted(hide(fault.said if fault else "")),
        until=quiet_until(reply.headers, now),
    )


def _answer(fault: Fault | None, remote_id: str | None, status: int) -> Answer:
    """What an answer that confirms nothing says; one that names a post all the same is no no."""
    is_yes = 200 <= status < 300
    if remote_id is not None or (is_yes and fault is not None):
        return answers.YES_AND_NO
    if fault is not None:
        return answer_for(fault, status)
    return answers.YES_WITHOUT_ID if is_yes else answers.NO_WITHOUT_REASON


def answer_for(fault: Fault, status: int) -> Answer:
    """The row that holds, or the shape that outranks it."""
    if not 400 <= status < 500:
        return answers.A_SERVER_FAULT
    if fault.code is None:
        return answers.NOT_IN_TABLE
    code, subcode, kind = fault.code, fault.subcode, fault.kind
    known = (row for row in answers.TABLE if row.matches(code, subcode, kind))
    found: Answer = next(known, answers.NOT_IN_TABLE)
    # Throttling is transient by nature, and says plainly that nothing was done.
    return (
        answers.A_SERVER_FAULT if fault.is_transient and found.meaning != Meaning.LIMITED else found
    )


def quiet_until(headers: Mapping[str, str], now: datetime) -> datetime | None:
    """The latest end of throttling that the usage header names; minutes, None where it has none."""
    usage = json_object(headers.get(USAGE_HEADER, "").encode()) or {}
    minutes = [
        whole(entry.get("estimated_time_to_regain_access"))
        for entries in usage.values()
        for entry in rows(entries)
    ]
    believable = [m for m in minutes if m is not None and 0 < m <= LONGEST_WAIT_MINUTES]
    return now + timedelta(minutes=max(believable)) if believable else None


def post_url(remote_id: str) -> str:
    """Where anyone can see the post, where Facebook named no address itself."""
    return f"https://www.facebook.com/{remote_id}"


def _post_in(body: Mapping[str, Any]) -> str | None:
    remote_id = body.get("id")
    is_id = isinstance(remote_id, str) and POST_ID.fullmatch(remote_id) is not None
    return remote_id if is_id else None


def _code(fault: Fault | None) -> str | None:
    if fault is None:
        return None
    codes = [str(code) for code in (fault.code, fault.subcode) if code is not None]
    return "/".join(codes) or None
