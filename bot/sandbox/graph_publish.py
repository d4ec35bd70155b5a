"""Facebook's writes: a post on the Page's feed, a photo, a deletion.

From https://developers.facebook.com/docs/pages-api/posts and .../graph-api/photo-uploads, read
2026-11-23 through the fact sheet. Only the Page's own token may write. Parameters nobody knows are
ignored, as Facebook does, and written into the ledger entry. Photo addresses are noted, never
fetched: nothing leaves this machine.
"""

import json
import re
from typing import Any

from bot.sandbox.graph_call import Call
from bot.sandbox.graph_errors import RefusalError, bad_parameter, duplicate, missing
from bot.sandbox.graph_fields import parse
from bot.sandbox.graph_view import draw_post
from bot.sandbox.ledger import Attached, Entry
from bot.sandbox.media import Upload
from bot.sandbox.world import Twist, World

TEXT_CAP = 63_206
PHOTO_CAP = 4_000_000
PHOTO_TYPES = ("image/jpeg", "image/png", "image/gif", "image/bmp", "image/tiff")
LINK = re.compile(
    r"https?://[^\s/?#]+\.[^\s/?#]+([/?#]\S*)?\Z|https?://(localhost|127\.)\S*\Z", re.IGNORECASE
)
FACEBOOK_LINK = re.compile(r"https?://([^/]*\.)?facebook\.com(/|\Z)", re.IGNORECASE)
INDEXED = re.compile(r"attached_media\[\d+\]\Z")

FEED_KNOWN = {"message", "link", "published", "attached_media", "fields", "scheduled_publish_time"}
PHOTO_KNOWN = {"url", "caption", "message", "published", "alt_text_custom", "fields", "temporary"}


def need_page_token(holder: str) -> None:
    """Writing takes the Page's own token."""
    if holder != "page":
        raise RefusalError(
            200,
            "(#200) Unpublished posts must be posted to a page as the page itself.",
            subcode=1349125 if holder == "user" else None,
        )


def create_feed(world: World, call: Call, twist: Twist, holder: str) -> dict[str, Any]:
    """POST /{page}/feed."""
    need_page_token(holder)
    text = call.parameters.get("message", "").strip()
    link = call.parameters.get("link") or None
    uploads = _attached(world, call)
    _check_feed(text, link, uploads)
    wanted = parse(call.parameters.get("fields", ""))
    media = tuple(world.shelf.attach(upload) for upload in uploads)
    entry = _accept(world, call, twist, text, link, media, FEED_KNOWN)
    return draw_post(world, entry, wanted) if wanted else {"id": entry.remote_id}


def _check_feed(text: str, link: str | None, uploads: list[Upload]) -> None:
    if not (text or link or uploads):
        raise bad_parameter("Missing message or attachment", 1349125)
    if len(text) > TEXT_CAP:
        raise bad_parameter("Param message is too long")
    if link and uploads:
        raise bad_parameter("link and attached_media cannot be used together")
    if link and not LINK.match(link):
        raise bad_parameter("link is not a properly formatted URL", 2061006)
    if link and FACEBOOK_LINK.match(link):
        raise RefusalError(
            100, "(#100) Links to facebook.com are not allowed here", subcode=1609008
        )


def _accept(
    world: World,
    call: Call,
    twist: Twist,
    text: str,
    link: str | None,
    media: tuple[Attached, ...],
    known: set[str],
) -> Entry:
    published = call.flag("published", True)
    with world.ledger.lock:
        if published and not media and _repeats(world, text, link):
            raise duplicate()
        number = world.ledger.new_id()
        return world.ledger.accept(
            "facebook",
            text,
            remote_id=f"{world.accounts.page_id}_{number}",
            link=link,
            media=media,
            hidden_seconds=twist.hidden_seconds,
            published=published,
            extra=call.unknown(known - {"scheduled_publish_time"}),
        )


def _repeats(world: World, text: str, link: str | None) -> bool:
    """Whether the newest post that is still up says exactly this."""
    for entry in world.ledger.newest_first("facebook"):
        if entry.published and entry.deleted_at is None:
            return (entry.text, entry.link) == (text, link)
    return False


def _attached(world: World, call: Call) -> list[Upload]:
    """The unpublished photos that `attached_media` names."""
    named = [_json(value) for name, value in call.parameters.items() if INDEXED.match(name)]
    if "attached_media" in call.parameters:
        given = _json(call.parameters["attached_media"])
        if not isinstance(given, list):
            raise bad_parameter("param attached_media must be an array.")
        named += given
    uploads = []
    for one in named:
        plain = _json(one) if isinstance(one, str) else one
        media_id = plain.get("media_fbid") if isinstance(plain, dict) else None
        upload = world.shelf.get("facebook", str(media_id))
        if upload is None:
            raise bad_parameter(f"The photo {media_id} cannot be attached", 33)
        uploads.append(upload)
    return uploads


def _json(value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError:
        return None


def create_photo(world: World, call: Call, twist: Twist, holder: str) -> dict[str, Any]:
    """POST /{page}/photos; unpublished ones wait to be attached to a post."""
    need_page_token(holder)
    upload = _receive(world, call)
    world.shelf.put(upload)
    world.shelf.finish(upload)
    _check_photo(upload)
    upload.alt = call.parameters.get("alt_text_custom") or None
    if not call.flag("published", True):
        return {"id": upload.media_id}
    text = (call.parameters.get("message") or call.parameters.get("caption") or "").strip()
    media = (world.shelf.attach(upload),)
    entry = _accept(world, call, twist, text, None, media, PHOTO_KNOWN)
    return {"id": upload.media_id, "post_id": entry.remote_id}


def _receive(world: World, call: Call) -> Upload:
    data = next(iter(call.files.values()), b"")
    url = call.parameters.get("url")
    if not data and not url:
        raise bad_parameter("Requires upload file", 1366046)
    if url and not LINK.match(url):
        raise bad_parameter("url should represent a valid URL")
    upload = Upload("facebook", world.ledger.new_id(), world.clock(), source_url=url)
    if data:
        upload.segments[0] = data
    return upload


def _check_photo(upload: Upload) -> None:
    if upload.source_url and not upload.data:
        return
    if upload.media_type not in PHOTO_TYPES or len(upload.data) > PHOTO_CAP:
        raise RefusalError(
            100,
            "(#100) Photos should be smaller than 4 MB and saved as JPG, PNG",
            subcode=1366046,
        )


def delete(world: World, _: Call, holder: str, node: str) -> dict[str, Any]:
    """DELETE /{post} or DELETE /{photo}."""
    need_page_token(holder)
    if world.ledger.delete("facebook", node) or world.shelf.drop("facebook", node):
        return {"success": True}
    raise missing(node)
