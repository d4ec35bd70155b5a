"""One Graph call taken apart: version, node, edge, parameters, token.

A call may be a request of its own or a member of a batch, so the rooms behind it see this and
never the request. The token may stand in the form, the query or the Authorization header; a token
that is not known raises Facebook's refusal.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Request

from bot.sandbox.accounts import Accounts
from bot.sandbox.graph_errors import RefusalError, bad_token

VERSION = re.compile(r"/(v\d{1,3}\.\d)(?=/|\Z)")
NEWEST = "v26.0"


@dataclass
class Call:
    """What is asked of the Graph, whichever way it came."""

    method: str
    path: str
    parameters: dict[str, str]
    files: dict[str, bytes] = field(default_factory=dict)
    bearer: str = ""
    url: str = ""

    @property
    def version(self) -> str:
        """The version asked for, else the newest."""
        match = VERSION.match(self.path)
        return match[1] if match else NEWEST

    @property
    def steps(self) -> list[str]:
        """The path below the version."""
        return [step for step in VERSION.sub("", self.path, count=1).split("/") if step]

    @property
    def token(self) -> str:
        """The token the call carries, empty when none."""
        return self.parameters.get("access_token") or self.bearer

    def flag(self, name: str, default: bool) -> bool:
        """A yes-or-no parameter; Facebook takes true/false and 1/0."""
        return self.parameters.get(name, str(default)).lower() in ("true", "1")

    def unknown(self, known: set[str]) -> dict[str, Any]:
        """The parameters that nobody reads, which Facebook ignores and we write down."""
        return {
            name: value
            for name, value in self.parameters.items()
            if name not in known and name not in ("access_token", "appsecret_proof")
        }


def read_call(request: Request, path: str) -> Call:
    """Take a request apart; a `method` parameter overrides the verb, as on Facebook."""
    parameters = {**request.args.to_dict(), **request.form.to_dict()}
    header = request.headers.get("Authorization", "")
    return Call(
        method=parameters.pop("method", request.method).upper(),
        path=path,
        parameters=parameters,
        files={name: _read(part) for name, part in request.files.items()},
        bearer=header[7:].strip() if header.lower().startswith(("bearer ", "oauth ")) else "",
        url=request.base_url,
    )


def _read(part: FileStorage) -> bytes:
    # From the start, because a request is taken apart twice: for its purpose and for its answer.
    part.stream.seek(0)
    data: bytes = part.read()
    return data


def check_token(accounts: Accounts, call: Call) -> str:
    """Whose token the call carries: page, user or app."""
    known = accounts.holders
    if not call.token:
        raise RefusalError(
            104, "An access token is required to request this resource.", kind="OAuthException"
        )
    if call.token not in known:
        raise bad_token()
    proof = call.parameters.get("appsecret_proof")
    if proof is not None and not _proves(proof, accounts.app_secret, call.token):
        raise RefusalError(
            100,
            "Invalid appsecret_proof provided in the API argument",
            kind="GraphMethodException",
        )
    return known[call.token]


def _proves(proof: str, secret: str, token: str) -> bool:
    expected = hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected, proof)
