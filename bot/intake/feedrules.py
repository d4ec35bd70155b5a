"""A feed's rules on one article: whether it becomes a post, and if not, which rule says so.

Pure. Words are looked for whole, without regard to accents and case, in what the feed says of the
article: title, summary, tags, or the first lines where there is no summary. Authors and sections
may need the page.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import unquote, urlsplit

from bot.intake.articlepage import Page
from bot.intake.entry import Entry
from bot.intake.feedoptions import Options
from bot.intake.folding import has_phrase, in_a_row
from bot.intake.fragments import paragraphs

FIRST_LINES = 3
# An article this old is somebody's archive coming back: it never goes out without a person.
SURPRISINGLY_OLD = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Ruling:
    """Why an article is left alone: the decision as a stable word, and the reason in a sentence."""

    decision: str
    reason: str


def ruled_out(
    entry: Entry, options: Options, now: datetime, page: Page | None = None
) -> Ruling | None:
    """The first rule against this article; None where there is none."""
    return (
        _by_words(entry, options)
        or _by_section(entry, options)
        or _by_author(entry, options, page)
        or _by_age(entry, options, now)
    )


def needs_page(entry: Entry, options: Options) -> bool:
    """Whether only the page can say who wrote it."""
    return bool(options.authors) and not entry.authors


def over_limit(taken_today: int, options: Options) -> Ruling | None:
    """The day's limit, where it is reached."""
    limit = options.max_per_day
    if limit is None or taken_today < limit:
        return None
    return Ruling("over limit", f"{limit} of this feed were taken that day, the most you allow.")


def is_surprisingly_old(entry: Entry, now: datetime) -> bool:
    """Whether its date is so far back that a person should look first."""
    return entry.published_at is not None and now - entry.published_at > SURPRISINGLY_OLD


def _by_words(entry: Entry, options: Options) -> Ruling | None:
    row = in_a_row(_said(entry))
    unwanted = _first_in(row, options.exclude)
    if unwanted:
        return Ruling("excluded", f"It has “{unwanted}”, which you exclude.")
    if options.include and not _first_in(row, options.include):
        wanted = ", ".join(options.include[:5])
        return Ruling("excluded", f"It has none of the words you want ({wanted}).")
    return None


def _said(entry: Entry) -> str:
    summary = entry.summary or " ".join(paragraphs(entry.content)[:FIRST_LINES])
    # The marks keep a phrase from being found across two of them.
    return " xx ".join((entry.title, summary, *entry.tags))


def _first_in(row: str, phrases: Iterable[str]) -> str:
    return next((phrase for phrase in phrases if has_phrase(row, phrase)), "")


def _by_section(entry: Entry, options: Options) -> Ruling | None:
    if not options.sections:
        return None
    path = unquote(urlsplit(entry.link).path).split("/")[:-1]
    rows = [in_a_row(section) for section in (*entry.tags, *path)]
    if any(has_phrase(row, wanted) for row in rows for wanted in options.sections):
        return None
    found = f" ({', '.join(entry.tags[:3])})" if entry.tags else ""
    return Ruling("other section", f"It is in another section{found}.")


def _by_author(entry: Entry, options: Options, page: Page | None) -> Ruling | None:
    if not options.authors:
        return None
    named = ", ".join(entry.authors) or (page.author if page is not None else "")
    if not named and page is None:
        return None  # not known before the page is read
    row = in_a_row(named)
    if any(has_phrase(row, wanted) for wanted in options.authors):
        return None
    return Ruling(
        "other author", f"It is by {named}." if named else "It does not say who wrote it."
    )


def _by_age(entry: Entry, options: Options, now: datetime) -> Ruling | None:
    age = options.too_old_after
    if age is None or entry.published_at is None or now - entry.published_at <= age:
        return None
    return Ruling("too old", f"It is older than {options.too_old}.")
