"""Drafts: what somebody is writing, kept as typed from the first word on."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask import abort

from bot.errors import PostInvalid
from bot.intake import form as forms
from bot.model.person import Manuscript
from bot.model.post import Post
from bot.model.written import (
    Picture,
    Written,
    from_json,
    pictures_from_json,
    pictures_to_json,
)
from bot.store import manuscripts
from bot.web.here import me, now, the_bot

# What a page's form sends beside the post itself.
NOT_THE_POST = frozenset(
    {"csrf_token", "do", "back", "version", "sure", "file", "day", "time", "when"}
)
MOST_FIELDS = 120
LONGEST = 60_000

Media = list[dict[str, Any]]


def blank(form: Mapping[str, str] | None = None) -> Manuscript:
    """A new one, not yet stored."""
    return Manuscript(
        key=str(uuid.uuid4()),
        person_id=me().id,
        form=dict(form or {"at": "next"}),
        media=[],
        version=1,
        created_at=now(),
        saved_at=now(),
    )


def of_post(post: Post, under_way: Sequence[Manuscript]) -> Manuscript:
    """An edit of a post that is in: one's own of those under way, else a new one."""
    for row in under_way:
        if row.person_id == me().id and row.post_version == post.version:
            return row
    row = blank()
    fill(row, from_json(post.written))
    row.post_id, row.post_version = post.id, post.version
    return row


def fill(row: Manuscript, written: Written) -> None:
    """Let it say what a post says."""
    row.form = forms.shown(written)
    row.form |= {
        f"{name}.{n}": value
        for n, one in enumerate(written.media, 1)
        for name, value in (("alt", one.alt), ("credit", one.credit), ("people", one.people))
        if value
    }
    row.media = pictures_to_json(written.media)


def mine(key: str) -> Manuscript | None:
    """One's own of that key; None where there is none yet, 404 where it is somebody else's."""
    with the_bot().store.read() as session:
        row = manuscripts.by_key(session, key)
    if row is not None and row.person_id != me().id:
        abort(404)
    return row


def keep(row: Manuscript) -> Manuscript:
    """Store what is typed, as it is now; pictures that arrive meanwhile stay."""
    at = now()
    with the_bot().store.write() as session:
        kept = manuscripts.renewed(session, row, at)
        if kept is None:
            kept = manuscripts.stored(session, row)
            kept.saved_at = at
            session.flush()
        return kept


def add_pictures(row: Manuscript, added: Sequence[Picture]) -> Manuscript:
    """Put pictures behind those it has by now; words typed meanwhile stay."""
    return _with_media(row, lambda had: had + pictures_to_json(added))


def set_pictures(row: Manuscript, chosen: Sequence[Picture]) -> Manuscript:
    """Let it have these pictures and no others."""
    return _with_media(row, lambda _had: pictures_to_json(chosen))


def _with_media(row: Manuscript, change: Callable[[Media], Media]) -> Manuscript:
    with the_bot().store.write() as session:
        stored = manuscripts.stored(session, row)
        stored.media = change(list(stored.media))
        stored.version += 1
        session.flush()
        return stored


def drop(key: str) -> None:
    """Forget it: it became a post, or somebody threw it away."""
    with the_bot().store.write() as session:
        row = manuscripts.by_key(session, key, lock=True)
        if row is not None and row.person_id == me().id:
            session.delete(row)


def typed(fields: Any) -> dict[str, str]:
    """What the page's form says, as it is kept: the fields of a post file, cut to a sane size.

    `to` comes as several ticks, and the time as a choice with a day and a clock time.
    """
    found = {
        name: value[:LONGEST]
        for name, value in list(fields.items())[:MOST_FIELDS]
        if name not in NOT_THE_POST
    }
    if "to" in fields:
        found["to"] = ", ".join(fields.getlist("to"))
    when = fields.get("when")
    if when in ("next", "now"):
        found["at"] = when
    elif when == "typed":
        found["at"] = f"{fields.get('day', '')} {fields.get('time', '')}".strip()
    return found


def pictures(row: Manuscript) -> Sequence[Picture]:
    """Its pictures with the words typed beside them."""
    return forms.described(pictures_from_json(row.media), row.form)


def read(row: Manuscript) -> tuple[Written | None, dict[str, str]]:
    """The post it would be, and what is wrong by field."""
    try:
        described = pictures(row)
    except PostInvalid as error:
        return None, {forms.OTHER: error.reason}
    plain = {name: value for name, value in row.form.items() if not _beside_a_picture(name)}
    return forms.read(plain, described)


def _beside_a_picture(name: str) -> bool:
    head, dot, number = name.partition(".")
    return bool(dot) and number.isdecimal() and head in ("alt", "credit", "people", "part")
