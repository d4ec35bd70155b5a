"""Says what a media file is by its first bytes, not its name, and refuses the rest with a cure.

Nothing is decoded here.
"""

import re

from bot.errors import PostInvalid

# What pictures and videos are called; such a file in the posts folder is no post gone wrong.
SUFFIXES = frozenset(".jpg .jpeg .png .webp .gif .mp4 .heic .heif .avif .mov .m4v".split())
SIGNATURES = (
    (re.compile(rb"\xff\xd8\xff"), "JPEG"),
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "PNG"),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), "WEBP"),
    (re.compile(rb"GIF8[79]a"), "GIF"),
    (re.compile(rb".{4}ftyp(?:hei|hev|mif|msf|avi)", re.DOTALL), "HEIC"),
    (re.compile(rb".{4}ftypqt  ", re.DOTALL), "MOV"),
    (re.compile(rb".{4}ftyp", re.DOTALL), "MP4"),
    (re.compile(rb".{4}(?:moov|mdat|wide|pnot)", re.DOTALL), "MOV"),
    (re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<(?:\?xml|svg|!DOCTYPE svg|!--)", re.IGNORECASE), "SVG"),
    (re.compile(rb"BM|II\*\0|MM\0\*|%PDF|8BPS"), "OTHER"),
)
SAVE_AS = "Open it and save it as JPEG or PNG."
CURES = {
    "HEIC": (
        "is a HEIC or AVIF picture, which nobody else can read. On the iPhone: Settings > Camera > "
        "Formats > Most Compatible. For this one, send it to yourself by e-mail as Large, or save "
        "it as JPEG."
    ),
    "MOV": (
        "is a MOV video, as an iPhone makes it. Export it as MP4 (H.264): iMovie, Clipchamp and "
        "HandBrake can."
    ),
    "SVG": "is a drawing (SVG). Export it as PNG.",
    "OTHER": f"is none of JPEG, PNG, WebP, GIF and MP4. {SAVE_AS}",
}


def kind_of(content: bytes) -> str:
    """JPEG, PNG, WEBP, GIF or MP4; PostInvalid, to stand behind the file's name, for the rest."""
    if not content:
        raise PostInvalid("is empty. Copy it again.")
    found = next((kind for sign, kind in SIGNATURES if sign.match(content)), "OTHER")
    if found in CURES:
        raise PostInvalid(CURES[found])
    return found
