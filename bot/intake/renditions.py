"""Makes of one media file what each Platform gets of it, or says why one gets nothing.

Still pictures are made to fit. Animations and videos are never made smaller: they fit or they do
not, because a person with an editor does it better.
"""

import hashlib
from collections.abc import Iterator, Sequence

from bot.errors import PostInvalid
from bot.intake import animations, stills, videos
from bot.intake.animations import Animation
from bot.intake.filekinds import kind_of
from bot.intake.stills import Still
from bot.intake.videos import Video
from bot.model.written import Rendition
from bot.platforms.contract import FileLimits, Rules

MEGABYTE = 1_000_000
MOST_BYTES = 40 * MEGABYTE
# A video is kept in the database and held in memory while it is sent.
MOST_BYTES_OF_VIDEO = 100 * MEGABYTE
GIF, MP4 = "image/gif", "video/mp4"
NO_VIDEO = (
    "this bot sends no videos there. Put the video where it has an address and give that as "
    "link:, or send a picture: write a second file for that account."
)
NO_FIT = "it cannot be made small enough. Make it smaller, then save it again."
FIRST_FRAME = "it does not move there: only its first picture is shown."


def renditions(content: bytes, rules: Sequence[Rules]) -> dict[str, Rendition]:
    """What each Platform gets, by its name; PostInvalid where no Platform can get anything."""
    kind = kind_of(content)
    if kind == "MP4":
        return _of_video(content, rules)
    if len(content) > MOST_BYTES:
        raise PostInvalid(
            f"has {len(content) // MEGABYTE} MB; {MOST_BYTES // MEGABYTE} are read at most. "
            "Make it smaller, then save it again."
        )
    return _of_picture(content, rules, animations.taken_apart(content) if kind == "GIF" else None)


def _of_video(content: bytes, rules: Sequence[Rules]) -> dict[str, Rendition]:
    video = videos.taken_apart(content)
    clean = bytes(video.content)
    found: dict[str, Rendition] = {}
    for one in rules:
        limit = _limit(one, MP4)
        wrong = NO_VIDEO if limit is None else next(_wrong_with_video(video, limit), "")
        seen = video.picture
        found[one.platform] = (
            Rendition(problem=wrong) if wrong else _stored(clean, MP4, seen.width, seen.height)
        )
    return found


def _of_picture(
    content: bytes, rules: Sequence[Rules], animation: Animation | None
) -> dict[str, Rendition]:
    still = stills.decoded(content, _longest_side(rules))
    moves = animation is not None and animation.frames > 1
    found: dict[str, Rendition] = {}
    for one in rules:
        limit = _limit(one, GIF)
        if animation is not None and moves and limit is not None:
            found[one.platform] = _moving(animation, limit)
        else:
            found[one.platform] = _still(still, one, FIRST_FRAME if moves or still.moved else "")
    return found


def _moving(animation: Animation, limit: FileLimits) -> Rendition:
    wrong = next(_wrong_with_animation(animation, limit), "")
    if wrong:
        return Rendition(problem=wrong)
    return _stored(animation.content, GIF, animation.width, animation.height)


def _still(still: Still, rules: Rules, note: str) -> Rendition:
    fitting = stills.encoded(still, rules.files)
    if fitting is None:
        return Rendition(problem=NO_FIT)
    said = note or fitting.note
    return _stored(fitting.content, fitting.mime_type, fitting.width, fitting.height, said)


def _stored(content: bytes, mime_type: str, width: int, height: int, note: str = "") -> Rendition:
    return Rendition(
        sha256=hashlib.sha256(content).hexdigest(),
        mime_type=mime_type,
        size_bytes=len(content),
        width=width,
        height=height,
        alone=mime_type in (GIF, MP4),
        note=note,
        content=content,
    )


def _limit(rules: Rules, mime_type: str) -> FileLimits | None:
    return next((limit for limit in rules.files if limit.mime_type == mime_type), None)


def _longest_side(rules: Sequence[Rules]) -> int:
    sides = [limit.max_width for one in rules for limit in one.files if limit.max_width]
    return max(sides, default=1)


def _wrong_with_animation(animation: Animation, limit: FileLimits) -> Iterator[str]:
    width, height, frames = animation.width, animation.height, animation.frames
    most = (limit.max_width or width, limit.max_height or height)
    if width > most[0] or height > most[1]:
        yield _more("the GIF has", f"{width} × {height} pixels", f"{most[0]} × {most[1]}")
    if limit.max_frames is not None and frames > limit.max_frames:
        yield _more("the GIF has", f"{frames:,} frames", f"{limit.max_frames:,}")
    yield from _too_many_bytes("the GIF has", len(animation.content), limit.max_bytes)


def _wrong_with_video(video: Video, limit: FileLimits) -> Iterator[str]:
    seen, seconds = video.picture, video.seconds
    for track in video.tracks:
        if limit.codecs and track.codec not in limit.codecs:
            yield f"the video is coded as {_shown(track.codec)}. Export it as H.264 with AAC sound."
    if limit.max_seconds is not None and seconds > limit.max_seconds:
        yield _more("the video lasts", f"{seconds:,.0f} seconds", f"{limit.max_seconds:,.0f}")
    if limit.min_seconds is not None and seconds < limit.min_seconds:
        yield f"the video lasts {seconds:.1f} seconds; {limit.min_seconds:.1f} at least."
    sides = sorted((seen.width, seen.height))
    if not sides[0] or (limit.max_ratio is not None and sides[1] > limit.max_ratio * sides[0]):
        yield f"the video's shape ({seen.width} × {seen.height}) is too narrow. Crop it."
    fastest = limit.max_frames_per_second
    if fastest is not None and video.frames_per_second > fastest + 0.5:
        rate = f"{video.frames_per_second:.0f} frames a second"
        yield _more("the video has", rate, f"{fastest:.0f}")
    yield from _too_many_bytes("the video has", len(video.content), limit.max_bytes)


def _too_many_bytes(what: str, size: int, most: int) -> Iterator[str]:
    if size > most:
        yield _more(what, f"{size / MEGABYTE:.1f} MB", f"{most // MEGABYTE}")


def _more(what: str, has: str, most: str) -> str:
    return f"{what} {has}; {most} at most. Make it smaller or shorter, then save it again."


def _shown(codec: str) -> str:
    return codec if codec.isascii() and codec.isalnum() else "something unknown"
