"""Takes a feed's entries into the database: each new article becomes a Post, once.

Runs inside the caller's write transaction, so that an article and its Post are there together or
not at all. An article that cannot become a Post is quarantined with the reason.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.errors import PostInvalid
from bot.intake.admission import Admission, Source
from bot.intake.article import Voice, fitted, write
from bot.intake.entry import Entry, Parsed
from bot.intake.feedmemory import FIRST_SIGHT, RENAMED, article, recall, remember
from bot.intake.feedoptions import Options, read_options
from bot.model.account import Account
from bot.model.feed import Article, Feed
from bot.model.written import Written, to_json
from bot.store import quarantine
from bot.store.engine import Session

SOURCE = "feed"


@dataclass(slots=True)
class Taken:
    """What one reading brought: the names of new Posts, and how many entries were left alone."""

    new_posts: list[str] = field(default_factory=list)
    skipped: int = 0
    refused: int = 0


def options_of(feed: Feed, admission: Admission) -> Options:
    """The feed's options; an account that is no more is told when articles come."""
    accounts = {*admission.platforms, *(feed.options.get("accounts") or ())}
    return read_options(feed.options, accounts)


def take(
    session: Session, admission: Admission, feed: Feed, parsed: Parsed, now: datetime
) -> Taken:
    """Remember every entry; new ones become Posts, oldest first, but none at first sight."""
    taken = Taken()
    is_first_sight = feed.first_read_at is None
    memory = recall(session, feed.id, parsed.entries)
    renamed = frozenset() if is_first_sight else memory.renamed(parsed.entries, feed, now)
    for entry in reversed(parsed.entries):
        owner = memory.owner(entry)
        if owner is not None:
            remember(session, memory, entry, owner, feed.id)
            taken.skipped += 1
            continue
        reason = memory.reason_to_skip(entry, now) or (FIRST_SIGHT if is_first_sight else "")
        reason = reason or (RENAMED if entry.id in renamed else "")
        row = article(entry, feed.id, now)
        row.reason = reason or None
        session.add(row)
        session.flush()
        remember(session, memory, entry, row.id, feed.id)
        taken.skipped += bool(reason)
        if not reason:
            _publish(session, admission, feed, row, entry, parsed.title or feed.name, taken)
    if renamed:
        _tell_renamed(session, feed, len(renamed), now)
    return taken


def _tell_renamed(session: Session, feed: Feed, many: int, now: datetime) -> None:
    """Never silently: should they be new after all, a person can post them."""
    reason = (
        f"{feed.name}: {many} unknown articles appeared at once, most likely old ones under new "
        "names. None was posted. Post what is new by hand: bot add"
    )
    quarantine.put(
        session, source=SOURCE, key=f"{feed.id}:renamed", line=None, reason=reason, now=now
    )


def _publish(
    session: Session,
    admission: Admission,
    feed: Feed,
    row: Article,
    entry: Entry,
    site: str,
    taken: Taken,
) -> None:
    options = options_of(feed, admission)
    key = f"{feed.id}:{entry.id}"
    try:
        accounts = admission.targets(session, Written("", to=options.accounts))
        written = written_for(admission, accounts, entry, site, options)
        source = Source(SOURCE, key, _digest(written), f"feed:{feed.name}", options.is_reviewed)
        admitted = admission.admit(session, written, source)
    except PostInvalid as error:
        row.decision, row.reason = "refused", error.reason[:500]
        quarantine.put(
            session, source=SOURCE, key=key, line=None, reason=_named(feed, row), now=row.seen_at
        )
        taken.refused += 1
        return
    row.decision, row.post_id = options.decision, admitted.post.id
    row.reason = " ".join(admitted.errors)[:500] or None
    taken.new_posts.append(admitted.post.name)


def written_for(
    admission: Admission,
    accounts: Sequence[Account],
    entry: Entry,
    site: str,
    options: Options,
) -> Written:
    """The post for an article, its title cut where one of the Accounts needs it shorter."""
    written = write(entry, site, options)
    return fitted(written, entry, site, options, [_voice(admission, row) for row in accounts])


def _voice(admission: Admission, account: Account) -> Voice:
    platform = admission.platforms[account.name].rules.platform
    return platform, lambda written: admission.render(account, written)


def _named(feed: Feed, row: Article) -> str:
    return f"{feed.name}, “{row.title or row.link}”: {row.reason}"


def _digest(written: Written) -> str:
    plain = json.dumps(to_json(written), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(plain.encode()).hexdigest()
