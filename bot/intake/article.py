"""By which names an article is known: its address in one spelling, and its title folded.

Pure. Two addresses that may be different pages are never taken for one.
"""

import re
import unicodedata
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from bot.intake.plainwords import short_identity

MAX_ADDRESS = 2000
MAX_TITLE_KEY = 300
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


def without_tracking(link: str) -> str:
    """The link as it stands, without what only tells the site where a reader came from."""
    parts = urlsplit(link)
    kept = [
        pair
        for pair in parts.query.split("&")
        if not _is_tracking(unquote(pair.partition("=")[0]).lower())
    ]
    return parts._replace(query="&".join(kept)).geturl()


def title_key(title: str) -> str:
    """Equal for titles a reader would call the same; empty when there is nothing to compare."""
    folded = unicodedata.normalize("NFKC", title).casefold()
    return re.sub(r"[\W_]+", " ", folded).strip()[:MAX_TITLE_KEY]
