"""Takes a GIF apart, counts its frames, and copies it without comments or what programs left there.

Pictures and times are copied byte for byte; nothing is decoded. Format: GIF89a, W3C, read
2026-11-25.
"""

from dataclasses import dataclass

from bot.errors import PostInvalid

HEADER = 13
TRAILER, EXTENSION, PICTURE = 0x3B, 0x21, 0x2C
TIMES, APPLICATION = 0xF9, 0xFF
# What makes a GIF go round and round; every other note of a program is dropped.
LOOPS = (b"NETSCAPE2.0", b"ANIMEXTS1.0")
DAMAGED = "cannot be read: it is damaged or only half copied. Copy or save it again."


@dataclass(frozen=True, slots=True)
class Animation:
    """A GIF without notes: its bytes, frames and size in pixels."""

    content: bytes
    frames: int
    width: int
    height: int


def taken_apart(content: bytes) -> Animation:
    """The GIF without what is no picture; PostInvalid where it does not end as it should."""
    try:
        return _copied(content)
    except IndexError:
        raise PostInvalid(DAMAGED) from None


def _copied(content: bytes) -> Animation:
    at = HEADER + _colours(content[10])
    kept, frames = [content[:at]], 0
    while (kind := content[at]) != TRAILER:
        if kind == EXTENSION:
            end = _end_of_blocks(content, at + 2)
            kept += [content[at:end]] if _is_needed(content[at:end]) else []
        elif kind == PICTURE:
            # Ten bytes of place and size, its colours, one byte of code size, then its blocks.
            end = _end_of_blocks(content, at + 10 + _colours(content[at + 9]) + 1)
            kept.append(content[at:end])
            frames += 1
        else:
            raise PostInvalid(DAMAGED)
        at = end
    width, height = (int.from_bytes(content[n : n + 2], "little") for n in (6, 8))
    if not (frames and width and height):
        raise PostInvalid(DAMAGED)
    return Animation(b"".join([*kept, bytes([TRAILER])]), frames, width, height)


def _colours(flags: int) -> int:
    """Bytes of the table of colours that these flags announce."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _end_of_blocks(content: bytes, at: int) -> int:
    while content[at]:
        at += content[at] + 1
    return at + 1


def _is_needed(extension: bytes) -> bool:
    if extension[1] == TIMES:
        return len(extension) == 8
    is_loop = extension[1] == APPLICATION and extension[3:14] in LOOPS
    return is_loop and len(extension) == 19
