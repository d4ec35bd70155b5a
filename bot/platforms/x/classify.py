"""What each answer of X to a post means, by the table in `answers`.

An answer that is no complete JSON object, that contradicts itself, or that no row knows may have
been carried out and is Unknown. Sent needs an id; the absence of an error is not enough.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.platforms.answers import Answer, outcome_of
from bot.platforms.contract import Detail, Outcome, Sent
from bot.platforms.replies import json_object, quoted, rows, table, words
from bot.platforms.x import answers
from bot.platforms.x.answers import Evidence
from bot.platforms.x.limits import quiet_until
from bot.wire import Reply

POST_ID = re.compile(r"[0-9]{1,19}", re.ASCII)
SENT_STATUSES = (200, 201)


def classify(reply: Reply, now: datetime, hide: Callable[[str], str]) -> Outcome:
    """How an attempt ended, by the reply to it; `hide` takes secrets out of X's own words."""
    body = json_object(reply.body)
    trace = quoted(hide(reply.headers.get("x-transaction-id", ""))) or None
    if body is None:
        answer = answers.NOT_JSON if reply.body else answers.CUT_SHORT
        return outcome_of(answer, Detail(reply.status, None, trace), said="", until=None)
    evidence = weigh(reply.status, body)
    detail = Detail(reply.status, _code(evidence), trace)
    remote_id = _post_in(body)
    # Errors about a part of what was asked may stand beside a success; a problem may not.
    if reply.status in SENT_STATUSES and remote_id is not None and "title" not in body:
        return Sent(remote_id, post_url(remote_id), detail)
    return outcome_of(
        _answer(evidence, remote_id),
        detail,
        said=quoted(hide(evidence.text)),
        until=quiet_until(reply.headers, now),
    )


def _answer(evidence: Evidence, remote_id: str | None) -> Answer:
    """What an answer that confirms nothing says; one that names a post all the same is no no."""
    if remote_id is not None:
        return answers.YES_AND_NO
    if evidence.status in SENT_STATUSES:
        return answers.YES_WITHOUT_ID
    known = (row for row in answers.TABLE if row.matches(evidence))
    return next(known, answers.NOT_IN_TABLE)


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


def _post_in(body: Mapping[str, Any]) -> str | None:
    remote_id = table(body.get("data")).get("id")
    is_id = isinstance(remote_id, str) and POST_ID.fullmatch(remote_id) is not None
    return remote_id if is_id else None


def post_url(remote_id: str) -> str:
    """Where anyone can see the post; X finds the account by itself."""
    return f"https://x.com/i/web/status/{remote_id}"


def _code(evidence: Evidence) -> str | None:
    codes = " ".join(str(code) for code in sorted(evidence.codes))
    return quoted(" ".join(part for part in (evidence.problem, codes) if part)) or None
