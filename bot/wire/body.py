"""Reads a reply's body to its declared end, within limits, and decodes it.

Only identity, gzip and deflate are understood. A body that ends early is an error, never a shorter
body: half an answer must not pass for one.
"""

import http.client
import zlib

from bot.wire.faults import BadReply, BodyTooLarge, CutShort

READ_SIZE = 64 * 1024
# zlib window bits: gzip header, zlib header, bare deflate.
GZIP, ZLIB, RAW = 31, 15, -15
ENCODINGS = {"gzip": (GZIP,), "x-gzip": (GZIP,), "deflate": (ZLIB, RAW)}


def read_body(response: http.client.HTTPResponse, limit: int) -> bytes:
    """Every byte of the body as sent, or a fault when it is cut short or over the limit."""
    blocks: list[bytes] = []
    total = 0
    try:
        while block := response.read(READ_SIZE):
            total += len(block)
            if total > limit:
                raise BodyTooLarge(f"the reply is over {limit} bytes")
            blocks.append(block)
    except http.client.IncompleteRead:
        raise CutShort("the reply ended early") from None
    # http.client returns short data quietly when it is asked for a number of bytes.
    if response.length:
        raise CutShort(f"the reply ended {response.length} bytes early")
    return b"".join(blocks)


def decoded(body: bytes, encoding: str, limit: int) -> bytes:
    """The body with its Content-Encoding undone, never growing beyond the limit."""
    name = encoding.strip().lower()
    if not body or name in {"", "identity"}:
        return body
    windows = ENCODINGS.get(name)
    if windows is None:
        raise BadReply("the reply is encoded in a way that was not asked for")
    for window in windows:
        try:
            return _inflate(body, window, limit)
        except zlib.error:
            continue
    raise BadReply("the reply cannot be decoded")


def _inflate(body: bytes, window: int, limit: int) -> bytes:
    whole = b""
    while body:
        member = zlib.decompressobj(window)
        whole += member.decompress(body, limit + 1 - len(whole))
        if len(whole) > limit:
            raise BodyTooLarge(f"the reply decodes to over {limit} bytes")
        if not member.eof:
            raise CutShort("the encoded reply ended early")
        # gzip allows several members in a row; what follows a deflate stream is an error.
        body = member.unused_data
    return whole
