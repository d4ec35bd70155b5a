"""Facebook's sign-in dialog: the question which permissions an app gets, and the way back.

From https://developers.facebook.com/docs/facebook-login/guides/advanced/manual-flow, read
2026-11-26. On Facebook the dialog stands on www.facebook.com; here it stands beside the Graph API.
"""

from werkzeug.wrappers import Request

from bot.sandbox import consent
from bot.sandbox.wire import Reply
from bot.sandbox.world import World

DENIED = {
    "error": "access_denied",
    "error_code": "200",
    "error_description": "Permissions error",
    "error_reason": "user_denied",
}
KEPT = ("client_id", "redirect_uri", "state", "scope")


def answer(world: World, request: Request) -> Reply:
    """GET and POST /dialog/oauth."""
    given = request.form if request.method == "POST" else request.args
    kept = {name: given.get(name, "") for name in KEPT}
    if kept["client_id"] != world.accounts.app_id:
        return consent.refuse(400, "Invalid App ID: The provided app ID does not look like one.")
    if not consent.is_allowed(kept["redirect_uri"]):
        return consent.refuse(400, "URL blocked: the redirect URI is not in the app's settings.")
    if request.method != "POST":
        asks = f"Let the campaign bot have: {kept['scope'].replace(',', ', ')}?"
        return consent.draw("facebook", "Facebook", asks, kept)
    state = {"state": kept["state"]} if kept["state"] else {}
    if request.form.get("answer") != "yes":
        return consent.lead_back(kept["redirect_uri"], {**DENIED, **state})
    permit = world.permits.ask(kept["redirect_uri"], world.clock)
    return consent.lead_back(permit.return_to, {"code": permit.key, **state})
