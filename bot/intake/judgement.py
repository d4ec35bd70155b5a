"""What becomes of an entry: known, ruled out, or a post; the same for reading, testing and asking.

Runs inside the caller's transaction and changes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.clock.local import in_words, resolve
from bot.intake.admission import Admission
from bot.intake.articlepage import Page
from bot.intake.articlepost import Composed, Voice, composed
from bot.intake.articlewords import ArticleWords, brought_together
from bot.intake.entry import Entry, Parsed
from bot.intake.feedmemory import RENAMED, Memory, recall
from bot.intake.feedoptions import Options, read_options
from bot.intake.feedrules import Ruling, is_surprisingly_old, needs_page, over_limit, ruled_out
from bot.model.account import Account
from bot.model.feed import Feed
from bot.model.written import Written
from bot.store import articles
from bot.store.engine import Session


def options_of(feed: Feed, admission: Admission) -> Options:
    """The feed's options; an account that is no more is told when articles come."""
    stored = [feed.options.get(name) or () for name in ("accounts", "without_link")]
    return read_options(feed.options, {*admission.platforms, *stored[0], *stored[1]})


@dataclass(slots=True)
class Judge:
    """The rules of one feed at one time, with how many articles each day has had."""

    options: Options
    memory: Memory
    now: datetime
    taken: dict[str, int] = field(default_factory=dict)
    renamed: frozenset[str] = frozenset()

    def looks_new(self, entry: Entry) -> bool:
        """Whether the page is worth asking for: nothing known so far speaks against the entry."""
        is_open = not self._known(entry) and over_limit(self.taken.get("", 0), self.options) is None
        return is_open and ruled_out(entry, self.options, self.now) is None

    def _known(self, entry: Entry) -> str:
        known = self.memory.reason_to_skip(entry, self.now)
        return known or (RENAMED if entry.id in self.renamed else "")

    def ruling(self, entry: Entry, page: Page | None, day: str = "") -> Ruling | None:
        """Why the entry becomes no post; None where it does, which counts for its day."""
        known = self._known(entry)
        if known:
            return Ruling("seen", known)
        seen = page or Page() if needs_page(entry, self.options) else page
        found = ruled_out(entry, self.options, self.now, seen) or over_limit(
            self.taken.get(day, 0), self.options
        )
        if found is None:
            self.taken[day] = self.taken.get(day, 0) + 1
        return found

    def is_reviewed(self, entry: Entry) -> bool:
        """Whether a person must look first, by choice or because of the article's age."""
        return self.options.is_reviewed or is_surprisingly_old(entry, self.now)


def judge_of(
    session: Session,
    admission: Admission,
    feed: Feed,
    memory: Memory,
    parsed: Parsed,
    now: datetime,
) -> Judge:
    """The judge of one reading of a feed."""
    local = now.astimezone(admission.zone)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    since = resolve(midnight, admission.zone).at
    return Judge(
        options_of(feed, admission),
        memory,
        now,
        {"": articles.taken_since(session, feed.id, since)},
        memory.renamed(parsed.entries, feed, now) if feed.first_read_at else frozenset(),
    )


def worth_reading(
    session: Session, admission: Admission, feed: Feed, parsed: Parsed, now: datetime
) -> list[Entry]:
    """The entries of a feed whose pages are worth asking for; none at first sight."""
    if feed.first_read_at is None:
        return []
    memory = recall(session, feed.id, parsed.entries)
    judge = judge_of(session, admission, feed, memory, parsed, now)
    return [entry for entry in parsed.entries if judge.looks_new(entry)]


def old_words(entry: Entry, now: datetime, admission: Admission) -> str | None:
    """What the reviewer should know of an article's age."""
    if entry.published_at is None or not is_surprisingly_old(entry, now):
        return None
    return f"It is dated {in_words(entry.published_at, admission.zone)}."


def post_for(
    admission: Admission,
    accounts: Sequence[Account],
    entry: Entry,
    page: Page | None,
    site: str,
    options: Options,
) -> tuple[ArticleWords, Composed]:
    """The article's words and the post made of them; PostInvalid where there can be none."""
    words = brought_together(entry, page, site)
    return words, composed(words, options, [_voice(admission, row, options) for row in accounts])


def _voice(admission: Admission, account: Account, options: Options) -> Voice:
    platform = admission.platforms[account.name]

    def render(written: Written) -> Any:
        return admission.render(account, written)

    is_linked = account.name not in options.without_link
    return Voice(platform.rules.platform, render, platform.measure, is_linked)


def chosen(words: ArticleWords, made: Composed) -> dict[str, Any]:
    """What `bot show` tells of where a post's words come from."""
    quotations: Mapping[str, Any] = {
        platform: {"quote": one.sentence, "why": one.why} if one is not None else None
        for platform, one in made.quotations.items()
    }
    return {
        "source": words.source,
        "site": words.site,
        "author": words.author,
        "quotations": quotations,
        "hashtags": list(made.hashtags),
    }
