"""What a feed would bring, entry by entry, without changing anything: `bot feeds test`.

A feed not read before is shown as if it were known already and each article had just come out, so
that one sees what posts would look like. Only the check for the same words posted lately is left to
the moment of queueing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from bot.clock import iso
from bot.errors import PostInvalid
from bot.intake.admission import Admission
from bot.intake.articlepage import Page
from bot.intake.entry import Entry, Parsed
from bot.intake.feedmemory import recall
from bot.intake.feedoptions import Options
from bot.intake.judgement import Judge, judge_of, old_words, post_for
from bot.model.feed import Feed
from bot.model.written import Written
from bot.store.engine import Session


@dataclass(frozen=True, slots=True)
class Verdict:
    """What would become of one entry, why, and each Account's text."""

    decision: str
    reason: str | None = None
    posts: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Trial:
    """One feed as it was just fetched; `feed` None where it is not ours yet.

    `options` are rules to try out instead of the feed's own.
    """

    admission: Admission
    url: str
    feed: Feed | None
    parsed: Parsed
    now: datetime
    options: Options | None = None

    @property
    def is_known(self) -> bool:
        return self.feed is not None and self.feed.first_read_at is not None

    @property
    def site(self) -> str:
        return self.parsed.title or (self.feed.name if self.feed is not None else self.url)

    def wanted(self, session: Session) -> list[Entry]:
        """The entries whose pages are worth reading, newest first."""
        judge = self._judge(session)
        return [entry for entry in self.parsed.entries if judge.looks_new(entry)]

    def report(self, session: Session, pages: Mapping[str, Page]) -> dict[str, Any]:
        """The report as `--json` prints it: the feed, and its entries newest first."""
        judge = self._judge(session)
        entries: list[dict[str, Any]] = []
        for entry in reversed(self.parsed.entries):
            verdict = self._verdict(session, judge, entry, pages.get(entry.id))
            owner = judge.memory.owner(entry)
            judge.memory.learn(entry, -len(entries) - 1 if owner is None else owner)
            entries.append(_plain(entry, verdict))
        about = {
            "url": self.url,
            "title": self.parsed.title,
            "name": self.feed.name if self.feed is not None else None,
            "known": self.is_known,
            "mode": judge.options.mode,
        }
        return {"feed": about, "items": entries[::-1]}

    def _judge(self, session: Session) -> Judge:
        known_id = self.feed.id if self.feed is not None and self.is_known else None
        memory = recall(session, known_id, self.parsed.entries)
        if self.feed is None:
            return Judge(self.options or Options(), memory, self.now)
        judge = judge_of(session, self.admission, self.feed, memory, self.parsed, self.now)
        return replace(judge, options=self.options or judge.options)

    def _verdict(self, session: Session, judge: Judge, entry: Entry, page: Page | None) -> Verdict:
        # Of a feed not read yet, each article counts for the day it came out.
        day = "" if self.is_known or entry.published_at is None else f"{entry.published_at:%F}"
        ruling = judge.ruling(entry, page, day)
        if ruling is not None:
            return Verdict(ruling.decision, ruling.reason)
        try:
            posts, reason = texts_of(self.admission, session, entry, page, self.site, judge.options)
        except PostInvalid as error:
            return Verdict("refused", error.reason)
        is_old = self.is_known and judge.is_reviewed(entry)
        age = old_words(entry, self.now, self.admission) if is_old else None
        said = " ".join(filter(None, (reason, age))) or None
        decision = "review" if is_old else judge.options.decision
        return Verdict(decision if posts else "refused", said, posts)


def texts_of(
    admission: Admission,
    session: Session,
    entry: Entry,
    page: Page | None,
    site: str,
    options: Options,
) -> tuple[dict[str, str], str | None]:
    """Each Account's text of an article's post, and what keeps an Account from getting one."""
    accounts = admission.targets(session, Written("", to=options.accounts))
    _, made = post_for(admission, accounts, entry, page, site, options)
    rendered = {row.name: admission.render(row, made.written) for row in accounts}
    errors = " ".join(said for one in rendered.values() for said in one.errors) or None
    posts = {
        name: "\n\n".join(part.text for part in one.variant.parts)
        for name, one in rendered.items()
        if not one.errors
    }
    return posts, errors


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
