"""What each answer of X to a post means: one table, read top down.

An answer that is no complete JSON object, or that no row knows, may have been carried out and is
Unknown. Sent needs an id; the absence of an error is not enough.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
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
from bot.platforms.replies import json_object, quoted, rows, table, words
from bot.platforms.x.limits import quiet_until
from bot.wire import Reply

POST_ID = re.compile(r"[0-9]{1,19}", re.ASCII)
SENT_STATUSES = (200, 201)


@dataclass(frozen=True, slots=True)
class Evidence:
    """The parts of an error body that the table looks at."""

    status: int
    problem: str
    codes: frozenset[int]
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table; an empty condition matches anything."""

    statuses: tuple[int, ...]
    meaning: str
    reason: str
    problem: str = ""
    codes: tuple[int, ...] = ()
    pattern: str = ""

    def matches(self, evidence: Evidence) -> bool:
        """Whether the status fits and at least one of the conditions given does too."""
        if evidence.status not in self.statuses:
            return False
        conditions = (
            bool(self.problem) and self.problem in evidence.problem,
            bool(self.codes) and not evidence.codes.isdisjoint(self.codes),
            bool(self.pattern)
            and re.search(self.pattern, evidence.text, re.IGNORECASE) is not None,
        )
        return any(conditions) or not (self.problem or self.codes or self.pattern)


DUPLICATE, REFUSED, BLOCKED, LIMITED = "duplicate", "refused", "blocked", "limited"

NO_KEYS = "X does not accept this account's keys. Make new ones and put them in the settings."
NO_CREDIT = "The X developer account has no credit left. Buy credit at console.x.com."
SPENT = "X's spending limit for this month is reached. Raise it at console.x.com, or wait."
READ_ONLY = "The X keys may only read. Give the app Read and Write, then make new access tokens."
NOT_ENROLLED = "The X app may not use this API. Put it into a project at console.x.com."
WRONG_KEYS = "These are X keys of a kind that cannot post. Use the four keys of the account."
NO_ACCESS = "The X app's plan does not include posting. Look at its access at console.x.com."
SUSPENDED = "X has suspended this account. Only X can lift that: see help.x.com."
LOCKED = "X has locked this account for now. Sign in at x.com and follow what it asks."
TWICE = "X says this text is already there."
TOO_LONG = "X says the text is too long."
NOT_ALLOWED = "X does not allow this post: too long for this account, or the account is restricted."
NO_REPLY = "X does not allow a reply there."
NO_QUOTE = "X does not allow quoting that post."
REPLY_GONE = "The post this one answers is no longer there."
BAD_MEDIA = "X does not accept the pictures."
INVALID = "X says the post is not valid."
CAPPED = "The X app has used up what it may do this month."
TOO_MANY = "X asks for a break: too many requests."

TABLE = (
    Row((403,), DUPLICATE, TWICE, codes=(187,), pattern=r"duplicate content|is a duplicate"),
    Row((401,), BLOCKED, NO_KEYS),
    Row((402,), BLOCKED, NO_CREDIT),
    Row((403,), BLOCKED, SPENT, pattern=r"spending limit"),
    Row((403,), BLOCKED, NO_CREDIT, problem="credits", pattern=r"does not have any credits"),
    Row((403,), BLOCKED, READ_ONLY, problem="oauth1-permissions"),
    Row((403,), BLOCKED, NOT_ENROLLED, problem="client-forbidden", pattern=r"client-not-enrolled"),
    Row((403,), BLOCKED, WRONG_KEYS, problem="unsupported-authentication"),
    Row((403,), BLOCKED, NO_ACCESS, codes=(453,)),
    Row((403,), BLOCKED, SUSPENDED, problem="suspended", codes=(63, 64), pattern=r"\bsuspended\b"),
    Row((403,), BLOCKED, LOCKED, codes=(326,), pattern=r"temporarily locked"),
    Row((400, 403), REFUSED, TOO_LONG, codes=(186,), pattern=r"text is too long"),
    Row((400, 403), REFUSED, REPLY_GONE, codes=(385,), pattern=r"deleted or not visible to you"),
    Row((403,), REFUSED, NO_REPLY, codes=(433,), pattern=r"reply to this conversation is not all"),
    Row((403,), REFUSED, NO_QUOTE, pattern=r"quoting this post is not allowed"),
    Row((403,), REFUSED, NOT_ALLOWED, pattern=r"not permitted to perform this action"),
    Row((400,), REFUSED, BAD_MEDIA, pattern=r"media ids are invalid"),
    Row((400,), REFUSED, INVALID, problem="invalid-request", pattern=r"\S"),
    Row((429,), LIMITED, CAPPED, problem="usage-capped", pattern=r"usage cap exceeded"),
    Row((429,), LIMITED, SPENT, pattern=r"spending limit"),
    Row((429,), LIMITED, TOO_MANY),
)


def classify(reply: Reply, now: datetime, hide: Callable[[str], str]) -> Outcome:
    """How an attempt ended, by the reply to it; `hide` takes secrets out of X's own words."""
    body = json_object(reply.body)
    trace = quoted(hide(reply.headers.get("x-transaction-id", ""))) or None
    if body is None:
        detail = Detail(status=reply.status, trace=trace)
        return Unknown("X's answer was incomplete or not in its own format.", detail)
    if reply.status in SENT_STATUSES:
        return _sent(body, Detail(status=reply.status, trace=trace))
    evidence = weigh(reply.status, body)
    detail = Detail(reply.status, _code(evidence), trace)
    row = next((row for row in TABLE if row.matches(evidence)), None)
    if row is None:
        return Unknown(f"X answered {reply.status}, which does not say what happened.", detail)
    return _outcome(row, evidence, reply.headers, now, hide, detail)


def weigh(status: int, body: Mapping[str, Any]) -> Evidence:
    """Pick out of an error body what the table looks at."""
    problems = (body, *rows(body.get("errors")))
    # The host in front differs (twitter.com, x.com); only the last part of the path is the name.
    names = (words(problem.get("type")).rstrip("/").rpartition("/")[2] for problem in problems)
    codes = (problem.get("code") for problem in problems)
    texts = [words(p.get(key)) for p in problems for key in ("detail", "reason", "message")]
    return Evidence(
        status=status,
        problem=" ".join(name for name in names if name and name != "about:blank"),
        codes=frozenset(code for code in codes if isinstance(code, int)),
        text=" ".join(text for text in texts if text),
    )


def _sent(body: Mapping[str, Any], detail: Detail) -> Outcome:
    remote_id = table(body.get("data")).get("id")
    if not isinstance(remote_id, str) or POST_ID.fullmatch(remote_id) is None:
        return Unknown("X said yes but named no post.", detail)
    return Sent(remote_id, post_url(remote_id), detail)


def post_url(remote_id: str) -> str:
    """Where anyone can see the post; X finds the account by itself."""
    return f"https://x.com/i/web/status/{remote_id}"


def _outcome(
    row: Row,
    evidence: Evidence,
    headers: Mapping[str, str],
    now: datetime,
    hide: Callable[[str], str],
    detail: Detail,
) -> Outcome:
    if row.meaning == BLOCKED:
        return AccountBlocked(row.reason, None, detail)
    if row.meaning == LIMITED:
        return RateLimited(quiet_until(headers, now), row.reason, detail)
    said = quoted(hide(evidence.text))
    reason = f"{row.reason} It said: {said}" if said else row.reason
    return Refused(reason, row.meaning == DUPLICATE, detail)


def _code(evidence: Evidence) -> str | None:
    codes = " ".join(str(code) for code in sorted(evidence.codes))
    return quoted(" ".join(part for part in (evidence.problem, codes) if part)) or None
