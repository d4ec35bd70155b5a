"""A post's pictures and videos in the words people read: file, size as sent, alt text, credit."""

from typing import Any

from bot.model.written import Picture, Rendition, Written

FORMS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/gif": "GIF",
    "video/mp4": "MP4",
}
PEOPLE = {"none": "shows nobody", "agreed": "those shown agreed", "blurred": "faces are blurred"}
NO_ALT = "none yet; the post waits on hold until it has one"


def size(rendition: Rendition) -> str:
    """`JPEG, 2048 × 1365 pixels, 0.4 MB`."""
    form = FORMS.get(rendition.mime_type, rendition.mime_type)
    bytes_shown = (
        f"{rendition.size_bytes / 1_000_000:.1f} MB"
        if rendition.size_bytes >= 100_000
        else f"{rendition.size_bytes / 1_000:.1f} kB"
    )
    return f"{form}, {rendition.width:,} × {rendition.height:,} pixels, {bytes_shown}"


def sent(written: Written, platform: str) -> list[tuple[Picture, Rendition]]:
    """Each file of a post that this Platform gets, with what it gets of it."""
    found = [(one, one.renditions.get(platform)) for one in written.media]
    return [(one, got) for one, got in found if got is not None and not got.problem]


def lines(written: Written, platform: str, parts: int) -> list[str]:
    """Two lines a file: what is sent with which part, and the words that go with it."""
    said: list[str] = []
    for picture, rendition in sent(written, platform):
        people = PEOPLE.get(picture.people or "", "")
        credit = f"credit: {picture.credit}" if picture.credit else ""
        more = "; ".join(filter(None, (credit, people)))
        kind = "Video" if rendition.mime_type == "video/mp4" else "Picture"
        place = f"{kind} of part {picture.place(parts)}" if parts > 1 else kind
        said.append(f"{place}: {picture.file} ({size(rendition)}){f'; {more}' if more else ''}")
        said.append(f"  Alt text: {picture.alt or NO_ALT}")
    return said


def as_json(written: Written, platform: str, parts: int) -> list[dict[str, Any]]:
    """The same as plain data."""
    return [
        {
            "file": picture.file,
            "mime_type": rendition.mime_type,
            "size_bytes": rendition.size_bytes,
            "width": rendition.width,
            "height": rendition.height,
            "sha256": rendition.sha256,
            "alt": picture.alt,
            "credit": picture.credit,
            "people": picture.people,
            "part": picture.place(parts),
        }
        for picture, rendition in sent(written, platform)
    ]
