"""Takes a feed's entries into the database: each new article becomes a Post, once.

Runs inside the caller's write transaction, so that an article and its Post are there together or
not at all. An article that cannot become a Post is quarantined with the reason.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.errors import PostInvalid
from bot.intake.admission import Admission
from bot.intake.amendment import Admitted
from bot.intake.articlepage import Page
from bot.intake.entry import Entry, Parsed
from bot.intake.feedmemory import FIRST_SIGHT, article, recall, remember
from bot.intake.feedoptions import Options
from bot.intake.feedrules import Ruling
from bot.intake.judgement import Judge, chosen, judge_of, old_words, options_of, post_for
from bot.intake.rows import Source
from bot.model.account import Account
from bot.model.delivery import Timing
from bot.model.feed import Article, ArticleName, Feed
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


def take(
    session: Session,
    admission: Admission,
    feed: Feed,
    parsed: Parsed,
    now: datetime,
    pages: Mapping[str, Page] | None = None,
) -> Taken:
    """Remember every entry; new ones become Posts, oldest first, but none at first sight."""
    taken = Taken()
    found = pages or {}
    memory = recall(session, feed.id, parsed.entries)
    judge = judge_of(session, admission, feed, memory, parsed, now)
    bringing = Bringing(session, admission, feed, parsed.title or feed.name)
    # Until they are stored, all at once, new Articles go by numbers below zero.
    new: dict[int, Article] = {}
    for entry in reversed(parsed.entries):
        owner = memory.owner(entry)
        if owner is not None:
            _add_names(session, new.get(owner), owner, remember(memory, entry, owner, feed.id))
            taken.skipped += 1
            continue
        row = article(entry, feed.id, now)
        ruling = _ruling(judge, entry, found.get(entry.id), feed)
        if ruling is not None:
            row.decision, row.reason = ruling.decision, ruling.reason
        new[-len(new) - 1] = row
        row.names += remember(memory, entry, -len(new), feed.id)
        session.add(row)
        taken.skipped += ruling is not None
        if ruling is None:
            session.flush()
            bringing.publish(row, entry, found.get(entry.id), judge, taken)
    if judge.renamed:
        _tell_renamed(session, feed, len(judge.renamed), now)
    return taken


def _add_names(
    session: Session, row: Article | None, article_id: int, names: Iterable[ArticleName]
) -> None:
    """Store an Article's further names, whether it is new itself or was known before."""
    for name in names:
        if row is None:
            name.article_id = article_id
            session.add(name)
        else:
            row.names.append(name)


def _ruling(judge: Judge, entry: Entry, page: Page | None, feed: Feed) -> Ruling | None:
    """Why it becomes no Post; None where it does."""
    if feed.first_read_at is None:
        return Ruling("seen", judge.memory.reason_to_skip(entry, judge.now) or FIRST_SIGHT)
    return judge.ruling(entry, page)


def _tell_renamed(session: Session, feed: Feed, many: int, now: datetime) -> None:
    """Never silently: should they be new after all, a person can post them."""
    reason = (
        f"{feed.name}: {many} unknown articles appeared at once, most likely old ones under new "
        f"names. None was posted. Post what is new by hand: bot feeds post {feed.name}"
    )
    quarantine.put(
        session, source=SOURCE, key=f"{feed.id}:renamed", line=None, reason=reason, now=now
    )


@dataclass(frozen=True, slots=True)
class Bringing:
    """Articles of one feed on their way to Posts, in one transaction."""

    session: Session
    admission: Admission
    feed: Feed
    site: str

    def publish(
        self, row: Article, entry: Entry, page: Page | None, judge: Judge, taken: Taken
    ) -> None:
        """A Post for a new article; quarantined where it cannot become one."""
        is_reviewed = judge.is_reviewed(entry)
        try:
            admitted = self._admit(
                row, entry, page, judge.options, f"feed:{self.feed.name}", is_reviewed=is_reviewed
            )
        except PostInvalid as error:
            row.decision, row.reason = "refused", error.reason[:500]
            quarantine.put(
                self.session,
                source=SOURCE,
                key=self._key(entry),
                line=None,
                reason=f"{self.feed.name}, “{row.title or row.link}”: {row.reason}",
                now=row.seen_at,
            )
            taken.refused += 1
            return
        row.decision = "review" if is_reviewed else judge.options.decision
        notes = [*admitted.errors, old_words(entry, judge.now, self.admission)]
        row.reason = " ".join(filter(None, notes))[:500] or None
        taken.new_posts.append(admitted.post.name)

    def publish_now(self, row: Article, entry: Entry, page: Page | None, actor: str) -> Admitted:
        """A Post for an article somebody picked, due at the first free minute; PostInvalid else."""
        options = options_of(self.feed, self.admission)
        admitted = self._admit(row, entry, page, options, actor, is_reviewed=False, is_now=True)
        row.decision, row.reason = "post", " ".join(admitted.errors)[:500] or None
        quarantine.lift(self.session, SOURCE, self._key(entry))
        return admitted

    def _admit(
        self,
        row: Article,
        entry: Entry,
        page: Page | None,
        options: Options,
        author: str,
        *,
        is_reviewed: bool,
        is_now: bool = False,
    ) -> Admitted:
        accounts = self.admission.targets(self.session, Written("", to=options.accounts))
        words, made = post_for(self.admission, accounts, entry, page, self.site, options)
        written = replace(made.written, timing=Timing.NOW.value) if is_now else made.written
        source = Source(
            SOURCE,
            self._key(entry),
            _digest(written),
            author,
            review=is_reviewed,
            first_run=frozenset() if is_now else _may_be_out(accounts, row),
            quiet_hours=None if is_now else options.quiet_hours,
        )
        admitted = self.admission.admit(self.session, written, source)
        row.post_id, row.chosen = admitted.post.id, chosen(words, made)
        return admitted

    def _key(self, entry: Entry) -> str:
        return f"{self.feed.id}:{entry.id}"


def _may_be_out(accounts: Sequence[Account], row: Article) -> frozenset[str]:
    """Accounts whose database came back from a backup and may have published it already."""
    came_out_at = row.published_at or row.seen_at - UNDATED_IS_AS_OLD_AS
    return frozenset(
        one.name
        for one in accounts
        if one.restored_at is not None and came_out_at <= one.restored_at
    )


def _digest(written: Written) -> str:
    plain = json.dumps(to_json(written), sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(plain.encode()).hexdigest()
