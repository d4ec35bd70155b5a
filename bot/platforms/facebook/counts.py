"""Engagement counts of Page posts: one call a post, its insights expanded beside its fields.

One retired metric name fails the whole call, so what is refused is asked in steps: the fields, then
the names together, then one by one, and the dead ones are remembered. A summary the token may not
read costs only its own count. What Facebook does not say stays None; only `shares`, which it leaves
out at zero, is 0 beside an otherwise whole post.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.platforms.contract import Counts, CountsRead, Unreadable
from bot.platforms.facebook.answers import PERMISSION_CODES
from bot.platforms.facebook.classify import is_missing
from bot.platforms.facebook.reading import Ask, Declined, Read
from bot.platforms.replies import rows, table, whole, words

GROUPS = {
    "shares": "shares",
    "likes": "reactions.summary(total_count).limit(0)",
    "comments": "comments.summary(total_count).limit(0)",
}
# `post_clicks` alone counts every click on a post, opening a picture or "See more" among them.
METRICS = {
    "post_media_view": "views",
    "post_total_media_view_unique": "viewers",
    "post_clicks_by_type": "link_clicks",
}
# Taken off the Page's timeline, a post is still answered by its id.
SHOWN = ("is_published", "is_hidden")
LINK_CLICKS = "link clicks"
INVALID = 100


@dataclass(slots=True)
class _Reading:
    ask: Ask
    page_id: str
    dead: set[str]
    page_is_there: bool | None = None
    # Whether one call for everything is still worth trying.
    at_once: bool = True
    trouble: Unreadable | None = None
    counts: dict[str, Counts] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)


def read_counts(
    ids: Iterable[str], page_id: str, ask: Ask, dead: set[str]
) -> CountsRead | Unreadable:
    """Counts of these posts; `dead` remembers metric names Facebook no longer knows."""
    reading, asked = _Reading(ask, page_id, dead), list(ids)
    for remote_id in asked:
        _read_post(reading, remote_id)
        if reading.trouble is not None:
            break
    if reading.trouble is not None and not (reading.counts or reading.gone):
        return reading.trouble
    unread = set(asked) - reading.counts.keys() - reading.gone if reading.trouble else ()
    return CountsRead(reading.counts, frozenset(reading.gone), unread=frozenset(unread))


def _read_post(reading: _Reading, remote_id: str) -> None:
    if reading.at_once:
        answer = reading.ask(remote_id, {"fields": ",".join(_everything(reading))})
        if not _is_refused(answer, (INVALID, *PERMISSION_CODES)):
            if _is_whole(reading, remote_id, answer):
                values = _values(table(table(answer).get("insights")))
                reading.counts[remote_id] = Counts(**_fields(answer), **values)
            return
        reading.at_once = False
    _read_in_steps(reading, remote_id)


def _everything(reading: _Reading) -> list[str]:
    alive = [name for name in METRICS if name not in reading.dead]
    insights = [f"insights.metric({','.join(alive)})"] if alive else []
    return ["id", *GROUPS.values(), *SHOWN, *insights]


def _read_in_steps(reading: _Reading, remote_id: str) -> None:
    answer = reading.ask(remote_id, {"fields": ",".join(["id", *GROUPS.values()])})
    if _is_refused(answer, PERMISSION_CODES):
        found = _ask_groups(reading, remote_id)
    elif _is_whole(reading, remote_id, answer):
        found = _fields(answer)
    else:
        return
    reading.counts[remote_id] = Counts(**found, **_insights(reading, remote_id))


def _is_refused(answer: Read, codes: Iterable[int | None]) -> bool:
    """Whether one of the things asked for is not to be had, so that less must be asked."""
    return (
        isinstance(answer, Declined) and not is_missing(answer.fault) and answer.fault.code in codes
    )


def _is_whole(reading: _Reading, remote_id: str, answer: Read) -> bool:
    """Whether that is the post, still public; else it is noted what it is."""
    if isinstance(answer, Declined) and is_missing(answer.fault):
        _note_missing(reading, remote_id)
    elif not _is_post(answer, remote_id):
        reading.trouble = _trouble(answer)
    elif table(answer).get("is_hidden") is True or table(answer).get("is_published") is False:
        reading.gone.add(remote_id)
    else:
        return True
    return False


def _fields(answer: Read) -> dict[str, int | None]:
    return {name: _group(name, table(answer)) for name in GROUPS}


def _note_missing(reading: _Reading, remote_id: str) -> None:
    # "Missing" is also what a token without rights is told, about every post there is.
    if reading.page_is_there is None:
        page = reading.ask(reading.page_id, {"fields": "id"})
        reading.page_is_there = _is_post(page, reading.page_id)
    if reading.page_is_there:
        reading.gone.add(remote_id)
    else:
        reading.trouble = Unreadable("Facebook shows neither the post nor the Page.")


def _ask_groups(reading: _Reading, remote_id: str) -> dict[str, int | None]:
    found: dict[str, int | None] = {}
    for name, expression in GROUPS.items():
        answer = reading.ask(remote_id, {"fields": f"id,{expression}"})
        readable = _is_post(answer, remote_id)
        found[name] = _group(name, table(answer)) if readable else None
    return found


def _insights(reading: _Reading, remote_id: str) -> dict[str, int | None]:
    alive = [name for name in METRICS if name not in reading.dead]
    answer = _ask_metrics(reading, remote_id, alive) if alive else {}
    if isinstance(answer, Declined) and answer.fault.code == INVALID:
        return _one_by_one(reading, remote_id, alive)
    return _values(table(answer))


def _one_by_one(reading: _Reading, remote_id: str, names: list[str]) -> dict[str, int | None]:
    answers = {name: _ask_metrics(reading, remote_id, [name]) for name in names}
    refused = {
        name
        for name, answer in answers.items()
        if isinstance(answer, Declined) and answer.fault.code == INVALID
    }
    # When not one is answered, it is this post that has no insights and not the names.
    if len(refused) < len(names):
        reading.dead |= refused
    found: dict[str, int | None] = {}
    for answer in answers.values():
        found |= _values(table(answer))
    return found


def _ask_metrics(reading: _Reading, remote_id: str, names: list[str]) -> Read:
    return reading.ask(f"{remote_id}/insights", {"metric": ",".join(names)})


def _values(body: Mapping[str, Any]) -> dict[str, int | None]:
    found: dict[str, int | None] = {}
    for row in rows(body.get("data")):
        ours = METRICS.get(words(row.get("name")))
        values = rows(row.get("values")) or rows([row.get("total_value")])
        if ours is not None and values:
            found[ours] = _number(values[0].get("value"))
    return found


def _number(value: object) -> int | None:
    # By type, Facebook leaves out the kinds that did not happen.
    return whole(value.get(LINK_CLICKS, 0)) if isinstance(value, dict) else whole(value)


def _group(name: str, post: Mapping[str, Any]) -> int | None:
    if name == "shares":
        return whole(table(post["shares"]).get("count")) if "shares" in post else 0
    edge = {"likes": "reactions", "comments": "comments"}[name]
    return whole(table(table(post.get(edge)).get("summary")).get("total_count"))


def _is_post(answer: Read, remote_id: str) -> bool:
    return isinstance(answer, Mapping) and answer.get("id") == remote_id


def _trouble(answer: Read) -> Unreadable:
    if isinstance(answer, Declined):
        return answer.why
    if isinstance(answer, Unreadable):
        return answer
    return Unreadable("Facebook's counts cannot be understood.")
