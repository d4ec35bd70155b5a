"""Queues and changes what somebody wrote in the web app, once however often it is sent."""

import hashlib
import json
from dataclasses import dataclass, replace
from typing import IO

from bot.errors import NotAllowed
from bot.flow.planning import plan
from bot.intake.amendment import Admitted
from bot.intake.darkroom import developed
from bot.intake.rows import Source
from bot.model.post import Post
from bot.model.written import Picture, Written, to_json
from bot.store import decisions, deliveries, media, posts
from bot.store.engine import Session
from bot.wiring import Bot

WEB = "web"


class Overtaken(NotAllowed):
    """Somebody else changed the post meanwhile; nothing was overwritten."""


@dataclass(frozen=True, slots=True)
class Author:
    """Who writes, as Decisions name them, and whether they may approve what volunteers write."""

    actor: str
    is_approver: bool


def write(bot: Bot, key: str, written: Written, author: Author) -> Admitted:
    """Queue a new post and give it its time; the same key again changes nothing."""
    with bot.store.write() as session:
        known = posts.by_key(session, WEB, key)
        if known is not None:
            return Admitted(known, tuple(deliveries.of_post(session, known.id)))
        admitted = bot.admission.admit(session, written, _source(WEB, key, written, author))
        _note(bot, session, "write", author, admitted.post, None)
    return _planned(bot, admitted)


def change(bot: Bot, post_id: int, version: int, written: Written, author: Author) -> Admitted:
    """Change a post that was at this version; Overtaken where it is no more."""
    with bot.store.write() as session:
        post = posts.get(session, post_id)
        source = _source(post.source, post.key, written, author)
        if post.version != version:
            if post.content_digest == source.digest:
                return Admitted(post, tuple(deliveries.of_post(session, post_id)))
            raise Overtaken(
                f"{post.name} was changed by somebody else while you wrote. Nothing was "
                "overwritten: both versions are below."
            )
        before = dict(post.written)
        admitted = bot.admission.amend(session, post, written, source)
        _note(bot, session, "edit", author, admitted.post, before)
    return _planned(bot, admitted)


def keep_picture(bot: Bot, name: str, file: IO[bytes]) -> Picture:
    """Make of a file what each Platform gets of it, and store that; PostInvalid where it is no use.

    Slow, so never inside a transaction.
    """
    rules = [platform.rules for platform in bot.kinds.values()]
    made = developed(file, rules)
    with bot.store.write() as session:
        for rendition in made.values():
            if rendition.content:
                media.keep(session, rendition, bot.clock())
    return Picture(name, renditions={n: replace(one, content=b"") for n, one in made.items()})


def _source(name: str, key: str, written: Written, author: Author) -> Source:
    plain = json.dumps(to_json(written), sort_keys=True)
    digest = hashlib.sha256(plain.encode()).hexdigest()
    return Source(name, key, digest, author.actor, by_approver=author.is_approver)


def _note(
    bot: Bot,
    session: Session,
    verb: str,
    author: Author,
    post: Post,
    before: dict[str, object] | None,
) -> None:
    decisions.record(
        session,
        made_at=bot.clock(),
        actor=author.actor,
        verb=verb,
        post_id=post.id,
        before=before,
        after=dict(post.written),
    )


def _planned(bot: Bot, admitted: Admitted) -> Admitted:
    plan(bot)
    with bot.store.read() as session:
        rows = tuple(deliveries.of_post(session, admitted.post.id))
    return Admitted(admitted.post, rows, admitted.errors, admitted.notes)
