"""Reads an article's page: title, standfirst, author, site, date, address, picture and main text.

Pure: bytes in, a Page out, the same bytes always the same Page. What is no article (a consent or
sign-in page, an error, a file) is an empty Page, and a page behind a paywall has no text, so that
the feed's own words are used instead. Nothing is fetched and nothing is run.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from bot.intake import pagemeta
from bot.intake.feedtext import BYTE_ORDER_MARKS, CHARSET, REALLY, TEXT_ENCODING
from bot.intake.folding import folded
from bot.intake.furniture import is_furniture, is_wall
from bot.intake.pagetext import main_text
from bot.intake.plainwords import is_web_link
from bot.intake.readable import cleaned

MAX_BYTES = 5_000_000
MAX_TITLE = 500
MAX_NAME = 100
MAX_STANDFIRST = 2_000
MAX_ALT = 1_000
MAX_AUTHOR_WORDS = 14
# A wall's note stands under a teaser; in a long text it is about something else.
MAX_TEASER = 2_500
HTML_TYPES = ("html", "xml")
NOT_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
# Titles of pages that stand in an article's place, on folded text.
NO_ARTICLE = re.compile(
    r"""^\W*(?:
      just\ a\ moment | attention\ required | access\ (?:to\ this\ page\ has\ been\ )?denied
    | are\ you\ (?:a\ )?(?:robot|human) | (?:please\ )?verify\ (?:that\ )?you | security\ check
    | checking\ your\ browser | before\ you\ continue | your\ privacy\ choices?
    | we\ value\ your\ privacy
    | cookie\ (?:consent|settings|policy) | consent\b | log\ ?in\b | sign\ ?in\b | sign\ ?up\b
    | subscribe\b | register\b | (?:error\ )?(?:403|404|410|500|502|503)\b
    | (?:page|file)\ not\ found
    | not\ found | forbidden | service\ unavailable | antes\ de\ continuar | inicia(?:r)?\ sesion
    | pagina\ no\ encontrada | pagina\ nao\ encontrada | entrar\ no\b | iniciar\ sessao
    | acceso\ denegado
    | acesso\ negado | un\ momento | um\ momento | redirecting
    | robot\ or\ human | unsupported\ browser
    )""",
    re.VERBOSE,
)
BY = re.compile(
    r"^(?:by|written by|words by|por|de|texto de|texto|autor|autora|author)\b[:\s]+", re.IGNORECASE
)
NO_AUTHOR = re.compile(
    r"^(?:admin\w*|administrator|editor|webmaster|user|usuario|root|staff|guest|redaccion|redacao"
    r"|none|null|undefined|anonymous|wordpress|website|super ?user)$"
)


@dataclass(frozen=True, slots=True)
class Page:
    """An article's page in plain text; what it does not say is empty.

    `text` has a line a paragraph.
    """

    title: str = ""
    standfirst: str = ""
    author: str = ""
    site: str = ""
    published_at: datetime | None = None
    canonical: str = ""
    image: str = ""
    image_alt: str = ""
    text: str = ""
    language: str = ""


def read_page(body: bytes, content_type: str, url: str) -> Page:
    """The article at that address; an empty Page where these bytes are no article's page."""
    named = content_type.partition(";")[0].strip().lower()
    if len(body) > MAX_BYTES or (named and not named.endswith(HTML_TYPES)):
        return Page()
    tree = _tree(decoded(body, content_type))
    if tree is None:
        return Page()
    head = pagemeta.Head(tree)
    site = _first(head.sites(), lambda text: cleaned(text).partition(" | ")[0][:MAX_NAME])
    title = _first(head.titles(), lambda text: _title(text, site))
    if not title or NO_ARTICLE.match(folded(title)):
        return Page()
    text = main_text(tree)
    walled = head.is_walled or (len(text) <= MAX_TEASER and is_wall(tree.text_content()))
    image = _first(head.images(), lambda found: _address(url, found))
    return Page(
        title=title,
        standfirst=_first(head.descriptions(), lambda found: _standfirst(found, title, site)),
        author=_first(head.authors(), lambda found: author_name(found, site)),
        site=site or _host(url),
        published_at=next(filter(None, map(pagemeta.moment, filter(None, head.dates()))), None),
        canonical=_first(head.addresses(), lambda found: _canonical(url, found)),
        image=image,
        image_alt=(cleaned(head.image_alt()) or _alt_in(tree, image))[:MAX_ALT],
        text="" if walled else text,
        language=_first(head.languages(), _language),
    )


def decoded(body: bytes, content_type: str) -> str:
    """The page as text: by its mark, as UTF-8, by header or meta tag, or as browsers guess."""
    for start, name in BYTE_ORDER_MARKS:
        if body.startswith(start):
            return NOT_TEXT.sub("", body.decode(name, "replace"))
    meta = CHARSET.search(body[:4096].decode("latin-1"))
    header = CHARSET.search(content_type)
    named = [found[1].lower() for found in (header, meta) if found]
    for name in (
        "utf-8",
        *(REALLY.get(name, name) for name in named if TEXT_ENCODING.fullmatch(name)),
    ):
        try:
            return NOT_TEXT.sub("", body.decode(name))
        except (UnicodeDecodeError, LookupError):
            continue
    return NOT_TEXT.sub("", body.decode("windows-1252", "replace"))


def _tree(text: str) -> Any:
    from lxml import etree, html  # Imported on use: they take long to load.

    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        tree = html.document_fromstring(text.encode("utf-8", "ignore"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError):
        return None
    return tree if tree.tag == "html" else None


def _first(found: Iterable[str], shaped: Callable[[str], str]) -> str:
    """The first that is something once it has its shape."""
    return next(filter(None, (shaped(one) for one in found if one)), "")


def _title(text: str, site: str) -> str:
    """The title without the site's name at its end or beginning."""
    title = cleaned(text)
    for mark in (" | ", " – ", " — ", " - ", " · ", " :: ", " » ", " • ", " -- "):
        head, _, tail = title.rpartition(mark)
        if head and (folded(tail) == folded(site) or (mark == " | " and len(tail) < len(head))):
            title = head
        head, _, tail = title.partition(mark)
        if tail and site and folded(head) == folded(site):
            title = tail
    return "" if folded(title) == folded(site) and site else title[:MAX_TITLE].strip()


def _standfirst(text: str, title: str, site: str) -> str:
    said = cleaned(text)
    is_empty = folded(said) in {folded(title), folded(site)}
    return "" if is_empty or is_furniture(said) else said[:MAX_STANDFIRST]


def author_name(text: str, site: str) -> str:
    """A person's or group's name from a byline; empty where it is none."""
    name = BY.sub("", cleaned(text)).removesuffix(f", {site}").strip(" ,;|·-")
    plain = folded(name)
    is_name = name and len(name) <= MAX_NAME and len(name.split()) <= MAX_AUTHOR_WORDS
    if (
        not is_name
        or "://" in name
        or "@" in name
        or plain == folded(site)
        or NO_AUTHOR.match(plain)
    ):
        return ""
    return name


def _address(url: str, found: str) -> str:
    try:
        address = urljoin(url, found.strip())
    except ValueError:
        return ""
    return address if is_web_link(address) else ""


def _canonical(url: str, found: str) -> str:
    """The page's own address for itself; a front page is nobody's but its own."""
    address = _address(url, found)
    is_front = not urlsplit(address).path.strip("/") and not urlsplit(address).query
    return "" if is_front and urlsplit(url).path.strip("/") else address


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _alt_in(tree: Any, image: str) -> str:
    """The alt text of the same picture where it stands in the page."""
    name = urlsplit(image).path.rpartition("/")[2]
    if not name:
        return ""
    alts = (one.get("alt") for one in tree.iter("img") if name in (one.get("src") or ""))
    return next((cleaned(alt) for alt in alts if alt), "")


def _language(text: str) -> str:
    found = re.match(r"[a-z]{2,3}(?=$|[-_])", text.strip().lower())
    return found[0] if found else ""
