"""`/.well-known/security.txt` (RFC 9116, read 2026-11-26): whom to tell about a weakness.

Without SECURITY_CONTACT there is none: an address that nobody reads would be worse.
"""

from datetime import timedelta

from flask import Blueprint, Response, abort

from bot.web.here import now, the_bot
from bot.web.language import LANGUAGES

# The standard asks for less than a year.
GOOD_FOR = timedelta(days=180)

pages = Blueprint("securitytxt", __name__)


@pages.get("/.well-known/security.txt")
def show() -> Response:
    settings = the_bot().settings
    if not settings.security_contact:
        abort(404)
    lines = [
        f"Contact: {settings.security_contact}",
        f"Expires: {now() + GOOD_FOR:%Y-%m-%dT%H:%M:%SZ}",
        f"Preferred-Languages: {', '.join(LANGUAGES)}",
    ]
    if settings.public_url:
        lines.append(f"Canonical: {settings.public_url}/.well-known/security.txt")
    return Response("\n".join(lines) + "\n", mimetype="text/plain")
