"""X as the rest of the bot knows it: one account, behind the Platform contract.

Building it opens nothing and does not load tweepy. Its methods answer with Outcomes and do not
raise; a write is sent once and never repeated here.
"""

import re
from collections.abc import Iterable, Mapping
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
    Rules,
    Seen,
    Span,
    Unknown,
    Unreadable,
    Variant,
)
from bot.platforms.pictures import prepare_pictures
from bot.platforms.replies import ask, json_object, table
from bot.platforms.x import chunks, connect, counts, profile, timeline, uploads
from bot.platforms.x.classify import classify, weigh
from bot.platforms.x.prices import DELETE, price_of
from bot.platforms.x.rules import PREMIUM_RULES, X_RULES
from bot.settings import Settings, is_loopback
from bot.wire import Reply, Session, redact

if TYPE_CHECKING:
    from bot.platforms.x.client import Client

TITLE = "X"
STATUS_LINK = re.compile(r"/status(?:es)?/(\d{1,19})(?!\d)")
NOT_CONFIRMED = "X's answer does not fit the question."
APP_SETTINGS = ("x_api_key", "x_api_secret")
OWN_SETTINGS = ("x_access_token", "x_access_token_secret")


class XPlatform:
    """One X account."""

    def __init__(
        self, settings: Settings, clock: Clock, picture_bytes: PictureBytes | None = None
    ) -> None:
        self._settings, self._clock, self._picture_bytes = settings, clock, picture_bytes
        self._session = Session(
            deadline_seconds=settings.send_timeout_seconds, secrets=settings.secrets()
        )

    @classmethod
    def from_settings(
        cls, settings: Settings, clock: Clock, picture_bytes: PictureBytes | None = None
    ) -> Self:
        """The account that the settings name, whether or not its keys are set."""
        return cls(settings, clock, picture_bytes)

    @property
    def rules(self) -> Rules:
        return PREMIUM_RULES if self._settings.x_long_posts else X_RULES

    @property
    def is_live(self) -> bool:
        return not is_loopback(self._settings.x_api_url)

    @property
    def missing_settings(self) -> tuple[str, ...]:
        needed = (*APP_SETTINGS, *OWN_SETTINGS)
        return tuple(name.upper() for name in needed if not self._key(name))

    @property
    def missing_to_connect(self) -> tuple[str, ...]:
        return tuple(name.upper() for name in APP_SETTINGS if not self._key(name))

    @property
    def own_settings(self) -> tuple[str, ...]:
        return tuple(name.upper() for name in OWN_SETTINGS)

    @property
    def credential_settings(self) -> tuple[str, ...]:
        return tuple(name.upper() for name in OWN_SETTINGS if self._key(name))

    @property
    def expected_remote_id(self) -> str | None:
        prefix, dash, _ = self._key("x_access_token").partition("-")
        return prefix if dash and prefix.isdigit() else None

    @property
    def profile_url(self) -> str:
        return self.profile_of(self.expected_remote_id)

    def profile_of(self, remote_id: str | None) -> str:
        if not self.is_live:
            return front_of(self._settings.x_api_url)
        return f"https://x.com/i/user/{remote_id}" if remote_id else "https://x.com/home"

    @property
    def monthly_budget(self) -> Decimal | None:
        dollars = self._settings.x_monthly_budget_usd
        return None if dollars is None else Decimal(str(dollars))

    def measure(self, text: str) -> Length:
        # Imported on use: the counter's tables take long to load.
        from bot.platforms.x import counting

        counted = counting.measure(text)
        return Length(
            counted.weight,
            _spans(counted.links),
            _spans(counted.mentions),
            _spans(counted.hashtags),
            _spans(counted.cashtags),
        )

    def compose(self, draft: Draft) -> Variant:
        text = joined(draft.text, draft.link, draft.imprint)
        return Variant((PartContent(text=text, images=draft.images),))

    def prepare(self, part: PartContent) -> Prepared | Outcome:
        return prepare_pictures(part.images, self._picture_bytes, self._upload)

    def send(self, part: PartContent, *, reply_to: str | None, prepared: Prepared) -> Outcome:
        reply = ask(
            self._session,
            lambda: self._client.create_tweet(
                text=part.text,
                in_reply_to_tweet_id=reply_to,
                media_ids=list(prepared.media_ids) or None,
            ),
            TITLE,
        )
        if not isinstance(reply, Reply):
            return reply
        return classify(reply, self._clock(), self._hide)

    def recent(self, since: datetime) -> tuple[Seen, ...] | Unreadable:
        fields = ",".join(timeline.READ_FIELDS)
        query = {"start_time": timeline.stamp(since), "tweet_fields": fields}
        posts = timeline.read_pages(self._ask_timeline, query)
        if isinstance(posts, Unreadable):
            return posts
        return timeline.seen_since(posts, since)

    def counts(self, sent_at_by_id: Mapping[str, datetime]) -> CountsRead | Unreadable:
        return counts.read_counts(sent_at_by_id, self._clock(), self._ask_timeline, self._ask_posts)

    def account_counts(self) -> AccountCounts | Unreadable:
        reply = self._read(lambda: self._client.get_me(user_fields=["public_metrics"]))
        return reply if isinstance(reply, Unreadable) else profile.account_counts(reply)

    def delete(self, remote_id: str) -> Deletion:
        reply = ask(self._session, lambda: self._client.delete_tweet(remote_id), TITLE)
        if not isinstance(reply, Reply):
            return Deletion(False, reply.reason)
        body = json_object(reply.body)
        if (
            body is not None
            and reply.status == 200
            and table(body.get("data")).get("deleted") is True
        ):
            return Deletion(True, cost=DELETE)
        if body is not None and reply.status == 404:
            gone = "resource-not-found" in weigh(404, body).problem
            return Deletion(gone, "" if gone else "X does not know this request.")
        return Deletion(False, getattr(self._failure(reply), "reason", NOT_CONFIRMED))

    def health(self) -> Health:
        reply = self._read(
            lambda: self._client.get_me(
                user_fields=list(profile.USER_FIELDS), expansions="pinned_tweet_id"
            )
        )
        if isinstance(reply, Unreadable):
            return Health(ok=False, problem=reply.reason)
        return profile.read_profile(reply, self.expected_remote_id)

    def id_in(self, url: str) -> str | None:
        found = STATUS_LINK.search(url)
        return found[1] if found else None

    def price(self, part: PartContent) -> Decimal:
        alt_texts = sum(1 for image in part.images if image.alt)
        return price_of(links=len(self.measure(part.text).links), alt_texts=alt_texts)

    def connect_begin(self, return_to: str) -> ConnectStep | NotGranted:
        return connect.begin(self._settings, return_to)

    def connect_finish(
        self,
        kept: Mapping[str, str],
        returned: Mapping[str, str],
        return_to: str,  # noqa: ARG002  X ties it to the request token
    ) -> tuple[Grant, ...] | NotGranted:
        return connect.finish(self._settings, kept, returned)

    @cached_property
    def _client(self) -> "Client":
        # Imported on use, so that checking a folder of posts does not wait for tweepy.
        from bot.platforms.x.client import Client

        return Client(
            self._session,
            self._settings.x_api_url,
            consumer_key=self._key("x_api_key"),
            consumer_secret=self._key("x_api_secret"),
            access_token=self._key("x_access_token"),
            access_token_secret=self._key("x_access_token_secret"),
        )

    def _key(self, name: str) -> str:
        value: str = getattr(self._settings, name).get_secret_value()
        return value

    def _hide(self, text: str) -> str:
        return redact(text, self._settings.secrets())

    def _upload(self, image: Image, content: bytes) -> str | Outcome:
        if image.mime_type not in chunks.CATEGORIES:
            return uploads.upload(image, content, self._post)
        media_id = chunks.Chunks(self._ask, self._failure).upload(image, content)
        if not isinstance(media_id, str):
            return media_id
        return uploads.describe(media_id, image, self._post)

    def _post(self, path: str, body: dict[str, Any]) -> Outcome:
        reply = self._ask("POST", path, body)
        return self._failure(reply) if isinstance(reply, Reply) else reply

    def _ask(
        self,
        method: str,
        path: str,
        body: dict[str, Any] | None,
        query: dict[str, str] | None = None,
    ) -> Reply | NotReached | Unknown:
        return ask(
            self._session,
            lambda: self._client.request(method, path, params=query, json=body),
            TITLE,
        )

    def _user_id(self) -> str | Unreadable:
        if self.expected_remote_id is not None:
            return self.expected_remote_id
        found = self.health()
        return found.remote_id or Unreadable(found.problem)

    def _ask_timeline(self, query: dict[str, Any]) -> Reply | Unreadable:
        user_id = self._user_id()
        if isinstance(user_id, Unreadable):
            return user_id
        return self._read(lambda: self._client.get_users_tweets(user_id, user_auth=True, **query))

    def _ask_posts(self, query: dict[str, Any]) -> Reply | Unreadable:
        return self._read(lambda: self._client.get_tweets(user_auth=True, **query))

    def _read(self, call: Any) -> Reply | Unreadable:
        reply = ask(self._session, call, TITLE)
        if not isinstance(reply, Reply):
            return Unreadable(reply.reason)
        if reply.status == 200:
            return reply
        failure = self._failure(reply)
        reason = getattr(failure, "reason", NOT_CONFIRMED)
        return Unreadable(reason, getattr(failure, "until", None))

    def _failure(self, reply: Reply) -> Outcome:
        return classify(reply, self._clock(), self._hide)


def _spans(found: Iterable[Any]) -> tuple[Span, ...]:
    return tuple(Span(span.start, span.end, span.text) for span in found)
