"""From one entry of a feed to the words of a post: identity, template, and what fits.

Pure. The title is the publisher's own and is only ever cut at a word; nothing is invented, and
there is never a post that is only a link.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from bot.errors import PostInvalid
from bot.formatting.text import tidy
from bot.formatting.variant import Rendered
from bot.intake.feedoptions import FIELD, Options
from bot.intake.entry import Entry
from bot.intake.plainwords import short_identity
from bot.model.written import Written

MAX_ADDRESS = 2000
MAX_TITLE_KEY = 300
MAX_SITE = 60
TRACKING = frozenset(
    (
        *("fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "twclid", "yclid"),
        *("igshid", "igsh", "mc_cid", "mc_eid", "_ga", "_gl", "_hsenc", "_hsmi", "mkt_tok"),
        *("ref_src", "ref_url", "cmpid", "ocid", "smid", "s_cid", "vero_id", "wickedid"),
        *("oly_enc_id", "oly_anon_id", "rb_clickid", "guccounter"),
    )
)
TRACKING_PREFIXES = ("utm_", "pk_", "mtm_", "hsa_", "at_", "itm_", "ns_")
DEFAULT_PORTS = {80, 443, None}
PATH_SAFE = "/:@!$&'()*+,;=~-._"
BARE_LINK = re.compile(r"https?://\S*|www\.\S*", re.IGNORECASE)

# One platform's key in `Written.texts`, and how it would draw the post on one of its Accounts.
Voice = tuple[str, Callable[[Written], Rendered]]


def canonical(link: str) -> str:
    """One spelling for all addresses of the same page; empty for none."""
    if not link:
        return ""
    parts = urlsplit(link)
    host = (parts.hostname or "").removeprefix("www.").rstrip(".")
    port = "" if parts.port in DEFAULT_PORTS else f":{parts.port}"
    path = quote(unquote(parts.path), safe=PATH_SAFE).rstrip("/")
    fields = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not _is_tracking(name.lower())
    ]
    query = f"?{urlencode(sorted(fields))}" if fields else ""
    return short_identity(f"https://{host}{port}{path}{query}", MAX_ADDRESS)


def _is_tracking(name: str) -> bool:
    return name in TRACKING or name.startswith(TRACKING_PREFIXES)


def title_key(title: str) -> str:
    """Equal for titles a reader would call the same; empty when there is nothing to compare."""
    folded = unicodedata.normalize("NFKC", title).casefold()
    return re.sub(r"[\W_]+", " ", folded).strip()[:MAX_TITLE_KEY]


def write(entry: Entry, site: str, options: Options) -> Written:
    """The post for an article; PostInvalid where it would be nothing but a link, or have none."""
    if not entry.link:
        raise PostInvalid("The article has no web link, so there is nothing to send readers to.")
    if not title_key(BARE_LINK.sub("", entry.title)):
        raise PostInvalid("The article has no title, and a post is never only a link.")
    return Written(
        body=_filled(options.template, entry.title, site),
        to=options.accounts,
        campaign=options.campaign,
        labels=options.labels,
        link=entry.link,
    )


def fitted(
    written: Written, entry: Entry, site: str, options: Options, voices: Iterable[Voice]
) -> Written:
    """The post with its title cut, for the platforms where all of it would be too long."""
    for platform, render in voices:
        if _fits(render(written)):
            continue
        shorter = [_with_text(written, platform, cut, site, options) for cut in _cuts(entry.title)]
        written = _longest(shorter, render) or written
    return written


def _fits(rendered: Rendered) -> bool:
    return max(rendered.weights) <= rendered.max_weight


def _longest(shorter: Sequence[Written], render: Callable[[Written], Rendered]) -> Written | None:
    """The last of them that fits; they grow, so half of what is left is ruled out each time."""
    low, high = 0, len(shorter)
    while low < high:
        middle = (low + high) // 2
        if _fits(render(shorter[middle])):
            low = middle + 1
        else:
            high = middle
    return shorter[low - 1] if low else None


def _cuts(title: str) -> list[str]:
    """The title cut after each of its words, shortest first."""
    starts = [title[: space.start()] for space in re.finditer(r"\s+", title)]
    return [f"{start.rstrip(' ,;:.!?–—-')}…" for start in starts]


def _with_text(written: Written, platform: str, title: str, site: str, options: Options) -> Written:
    text = _filled(options.template, title, site)
    return replace(written, texts={**written.texts, platform: text})


def _filled(template: str, title: str, site: str) -> str:
    fields = {"title": title, "site": _short_site(site)}
    return tidy(FIELD.sub(lambda found: fields[found[1]], template))


def _short_site(site: str) -> str:
    if len(site) <= MAX_SITE:
        return site
    return f"{site[:MAX_SITE].rpartition(' ')[0] or site[:MAX_SITE]}…"
