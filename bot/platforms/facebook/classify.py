"""What each answer of Facebook to a post means: one table by code and subcode.

Message texts and HTTP statuses are not looked at, except that a 5xx is never a refusal: Meta has
published posts while answering 500. What no row knows may have been carried out and is Unknown.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.platforms.contract import (
    AccountBlocked,
    Detail,
    Outcome,
    RateLimited,
    Refused,
    Sent,
    Unknown,
)
from bot.platforms.replies import json_object, quoted, rows, table, whole, words
from bot.wire import Reply

WEB_ADDRESS = re.compile(r"https?://[^\s<>\"]{3,2000}")
POST_ID = re.compile(r"[0-9]{1,20}_[0-9]{1,20}", re.ASCII)
MISSING = (100, 33)
LONGEST_WAIT_MINUTES = 32 * 24 * 60
USAGE_HEADER = "x-business-use-case-usage"

DUPLICATE, REFUSED, BLOCKED, LIMITED = "duplicate", "refused", "blocked", "limited"

SIGNED_OUT = "Facebook does not accept the Page's token any more. Connect the Page again."
APP_REMOVED = "The app was removed from Facebook's settings. Connect the Page again."
CHECKPOINT = "Facebook wants the token's owner to sign in and confirm. Then connect the Page again."
OWNER_CHANGED = "The token's owner changed their Facebook password. Connect the Page again."
EXPIRED = "The Page's token has expired. Connect the Page again, with a long-lived token."
ROLE_LOST = "The token's owner has no role on the Page any more. Connect the Page again."
A_PERSONS = "This is a person's token; a Page's token is needed. Connect the Page again."
NO_PERMISSION = "The app lacks a permission for the Page (pages_manage_posts). Connect it again."
NO_PAGE = "Facebook does not find the Page. Check FACEBOOK_PAGE_ID and the Page's token."
AUTHORIZE = "Facebook wants the Page's managers to complete the Page publishing authorization."
CONFIRM_IDENTITY = "Facebook wants the Page's manager to confirm who they are. Sign in there."
LIMITED_DAYS = "Facebook has limited this Page for some days. Sign in there to see until when."
TOO_FAST = "Facebook says this Page posts too fast."
BLOCKED_NOW = "Facebook has blocked this action for now."
FLAGGED = "Facebook's filters do not accept this content."
TOO_MANY = "Facebook asks for a break: too many requests."
TWICE = "Facebook says this post is already there."
BAD_LINK = "Facebook cannot read the link."
BAD_PICTURE = "Facebook does not accept a picture: below 4 MB, and JPG or PNG."
INVALID = "Facebook says the post is not valid."
OLD_VERSION = "Facebook no longer answers this Graph version. Raise FACEBOOK_GRAPH_VERSION."
MAY_BE_DONE = "Facebook reported a fault of its own; the post may be there all the same."


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; without subcodes it holds for any."""

    codes: frozenset[int]
    meaning: str
    reason: str
    subcodes: frozenset[int] = frozenset()

    def matches(self, code: int, subcode: int | None) -> bool:
        """Whether code and subcode are this row's."""
        return code in self.codes and (not self.subcodes or subcode in self.subcodes)


def _row(codes: Any, meaning: str, reason: str, *subcodes: int) -> Row:
    return Row(frozenset(codes), meaning, reason, frozenset(subcodes))


TOKEN_CODES = (190, 102)
PERMISSION_CODES = (3, 10, *range(200, 300))
THROTTLE_CODES = (4, 17, 32, 341, 613, *range(80_001, 80_010), 80_014)

# Read top down: rows with subcodes stand above the one for their code alone.
TABLE = (
    _row(TOKEN_CODES, BLOCKED, APP_REMOVED, 458),
    _row(TOKEN_CODES, BLOCKED, CHECKPOINT, 459, 464),
    _row(TOKEN_CODES, BLOCKED, OWNER_CHANGED, 460),
    _row(TOKEN_CODES, BLOCKED, EXPIRED, 463),
    _row(TOKEN_CODES, BLOCKED, ROLE_LOST, 490, 492),
    _row(TOKEN_CODES, BLOCKED, A_PERSONS, 2069032),
    _row(TOKEN_CODES, BLOCKED, SIGNED_OUT),
    _row(PERMISSION_CODES, BLOCKED, AUTHORIZE, 1404078),
    _row(PERMISSION_CODES, BLOCKED, A_PERSONS, 2069030, 2069031, 2069032, 2069033),
    _row(PERMISSION_CODES, BLOCKED, NO_PERMISSION),
    _row((368,), DUPLICATE, TWICE, 1404082),
    _row((368,), LIMITED, TOO_FAST, 1390008),
    _row((368,), BLOCKED, CONFIRM_IDENTITY, 4854002),
    _row((368,), BLOCKED, LIMITED_DAYS, 1404112),
    _row((368,), REFUSED, FLAGGED, 1346003, 1404102, 1404006),
    _row((368,), BLOCKED, BLOCKED_NOW),
    _row(THROTTLE_CODES, LIMITED, TOO_MANY),
    _row((506,), DUPLICATE, TWICE),
    _row((100,), DUPLICATE, TWICE, 1366051, 1455006),
    _row((1366051, 1455006), DUPLICATE, TWICE),
    # The only object a post names is the Page itself.
    _row((100,), BLOCKED, NO_PAGE, MISSING[1]),
    _row((100,), REFUSED, BAD_LINK, 1609005, 1609008, 2061006),
    _row((100,), REFUSED, BAD_PICTURE, 1366046),
    _row((1609005, 1609008, 2061006), REFUSED, BAD_LINK),
    _row((1366046,), REFUSED, BAD_PICTURE),
    _row((100, 1349125, 2069019), REFUSED, INVALID),
    _row((12, 2635), BLOCKED, OLD_VERSION),
)
# Not in the table on purpose: 1, 2, 99, 960, 1363047 and 1609010 are faults of Facebook's own that
# have come with published posts (arsduo/koala#699), and whatever is new is no better known.


@dataclass(frozen=True, slots=True)
class Fault:
    """The parts of an error body that the table looks at."""

    code: int | None
    subcode: int | None
    is_transient: bool
    said: str
    trace: str | None


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
    )


def is_missing(fault: Fault) -> bool:
    """Whether Facebook says that the object asked about is not there, or not for this token."""
    return (fault.code, fault.subcode) == MISSING


def classify(reply: Reply, now: datetime, hide: Callable[[str], str]) -> Outcome:
    """How an attempt ended, by the reply to it; `hide` takes secrets out of Facebook's words."""
    body = json_object(reply.body)
    header_trace = quoted(hide(reply.headers.get("x-fb-trace-id", ""))) or None
    if body is None:
        detail = Detail(status=reply.status, trace=header_trace)
        return Unknown("Facebook's answer was incomplete or not in its own format.", detail)
    fault = fault_in(body)
    if fault is None:
        return _sent(reply, body, Detail(status=reply.status, trace=header_trace))
    trace = quoted(hide(fault.trace or "")) or header_trace
    detail = Detail(reply.status, _code(fault), trace)
    row = row_for(fault, reply.status)
    if row is None:
        return Unknown(MAY_BE_DONE, detail)
    if row.meaning == BLOCKED:
        return AccountBlocked(row.reason, None, detail)
    if row.meaning == LIMITED:
        return RateLimited(quiet_until(reply.headers, now), row.reason, detail)
    said = quoted(hide(fault.said))
    reason = f"{row.reason} It said: {said}" if said else row.reason
    return Refused(reason, row.meaning == DUPLICATE, detail)


def row_for(fault: Fault, status: int) -> Row | None:
    """The row that holds; None where the request may have been carried out after all."""
    if fault.code is None or not (200 <= status < 300 or 400 <= status < 500):
        return None
    row = next((row for row in TABLE if row.matches(fault.code, fault.subcode)), None)
    # Throttling is transient by nature, and says plainly that nothing was done.
    if row is not None and fault.is_transient and row.meaning != LIMITED:
        return None
    return row


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


def _sent(reply: Reply, body: Mapping[str, Any], detail: Detail) -> Outcome:
    remote_id, url = body.get("id"), words(body.get("permalink_url"))
    if not 200 <= reply.status < 300:
        return Unknown(f"Facebook answered {reply.status} without saying why.", detail)
    if not isinstance(remote_id, str) or POST_ID.fullmatch(remote_id) is None:
        return Unknown("Facebook said yes but named no post.", detail)
    return Sent(remote_id, url if WEB_ADDRESS.fullmatch(url) else post_url(remote_id), detail)


def _code(fault: Fault) -> str | None:
    codes = [str(code) for code in (fault.code, fault.subcode) if code is not None]
    return "/".join(codes) or None
