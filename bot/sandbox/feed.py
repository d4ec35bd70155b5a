"""A small Atom feed whose articles a test or the demo adds, with ETag, Last-Modified and 304.

Serves the articles' own pages too, so that a link in a demo post leads somewhere. Refuses
nothing: titles are escaped, so a hostile title is a fair test of the reader, not of this page.
"""

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from html import escape

from werkzeug.http import http_date, parse_date, parse_etags
from werkzeug.wrappers import Request

from bot.sandbox.wire import Reply, text_reply

ATOM_TYPE = "application/atom+xml; charset=utf-8"


@dataclass(frozen=True)
class Article:
    """One entry of the feed."""

    number: int
    title: str
    link: str | None
    summary: str
    added_at: datetime


class Articles:
    """The feed's articles, oldest first; safe from any thread."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._articles: list[Article] = []
        self._started_at = clock()

    def add(self, title: str, link: str | None = None, summary: str = "") -> Article:
        """Publish an article now."""
        with self._lock:
            number = len(self._articles) + 1
            article = Article(number, title, link, summary, self._clock())
            self._articles.append(article)
            return article

    def all(self) -> list[Article]:
        """Every article, oldest first."""
        with self._lock:
            return list(self._articles)

    @property
    def changed_at(self) -> datetime:
        """When the newest article was added."""
        with self._lock:
            return self._articles[-1].added_at if self._articles else self._started_at

    def clear(self) -> None:
        """Take every article down."""
        with self._lock:
            self._articles.clear()
            self._started_at = self._clock()


def _entry(article: Article, base: str) -> str:
    link = article.link or f"{base}/articles/{article.number}"
    when = article.added_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    return (
        f"<entry><id>{escape(link)}</id><title>{escape(article.title)}</title>"
        f'<link rel="alternate" href="{escape(link)}"/><published>{when}</published>'
        f"<updated>{when}</updated><summary>{escape(article.summary)}</summary></entry>"
    )


def answer_feed(articles: Articles, base: str, request: Request) -> Reply:
    """The feed, or 304 when the reader has this version."""
    changed = articles.changed_at
    entries = "".join(_entry(article, base) for article in reversed(articles.all()))
    document = (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom">'
        f"<id>{base}/feed.atom</id><title>Sandbox articles</title>"
        f'<link rel="self" href="{base}/feed.atom"/><link href="{base}/"/>'
        f"<updated>{changed.strftime('%Y-%m-%dT%H:%M:%SZ')}</updated>{entries}</feed>"
    )
    tag = hashlib.sha256(document.encode()).hexdigest()[:16]
    headers = [("etag", f'"{tag}"'), ("last-modified", http_date(changed))]
    if _has_it(request, tag, changed):
        return Reply(304, b"", None, headers)
    return Reply(200, document.encode(), ATOM_TYPE, headers)


def _has_it(request: Request, tag: str, changed: datetime) -> bool:
    """If-None-Match decides alone when it is there (RFC 9110, 13.1.3)."""
    if "If-None-Match" in request.headers:
        return parse_etags(request.headers["If-None-Match"]).contains_weak(tag)
    since = parse_date(request.headers.get("If-Modified-Since"))
    return since is not None and changed.replace(microsecond=0) <= since


def answer_article(articles: Articles, number: int) -> Reply:
    """One article's page."""
    for article in articles.all():
        if article.number == number:
            title, summary = escape(article.title), escape(article.summary)
            return text_reply(
                200,
                f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}'
                f'</title><meta property="og:title" content="{title}">'
                f'<meta property="og:description" content="{summary}"></head>'
                f"<body><article><h1>{title}</h1><p>{summary}</p></article></body></html>",
            )
    return Reply(404)
