"""Reads the boxes of an MP4 and blanks out what is not needed to play it: places, names, times.

A box that is not needed becomes a `free` box of the same size filled with zeros, so that nothing
moves. Nothing is decoded or made smaller. Format: ISO/IEC 14496-12.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.errors import PostInvalid

# What may stay, by the box it lies in. Everything else is blanked out.
NEEDED: dict[str, frozenset[str]] = {
    "": frozenset({"ftyp", "moov", "mdat"}),
    "moov": frozenset({"mvhd", "trak"}),
    "trak": frozenset({"tkhd", "edts", "mdia"}),
    "mdia": frozenset({"mdhd", "hdlr", "minf"}),
    "minf": frozenset({"vmhd", "smhd", "dinf", "stbl"}),
    "dinf": frozenset({"dref"}),
    "stbl": frozenset("stsd stts ctts cslg stsc stsz stz2 stco co64 stss sdtp sbgp sgpd".split()),
}
# A film in pieces keeps its tables in boxes like these; blanked out, nothing of it would play.
IN_PIECES = frozenset({"moof", "mvex"})
MOST_BOXES = 2_000
DATED = frozenset({"mvhd", "tkhd", "mdhd"})
# The least content of the boxes that are read, in bytes.
LEAST = {"mvhd": 96, "tkhd": 80, "mdhd": 20, "hdlr": 20, "stsd": 16, "stsz": 12, "dref": 8}
# Where the first entry of stsd names the program that coded the pictures, and for how long.
CODER = slice(58, 90)
CODED_PICTURES = frozenset({"avc1", "avc3"})
# What an entry of dref says of pictures and sound that lie in the same file.
INSIDE = b"\0\0\0\1"
PIECES = "is an MP4 in pieces (fragmented), which X may not take. Export it as a plain MP4 (H.264)."
DAMAGED = "cannot be read as a video: it is damaged or only half copied. Copy or export it again."
OTHER_TRACK = (
    "carries a track of data beside picture and sound, which may say where it was filmed. Export "
    "it again with a video editor."
)


@dataclass(frozen=True, slots=True)
class Box:
    """A piece of the file: what it is, where it begins, where its content begins and it ends."""

    name: str
    start: int
    inside: int
    end: int


@dataclass(slots=True)
class Track:
    """What is read of one track; `kind` is vide or soun."""

    kind: str = ""
    codec: str = ""
    seconds: float = 0.0
    samples: int = 0
    width: int = 0
    height: int = 0


@dataclass(slots=True)
class Video:
    """An MP4 without notes, and what is known of it."""

    content: bytearray
    seconds: float = 0.0
    tracks: list[Track] = field(default_factory=list)
    boxes: int = 0

    @property
    def picture(self) -> Track:
        """The track that is seen."""
        return next(track for track in self.tracks if track.kind == "vide")

    @property
    def frames_per_second(self) -> float:
        seen = self.picture
        return seen.samples / seen.seconds if seen.seconds else 0.0


def taken_apart(content: bytes) -> Video:
    """The video without notes; PostInvalid where it cannot be read or carries other data."""
    video = Video(bytearray(content))
    try:
        _walk(video, "", 0, len(content), None)
    except (IndexError, ZeroDivisionError):
        raise PostInvalid(DAMAGED) from None
    kinds = {track.kind for track in video.tracks}
    if kinds - {"vide", "soun"}:
        raise PostInvalid(OTHER_TRACK)
    if "vide" not in kinds or not video.seconds:
        raise PostInvalid(DAMAGED)
    return video


def _walk(video: Video, inside: str, start: int, end: int, track: Track | None) -> None:
    for box in _boxes(video.content, start, end):
        video.boxes += 1
        if video.boxes > MOST_BOXES:
            raise PostInvalid(DAMAGED)
        if box.name in IN_PIECES:
            raise PostInvalid(PIECES)
        if box.name not in NEEDED[inside]:
            _blank(video.content, box)
            continue
        if box.name == "trak":
            track = Track()
            video.tracks.append(track)
        _note(video, box, track)
        if box.name in NEEDED:
            _walk(video, box.name, box.inside, box.end, track)


def _boxes(content: bytearray, at: int, end: int) -> Iterator[Box]:
    while at < end:
        size, head = _number(content, at, 4), 8
        name = content[at + 4 : at + 8].decode("latin-1")
        if size == 1:
            size, head = _number(content, at + 8, 8), 16
        if size == 0:
            size = end - at
        if size < head or at + size > end:
            raise PostInvalid(DAMAGED)
        yield Box(name, at, at + head, at + size)
        at += size


def _number(content: bytearray, at: int, length: int) -> int:
    if at + length > len(content):
        raise IndexError(at)
    return int.from_bytes(content[at : at + length], "big")


def _blank(content: bytearray, box: Box) -> None:
    content[box.start + 4 : box.start + 8] = b"free"
    content[box.inside : box.end] = bytes(box.end - box.inside)


def _note(video: Video, box: Box, track: Track | None) -> None:
    """Read what is known of the video from a box, and blank its dates and names."""
    content = video.content
    if box.end - box.inside < LEAST.get(box.name, 0):
        raise PostInvalid(DAMAGED)
    if box.name in DATED:
        length = 16 if content[box.inside] == 1 else 8
        content[box.inside + 4 : box.inside + 4 + length] = bytes(length)
    if box.name == "mvhd":
        video.seconds = _seconds(content, box)
    if track is None:
        return
    if box.name == "tkhd":
        track.width = _number(content, box.end - 8, 2)
        track.height = _number(content, box.end - 4, 2)
    elif box.name == "mdhd":
        track.seconds = _seconds(content, box)
    elif box.name == "hdlr":
        track.kind = content[box.inside + 8 : box.inside + 12].decode("latin-1")
        content[box.inside + 12 : box.end] = bytes(box.end - box.inside - 12)
    elif box.name == "dref":
        _point_inwards(content, box)
    elif box.name == "stsd":
        track.codec = content[box.inside + 12 : box.inside + 16].decode("latin-1")
        if track.codec in CODED_PICTURES and box.end - box.inside >= CODER.stop:
            content[box.inside + CODER.start : box.inside + CODER.stop] = bytes(32)
    elif box.name == "stsz":
        track.samples = _number(content, box.inside + 8, 4)


def _point_inwards(content: bytearray, table: Box) -> None:
    """Say of every source of a track that it is this file, and blank the path it may name."""
    for source in _boxes(content, table.inside + 8, table.end):
        if source.end - source.inside < len(INSIDE):
            raise PostInvalid(DAMAGED)
        content[source.inside : source.end] = INSIDE.ljust(source.end - source.inside, b"\0")


def _seconds(content: bytearray, box: Box) -> float:
    """The length that mvhd and mdhd state: a scale, then a duration in it."""
    is_long = content[box.inside] == 1
    at = box.inside + (20 if is_long else 12)
    return _number(content, at + 4, 8 if is_long else 4) / _number(content, at, 4)
