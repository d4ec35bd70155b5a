"""The main text of a page, a line a paragraph: no heading, caption, list, quotation block, byline.

trafilatura finds where the article stands; what it leaves of the page's furniture is taken out by
rule, before and after. The only place that imports trafilatura.
"""

import copy
import re
from typing import Any

from bot.intake.furniture import is_furniture
from bot.intake.readable import cleaned

MAX_TEXT = 100_000
MIN_TEXT = 200
# Elements that are never part of the running text.
ASIDE = (
    "//nav | //aside | //form | //button | //dialog | //figure | //figcaption | //header//nav"
    " | //footer | //noscript | //iframe | //svg | //style | //script | //template"
    " | //*[@hidden] | //*[@role='navigation' or @role='dialog' or @role='alertdialog'"
    " or @role='complementary' or @role='banner' or @role='contentinfo' or @role='search']"
)
# Class and id words by which pages name their furniture.
NAMED = re.compile(
    r"(?:^|[\s_-])(?:sr-only|screen-reader\S*|visually-hidden|skip-link|newsletter|subscribe|subscription"
    r"|subscribe-widget|signup|sign-up|donate|donation|donations|donar|doacao|share|sharing|sharedaddy"
    r"|social|cookie|cookies|consent|gdpr|related|recirc|recommended|promo|advert|advertisement|ads?"
    r"|caption|wp-caption-text|credit|byline|author-bio|author-box|comments?|comment-form"
    r"|breadcrumbs?|toolbar|tags|tag-list|post-tags|readmore|read-more|menu|popup|modal|banner|footnotes"
    r"|print|jp-relatedposts|yarpp|button-wrapper|post-meta|entry-meta|kg-bookmark-card|kg-button-card"
    r"|kg-signup-card|kg-cta-card|image-caption|photo-credit)(?=$|[\s_-])",
    re.IGNORECASE,
)
PRUNED_TAGS = frozenset({"div", "section", "p", "ul", "ol", "span", "a", "li", "table", "h2", "h3"})
# An element named like furniture that holds this share of the page's text is no furniture.
MAX_SHARE = 0.25


def main_text(tree: Any) -> str:
    """The article's paragraphs, joined by line ends; empty where there is no running text."""
    pruned = _pruned(tree)
    lines = _article_lines(pruned, is_quoted=False)
    if sum(map(len, lines)) < MIN_TEXT:
        lines = max(lines, _article_lines(pruned, is_quoted=True), _plain_lines(pruned), key=_size)
    return "\n".join(lines)[:MAX_TEXT]


def _size(lines: list[str]) -> int:
    return sum(map(len, lines))


def _pruned(tree: Any) -> Any:
    """A copy of the page without what is surely not its article."""
    pruned = copy.deepcopy(tree)
    for element in pruned.xpath(ASIDE):
        _drop(element)
    whole = len(pruned.text_content())
    named = [one for one in pruned.iter(*PRUNED_TAGS) if _is_named_furniture(one)]
    for element in named:
        if len(element.text_content()) <= MAX_SHARE * whole:
            _drop(element)
    return pruned


def _is_named_furniture(element: Any) -> bool:
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return NAMED.search(names) is not None


def _drop(element: Any) -> None:
    if element.getparent() is not None:
        element.drop_tree()


def _article_lines(tree: Any, *, is_quoted: bool) -> list[str]:
    from trafilatura.core import bare_extraction  # Imported on use: it takes long to load.

    found = bare_extraction(
        copy.deepcopy(tree), include_comments=False, include_tables=False, favor_precision=True
    )
    body = getattr(found, "body", None)
    if body is None:
        return []
    outside = ("item", "table", "head") if is_quoted else ("item", "table", "head", "quote")
    paragraphs = [one for one in body.iter("p") if next(one.iterancestors(*outside), None) is None]
    return [line for one in paragraphs for line in _lines(one, "lb")]


def _plain_lines(tree: Any) -> list[str]:
    """All paragraphs of the page, or of its article where it has one."""
    inside = tree.xpath("//article//p") or tree.xpath("//main//p") or tree.xpath("//body//p")
    return [line for one in inside for line in _lines(one, "br")]


def _lines(element: Any, line_end: str) -> list[str]:
    """The element's text; two line ends in a row part paragraphs."""
    pieces = [element.text or ""]
    for child in element:
        if child.tag == line_end:
            pieces.append("\n")
        else:
            pieces += child.itertext()
        pieces.append(child.tail or "")
    parts = re.split(r"\n[^\S\n]*\n", "".join(pieces)) if "\n" in pieces else ["".join(pieces)]
    lines = [cleaned(part) for part in parts]
    return [line for line in lines if line and not is_furniture(line)]
