"""Whatever picture comes in, what goes out fits, stands upright and tells nothing of its maker."""

import io
import struct
from contextlib import suppress

import album
import pytest
from PIL import Image, ImageSequence

from bot.errors import PostInvalid
from bot.intake import renditions as made
from bot.intake import stills
from bot.intake.renditions import renditions
from bot.platforms.facebook.rules import FACEBOOK_RULES
from bot.platforms.x.rules import X_RULES

RULES = (X_RULES, FACEBOOK_RULES)
STILLS = album.every_still()


def opened(rendition):
    image = Image.open(io.BytesIO(rendition.content))
    image.load()
    return image


def near(pixel, colour, tolerance=40):
    return all(abs(a - b) <= tolerance for a, b in zip(pixel[:3], colour, strict=True))


@pytest.mark.parametrize("name", STILLS)
def test_a_picture_goes_out_within_limits_and_without_a_word_of_its_maker(name):
    """Serial number, place and comment were planted in it."""
    found = renditions(STILLS[name], RULES)

    for rules in RULES:
        one = found[rules.platform]
        limit = next(limit for limit in rules.files if limit.mime_type == one.mime_type)
        image = opened(one)
        assert ("", len(one.content)) == (one.problem, one.size_bytes)
        assert one.size_bytes <= limit.max_bytes
        assert image.size == (one.width, one.height)
        assert album.SECRET.encode() not in one.content
        assert not dict(image.getexif())
        assert not {"icc_profile", "exif", "comment", "xmp", "Author"} & set(image.info)


def test_the_planted_words_are_really_there():
    """Else the test above would find nothing in anything."""
    assert [] == [name for name, made in STILLS.items() if album.SECRET.encode() not in made]


@pytest.mark.parametrize("name", [name for name in STILLS if name != "16 bit"])
def test_a_picture_stands_upright_in_its_own_colours(name):
    """Red at the top left, however the camera was held and whatever the colours are written in."""
    for one in renditions(STILLS[name], RULES).values():
        image = opened(one).convert("RGB")
        width, height = image.size
        seen = [
            image.getpixel(at)
            for at in (
                (width // 4, height // 4),
                (width * 3 // 4, height // 4),
                (width // 4, height * 3 // 4),
            )
        ]
        wanted = (album.RED, album.GREEN, album.BLUE)
        # A palette of few colours and the inks of a printer come close, not nearer.
        tolerance = 60 if name in ("cmyk", "palette", "still gif") else 25
        assert all(near(a, b, tolerance) for a, b in zip(seen, wanted, strict=True)), seen
        assert width > height


def test_sixteen_bits_become_eight_without_a_break():
    """Clipped, all but the darkest would be white."""
    image = opened(renditions(STILLS["16 bit"], RULES)["x"]).convert("L")

    assert [image.getpixel((x, 1)) for x in (0, 64, 128, 255)] == pytest.approx(
        [0, 64, 128, 255], abs=2
    )


def test_what_is_see_through_stays_so_where_it_fits_and_becomes_white_where_it_must_be_a_jpeg():
    """And its author is told."""
    noise = Image.effect_noise((700, 700), 120).convert("RGBA")
    noise.putalpha(Image.linear_gradient("L").resize(noise.size))
    noise.putpixel((0, 0), (9, 9, 9, 0))
    kept = renditions(STILLS["see-through"], RULES)["x"]
    flat = renditions(album.saved(noise, "PNG"), RULES)["facebook"]

    assert (0, "image/png") == (opened(kept).getpixel((0, 0))[3], kept.mime_type)
    assert ("image/jpeg", stills.FLATTENED) == (flat.mime_type, flat.note)
    assert near(opened(flat).getpixel((2, 0)), album.WHITE)


def test_the_same_picture_gives_the_same_bytes_again():
    """What was approved can be made again from the file."""
    for content in (STILLS["photo"], STILLS["see-through"], STILLS["webp"]):
        first, again = (renditions(content, RULES) for _ in range(2))
        assert {k: one.sha256 for k, one in first.items()} == {
            k: one.sha256 for k, one in again.items()
        }


def test_sixty_million_pixels_are_made_small():
    """A photo of a good camera; read at a fraction of its size."""
    for size, widths in (((9_000, 6_700), (4096, 2048)), ((6_800, 6_100), (3400, 2048))):
        found = renditions(album.photo(size=size, quality=50), RULES)

        assert widths == (found["x"].width, found["facebook"].width)
        assert near(opened(found["facebook"]).getpixel((10, 10)), album.RED)


@pytest.mark.parametrize(
    "content",
    [
        album.png_bomb(),
        album.png_bomb(9_000, 9_000),
        album.photo(size=(6_600, 6_600), quality=10, progressive=True),
    ],
)
def test_more_pixels_than_memory_should_hold_are_never_decoded(content, monkeypatch):
    """Judged by the header alone."""
    monkeypatch.setattr(Image.Image, "convert", None)
    with pytest.raises(PostInvalid, match="million pixels"):
        renditions(content, RULES)


def test_a_picture_that_is_too_heavy_is_not_even_opened(monkeypatch):
    """Bytes are counted first."""
    monkeypatch.setattr(made, "MOST_BYTES", 1_000)
    with pytest.raises(PostInvalid, match="are read at most"):
        renditions(album.photo(size=(400, 400), quality=95), RULES)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (album.photo()[:-400], "damaged or only half copied"),
        (album.noted_png()[:200], "damaged or only half copied"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "damaged or only half copied"),
        (album.animation()[:-30], "damaged or only half copied"),
        (b"GIF89a" + bytes(40), "damaged or only half copied"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "Export it as PNG"),
        (b'<?xml version="1.0"?><svg/>', "Export it as PNG"),
        (album.box("ftyp", b"heic", bytes(4), b"mif1heic"), "Most Compatible"),
        (album.box("ftyp", b"avif", bytes(4)), "HEIC or AVIF"),
        (album.mp4(brand=b"qt  "), "Export it as MP4"),
        (album.box("wide") + album.box("mdat", bytes(9)), "Export it as MP4"),
        (b"BM" + bytes(100), "none of JPEG, PNG"),
        (b"%PDF-1.7", "none of JPEG, PNG"),
        (b"just words", "none of JPEG, PNG"),
        (album.box("ftyp", b"isom", bytes(4)), "damaged or only half copied"),
        (album.mp4()[:-4], "damaged or only half copied"),
        (album.mp4(extra_track=b"meta"), "may say where it was filmed"),
        (album.mp4(more=album.box("mvex", bytes(8))), "in pieces"),
        (album.mp4() + album.box("moof", bytes(8)), "in pieces"),
    ],
)
def test_what_cannot_be_used_is_refused_with_the_cure(content, words):
    """Whatever its name ends in."""
    with pytest.raises(PostInvalid, match=words):
        renditions(content, RULES)


def test_a_video_cut_anywhere_or_with_any_size_wrong_is_refused_and_breaks_nothing():
    """Sizes are a stranger's word."""
    whole = album.mp4()
    for at in range(0, len(whole) - 4, 7):
        with pytest.raises(PostInvalid):
            renditions(whole[:at], RULES)
        wrong = whole[:at] + struct.pack(">I", 0xFFFFFFF0) + whole[at + 4 :]
        with suppress(PostInvalid):  # a number of little weight is no size
            found = renditions(wrong, RULES)["x"]
            assert len(found.content) == (0 if found.problem else len(wrong))


@pytest.mark.parametrize("form", ["PNG", "WEBP"])
def test_what_moves_on_no_platform_says_that_only_its_first_picture_is_shown(form):
    """A camera's small copies behind a photo are no movement."""
    found = renditions(album.moving(form), RULES)
    photo = renditions(album.moving("MPO"), RULES)

    for platform in found:
        assert made.FIRST_FRAME == found[platform].note
        assert "" == photo[platform].note
        assert near(opened(found[platform]).convert("RGB").getpixel((60, 40)), (255, 0, 0))


def test_an_animation_moves_on_x_without_its_comment_and_stands_still_on_facebook():
    """Frames and times are copied as they are."""
    content = album.animation(frames=4)
    found = renditions(content, RULES)
    before, after = (
        [
            (frame.convert("RGB").tobytes(), frame.info["duration"])
            for frame in ImageSequence.Iterator(Image.open(io.BytesIO(data)))
        ]
        for data in (content, found["x"].content)
    )

    assert album.SECRET.encode() in content
    assert album.SECRET.encode() not in found["x"].content
    assert before == after
    assert 4 == len(after)
    assert b"NETSCAPE2.0" in found["x"].content
    assert (True, False) == (found["x"].alone, found["facebook"].alone)
    assert ("image/png", made.FIRST_FRAME) == (
        found["facebook"].mime_type,
        found["facebook"].note,
    )


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (album.animation(size=(1300, 900)), "1300 × 900 pixels; 1280 × 1080 at most"),
        (album.animation(frames=351, size=(4, 4)), "351 frames; 350 at most"),
        (album.mp4(seconds=141), "lasts 141 seconds; 140 at most"),
        (album.mp4(seconds=0), "damaged"),
        (album.mp4(size=(1000, 300)), "too narrow"),
        (album.mp4(codec=b"hvc1"), "coded as hvc1. Export it as H.264"),
        (album.mp4(sample_count=600), "120 frames a second; 60 at most"),
    ],
)
def test_what_x_would_not_take_is_a_mistake_with_the_limit_in_it(content, words):
    """Found at check time, not at the hour it should go out."""
    try:
        problem = renditions(content, RULES)["x"].problem
    except PostInvalid as error:
        problem = error.reason

    assert words in problem


def test_a_video_keeps_its_pictures_and_loses_place_names_and_dates():
    """Nothing moves: every byte that stays, stays where it was."""
    content = album.mp4()
    video = renditions(content, RULES)["x"]

    assert ("video/mp4", True, 640, 360) == (
        video.mime_type,
        video.alone,
        video.width,
        video.height,
    )
    assert content.count(album.SECRET.encode()) >= 10
    assert album.SECRET.encode() not in video.content
    assert b"\xda\x7e\x5e\xc1" not in video.content
    assert content.index(b"moving pictures") == video.content.index(b"moving pictures")
    assert len(content) == len(video.content)
    assert b"url \0\0\0\1\0" in video.content


def test_a_video_for_facebook_is_a_mistake_that_says_how():
    """There is no way to send one there that cannot go out twice."""
    assert "give that as link:" in renditions(album.mp4(), RULES)["facebook"].problem
