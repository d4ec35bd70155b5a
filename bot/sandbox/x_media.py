"""X's media endpoints, thin but in the real shapes: one shot, in chunks, status, alt text.

From https://docs.x.com/x-api/media/introduction, read 2026-11-23 through the fact sheet. Bytes
are kept and their type is read from them; nothing is converted. A video is pending until it is
asked after once, as X takes a while over it.
"""

import base64
import binascii
import json
from typing import Any

from werkzeug.wrappers import Request

from bot.sandbox import x_problems
from bot.sandbox.media import Upload
from bot.sandbox.wire import Reply, json_reply
from bot.sandbox.world import Twist, World

EXPIRES_SECONDS = 86_400
CHUNK_CAP = 5_000_000
ALT_CAP = 1_000

# Images up to 5 MB, GIFs up to 15 MB, video up to 512 MB.
SIZE_CAPS = {"image/gif": 15_000_000, "video/mp4": 512_000_000}
IMAGE_CAP = 5_000_000
PENDING = {"state": "pending", "check_after_secs": 1}
IMAGE_TYPES = ("image/jpeg", "image/png", "image/gif", "image/webp", "video/mp4")


def _body(request: Request) -> dict[str, Any]:
    """The fields of a JSON or form body; a file part stands under its own name as bytes."""
    if request.mimetype == "application/json":
        try:
            body = json.loads(request.get_data(cache=True))
        except ValueError:
            return {}
        return body if isinstance(body, dict) else {}
    files = {name: part.read() for name, part in request.files.items()}
    return {**request.form.to_dict(), **files}


def _bytes(value: Any) -> bytes | None:
    if isinstance(value, bytes):
        return value
    try:
        return base64.b64decode(str(value), validate=True)
    except (binascii.Error, ValueError):
        return None


def _wrong(name: str, why: str) -> Reply:
    return x_problems.invalid([({name: []}, why)])


def _data(upload: Upload) -> dict[str, Any]:
    return {
        "id": upload.media_id,
        "media_key": f"3_{upload.media_id}",
        "expires_after_secs": EXPIRES_SECONDS,
    }


def _accept(world: World, upload: Upload) -> Reply:
    """Check complete bytes as X would and finish the upload."""
    world.shelf.finish(upload)
    size = len(upload.data)
    if upload.media_type not in IMAGE_TYPES or not size:
        upload.is_ready = False
        return _wrong("media", f"media type {upload.media_type} is not supported.")
    if size > SIZE_CAPS.get(upload.media_type, IMAGE_CAP):
        upload.is_ready = False
        return _wrong("media", "The file is too large.")
    upload.is_pending = upload.media_type == "video/mp4"
    info = {"processing_info": PENDING} if upload.is_pending else {}
    return json_reply(200, {"data": {**_data(upload), "size": size, **info}})


def upload(world: World, request: Request, _: Twist, __: str) -> Reply:
    """POST /2/media/upload with everything in one request."""
    body = _body(request)
    data = _bytes(body.get("media"))
    if not data or not body.get("media_category"):
        return _wrong("media", "[media] and [media_category] are required.")
    one = Upload("x", world.ledger.new_id(), world.clock(), segments={0: data})
    world.shelf.put(one)
    return _accept(world, one)


def initialize(world: World, request: Request, _: Twist, __: str) -> Reply:
    """POST /2/media/upload/initialize."""
    body = _body(request)
    size = body.get("total_bytes")
    if not isinstance(size, int) or size <= 0 or not isinstance(body.get("media_type"), str):
        return _wrong("total_bytes", "[total_bytes] and [media_type] are required.")
    one = Upload("x", world.ledger.new_id(), world.clock(), body["media_type"], size)
    world.shelf.put(one)
    return json_reply(200, {"data": _data(one)})


def append(world: World, request: Request, _: Twist, media_id: str) -> Reply:
    """POST /2/media/upload/{id}/append."""
    one, body = world.shelf.get("x", media_id), _body(request)
    index = str(body.get("segment_index", ""))
    data = _bytes(body.get("media"))
    if one is None or data is None or not index.isdecimal() or int(index) > 999:
        return _wrong("segment_index", "The upload, [media] or [segment_index] is not valid.")
    if len(data) > CHUNK_CAP:
        return _wrong("media", "A chunk may have 5 MB.")
    one.segments[int(index)] = data
    world.shelf.put(one)
    return json_reply(200, {"data": {"expires_at": int(world.clock().timestamp()) + 86_400}})


def finalize(world: World, _: Request, __: Twist, media_id: str) -> Reply:
    """POST /2/media/upload/{id}/finalize."""
    one = world.shelf.get("x", media_id)
    if one is None:
        return _wrong("id", "There is no such upload.")
    if one.expected_bytes != len(one.data):
        return _wrong("id", "The bytes that arrived are not as many as were announced.")
    return _accept(world, one)


def status(world: World, request: Request, _: Twist, __: str) -> Reply:
    """GET /2/media/upload?command=STATUS&media_id=…"""
    one = world.shelf.get("x", request.args.get("media_id", ""))
    if request.args.get("command") != "STATUS" or one is None:
        return _wrong("media_id", "There is no such upload.")
    one.is_pending = False
    state = "succeeded" if one.is_ready else "pending"
    info = {"state": state, "progress_percent": 100 if one.is_ready else 0}
    return json_reply(200, {"data": {**_data(one), "processing_info": info}})


def metadata(world: World, request: Request, _: Twist, __: str) -> Reply:
    """POST /2/media/metadata: the alt text, which must come before the post."""
    body = _body(request)
    given = body.get("metadata") if isinstance(body.get("metadata"), dict) else {}
    alt_text = given.get("alt_text") if isinstance(given, dict) else None
    text = alt_text.get("text") if isinstance(alt_text, dict) else None
    one = world.shelf.get("x", str(body.get("id", "")))
    if one is None or not isinstance(text, str) or not 1 <= len(text) <= ALT_CAP:
        return _wrong("metadata", "[id] or [metadata.alt_text.text] is not valid.")
    one.alt = text
    return json_reply(200, {"data": {"id": one.media_id, "associated_metadata": given}})
