"""What a feed would bring, entry by entry, without changing anything: `bot feeds test`.

A feed not read before is shown as if it were known already, so that one sees what posts would look
like. Only the check for the same words posted lately is left to the moment of queueing.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.clock import iso
from bot.errors import PostInvalid
from bot.intake.admission import Admission
from bot.intake.entry import Entry, Parsed
from bot.intake.feedmemory import RENAMED, recall
from bot.intake.feedoptions import Options
from bot.intake.uptake import options_of, written_for
from bot.model.feed import Feed
from bot.model.written import Written
from bot.store.engine import Session


@dataclass(frozen=True, slots=True)
class Verdict:
    """What would become of one entry, why, and each Account's texts."""

    decision: str
    reason: str | None = None
    posts: dict[str, list[str]] = field(default_factory=dict)


def trial(
    session: Session,
    admission: Admission,
    url: str,
    feed: Feed | None,
    parsed: Parsed,
    now: datetime,
) -> dict[str, Any]:
    """The report as `--json` prints it: the feed, and its entries newest first."""
    is_known = feed is not None and feed.first_read_at is not None
    options = options_of(feed, admission) if feed is not None else Options()
    site = parsed.title or (feed.name if feed is not None else url)
    memory = recall(session, feed.id if feed is not None and is_known else None, parsed.entries)
    renamed = memory.renamed(parsed.entries, feed, now) if feed is not None else frozenset()
    entries: list[dict[str, Any]] = []
    for entry in reversed(parsed.entries):
        reason = memory.reason_to_skip(entry, now) or (RENAMED if entry.id in renamed else "")
        memory.learn(entry, memory.owner(entry) or -len(entries) - 1)
        verdict = (
            Verdict("seen", reason)
            if reason
            else _verdict(session, admission, entry, site, options)
        )
        entries.append(_plain(entry, verdict))
    about = {
        "url": url,
        "title": parsed.title,
        "name": feed.name if feed is not None else None,
        "known": is_known,
        "mode": options.mode,
    }
    return {"feed": about, "items": entries[::-1]}


def _verdict(
    session: Session, admission: Admission, entry: Entry, site: str, options: Options
) -> Verdict:
    try:
        accounts = admission.targets(session, Written("", to=options.accounts))
        written = written_for(admission, accounts, entry, site, options)
    except PostInvalid as error:
        return Verdict("refused", error.reason)
    rendered = {row.name: admission.render(row, written) for row in accounts}
    errors = " ".join(said for one in rendered.values() for said in one.errors) or None
    posts = {
        name: [part.text for part in one.variant.parts]
        for name, one in rendered.items()
        if not one.errors
    }
    return Verdict(options.decision if posts else "refused", errors, posts)


def _plain(entry: Entry, verdict: Verdict) -> dict[str, Any]:
    return {
        "id": entry.id,
        "title": entry.title,
        "link": entry.link,
        "published": iso(entry.published_at),
        "decision": verdict.decision,
        "reason": verdict.reason,
        "posts": verdict.posts,
    }
