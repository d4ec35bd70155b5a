"""Brings together what a feed and a page say of one article, cleaned, in the words a post may use.

Pure. The page is only believed where it is about the same thing; a consent page, a front page or a
wall is not, and the feed's own words are used. Nothing is made up: a part nobody gave is empty.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.intake.articlepage import Page, author_name
from bot.intake.entry import Entry
from bot.intake.folding import shared, stems
from bot.intake.fragments import paragraphs
from bot.intake.furniture import is_furniture
from bot.intake.identity import title_key, without_tracking
from bot.intake.quotation import DATELINE, is_balanced
from bot.intake.readable import cleaned, readable, without_cut
from bot.intake.sentences import sentences

BARE_LINK = re.compile(r"https?://\S*|www\.\S*", re.IGNORECASE)
MAX_STANDFIRST = 300
MAX_SITE = 60
ABOUT_THE_SAME = 0.5
LOOKED_AT = 4_000
REPEATS_TITLE = 0.75
# Addresses that only lead on to the article.
FEED_PROXIES = ("feedproxy.google.com", "feeds.feedburner.com", "feedburner.com", "rss.app")
# What follows such a mark is the feed's own note.
CUT_INSIDE = re.compile(r"[\[(]\s*(?:…|\.{3})\s*[\])]")
SPARE_HOSTS = re.compile(r"^(?:www|m|mobile|amp)\.")


@dataclass(frozen=True, slots=True)
class ArticleWords:
    """An article's own words; `text` has a line a paragraph. `source` is `page` or `feed`."""

    title: str
    link: str
    standfirst: str = ""
    author: str = ""
    site: str = ""
    text: str = ""
    tags: tuple[str, ...] = ()
    source: str = "feed"


def brought_together(entry: Entry, page: Page | None, site: str) -> ArticleWords:
    """What may be said of the article; `site` is what the feed calls itself."""
    read = page if page is not None and is_about(page, entry) else Page()
    text = read.text or "\n".join(paragraphs(entry.content))
    summary = " ".join(filter(None, map(cleaned, entry.summary.split("\n"))))
    known = f"{text}\n{summary}"
    title = _title(entry, read, known)
    called = _short_site(read.site or site)
    called = "" if title_key(called) == title_key(title) else called  # else it would be said twice
    return ArticleWords(
        title=title,
        link=_link(entry.link, read.canonical),
        standfirst=_standfirst(read.standfirst, title, known) or _standfirst(summary, title, known),
        author=author_name(", ".join(entry.authors), called) or read.author,
        site=called,
        text=text,
        tags=entry.tags,
        source="page" if read.text else "feed",
    )


def is_about(page: Page, entry: Entry) -> bool:
    """Whether the page is the article that the feed announced."""
    wanted = stems(entry.title)
    if not page.title or not wanted:
        return bool(page.title)
    says = stems(f"{page.title} {page.standfirst} {page.text[:LOOKED_AT]}")
    return shared(wanted, says) >= ABOUT_THE_SAME


def _title(entry: Entry, page: Page, known: str) -> str:
    title, is_cut = without_cut(BARE_LINK.sub("", cleaned(entry.title)).strip())
    whole = cleaned(page.title)
    if not title_key(title) or (is_cut and title_key(whole).startswith(title_key(title))):
        title, is_cut = whole or title, False
    return f"{readable(title, known)}{'…' if is_cut else ''}"


def _standfirst(text: str, title: str, known: str) -> str:
    """The first whole sentences, no longer than a few lines, without what the title says."""
    whole, is_cut = _until_cut(cleaned(text))
    found = sentences(DATELINE.sub("", whole, count=1))
    if is_cut and found:
        found = found[:-1] if not whole.endswith((".", "!", "?", "”", '."')) else found
    kept: list[str] = []
    for sentence in found:
        if is_furniture(sentence) or _says_title(sentence, title):
            continue
        if len(" ".join([*kept, sentence])) > MAX_STANDFIRST:
            break
        kept.append(sentence)
    said = readable(" ".join(BARE_LINK.sub("", " ".join(kept)).split()), known)
    return said if is_balanced(said) and title_key(said) else ""


def _until_cut(text: str) -> tuple[str, bool]:
    """The text up to where its publisher cut it short, and whether it did."""
    mark = CUT_INSIDE.search(text)
    return without_cut(text[: mark.end()] if mark else text)


def _says_title(sentence: str, title: str) -> bool:
    said, wanted = stems(sentence), stems(title)
    key, title_words = title_key(sentence), title_key(title)
    return (bool(title_words) and (key == title_words or key.startswith(f"{title_words} "))) or (
        bool(wanted) and shared(said, wanted) >= REPEATS_TITLE
    )


def _link(link: str, canonical: str) -> str:
    """Where readers are sent: the page's own address for itself where it is the same site's."""
    host, own = _bare_host(link), _bare_host(canonical)
    is_same = bool(own) and (host == own or host in FEED_PROXIES)
    return without_tracking(canonical if is_same else link)


def _bare_host(link: str) -> str:
    return SPARE_HOSTS.sub("", urlsplit(link).hostname or "")


def _short_site(site: str) -> str:
    name = cleaned(site)
    if len(name) <= MAX_SITE:
        return name
    return f"{name[:MAX_SITE].rpartition(' ')[0] or name[:MAX_SITE]}…"
