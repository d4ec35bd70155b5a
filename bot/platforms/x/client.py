"""The only module that speaks to X, through tweepy.

tweepy writes to a fixed host, waits without end and raises on any status. Here the host comes from
settings, the OAuth 1.0a signature covers the very address asked, time is bounded by the session,
and every reply comes back as it was received.
"""

from typing import Any

import requests
import tweepy

from bot.wire import Session


class Client(tweepy.Client):  # type: ignore[misc]  # tweepy has no types
    """tweepy's client with its transport replaced; its request builders stay as they are."""

    def __init__(
        self,
        session: Session,
        base_url: str,
        *,
        consumer_key: str,
        consumer_secret: str,
        access_token: str,
        access_token_secret: str,
    ) -> None:
        super().__init__(
            consumer_key=consumer_key,
            consumer_secret=consumer_secret,
            access_token=access_token,
            access_token_secret=access_token_secret,
            return_type=requests.Response,
        )
        self.session = session
        self._base_url = base_url

    def request(
        self,
        method: str,
        route: str,
        params: dict[str, Any] | None = None,
        json: dict[str, Any] | None = None,
        user_auth: bool = True,  # noqa: ARG002  tweepy's callers pass it
    ) -> requests.Response:
        """One signed request, whatever `user_auth` says; a status is never an exception."""
        signer = tweepy.OAuth1UserHandler(
            self.consumer_key, self.consumer_secret, self.access_token, self.access_token_secret
        )
        reply: requests.Response = self.session.request(
            method, self._base_url + route, params=params, json=json, auth=signer.apply_auth()
        )
        return reply
