"""The only module that speaks to X, through tweepy.

tweepy writes to a fixed host, waits without end and raises on any status. Here the host comes from
settings, the OAuth 1.0a signature covers the very address asked, time is bounded by the session,
and every reply comes back as it was received.
"""

from typing import Any

import requests
import tweepy
from requests_oauthlib import OAuth1

from bot.wire import Session


def ask_for_request_token(
    session: Session, base_url: str, key: str, secret: str, return_to: str
) -> None:
    """Step one of OAuth 1.0a, signed by the app alone; the session keeps the reply."""
    auth = OAuth1(key, client_secret=secret, callback_uri=return_to, decoding=None)
    session.post(f"{base_url}/oauth/request_token", auth=auth)


def ask_for_access_token(
    session: Session, base_url: str, key: str, secret: str, request_token: tuple[str, str, str]
) -> None:
    """Step three, with the request token, its secret and the verifier; the session keeps the reply.

    tweepy has both steps, but for a fixed host, without a deadline, and hides every refusal.
    """
    token, token_secret, verifier = request_token
    auth = OAuth1(
        key,
        client_secret=secret,
        resource_owner_key=token,
        resource_owner_secret=token_secret,
        verifier=verifier,
        decoding=None,
    )
    session.post(f"{base_url}/oauth/access_token", auth=auth)


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
