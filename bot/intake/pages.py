"""Fetches the pages of new articles, one after the other, and has them read in a child process.

No transaction is open meanwhile. A page that cannot be had or is no article costs nothing: the
feed's own words are used. No more than MAX_PAGES are asked for in one go.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.clock import monotonic
from bot.errors import FetchFailed
from bot.intake.articlepage import Page
from bot.intake.entry import Entry
from bot.intake.fetch import PAGE, Fetched, Fetcher
from bot.intake.reader import Reader

MAX_PAGES = 40
TOTAL_SECONDS = 90.0


@dataclass(frozen=True, slots=True)
class Pages:
    """Reads pages through one guarded fetcher and one reading process."""

    fetcher: Fetcher
    reader: Reader
    total_seconds: float = TOTAL_SECONDS

    def of(self, entries: Iterable[Entry]) -> dict[str, Page]:
        """The pages of these articles by the entry's id; an empty Page where it cannot be had."""
        wanted = [entry for entry in entries if entry.link][:MAX_PAGES]
        if not wanted:
            return {}
        give_up_at = monotonic() + self.total_seconds
        found: dict[str, Page] = {}
        for entry in wanted:
            if monotonic() < give_up_at:
                found[entry.id] = self._page(entry.link)
        return found

    def _page(self, link: str) -> Page:
        try:
            fetched = self.fetcher.get(link, kind=PAGE)
            if _is_front_page(fetched, link):
                return Page()
            return self.reader.page(fetched.body, fetched.content_type, fetched.url)
        except FetchFailed:
            return Page()


def _is_front_page(fetched: Fetched, link: str) -> bool:
    """Whether we were sent to the site's front page, where sites send readers of what is gone."""
    return bool(urlsplit(link).path.strip("/")) and not urlsplit(fetched.url).path.strip("/")
