"""X's three steps of OAuth 1.0a: a request token, the person's yes, an access token.

Shapes from https://docs.x.com/fundamentals/authentication/oauth-1-0a/obtaining-user-access-tokens,
read 2026-11-26: bodies are forms, not JSON. The words for a verifier that is not taken are those of
public issues; code 415 is X's for a callback address that the app's settings do not list.
"""

from urllib.parse import urlencode

from werkzeug.wrappers import Request

from bot.sandbox import consent
from bot.sandbox.wire import Reply, json_reply, text_reply
from bot.sandbox.world import World
from bot.sandbox.x_auth import signed_by

FORM_TYPE = "text/html; charset=utf-8"
NOT_AUTHENTICATED = {"errors": [{"code": 32, "message": "Could not authenticate you."}]}
CALLBACK_REFUSED = (
    "Callback URL not approved for this client application. Approved callback URLs can be "
    "adjusted in your application settings"
)
STALE = "Error processing your OAuth request: Invalid oauth_verifier parameter"


def callback_refused() -> Reply:
    """403 for an address that the app's settings do not list."""
    return json_reply(403, {"errors": [{"code": 415, "message": CALLBACK_REFUSED}]})


def stale() -> Reply:
    """401 for a verifier that is wrong, used or too old; X sends it as bare words."""
    return text_reply(401, STALE)


def _request_token(world: World, request: Request) -> Reply:
    oauth = signed_by(request, world.accounts, world.nonces, {"": ""})
    if oauth is None:
        return json_reply(401, NOT_AUTHENTICATED)
    return_to = oauth.get("oauth_callback", "")
    if not consent.is_allowed(return_to):
        return callback_refused()
    permit = world.permits.ask(return_to, world.clock)
    given = {"oauth_token": permit.key, "oauth_token_secret": permit.secret}
    return text_reply(200, urlencode({**given, "oauth_callback_confirmed": "true"}), FORM_TYPE)


def _question(world: World, request: Request) -> Reply:
    permit = world.permits.get(request.args.get("oauth_token", ""), world.clock())
    if permit is None:
        return consent.refuse(403, "The request token for this page is invalid.")
    asks = f"Let the campaign bot post as @{world.accounts.x_username}?"
    return consent.draw("x", "X", asks, {"oauth_token": permit.key})


def _answered(world: World, request: Request) -> Reply:
    permit = world.permits.get(request.form.get("oauth_token", ""), world.clock())
    if permit is None:
        return consent.refuse(403, "The request token for this page is invalid.")
    if request.form.get("answer") != "yes":
        world.permits.spend(permit.key)
        return consent.lead_back(permit.return_to, {"denied": permit.key})
    permit.verifier = permit.secret[::-1]
    answer = {"oauth_token": permit.key, "oauth_verifier": permit.verifier}
    return consent.lead_back(permit.return_to, answer)


def _access_token(world: World, request: Request) -> Reply:
    header = request.headers.get("Authorization", "")
    known = [p for p in world.permits.open(world.clock()) if p.key in header]
    secrets = {permit.key: permit.secret for permit in known}
    oauth = signed_by(request, world.accounts, world.nonces, secrets)
    if oauth is None:
        return json_reply(401, NOT_AUTHENTICATED) if known else stale()
    permit = known[0]
    given = oauth.get("oauth_verifier") or request.form.get("oauth_verifier")
    if not permit.verifier or given != permit.verifier or not world.permits.spend(permit.key):
        return stale()
    accounts = world.accounts
    granted = {
        "oauth_token": accounts.x_token,
        "oauth_token_secret": accounts.x_token_secret,
        "user_id": accounts.x_user_id,
        "screen_name": accounts.x_username,
    }
    return text_reply(200, urlencode(granted), FORM_TYPE)


STEPS = {
    ("POST", "/oauth/request_token"): _request_token,
    ("GET", "/oauth/authorize"): _question,
    ("POST", "/oauth/authorize"): _answered,
    ("POST", "/oauth/access_token"): _access_token,
}


def answer(world: World, request: Request, path: str) -> Reply:
    """Answer one request below /x/oauth."""
    step = STEPS.get((request.method, path))
    return step(world, request) if step else Reply(404, b"", None)
