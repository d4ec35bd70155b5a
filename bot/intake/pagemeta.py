"""What a page says of itself in its head: OpenGraph, JSON-LD, meta and link tags.

Pure, on a parsed tree. Each fact is taken from the first format that has it. Sizes are capped;
nothing is fetched and no markup is trusted to be well formed.
"""

import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

MAX_VALUE = 5_000
MAX_SCRIPT = 300_000
MAX_NODES = 2_000
ARTICLE_TYPE = re.compile(r"(?:Article|Posting|Report|Review|CreativeWork)$")
NOT_JSON = re.compile(
    r"^\s*(?:<!--|/\*.*?\*/|//\s*<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\s*\]\]>|\]\]>)\s*$"
)

TITLES = ("og:title", "twitter:title", "parsely-title", "sailthru.title", "dc.title", "headline")
DESCRIPTIONS = (
    *("og:description", "description", "twitter:description", "dc.description"),
    *("sailthru.description", "dcterms.abstract"),
)
AUTHORS = (
    *("author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "byl"),
    *("dcterms.creator", "article:author_name", "citation_author", "twitter:data1"),
)
SITES = ("og:site_name", "application-name", "dc.publisher", "al:android:app_name")
DATES = (
    *("article:published_time", "og:article:published_time", "datepublished", "parsely-pub-date"),
    *("sailthru.date", "dc.date", "dc.date.issued", "dcterms.created", "date", "pubdate"),
    *("publish-date", "citation_publication_date", "article.published"),
)
IMAGES = ("og:image:secure_url", "og:image", "og:image:url", "twitter:image", "twitter:image:src")
IMAGE_ALTS = ("og:image:alt", "twitter:image:alt")


class Head:
    """The meta tags by name, and the JSON-LD node that describes the article."""

    def __init__(self, tree: Any) -> None:
        self.tree = tree
        self.metas: dict[str, list[str]] = {}
        for tag in tree.iter("meta"):
            name = tag.get("property") or tag.get("name") or tag.get("itemprop") or ""
            content = (tag.get("content") or "").strip()[:MAX_VALUE]
            if name and content:
                self.metas.setdefault(name.strip().lower(), []).append(content)
        nodes = list(_nodes(tree))
        self.node = next((node for node in nodes if _is_article(node)), {})
        named = [node for node in nodes if isinstance(node.get("@id"), str) and len(node) > 1]
        self.ids = {node["@id"]: node for node in named}

    def first(self, names: Iterable[str]) -> str:
        """The first of these meta tags that says something."""
        return next((self.metas[name][0] for name in names if name in self.metas), "")

    def titles(self) -> Iterator[str]:
        """Every title given, best first."""
        yield _text(self.node.get("headline"))
        yield self.first(TITLES)
        yield _text(self.node.get("name"))
        yield from self._headings()
        yield "".join(next(iter(self.tree.xpath("//head//title//text()")), ""))

    def _headings(self) -> Iterator[str]:
        for heading in self.tree.xpath("//article//h1 | //main//h1 | //h1")[:3]:
            yield " ".join(heading.text_content().split())[:MAX_VALUE]

    def descriptions(self) -> Iterator[str]:
        """Every summary given, best first."""
        yield _text(self.node.get("description"))
        yield from (self.metas[name][0] for name in DESCRIPTIONS if name in self.metas)

    def authors(self) -> Iterator[str]:
        """Every author named, as text, best source first."""
        yield ", ".join(self._names(self.node.get("author")))
        for name in AUTHORS:
            yield ", ".join(dict.fromkeys(self.metas.get(name, ())))
        marked = self.tree.xpath(
            "//*[@rel='author'] | //*[@itemprop='author']"
            " | //*[contains(concat(' ', normalize-space(@class), ' '), ' author ')]"
            " | //*[contains(concat(' ', normalize-space(@class), ' '), ' byline ')]"
        )
        for one in marked[:3]:
            yield " ".join(one.text_content().split())[:MAX_VALUE]

    def _names(self, value: Any) -> list[str]:
        found = []
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, dict):
                known = self.ids.get(str(one.get("@id")), {})
                found.append(_text(one.get("name")) or _text(known.get("name")))
            else:
                found.append(_text(one))
        return [name for name in dict.fromkeys(found[:5]) if name]

    def sites(self) -> Iterator[str]:
        """Every name of the site."""
        yield self.first(SITES[:1])
        yield ", ".join(self._names(self.node.get("publisher"))[:1])
        yield self.first(SITES[1:])

    def dates(self) -> Iterator[str]:
        """Every date of publication."""
        yield _text(self.node.get("datePublished"))
        yield self.first(DATES)
        yield from (str(found) for found in self.tree.xpath("//article//time/@datetime")[:1])
        yield from (str(found) for found in self.tree.xpath("//time[@pubdate]/@datetime")[:1])

    def addresses(self) -> Iterator[str]:
        """Every address the page gives as its own."""
        yield from (str(found) for found in self.tree.xpath("//link[@rel='canonical']/@href")[:1])
        yield self.first(("og:url",))
        page = self.node.get("mainEntityOfPage")
        yield _text(page.get("@id") if isinstance(page, dict) else page)
        yield _text(self.node.get("url"))

    def images(self) -> Iterator[str]:
        """Every picture the page offers to stand for it."""
        yield self.first(IMAGES)
        pictures = self.node.get("image")
        for one in pictures if isinstance(pictures, list) else [pictures]:
            known = self.ids.get(str(one.get("@id")), one) if isinstance(one, dict) else one
            yield _text(known.get("url") if isinstance(known, dict) else known)

    def image_alt(self) -> str:
        """What the picture shows, as the page's head says it."""
        return self.first(IMAGE_ALTS)

    def languages(self) -> Iterator[str]:
        """Every language named."""
        yield from (str(found) for found in self.tree.xpath("/html/@lang | /html/@xml:lang")[:1])
        yield _text(self.node.get("inLanguage"))
        yield self.first(("og:locale", "content-language", "language"))

    @property
    def is_walled(self) -> bool:
        """Whether the page says that one must pay or sign in to read it."""
        free = str(self.node.get("isAccessibleForFree", "")).lower()
        return free in {"false", "no", "0"} or self.first(("article:content_tier",)) == "locked"


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    """All objects of all JSON-LD scripts, outer before inner, no more than MAX_NODES."""
    left = [_loaded(script) for script in tree.xpath("//script[@type='application/ld+json']")[:20]]
    for _ in range(MAX_NODES):
        if not left:
            return
        one = left.pop(0)
        if isinstance(one, list):
            left[:0] = one[:100]
        elif isinstance(one, dict):
            yield one
            left += [value for value in one.values() if isinstance(value, list | dict)]


def _loaded(script: Any) -> Any:
    text = NOT_JSON.sub("", (script.text or "")[:MAX_SCRIPT])
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _is_article(node: dict[str, Any]) -> bool:
    kinds = node.get("@type")
    return any(
        isinstance(kind, str) and ARTICLE_TYPE.search(kind) is not None
        for kind in (kinds if isinstance(kinds, list) else [kinds])
    )


def _text(value: Any) -> str:
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("@value") or value.get("name") or ""
    return value.strip()[:MAX_VALUE] if isinstance(value, str) else ""


def moment(written: str) -> datetime | None:
    """A date as pages write them, in UTC; None where it is none."""
    try:
        found = datetime.fromisoformat(written.strip())
    except ValueError:
        try:
            found = parsedate_to_datetime(written)
        except (ValueError, TypeError, IndexError):
            return None
    try:
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except OverflowError:
        return None
