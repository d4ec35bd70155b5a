"""The only module that speaks to Facebook, through facebook-sdk.

The SDK is of 2018: it admits no current Graph version, keeps its address in a module global, puts
the token into addresses and drops status and headers. Each is put right from outside, per instance,
so the SDK itself stays unchanged.
"""

import warnings
from dataclasses import dataclass
from typing import Any

import requests

from bot.settings import Settings
from bot.wire import Session

with warnings.catch_warnings():
    # A non-raw pattern in the SDK warns when it is first compiled, from Python 3.12 on.
    warnings.simplefilter("ignore")
    import facebook


class GraphSession(Session):
    """Our session, with the SDK's fixed address swapped and tokens moved out of addresses."""

    def __init__(self, base_url: str, **limits: Any) -> None:
        super().__init__(**limits)
        self._base_url = base_url + "/"

    def request(self, method: Any, url: Any, *args: Any, **named: Any) -> requests.Response:
        """One request to the configured Graph address, its token in a header or in the form."""
        fixed = str(facebook.FACEBOOK_GRAPH_URL)
        if not str(url).startswith(fixed):
            raise ValueError("the SDK asked for an address that is not the Graph API's")
        params = dict(named.pop("params", None) or {})
        headers = dict(named.pop("headers", None) or {})
        token = params.pop("access_token", None)
        if token:
            headers["Authorization"] = f"Bearer {token}"
        address = self._base_url + str(url)[len(fixed) :]
        return super().request(method, address, *args, params=params, headers=headers, **named)


@dataclass(frozen=True, slots=True)
class Graph:
    """The SDK's client and the session it speaks through, which keeps what the SDK drops."""

    sdk: Any
    session: GraphSession


def open_graph(
    settings: Settings, token: str | None = None, secrets: tuple[str, ...] = ()
) -> Graph:
    """The SDK on our session, for the Graph version of the settings; opens no connection.

    It speaks with the Page's token, unless another is given (an empty one: none). `secrets` are
    hidden beside those of the settings.
    """
    session = GraphSession(
        settings.facebook_graph_url,
        deadline_seconds=settings.send_timeout_seconds,
        secrets=(*settings.secrets(), *secrets),
    )
    own = settings.facebook_page_token.get_secret_value()
    sdk = facebook.GraphAPI(access_token=own if token is None else token, session=session)
    # Set past the constructor, whose check admits one-digit versions only.
    sdk.version = settings.facebook_graph_version
    return Graph(sdk, session)
