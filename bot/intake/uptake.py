"""Takes a feed's entries into the database: each new article becomes a Post, once.

Runs inside the caller's write transaction, so that an article and its Post are there together or
not at all. An article that cannot become a Post is quarantined with the reason.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.errors import PostInvalid
from bot.intake.admission import Admission, Source
from bot.intake.article import Voice, fitted, write
from bot.intake.feedmemory import FIRST_SIGHT, KNOWN, article, recall
from bot.intake.feedoptions import Options, read_options
from bot.intake.feedparse import Entry, Parsed
from bot.model.account import Account
from bot.model.feed import Article, Feed
from bot.model.written import Written, to_json
from bot.store import quarantine
from bot.store.engine import Session

SOURCE = "feed"
UNDATED_IS_AS_OLD_AS = timedelta(days=1)


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
    for entry in reversed(parsed.entries):
        reason = memory.reason_to_skip(entry, now) or (FIRST_SIGHT if is_first_sight else "")
        taken.skipped += bool(reason)
        if reason == KNOWN and not memory.has_new_name(entry):
            continue
        row = article(entry, feed.id, memory.key_for(entry), now)
        row.reason = reason or None
        memory.learn(row.entry_id, row.address, row.title_key)
        if not reason:
            _publish(session, admission, feed, row, entry, parsed.title or feed.name, taken)
        session.add(row)
    return taken


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
        source = Source(
            SOURCE,
            key,
            _digest(written),
            f"feed:{feed.name}",
            options.is_reviewed,
            _may_be_out(accounts, row),
        )
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


def _may_be_out(accounts: Sequence[Account], row: Article) -> frozenset[str]:
    """Accounts whose database came back from a backup and may have published it already."""
    came_out_at = row.published_at or row.seen_at - UNDATED_IS_AS_OLD_AS
    return frozenset(
        one.name
        for one in accounts
        if one.restored_at is not None and came_out_at <= one.restored_at
    )


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
