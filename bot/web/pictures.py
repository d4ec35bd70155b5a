"""Stored pictures, for previews: to those who may read, by digest, and as nothing but a picture."""

from flask import Blueprint, Response, abort

from bot.store import media
from bot.web.here import the_bot
from bot.web.permissions import May, needs

pages = Blueprint("pictures", __name__)
SHOWN = frozenset({"image/jpeg", "image/png", "image/gif", "video/mp4"})


@pages.get("/pictures/<sha256>")
@needs(May.READ)
def stored(sha256: str) -> Response:
    with the_bot().store.read() as session:
        found = media.stored(session, sha256)
    if found is None or found.mime_type not in SHOWN:
        abort(404)
    answer = Response(found.content, mimetype=found.mime_type)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    # The address is a digest of the bytes: it can never mean another picture.
    answer.headers["Cache-Control"] = "private, max-age=86400, immutable"
    return answer
