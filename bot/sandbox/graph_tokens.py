"""Facebook's answers about tokens: who am I, my Pages, what is this token, a longer one.

From https://developers.facebook.com/docs/facebook-login/guides/access-tokens, read 2026-11-23
through the fact sheet. The Page token never expires, as one made from a long-lived user token.
"""

from typing import Any

from bot.sandbox.graph_call import Call
from bot.sandbox.graph_errors import bad_parameter, bad_token, stale_code
from bot.sandbox.graph_fields import parse
from bot.sandbox.graph_view import draw_page
from bot.sandbox.world import World

TWO_HOURS = 7_200
SIXTY_DAYS = 5_183_944
NINETY_DAYS = 90 * 86_400
ISSUED_SECONDS_AGO = 86_400


def me(world: World, call: Call, holder: str) -> dict[str, Any]:
    """GET /me: the Page for its own token, the person for a user token."""
    if holder == "page":
        return draw_page(world, parse(call.parameters.get("fields", "")), call.token)
    if holder == "app":
        raise bad_token(message="An active access token must be used to query information.")
    return {"id": world.accounts.person_id, "name": "Sandbox Volunteer"}


def my_pages(world: World, call: Call, holder: str) -> dict[str, Any]:
    """GET /me/accounts; a Page token gets an empty list, as on Facebook."""
    if holder != "user":
        return {"data": []}
    wanted = parse(call.parameters.get("fields", "id,name,access_token,tasks,category"))
    pages = [draw_page(world, wanted, call.token)]
    if world.accounts.has_other_page:
        other = {"id": world.accounts.other_page_id, "name": "Another Page", "tasks": ["ANALYZE"]}
        pages.insert(0, {**other, "access_token": world.accounts.brief_page_token})
    return {"data": pages, "paging": {}}


def debug(world: World, call: Call, _: str) -> dict[str, Any]:
    """GET /debug_token."""
    accounts = world.accounts
    asked = call.parameters.get("input_token", "")
    if not asked:
        raise bad_parameter("The parameter input_token is required")
    now = int(world.clock().timestamp())
    holder = accounts.holders.get(asked)
    if holder not in ("page", "user"):
        error = {"code": 190, "message": "Malformed access token", "subcode": 467}
        return {"data": {"is_valid": False, "error": error, "scopes": []}}
    is_page = holder == "page"
    is_brief = asked in (accounts.brief_page_token, accounts.brief_user_token)
    scopes = list(accounts.page_scopes)
    described: dict[str, Any] = {
        "app_id": accounts.app_id,
        "type": "PAGE" if is_page else "USER",
        "application": "Campaign bot",
        "data_access_expires_at": now + NINETY_DAYS,
        "expires_at": now + TWO_HOURS if is_brief else 0 if is_page else now + SIXTY_DAYS,
        "is_valid": True,
        "issued_at": now - ISSUED_SECONDS_AGO,
        "scopes": scopes,
        "granular_scopes": [{"scope": scope, "target_ids": [accounts.page_id]} for scope in scopes],
        "user_id": accounts.person_id,
    }
    if is_page:
        described["profile_id"] = accounts.page_id
    return {"data": described}


def exchange(world: World, call: Call) -> dict[str, Any]:
    """/oauth/access_token: a token for a code, a long-lived one for that, or the app's own."""
    accounts = world.accounts
    given = (call.parameters.get("client_id"), call.parameters.get("client_secret"))
    if given != (accounts.app_id, accounts.app_secret):
        raise bad_parameter("Error validating client secret.")
    if call.parameters.get("grant_type") == "client_credentials":
        return {"access_token": accounts.app_token, "token_type": "bearer"}
    if "code" in call.parameters:
        return _for_code(world, call)
    if call.parameters.get("fb_exchange_token") not in (
        accounts.user_token,
        accounts.brief_user_token,
    ):
        raise bad_token()
    return {
        "access_token": accounts.user_token,
        "token_type": "bearer",
        "expires_in": SIXTY_DAYS,
    }


def _for_code(world: World, call: Call) -> dict[str, Any]:
    """The short token for a code, once, and only for the address the code was sent to."""
    permit = world.permits.get(call.parameters["code"], world.clock())
    if permit is None or not world.permits.spend(permit.key):
        raise stale_code()
    if call.parameters.get("redirect_uri") != permit.return_to:
        raise bad_parameter(
            "Error validating verification code. Please make sure your redirect_uri is identical "
            "to the one you used in the OAuth dialog request",
            36008,
        )
    return {
        "access_token": world.accounts.brief_user_token,
        "token_type": "bearer",
        "expires_in": TWO_HOURS,
    }
