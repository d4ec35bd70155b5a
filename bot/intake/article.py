"""From one entry of a feed to the words of a post: template, and what fits.

Pure. The title is the publisher's own and is only ever cut at a word; nothing is invented, and
there is never a post that is only a link.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from bot.errors import PostInvalid
from bot.formatting.text import tidy
from bot.formatting.variant import Rendered
from bot.intake.entry import Entry
from bot.intake.feedoptions import FIELD, Options
from bot.intake.identity import title_key
from bot.model.written import Written

MAX_SITE = 60
BARE_LINK = re.compile(r"https?://\S*|www\.\S*", re.IGNORECASE)

# One platform's key in `Written.texts`, and how it would draw the post on one of its Accounts.
Voice = tuple[str, Callable[[Written], Rendered]]


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
