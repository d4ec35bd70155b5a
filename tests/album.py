"""Makes the awkward media files of the tests: real ones, small, with a secret planted in each."""

import io
import struct
import zlib

from PIL import Image, ImageCms, PngImagePlugin

# Stands in every place where a camera or a program leaves notes.
SECRET = "SERIAL-51.5007N-0.1246W"
RED, GREEN, BLUE, WHITE = (220, 30, 30), (30, 200, 30), (30, 30, 220), (255, 255, 255)


def quarters(size=(120, 80), mode="RGB"):
    """A picture whose corner at the top left is red, the other corners green, blue and white."""
    width, height = size
    image = Image.new("RGB", size, WHITE)
    image.paste(RED, (0, 0, width // 2, height // 2))
    image.paste(GREEN, (width // 2, 0, width, height // 2))
    image.paste(BLUE, (0, height // 2, width // 2, height))
    return image.convert(mode)


def saved(image, form, **options):
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def exif(orientation=1):
    """Notes of a camera: how it was held, its serial number, and where it was."""
    notes = Image.Exif()
    notes[0x0112] = orientation
    notes[0x010F] = SECRET
    notes.get_ifd(0x8769)[0xA431] = SECRET
    gps = notes.get_ifd(0x8825)
    gps[1], gps[2] = "N", (51.0, 30.0, 2.5)
    gps[29] = SECRET
    return notes.tobytes()


def photo(orientation=1, size=(120, 80), **options):
    """A JPEG with notes of a camera and a comment; turned, as a camera held so stores it."""
    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    image = quarters(size)
    if orientation in turns:
        image = image.transpose(turns[orientation])
    given = {"quality": 95, "comment": SECRET.encode(), "exif": exif(orientation), **options}
    return saved(image, "JPEG", **given)


def cmyk():
    return saved(quarters(mode="CMYK"), "JPEG", quality=95, exif=exif())


def in_own_colours():
    """A photo whose profile says that red is blue and blue is red, and whose pixels are so."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for old, new in ((b"rXYZ", b"?XYZ"), (b"bXYZ", b"rXYZ"), (b"?XYZ", b"bXYZ")):
        profile = profile.replace(old, new)
    red, green, blue = quarters().split()
    image = Image.merge("RGB", (blue, green, red))
    return saved(image, "JPEG", quality=95, icc_profile=profile, comment=SECRET.encode())


def noted_png(image=None, **options):
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", SECRET)
    notes.add_itxt("XML:com.adobe.xmp", f"<x>{SECRET}</x>")
    return saved(image or quarters(), "PNG", pnginfo=notes, exif=exif(), **options)


def palette_png():
    return noted_png(quarters(mode="P"))


def see_through_png():
    image = quarters(mode="RGBA")
    image.putpixel((0, 0), (0, 0, 0, 0))
    return noted_png(image)


def sixteen_bit_png():
    """Grey from black to white in steps no eight bits can tell apart."""
    image = Image.new("I;16", (256, 4))
    for x in range(256):
        for y in range(4):
            image.putpixel((x, y), x * 257)
    return noted_png(image)


def webp():
    return saved(quarters(), "WEBP", exif=exif(), xmp=f"<x>{SECRET}</x>".encode())


def animation(frames=3, size=(120, 80)):
    """A GIF that moves, with a comment of its program."""
    first, *others = [Image.new("P", size, n % 256) for n in range(frames)]
    for image in (first, *others):
        image.putpalette([v for n in range(256) for v in (n, 255 - n, (n * 7) % 256)])
    return saved(
        first, "GIF", save_all=True, append_images=others, duration=100, loop=0, comment=SECRET
    )


def moving(form):
    """Red, green, blue, in another form than GIF."""
    first, *others = [Image.new("RGB", (120, 80), colour) for colour in ("red", "lime", "blue")]
    return saved(first, form, save_all=True, append_images=others)


def still_gif():
    return saved(quarters(mode="P"), "GIF", comment=SECRET)


def png_bomb(width=60_000, height=60_000):
    """A few kilobytes that say they are billions of pixels."""

    def chunk(name, data):
        crc = struct.pack(">I", zlib.crc32(name + data))
        return struct.pack(">I", len(data)) + name + data + crc

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(bytes(1_000_000), 9)
    parts = chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + parts


def box(name, *inside):
    body = b"".join(inside)
    return struct.pack(">I", len(body) + 8) + name.encode("latin-1") + body


def mp4(
    seconds=5,
    size=(640, 360),
    brand=b"isom",
    codec=b"avc1",
    sample_count=None,
    extra_track=b"",
    pad=0,
    more=b"",
):
    """The boxes of an MP4 with its place, its names and its dates; what it shows is nothing."""
    dates = struct.pack(">II", 0xDA7E5EC1, 0xDA7E5EC1)

    def track(kind, coded, width, height):
        header = b"\0\0\0\7" + dates + bytes(64) + struct.pack(">II", width << 16, height << 16)
        length = b"\0\0\0\0" + dates + struct.pack(">II", 1000, seconds * 1000) + bytes(4)
        handler = bytes(8) + kind + bytes(12) + SECRET.encode() + b"\0"
        # The name of the program that coded it stands 50 bytes into the entry.
        coder = SECRET.encode() if kind == b"vide" else b""
        entry = coded + bytes(42) + coder.ljust(32, b"\0") + bytes(4)
        sample = bytes(4) + struct.pack(">II", 1, len(entry) + 4) + entry
        count = sample_count if sample_count is not None else seconds * 25
        table = box("stbl", box("stsd", sample), box("stsz", struct.pack(">III", 0, 1, count)))
        source = box("url ", b"\0\0\0\0", b"file:///Users/" + SECRET.encode() + b"\0")
        found = box("dinf", box("dref", bytes(4), struct.pack(">I", 1), source))
        media = box("mdia", box("mdhd", length), box("hdlr", handler), box("minf", found, table))
        return box("trak", box("tkhd", header), media, box("udta", SECRET.encode()))

    film = b"\0\0\0\0" + dates + struct.pack(">II", 1000, seconds * 1000) + bytes(80)
    place = box("udta", box("\xa9xyz", SECRET.encode()), box("meta", SECRET.encode()))
    tracks = [track(b"vide", codec, *size), track(b"soun", b"mp4a", 0, 0)]
    if extra_track:
        tracks.append(track(extra_track, b"gpmd", 0, 0))
    moov = box("moov", box("mvhd", film), *tracks, place, box("meta", SECRET.encode()), more)
    pictures = box("mdat", b"moving pictures", bytes(pad))
    notes = box("uuid", SECRET.encode()) + box("free", SECRET.encode())
    return box("ftyp", brand, bytes(4), b"isomavc1") + moov + notes + pictures


def every_still():
    """Name and bytes of each picture that can be made to fit."""
    return {
        "photo": photo(),
        **{f"held as {n} says": photo(n) for n in range(2, 9)},
        "cmyk": cmyk(),
        "with a profile": in_own_colours(),
        "png": noted_png(),
        "palette": palette_png(),
        "see-through": see_through_png(),
        "16 bit": sixteen_bit_png(),
        "webp": webp(),
        "still gif": still_gif(),
    }
