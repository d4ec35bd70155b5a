"""A Facebook Page as the rest of the bot knows it, behind the Platform contract.

Building it opens nothing and does not load the SDK. Its methods answer with Outcomes and do not
raise; a write is sent once and never repeated here.
"""

import json
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from bot.clock import Clock
from bot.platforms.arrange import front_of, joined
from bot.platforms.contract import (
    AccountCounts,
    ConnectStep,
    CountsRead,
    Deletion,
    Draft,
    Grant,
    Health,
    Image,
    Length,
    NotGranted,
    NotReached,
    Outcome,
    PartContent,
    PictureBytes,
    Prepared,
    Refused,
    Rules,
    Seen,
    Unknown,
    Unreadable,
    Variant,
)
from bot.platforms.facebook import connect, counts, listing, marks, page, uploads
from bot.platforms.facebook.classify import classify, is_missing
from bot.platforms.facebook.reading import Declined, Read, read
from bot.platforms.facebook.rules import FACEBOOK_RULES
from bot.platforms.pictures import prepare_pictures
from bot.platforms.replies import ask, server_date
from bot.settings import Settings, is_loopback
from bot.wire import Reply, redact

if TYPE_CHECKING:
    from bot.platforms.facebook.client import Graph

TITLE = "Facebook"
WHOLE_ID = re.compile(r"[/=](\d+_\d+)(?!\w)")
POST_LINK = re.compile(r"(?:[?&]story_fbid=|/posts/(?:[^/?#]+/)?)(\d+)(?!\w)")
# The reply to the write carries these, so the post's address needs no second call.
READ_BACK = "id,permalink_url"


class FacebookPlatform:
    """One Facebook Page."""

    def __init__(
        self, settings: Settings, clock: Clock, picture_bytes: PictureBytes | None = None
    ) -> None:
        self._settings, self._clock, self._picture_bytes = settings, clock, picture_bytes
        self._dead_metrics: set[str] = set()

    @classmethod
    def from_settings(
        cls, settings: Settings, clock: Clock, picture_bytes: PictureBytes | None = None
    ) -> Self:
        """The Page that the settings name, whether or not its token is set."""
        return cls(settings, clock, picture_bytes)

    @property
    def rules(self) -> Rules:
        return FACEBOOK_RULES

    @property
    def is_live(self) -> bool:
        return not is_loopback(self._settings.facebook_graph_url)

    @property
    def missing_settings(self) -> tuple[str, ...]:
        needed = {"FACEBOOK_PAGE_ID": self._page_id, "FACEBOOK_PAGE_TOKEN": self._token}
        return tuple(name for name, value in needed.items() if not value)

    @property
    def missing_to_connect(self) -> tuple[str, ...]:
        settings = self._settings
        needed = {
            "FACEBOOK_APP_ID": settings.facebook_app_id,
            "FACEBOOK_APP_SECRET": settings.facebook_app_secret.get_secret_value(),
        }
        return tuple(name for name, value in needed.items() if not value)

    @property
    def own_settings(self) -> tuple[str, ...]:
        return ("FACEBOOK_PAGE_ID", "FACEBOOK_PAGE_TOKEN")

    @property
    def credential_settings(self) -> tuple[str, ...]:
        return ("FACEBOOK_PAGE_TOKEN",) if self._token else ()

    @property
    def expected_remote_id(self) -> str | None:
        return self._page_id or None

    @property
    def profile_url(self) -> str:
        return self.profile_of(self._page_id)

    def profile_of(self, remote_id: str | None) -> str:
        if not self.is_live:
            return front_of(self._settings.facebook_graph_url)
        return f"https://www.facebook.com/{remote_id or ''}"

    @property
    def monthly_budget(self) -> Decimal | None:
        return None  # publishing to a Page is free

    def measure(self, text: str) -> Length:
        return marks.measure(text)

    def compose(self, draft: Draft) -> Variant:
        # A post has a link card or pictures, never both; beside pictures the link goes into words.
        in_words = draft.link if draft.images else None
        text = joined(draft.text, in_words, draft.imprint)
        field = None if draft.images else draft.link or _first_link(draft.text)
        return Variant((PartContent(text=text, link=field, images=draft.images),))

    def prepare(self, part: PartContent) -> Prepared | Outcome:
        return prepare_pictures(part.images, self._picture_bytes, self._upload)

    def send(self, part: PartContent, *, reply_to: str | None, prepared: Prepared) -> Outcome:
        if reply_to is not None:
            return Refused(
                "A Facebook Page has no threads; this part was not sent. Send it as one post."
            )
        # The SDK flattens nested values into nonsense, so they are made JSON first.
        media = [{"media_fbid": one} for one in prepared.media_ids]
        given = {
            "message": part.text,
            "link": part.link,
            "attached_media": json.dumps(media) if media else None,
            "fields": READ_BACK,
        }
        fields = {name: value for name, value in given.items() if value}
        reply = self._speak(lambda sdk: sdk.put_object(self._page_id, "feed", **fields))
        if not isinstance(reply, Reply):
            return reply
        return classify(reply, self._clock(), self._hide)

    def recent(self, since: datetime) -> tuple[Seen, ...] | Unreadable:
        return listing.read_published(
            lambda query: self._read(f"{self._page_id}/published_posts", query),
            since,
            self._settings.facebook_app_id,
        )

    def counts(self, sent_at_by_id: Mapping[str, datetime]) -> CountsRead | Unreadable:
        return counts.read_counts(sent_at_by_id, self._page_id, self._read, self._dead_metrics)

    def account_counts(self) -> AccountCounts | Unreadable:
        return page.account_counts(self._page_id, self._read)

    def delete(self, remote_id: str) -> Deletion:
        reply = self._speak(lambda sdk: sdk.delete_object(remote_id))
        answer = read(reply, self._clock(), self._hide)
        if isinstance(answer, Unreadable):
            return Deletion(False, answer.reason)
        if isinstance(answer, Declined):
            gone = is_missing(answer.fault) and self._page_is_there()
            return Deletion(gone, "" if gone else answer.why.reason)
        done = answer.get("success") is True
        return Deletion(done, "" if done else "Facebook did not confirm the deletion.")

    def health(self) -> Health:
        reply = self._speak(lambda sdk: sdk.get_object("me", fields="id,name"))
        date = server_date(reply.headers) if isinstance(reply, Reply) else None
        found = page.from_me(read(reply, self._clock(), self._hide), self._page_id, date)
        if found.remote_id != self._page_id:
            return found
        found = page.with_profile(found, self._read(self._page_id, {"fields": "about"}))
        app_id = self._settings.facebook_app_id
        app_secret = self._settings.facebook_app_secret.get_secret_value()
        if not (app_id and app_secret):
            return found
        described = self._speak(lambda sdk: sdk.debug_access_token(self._token, app_id, app_secret))
        return page.with_token(found, read(described, self._clock(), self._hide))

    def id_in(self, url: str) -> str | None:
        whole = WHOLE_ID.search(url)
        if whole is not None:
            return whole[1]
        part = POST_LINK.search(url)
        return f"{self._page_id}_{part[1]}" if part else None

    def price(self, part: PartContent) -> Decimal:  # noqa: ARG002  posting is free there
        return Decimal(0)

    def connect_begin(self, return_to: str) -> ConnectStep | NotGranted:
        return connect.begin(self._settings, return_to)

    def connect_finish(
        self,
        kept: Mapping[str, str],  # noqa: ARG002  Facebook's answer says all
        returned: Mapping[str, str],
        return_to: str,
    ) -> tuple[Grant, ...] | NotGranted:
        return connect.finish(self._settings, self._clock, returned, return_to)

    @cached_property
    def _graph(self) -> "Graph":
        # Imported on use: the SDK is loaded by nothing that does not speak to Facebook.
        from bot.platforms.facebook.client import open_graph

        return open_graph(self._settings)

    @property
    def _page_id(self) -> str:
        return self._settings.facebook_page_id

    @property
    def _token(self) -> str:
        return self._settings.facebook_page_token.get_secret_value()

    def _hide(self, text: str) -> str:
        return redact(text, self._settings.secrets())

    def _speak(self, call: Callable[[Any], object]) -> Reply | NotReached | Unknown:
        graph = self._graph
        return ask(graph.session, lambda: call(graph.sdk), TITLE)

    def _upload(self, image: Image, content: bytes) -> str | Outcome:
        file = (image.sha256, content, image.mime_type)
        fields = {"published": "false", **({"alt_text_custom": image.alt} if image.alt else {})}
        reply = self._speak(
            lambda sdk: sdk.put_photo(file, album_path=f"{self._page_id}/photos", **fields)
        )
        return uploads.photo_id(reply, self._clock(), self._hide)

    def _read(self, path: str, query: dict[str, Any]) -> Read:
        reply = self._speak(lambda sdk: sdk.get_object(path, **query))
        return read(reply, self._clock(), self._hide)

    def _page_is_there(self) -> bool:
        answer = self._read(self._page_id, {"fields": "id"})
        return isinstance(answer, Mapping) and answer.get("id") == self._page_id


def _first_link(text: str) -> str | None:
    """Facebook makes no card of a link that stands only in the words; its own editor would."""
    links = marks.measure(text).links
    return links[0].text if links else None
