"""Decodes a still picture within limits and makes a clean copy: upright, sRGB, without metadata.

Size is judged from the header, before anything is decoded. Formats are a closed list, a warning of
the decoder is an error, and whatever it raises means that the picture cannot be read. The same
bytes in give the same bytes out, with the same version of Pillow.
"""

import io
import threading
import warnings
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.errors import PostInvalid
from bot.platforms.contract import FileLimits

if TYPE_CHECKING:
    from PIL.Image import Image

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
# In memory a pixel takes four bytes. A JPEG of many more is read at a half or less of its size.
MOST_PIXELS = 40_000_000
MOST_PIXELS_OF_JPEG = 85_000_000
ORIENTATION = 0x0112
TURNS = {
    2: "FLIP_LEFT_RIGHT",
    3: "ROTATE_180",
    4: "FLIP_TOP_BOTTOM",
    5: "TRANSPOSE",
    6: "ROTATE_270",
    7: "TRANSVERSE",
    8: "ROTATE_90",
}
SIXTEEN_BITS = frozenset({"I", "I;16", "I;16B", "I;16L"})
QUALITIES = (88, 80, 70, 60)
SMALLEST_SIDE = 64
WHITE = "#ffffff"
FLATTENED = "what was see-through is white there"
# Once and for this library alone: to change the filters around each picture would change them for
# every thread of the program, and raise its warnings in the middle of a request.
warnings.filterwarnings("error", module=r"PIL\.")
# A large picture takes much memory: one at a time.
_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class Still:
    """A clean picture, RGB or RGBA; `is_drawn` when it came in a format without loss.

    `moved` when other pictures came after it in a PNG or WebP, which nobody will see.
    """

    image: "Image"
    is_drawn: bool
    moved: bool = False


@dataclass(frozen=True, slots=True)
class Encoded:
    """A picture as one Platform gets it."""

    content: bytes
    mime_type: str
    width: int
    height: int
    note: str = ""


def decoded(content: bytes, longest_side: int) -> Still:
    """The first frame, upright, at least `longest_side` long where it was; else PostInvalid."""
    from PIL import Image

    too_large = (Image.DecompressionBombWarning, Image.DecompressionBombError, MemoryError)
    with _one_at_a_time:
        try:
            return _clean(content, longest_side)
        except PostInvalid:
            raise
        except too_large:
            raise PostInvalid(_too_many_pixels(MOST_PIXELS_OF_JPEG)) from None
        except Exception:  # noqa: BLE001  hostile bytes make a decoder raise anything
            raise PostInvalid(
                "cannot be read: it is damaged or only half copied. Copy or save it again."
            ) from None


def _clean(content: bytes, longest_side: int) -> Still:
    # What was decoded is let go before the next copy is made: a large picture fills the memory.
    plain, turn, is_drawn, moved = _read(content, longest_side)
    if plain.mode == "RGBA" and plain.getchannel("A").getextrema() == (255, 255):
        plain = plain.convert("RGB")
    if turn is not None:
        plain = plain.transpose(turn)
    # What an encoder finds here it would write into the file.
    plain.info = {}
    return Still(plain, is_drawn or plain.mode == "RGBA", moved)


def _read(content: bytes, longest_side: int) -> tuple["Image", Any, bool, bool]:
    """The first frame in RGB or RGBA, how to turn it, whether it was drawn, whether it moved."""
    from PIL import Image

    with Image.open(io.BytesIO(content), formats=FORMATS) as image:
        is_drawn = image.format in ("PNG", "GIF")
        # A camera keeps small copies behind a JPEG; to count a GIF's frames is to read them all.
        moved = image.format in ("PNG", "WEBP") and bool(getattr(image, "is_animated", False))
        _refuse_giants(image)
        _read_smaller(image, longest_side)
        if image.width * image.height > MOST_PIXELS:
            raise PostInvalid(_too_many_pixels(MOST_PIXELS))
        image.load()
        return _in_srgb(_eight_bits(image)), _turn(image), is_drawn, moved


def _refuse_giants(image: "Image") -> None:
    pixels = image.width * image.height
    # A progressive JPEG is held whole in memory before it can be made smaller.
    in_pieces = image.format in ("JPEG", "MPO") and not image.info.get("progressive")
    most = MOST_PIXELS_OF_JPEG if in_pieces else MOST_PIXELS
    if pixels > most:
        raise PostInvalid(_too_many_pixels(most))


def _read_smaller(image: "Image", longest_side: int) -> None:
    """Have a JPEG decoded at a half, quarter or eighth: as large as needed, else as memory allows.

    Other formats take no notice.
    """
    width, height = image.size
    share = min(1.0, longest_side / max(width, height))
    if width * height > MOST_PIXELS:
        share = min(share, 0.5)
    image.draft(None, (int(width * share), int(height * share)))


def _too_many_pixels(most: int) -> str:
    return f"has more than {most // 1_000_000} million pixels. Make it smaller, then save it again."


def _turn(image: "Image") -> Any:
    from PIL import Image

    orientation = None
    with suppress(Exception):  # unreadable notes of a camera leave a picture as it lies
        orientation = image.getexif().get(ORIENTATION)
    name = TURNS.get(orientation) if isinstance(orientation, int) else None
    return Image.Transpose[name] if name else None


def _eight_bits(image: "Image") -> "Image":
    if image.mode not in SIXTEEN_BITS:
        return image
    grey = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    grey.info = dict(image.info)
    return grey


def _in_srgb(image: "Image") -> "Image":
    """RGB or RGBA in the colours that screens expect, by the picture's own profile if any."""
    alpha = image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info
    mode = "RGBA" if alpha else "RGB"
    profile = image.info.get("icc_profile")
    if profile and image.mode in ("RGB", "CMYK"):
        with suppress(Exception):  # a profile nobody can read is none
            return _by_profile(image, profile).convert(mode)
    return image.convert(mode)


def _by_profile(image: "Image", profile: bytes) -> "Image":
    from PIL import ImageCms

    own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    srgb = ImageCms.createProfile("sRGB")
    turned = ImageCms.profileToProfile(image, own, srgb, outputMode="RGB")
    if turned is None:
        raise ValueError("the profile was applied in place")
    return turned


def encoded(still: Still, limits: Sequence[FileLimits]) -> Encoded | None:
    """The picture in the first form that keeps within the limits; None where nothing does."""
    by_type = {limit.mime_type: limit for limit in limits}
    png, jpeg = by_type.get("image/png"), by_type.get("image/jpeg")
    if png is not None and still.is_drawn:
        drawn = _resized(still.image, png)
        content = _saved(drawn, "PNG")
        if len(content) <= png.max_bytes:
            return Encoded(content, png.mime_type, *drawn.size)
    return _as_jpeg(still.image, jpeg) if jpeg is not None else None


def _as_jpeg(image: "Image", limit: FileLimits) -> Encoded | None:
    note = FLATTENED if image.mode == "RGBA" else ""
    for smaller in _shrinking(_resized(_on_white(image), limit)):
        for quality in QUALITIES:
            content = _saved(smaller, "JPEG", quality=quality, optimize=True, progressive=True)
            if len(content) <= limit.max_bytes:
                return Encoded(content, limit.mime_type, *smaller.size, note=note)
    return None


def _shrinking(image: "Image") -> Iterator["Image"]:
    while max(image.size) >= SMALLEST_SIDE:
        yield image
        image = image.resize((max(1, image.width * 3 // 4), max(1, image.height * 3 // 4)))
    yield image


def _on_white(image: "Image") -> "Image":
    from PIL import Image

    if image.mode != "RGBA":
        return image
    white = Image.new("RGB", image.size, WHITE)
    white.paste(image, mask=image.getchannel("A"))
    return white


def _resized(image: "Image", limit: FileLimits) -> "Image":
    from PIL import Image

    width, height = image.size
    share = min((limit.max_width or width) / width, (limit.max_height or height) / height)
    if share >= 1:
        return image
    size = (max(1, round(width * share)), max(1, round(height * share)))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _saved(image: "Image", form: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()
