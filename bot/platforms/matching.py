"""Decides whether a post seen on a Platform is what a Part sent.

Pure and strict: a wrong "found" loses a post in silence, a wrong "not found" only asks a person.
Differences that Platforms make by themselves do not count; a different word or link does.
"""

import re
import unicodedata
from urllib.parse import unquote

from bot.platforms.contract import PartContent, Seen

# With or without a scheme: X gives a bare `example.org` back as a full address.
LINK = re.compile(
    r"(?:(?<![\w/])https?://)?(?<![\w@.-])"
    r"(?P<host>[\w-]+(?:\.[\w-]+)+)(?P<port>:\d{1,5})?(?P<rest>[/?#]\S*)?",
    re.IGNORECASE,
)
# What Platforms add to addresses on the way; no publisher's own parameter is among them.
ADDED_BY_PLATFORMS = re.compile(r"^(?:fbclid|twclid|__twitter_impression)=", re.IGNORECASE)
CAMPAIGN = re.compile(r"^utm_\w+=", re.IGNORECASE)
CLOSING_MARKS = ".,;:!?)]>\"'…»”’"


def same_post(part: PartContent, seen: Seen) -> bool:
    """Whether text, and link where both name one, are the same but for a Platform's own changes."""
    text = normal_form(part.text)
    if text != normal_form(seen.text):
        return False
    if part.link is not None and seen.link is not None:
        return same_link(part.link, seen.link)
    # Nothing but a picture cannot be told from any other picture.
    return bool(text)


def same_link(ours: str, theirs: str) -> bool:
    """Whether two addresses are one, also where only one of them kept its campaign parameters."""
    if link_form(ours) == link_form(theirs):
        return True
    bare_ours, bare_theirs = (link_form(link, CAMPAIGN) for link in (ours, theirs))
    one_is_bare = link_form(ours) == bare_ours or link_form(theirs) == bare_theirs
    return one_is_bare and bare_ours == bare_theirs


def normal_form(text: str) -> str:
    """The text as it is compared: composed, white space folded, each link in its normal form."""
    folded = " ".join(unicodedata.normalize("NFC", text).split())
    return LINK.sub(lambda found: link_form(found[0]), folded)


def link_form(link: str, dropped: re.Pattern[str] = ADDED_BY_PLATFORMS) -> str:
    """An address without scheme, `www.`, closing slash and the parameters that are dropped."""
    found = LINK.fullmatch(link)
    if found is None:
        return link
    host = _host_form(found["host"])
    before_mark, mark, fragment = (found["rest"] or "").partition("#")
    path, _, query = before_mark.partition("?")
    kept = [
        pair
        for pair in query.split("&")
        if pair and not ADDED_BY_PLATFORMS.match(pair) and not dropped.match(pair)
    ]
    tail = ("?" + "&".join(kept) if kept else "") + mark + fragment
    # A sentence's own full stop or bracket may stand right behind the slash.
    kept_path = path if tail else path.rstrip(CLOSING_MARKS)
    whole = kept_path.rstrip("/") + path[len(kept_path) :] + tail
    return host + (found["port"] or "") + unicodedata.normalize("NFC", unquote(whole))


def _host_form(host: str) -> str:
    try:
        return host.encode("idna").decode("ascii").lower().removeprefix("www.")
    except UnicodeError:
        return host.lower().removeprefix("www.")
