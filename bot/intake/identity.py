"""What makes two articles the same: one spelling for an address, one for a title. Pure.

An address loses what publishers and carriers add to it: tracking, the mobile (AMP) copy, the
wrapping of a search engine or feed proxy, and the choice of scheme, port, `www` and last slash.
"""

import re
import unicodedata
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlencode, urlsplit

from bot.intake.plainwords import is_web_link, short_identity

MAX_NAME = 500
MAX_TITLE_KEY = 300
TRACKING = frozenset(
    (
        *("fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "twclid", "yclid"),
        *("igshid", "igsh", "mc_cid", "mc_eid", "_ga", "_gl", "_hsenc", "_hsmi", "mkt_tok"),
        *("ref_src", "ref_url", "cmpid", "ocid", "smid", "s_cid", "vero_id", "wickedid"),
        *("oly_enc_id", "oly_anon_id", "rb_clickid", "guccounter", "feature", "srnd", "ttclid"),
        *("amp", "outputtype", "_amp", "cmp", "xtor", "partner", "ftag", "traffic_source"),
        *("source", "ref", "rss", "feed", "from_rss"),
    )
)
TRACKING_PREFIXES = ("utm_", "pk_", "mtm_", "hsa_", "at_", "itm_", "ns_", "wt.", "wt_", "stm_")
# These say where a reader came from only when they have one of these values.
ONLY_TRACKING = {
    "source": ("rss", "feed", "atom", "rssfeed"),
    "ref": ("rss", "feed", "atom", "rss_feed", "rssfeed"),
    "rss": ("1", "", "yes", "true"),
    "feed": ("1", "", "yes", "true"),
    "from_rss": ("1", "", "yes", "true"),
    "partner": ("rss", "feedburner"),
    "feature": ("rss", "youtu.be", "share", "shared"),
    "outputtype": ("amp",),
    "amp": ("1", "", "true"),
    "_amp": ("1", "", "true"),
}
DEFAULT_PORTS = {80, 443, None}
PATH_SAFE = "/:@!$&'()*+,;=~-._"
# Pages that only send a reader on, and the field that says where to.
CARRIERS = {
    ("google", "/url"): ("url", "q"),
    ("facebook.com", "/l.php"): ("u",),
    ("bing.com", "/news/apiclick.aspx"): ("url",),
}
AMP_CACHE = re.compile(r"^/(?:amp|c|v|wp)/(?P<s>s/)?(?P<rest>[^/]+\..+)$")
AMP_ENDS = re.compile(r"(?:/amp|\.amp)(?P<html>\.html?)?$|(?P<dot>\.html?)/amp$", re.IGNORECASE)
MAX_WRAPPINGS = 3


def canonical(link: str) -> str:
    """One spelling for all addresses of the same page; empty for none."""
    if not link:
        return ""
    parts = urlsplit(unwrapped(link))
    host = (parts.hostname or "").rstrip(".")
    host = re.sub(r"^(?:www|amp)\.(?=.+\.)", "", re.sub(r"^www\.", "", host))
    port = "" if parts.port in DEFAULT_PORTS else f":{parts.port}"
    fields = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if not _is_tracking(name.lower(), value.lower())
    ]
    query = f"?{urlencode(sorted(fields))}" if fields else ""
    return short_identity(f"https://{_ascii(host)}{port}{_path(parts)}{query}", MAX_NAME)


def unwrapped(link: str) -> str:
    """Where a carrier such as Google Alerts or an AMP cache leads, else the link itself."""
    for _ in range(MAX_WRAPPINGS):
        inner = _inner(urlsplit(link))
        if not is_web_link(inner):
            break
        link = inner
    return link


def without_tracking(link: str) -> str:
    """The link as a reader may be given it: unwrapped, and without what only says where from."""
    parts = urlsplit(unwrapped(link))
    kept = [pair for pair in parts.query.split("&") if not _is_tracking_pair(pair)]
    return parts._replace(query="&".join(kept)).geturl()


def title_key(title: str) -> str:
    """Equal for titles a reader would call the same; empty when there is nothing to compare."""
    folded = unicodedata.normalize("NFKC", title).casefold()
    return re.sub(r"[\W_]+", " ", folded).strip()[:MAX_TITLE_KEY]


def _inner(parts: SplitResult) -> str:
    host = (parts.hostname or "").removeprefix("www.")
    for (site, path), names in CARRIERS.items():
        is_carrier = host == site or host.endswith(f".{site}") or host.split(".")[0] == site
        if is_carrier and parts.path == path:
            fields = dict(parse_qsl(parts.query))
            return next((fields[name] for name in names if name in fields), "")
    is_cache = host.endswith(".ampproject.org") or host.split(".")[0] == "google"
    cached = AMP_CACHE.match(parts.path) if is_cache else None
    if cached is None:
        return ""
    query = f"?{parts.query}" if parts.query else ""
    return f"http{'s' if cached['s'] else ''}://{cached['rest']}{query}"


def _path(parts: SplitResult) -> str:
    path = quote(unquote(parts.path), safe=PATH_SAFE).rstrip("/")
    path = AMP_ENDS.sub(lambda found: found["html"] or found["dot"] or "", path)
    return re.sub(r"^/amp(?=/)", "", path).rstrip("/")


def _ascii(host: str) -> str:
    """A name with accents as the network writes it, so that both spellings are one."""
    try:
        return host.encode("idna").decode("ascii") if not host.isascii() else host
    except UnicodeError:
        return host


def _is_tracking_pair(pair: str) -> bool:
    name, _, value = pair.partition("=")
    return _is_tracking(unquote(name).lower(), unquote(value).lower())


def _is_tracking(name: str, value: str) -> bool:
    if name in ONLY_TRACKING:
        return value in ONLY_TRACKING[name]
    return name in TRACKING or name.startswith(TRACKING_PREFIXES)
